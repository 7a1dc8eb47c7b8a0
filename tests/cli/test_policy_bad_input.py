"""Wrong policies through the command line: what is wrong, where, and how to mend it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import pytest

from tests.cli.conftest import FAILING
from tests.clock import seconds

HEAD = """\
auditor: policy/1
policy:
  id: ours
  title: T
  version: "1"
  status: in-force
  owner: o
  effective_from: 2026-01-01
basis: [{id: b, cite: c, says: s}]
"""
GATE = """\
gates:
  - id: g
    kind: impact-ratio
    says: s
    because: [b]
"""
GOOD = HEAD + GATE
WAIVER = """\
waivers:
  granted:
    - id: w
      finding: 0123456789abcdef
      rule: g
      attribute: sex
      group: F
      value: 0.7
      because: x
      instead: y
      requested_by: {name: A, role: hr}
      approved_by: [{name: B, role: it}]
      from: 2026-01-01
      until: 2026-02-01
"""
PINNED = f"version: '1.0', sha256: '{'0' * 64}'"


def options(line: str, kind: str = "impact-ratio") -> str:
    """Policy whose line 15 is one option of a gate."""
    return f"{GOOD.replace('impact-ratio', kind)}    options:\n      {line}\n"


def condition(when: str) -> str:
    """Policy whose line 15 is a condition of a review."""
    gate = GATE.replace("gates", "reviews").replace("impact-ratio", "condition")
    return f"{HEAD}{gate}    options:\n      when: {when}\n"


def owner(text: str) -> str:
    """Policy with another owner, in line 7."""
    return GOOD.replace("owner: o", f"owner: {text}")


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A file, and what has to be said of it: slug, place, words of the message and of the hint."""

    text: str | bytes
    slug: str
    at: str
    says: str
    mend: str = ""
    name: str = "ours.yaml"


WRONG = {
    "P-01 empty": Wrong(text="", slug="yaml-empty", at="1:1", says="is empty", mend="write it"),
    "P-01 comments": Wrong(
        text="# one\n\n# two\n", slug="yaml-empty", at="1:1", says="empty", mend="write it"
    ),
    "P-02 list": Wrong(
        text="- a\n", slug="yaml-not-a-mapping", at="1:1", says="got a list", mend="policy/1"
    ),
    "P-02 word": Wrong(
        text="hello\n", slug="yaml-not-a-mapping", at="1:1", says="got 'hello'", mend="policy/1"
    ),
    "P-03 tab": Wrong(
        text=GOOD + "\toptions: {}\n", slug="yaml-syntax", at="15:1", says="a tab", mend="spaces"
    ),
    "P-04 brace": Wrong(
        text=GOOD + "    options: {alpha: 0.05\n",
        slug="yaml-syntax", at="15:14", says="bracket is not closed", mend="the reader says",
    ),
    "P-04 quote": Wrong(
        text=owner('"o'), slug="yaml-syntax", at="7:10", says="quote is not closed", mend="reader"
    ),
    "P-04 one too many": Wrong(
        text=GOOD + "    options: {}}\n",
        slug="yaml-syntax", at="15:16", says="found '}'", mend="look at this line",
    ),
    "P-05 two documents": Wrong(
        text=GOOD + "---\n" + GOOD,
        slug="yaml-several-documents", at="15:1", says="second document", mend="one document",
    ),
    "P-06 key twice": Wrong(
        text=GOOD + "    says: again\n",
        slug="duplicate-key", at="15:5", says="'says' stands here a second time", mend="line 13",
    ),
    "P-07 unknown key": Wrong(
        text=GOOD + "    severty: warn\n",
        slug="unknown-key", at="15:5", says="'severty'", mend="did you mean 'severity'?",
    ),
    "P-07 unknown option": Wrong(
        text=options("treshold: 0.8"),
        slug="unknown-key", at="16:7", says="'treshold'", mend="did you mean 'threshold'?",
    ),
    "P-08 no": Wrong(
        text=GOOD + "    when_present: no\n",
        slug="wrong-type", at="15:19", says="must be true or false, got 'no'", mend="plain text",
    ),
    "P-08 true as a text": Wrong(
        text=owner("true"), slug="wrong-type", at="7:10", says="must be text", mend='write "true"'
    ),
    "P-09 whole number": Wrong(
        text=options("min_people: 0123"),
        slug="wrong-type", at="16:19", says="got 0123", mend="write 123",
    ),
    "P-09 number": Wrong(
        text=options("threshold: 0123"),
        slug="not-a-number", at="16:18", says="got 0123", mend="write 123",
    ),
    "P-09 text": Wrong(
        text=owner("0123"), slug="wrong-type", at="7:10", says="got 0123", mend='write "0123"'
    ),
    "P-10 sixty by sixty": Wrong(
        text=options("min_people: 1:30"),
        slug="wrong-type", at="16:19", says="got '1:30'", mend="plain digits",
    ),
    "P-11 exponent too large for the option": Wrong(
        text=options("threshold: 1e3"), slug="out-of-range", at="16:18", says="at most 1, got 1e3"
    ),
    "P-11 exponent too large for anything": Wrong(
        text=options("threshold: 1e400"),
        slug="not-a-number", at="16:18", says="got 1e400", mend="plain digits",
    ),
    "P-12 per cent": Wrong(
        text=options("threshold: 80%"), slug="not-a-number", at="16:18", says="'80%'", mend="0.8"
    ),
    "P-12 comma": Wrong(
        text=options("threshold: 0,8"), slug="not-a-number", at="16:18", says="'0,8'", mend="0.8"
    ),
    "P-12 both": Wrong(
        text=options("threshold: 80,5 %"),
        slug="not-a-number", at="16:18", says="'80,5 %'", mend="write 0.805",
    ),
    "P-12 comma in braces": Wrong(
        text=GOOD + "    options: {threshold: 0,8}\n",
        slug="decimal-comma", at="15:26", says="the number 0,8 is", mend="write 0.8",
    ),
    "P-13 not a number": Wrong(
        text=options("threshold: .nan"),
        slug="not-a-number", at="16:18", says="got .nan", mend="plain digits",
    ),
    "P-13 infinite": Wrong(
        text=options("threshold: -.inf"),
        slug="not-a-number", at="16:18", says="got -.inf", mend="plain digits",
    ),
    "P-14 eighty": Wrong(
        text=options("threshold: 80"),
        slug="out-of-range", at="16:18", says="at most 1, got 80", mend="0.8 for 80 per cent",
    ),
    "P-14 negative": Wrong(
        text=options("threshold: -0.8"), slug="out-of-range", at="16:18", says="got -0.8"
    ),
    "P-14 limit of a measure": Wrong(
        text=options("measure: selection-rate\n      at_least: 80", "measure-limit"),
        slug="out-of-range", at="17:17", says="from 0 to 1, as a rate is, got 80", mend="0.8",
    ),
    "P-15 no such day": Wrong(
        text=GOOD.replace("2026-01-01", "2026-02-30"),
        slug="not-a-date", at="8:19", says="got '2026-02-30'", mend="2026-11-22",
    ),
    "P-16 anchor": Wrong(
        text=GOOD + "    options: &a {}\n", slug="yaml-alias", at="15:14", says="'&a'", mend="write"
    ),
    "P-16 alias": Wrong(
        text=GOOD + "    options: *a\n", slug="yaml-alias", at="15:14", says="'*a'", mend="write"
    ),
    "P-16 merge": Wrong(
        text=GOOD + "    <<: {severity: warn}\n",
        slug="yaml-alias", at="15:5", says="merge key '<<'", mend="write the keys out",
    ),
    "P-17 inside itself": Wrong(
        text="&x [*x]\n", slug="yaml-alias", at="1:1", says="'&x'", mend="write the value out"
    ),
    "P-18 tag that runs": Wrong(
        text=owner("!!python/object/apply:os.system [ls]"),
        slug="yaml-tag", at="7:10", says="'!!python/object/apply:os.system'", mend="unsafe",
    ),
    "P-18 own tag": Wrong(
        text=owner("!secret x"), slug="yaml-tag", at="7:10", says="'!secret'", mend="without it"
    ),
    "P-19 brackets": Wrong(
        text=HEAD + "gates: " + "[" * 500 + "]" * 500,
        slug="yaml-too-large", at="10:57", says="more than 50 levels", mend="check it",
    ),
    "P-19 lines": Wrong(
        text=HEAD + "gates:\n" + "".join(f"{' ' * n}-\n" for n in range(500)),
        slug="yaml-too-large", at="60:50", says="more than 50 levels", mend="check it",
    ),
    "P-20 control character": Wrong(
        text=owner("a\x07b"), slug="yaml-encoding", at="7:11", says="U+0007", mend="delete it"
    ),
    "P-20 escaped": Wrong(
        text=owner('"a\\u0007"'), slug="yaml-encoding", at="7:10", says="U+0007", mend="delete it"
    ),
    "P-20 byte order mark": Wrong(
        text=b"\xef\xbb\xbf" + GOOD.encode(),
        slug="yaml-encoding", at="1:1", says="byte order mark", mend="UTF-8 without",
    ),
    "P-20 UTF-16": Wrong(
        text=GOOD.encode("utf-16"),
        slug="yaml-encoding", at="1:1", says="byte order mark", mend="save it as UTF-8",
    ),
    "P-20 Latin-1": Wrong(
        text=owner("José").encode("latin-1"),
        slug="yaml-encoding", at="7:13", says="0xe9 is not UTF-8", mend="save it as UTF-8",
    ),
    "P-21 five megabytes": Wrong(
        text=HEAD + "# " + "x" * 5_000_000,
        slug="yaml-too-large", at="1:1", says="larger than 128 KiB", mend="check it",
    ),
    "P-21 keys": Wrong(
        text=HEAD + "gates: {" + ", ".join(f"k{n}: 1" for n in range(9_000)) + "}",
        slug="yaml-too-large", at="10:", says="more than 10,000 values", mend="check it",
    ),
    "P-22 metric": Wrong(
        text=options("metric: selection"),
        slug="not-one-of", at="16:15", says="scoring-rate-known, selection-rate",
        mend="did you mean 'selection-rate'?",
    ),
    "P-22 kind": Wrong(
        text=GOOD.replace("impact-ratio", "ratio"),
        slug="unknown-kind", at="12:11", says="'ratio'", mend="impact-ratio",
    ),
    "P-22 operator": Wrong(
        text=condition("{score: {atleast: 3}}"),
        slug="unknown-key", at="16:22", says="'atleast'", mend="did you mean 'at_least'?",
    ),
    "P-22 conjunction": Wrong(
        text=condition("{every: []}"),
        slug="bad-condition", at="16:21", says="'every' must be a comparison", mend="all, any and",
    ),
    "P-23 id twice": Wrong(
        text=GOOD + "  - {id: g, kind: impact-ratio, says: s, because: [b]}\n",
        slug="id-twice", at="15:10", says="'g' is used a second time", mend="line 11",
    ),
    "P-23 limits that leave nothing": Wrong(
        text=options("measure: selection-rate\n      at_least: 0.8\n      at_most: 0.5",
                     "measure-limit"),
        slug="out-of-range", at="17:17", says="more than at_most",
    ),
    "P-23 condition that nothing meets": Wrong(
        text=condition("{all: [{score: {below: 3}}, {score: {at_least: 3}}]}"),
        slug="contradicting-options", at="16:19", says="no number meets", mend="correct a limit",
    ),
    "P-24 no rule": Wrong(
        text=HEAD, slug="no-rules", at="1:1", says="no rules", mend="under gates or reviews"
    ),
    "P-24 empty sections": Wrong(
        text=HEAD + "gates: []\nreviews: []\n",
        slug="no-rules", at="1:1", says="no rules", mend="under gates or reviews",
    ),
    "P-24 waivers alone": Wrong(
        text=HEAD + WAIVER, slug="no-rules", at="1:1", says="no rules", mend="under gates"
    ),
    "P-25 a text beside a number": Wrong(
        text=condition("{age: {below: x}}"),
        slug="not-a-number", at="16:27", says="got 'x'", mend="plain digits",
    ),
    "P-26 no end": Wrong(
        text=GOOD + WAIVER.replace("      until: 2026-02-01\n", ""),
        slug="missing-key", at="17:7", says="'until' is missing",
    ),
    "P-26 every finding": Wrong(
        text=GOOD + WAIVER.replace("0123456789abcdef", '"*"'),
        slug="bad-fingerprint", at="18:16", says="got '*'", mend="16 letters and digits",
    ),
    "P-26 every rule": Wrong(
        text=GOOD + WAIVER.replace("rule: g", 'rule: "*"'),
        slug="bad-id", at="19:13", says="got '*'", mend="letters, digits",
    ),
    "P-26 every group": Wrong(
        text=GOOD + WAIVER.replace("group: F", 'group: "*"'),
        slug="bad-waiver", at="18:16", says="not 0123456789abcdef", mend="about one finding",
    ),
    "P-26 approved by who asked": Wrong(
        text=GOOD + WAIVER.replace("name: B", "name: A"),
        slug="bad-waiver", at="26:21", says="'A' approves a waiver", mend="somebody else",
    ),
    "P-26 too long": Wrong(
        text=GOOD + WAIVER.replace("2026-02-01", "2027-02-01"),
        slug="bad-waiver", at="28:14", says="the waiver 'w' lasts 397 days", mend="end it earlier",
    ),
    "P-27 itself": Wrong(
        text=GOOD + f"extends: {{file: ours.yaml, {PINNED}}}\n",
        slug="bad-extends", at="15:10", says="in a circle", mend="extend nothing",
    ),
    "P-27 no such file": Wrong(
        text=GOOD + f"extends: {{file: nowhere.yaml, {PINNED}}}\n",
        slug="bad-extends", at="15:10", says="cannot read", mend="check the name",
    ),
    "P-27 no such pack": Wrong(
        text=GOOD + f"extends: {{pack: us-adverse, {PINNED}}}\n",
        slug="bad-extends", at="15:10", says="'us-adverse'", mend="did you mean 'us-adverse-impact",
    ),
    "P-27 another digest": Wrong(
        text=GOOD + f"extends: {{pack: us-adverse-impact, {PINNED}}}\n",
        slug="parent-changed", at="15:60", says="another than pinned", mend="policy diff",
    ),
    "P-27 a word": Wrong(
        text=GOOD + "extends: us-adverse-impact\n",
        slug="wrong-type", at="15:10", says="keys with values", mend="file, pack, sha256, version",
    ),
    "P-28 alpha": Wrong(
        text=options("alpha: 0.6"), slug="out-of-range", at="16:14", says="from 0.001 to 0.10"
    ),
    "P-28 nobody": Wrong(
        text=options("min_people: 0"), slug="out-of-range", at="16:19", says="at least 1, got 0"
    ),
    "P-28 reference": Wrong(
        text=options("reference: M"),
        slug="unknown-key", at="16:7", says="'reference'", mend="reference_share",
    ),
    "P-29 newer": Wrong(
        text=GOOD.replace("policy/1", "policy/2"),
        slug="wrong-format", at="1:10", says="'policy/2'", mend="a newer version of auditor",
    ),
    "P-29 a little newer": Wrong(
        text=GOOD.replace("policy/1", "policy/1.5"),
        slug="wrong-format", at="1:10", says="'policy/1.5'", mend="a newer version of auditor",
    ),
    "P-29 older than the first": Wrong(
        text=GOOD.replace("policy/1", "policy/0"),
        slug="wrong-format", at="1:10", says="'policy/0'", mend="'auditor: policy/1'",
    ),
    "P-29 a profile": Wrong(
        text=GOOD.replace("policy/1", "profile/1"),
        slug="wrong-format", at="1:10", says="'profile/1'", mend="--profile",
    ),
    "P-30 comment": Wrong(
        text='{"auditor": "policy/1", // why\n "policy": {}}', name="ours.json",
        slug="not-json", at="1:25", says="no JSON", mend="without comments",
    ),
    "P-30 comma at the end": Wrong(
        text='{"auditor": "policy/1",}', name="ours.json",
        slug="not-json", at="1:24", says="no JSON", mend="strict JSON",
    ),
    "P-30 key twice": Wrong(
        text='{\n\t"auditor": "policy/1",\n\t"auditor": "policy/1"}', name="ours.json",
        slug="duplicate-key", at="3:2", says="'auditor'", mend="line 2",
    ),
    "P-30 NaN": Wrong(
        text='{"auditor": "policy/1",\n "is NaN \\" NaN": [NaN]}', name="ours.json",
        slug="not-json", at="2:20", says="NaN is no number", mend="strict JSON",
    ),
    "P-30 YAML": Wrong(
        text=GOOD, name="ours.json", slug="not-json", at="1:1", says="no JSON", mend="file .yaml"
    ),
    "P-32 environment": Wrong(
        text=options("threshold: ${THRESHOLD}"),
        slug="not-a-number", at="16:18", says="'${THRESHOLD}'", mend="plain digits",
    ),
    "P-32 environment in braces": Wrong(
        text=GOOD + "    options: {metric: ${HOME}, alpha: 0.05}\n",
        slug="yaml-syntax", at="15:24", says="open in line 15, ',' or '}' should follow, not '{'",
        mend="in quotes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
@pytest.mark.parametrize("verb", ["check", "audit"])
def test_a_wrong_policy_is_refused_at_its_place(run, case, tmp_path, listing, code, verb):
    wrong = WRONG[code]
    file = tmp_path / wrong.name
    file.write_bytes(wrong.text if isinstance(wrong.text, bytes) else wrong.text.encode())
    words = ["policy", "check", file]
    if verb == "audit":
        words = ["audit", *case(FAILING, str(file)), "--out", tmp_path / "out"]
    before = listing()

    start = time.process_time()
    ran = run(*words)

    said = ran.err.split("error: ")
    assert time.process_time() - start < seconds(2)  # 1 s and less where nothing else runs
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    assert listing() == before
    place = re.escape(f"{file}:{wrong.at}") + ("" if wrong.at.endswith(":") else r"\b")
    (found,) = [one for one in said if wrong.says in one.split("\n")[0] and re.search(place, one)]
    assert f"docs/messages.md#{wrong.slug}\n" in found
    assert wrong.mend in found.partition("hint: ")[2]


def test_what_is_right_is_taken_as_it_is_written(run, tmp_path):
    """P-08, P-10, P-11, P-15, P-32: no and ${HOME} stay text, 8e-1 is four fifths."""
    texts = {"no": "no", "1:30": "1:30", "2026-01-02": "2026-01-02", "${HOME}": "${HOME}"}
    for written, meant in texts.items():
        (tmp_path / "ours.yaml").write_text(owner(written))
        shown = run("policy", "show", "--resolved", tmp_path / "ours.yaml")

        assert re.search(rf'owner: "?{re.escape(meant)}"?\n', shown.out), shown
    (tmp_path / "ours.yaml").write_text(options("threshold: 75e-2\n      min_people: 31"))
    shown = run("policy", "show", "--resolved", tmp_path / "ours.yaml")

    assert "threshold: 0.75\n" in shown.out
    assert "min_people: 31\n" in shown.out


def test_half_a_number_is_in_no_message(run, tmp_path):
    (tmp_path / "ours.yaml").write_text(GOOD + "    options: {threshold: 0,8}\n")

    ran = run("policy", "check", tmp_path / "ours.yaml")

    assert "got 0" not in ran.err
    assert "'8'" not in ran.err


def test_a_rule_that_says_what_another_says_is_refused(run, tmp_path):
    """P-23: with another option it is a rule of its own."""
    again = "  - {id: h, kind: impact-ratio, says: t, because: [b]%s}\n"
    (tmp_path / "same.yaml").write_text(GOOD + again % "")
    (tmp_path / "other.yaml").write_text(GOOD + again % ", options: {alpha: 0.01}")

    same, other = (run("policy", "check", tmp_path / f"{n}.yaml") for n in ("same", "other"))

    assert (same.code, other.code) == (2, 0)
    said = " ".join(same.err.split())
    assert "'h' asks what 'g' asks already" in said
    assert f"--> {tmp_path}/same.yaml:{GOOD.count(chr(10)) + 1}:10" in said
    assert f"(g stands at {tmp_path}/same.yaml:" in said
    assert "asks already" not in other.out + other.err


LIMIT = "  - {id: %s, kind: measure-limit, says: t, because: [b], for_each: [%s], options: {%s}}\n"


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        (("sex", "at_least: 0.6"), ("sex, race", "at_most: 0.5"), True),
        (("sex", "at_most: 0.5"), ("sex", "at_least: 0.6"), True),
        (("sex", "at_least: 0.6, judge: interval"), ("sex", "at_most: 0.5"), True),
        (("sex", "at_least: 0.6"), ("race", "at_most: 0.5"), False),
        (("sex", "at_least: 0.5"), ("sex", "at_most: 0.5"), False),
        (("sex", "at_least: 0.6, taken_as: ratio"), ("sex", "at_most: 0.5"), False),
        (("sex", "at_least: 0.6"), ("sex", "at_most: 0.5, judge: lower-end"), False),
    ],
)
def test_limits_that_nothing_can_meet_are_refused(run, tmp_path, one, other, refused):
    """P-23: both places are named."""
    limits = [(name, each, f"measure: selection-rate, {said}")
              for name, (each, said) in (("one", one), ("two", other))]  # fmt: skip
    (tmp_path / "p.yaml").write_text(GOOD + "".join(LIMIT % limit for limit in limits))

    ran = run("policy", "check", tmp_path / "p.yaml")
    said = " ".join(ran.err.split())

    assert ran.code == (2 if refused else 0)
    assert ("nothing can be both" in said) == refused
    if refused:
        line = GOOD.count("\n") + 1
        assert f"p.yaml:{line + 1}:" in said
        assert f"(one stands at {tmp_path}/p.yaml:{line}:10)" in said


def test_limits_of_a_record_that_no_record_can_meet_are_refused(run, tmp_path):
    limit = "  - {id: %s, kind: record-limit, says: t, because: [b], options: {entry: %s, %s}}\n"
    entry = "retention.months"
    rules = limit % ("r1", entry, "at_least: 48") + limit % ("r2", entry, "at_most: 12")
    (tmp_path / "p.yaml").write_text(GOOD + rules)
    ran = run("policy", "check", tmp_path / "p.yaml")

    assert ran.code == 2
    assert "'r1' asks for at least 48 and 'r2' for at most 12" in " ".join(ran.err.split())


def test_an_expired_waiver_covers_nothing(run, case, tmp_path):
    """P-26: the policy is right, and the fail stands."""
    from auditor.findings import fingerprint_of

    why = """\
      justification:
        job_related: j
        validation_study: v
        alternatives: [{tried: t, why_not: n}]
"""
    mark = fingerprint_of("ours", "g", "sex", "F", None)
    waiver = WAIVER.replace("0123456789abcdef", f'"{mark}"').replace("0.7", "0.667") + why
    file = tmp_path / "ours.yaml"
    file.write_text(GOOD + waiver)
    words = case(FAILING, str(file))

    ran = run("gate", *words)
    held = run("gate", *words, "--as-of", "2026-01-15")

    assert ran.code == 1
    assert held.code == 1  # a clock that is set back revives nothing


def test_a_policy_that_has_to_be_signed_and_is_not_is_refused(run, case, tmp_path):
    """P-31: no other code says so."""
    (tmp_path / "ours.yaml").write_text(GOOD)
    line = run("policy", "sign", "--new-key", tmp_path / "ada.key").out.replace("YOUR ROLE", "hr")
    ring = line[: line.index(", from: ")].replace("YOUR", "Ada") + ", from: 2026-01-01}\n"
    (tmp_path / "ring.yaml").write_text("auditor: keyring/1\npeople:\n" + ring)
    words = case(FAILING, str(tmp_path / "ours.yaml"))
    words += ["--keyring", str(tmp_path / "ring.yaml")]

    ran = run("audit", *words, "--out", tmp_path / "out")

    assert ran.code == 6, ran.err
    assert "nobody signed" in ran.err or "not signed" in ran.err or "signature" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()
