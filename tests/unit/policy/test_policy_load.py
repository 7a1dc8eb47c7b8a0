from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import PathError, PolicyError, Where
from auditor.policy import Basis, load_policy, read_policy
from auditor.vocabulary import Severity

GOOD = """\
auditor: policy/1
policy:
  id: ours
  title: Our screening
  version: "1.0"
  status: in-force
  owner: people team
  effective_from: 2026-01-01
basis:
  - {id: b1, cite: Standard 1, says: Something.}
groups: {intersections: [[sex, race]]}
gates:
  - id: first
    kind: impact-ratio
    says: Rates are close.
    because: [b1]
    for_each: [sex, sex*race]
    options: {threshold: 0.80, alpha: 0.05}
    severity: warn
    when_present: true
  - {id: second, kind: coverage, says: All there., because: [b1]}
reviews:
  - {id: third, kind: near-cut-score, says: Look., because: [b1], due: 2 weeks, reviewer: anna}
  - {id: fourth, kind: value-missing, says: Look., because: [b1], mandatory: false}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes) -> Path:
        Path("p.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
        return Path("p.yaml")

    return write


def problems(path: Path) -> list[tuple[str, str]]:
    draft = read_policy(path)
    assert draft.policy is None
    with pytest.raises(PolicyError, match=r"p\.yaml") as caught:
        load_policy(path)
    assert caught.value.problems == draft.problems
    return [(str(p.where), p.slug) for p in draft.problems]


def test_every_part_of_the_grammar_is_read(write):
    policy = load_policy(write(GOOD))

    assert (policy.id, policy.title, policy.version) == ("ours", "Our screening", "1.0")
    assert (policy.status, policy.owner, policy.notice) == ("in-force", "people team", "")
    assert policy.effective_from == date(2026, 1, 1)
    assert policy.review_by is policy.verified_on is None
    assert policy.basis == (Basis(id="b1", cite="Standard 1", says="Something."),)
    assert policy.intersections == ("sex*race",)
    assert policy.path == "p.yaml"
    assert len(policy.sha256) == 64


def test_gates_and_reviews_have_their_defaults(write):
    first, second, third, fourth = load_policy(write(GOOD)).rules

    assert [r.section for r in (first, second, third, fourth)] == ["gates"] * 2 + ["reviews"] * 2
    assert first.for_each == ("sex", "sex*race")
    assert (first.severity, first.when_present) == (Severity.WARN, True)
    assert first.options == {"threshold": "0.80", "alpha": "0.05"}
    assert second.for_each == "every-attribute"
    assert (second.severity, second.when_present) == (Severity.BLOCK, False)
    assert second.options == {}
    assert (third.mandatory, third.reviewer, third.due_days) == (True, "anna", 14)
    assert (fourth.mandatory, fourth.reviewer, fourth.due_days) == (False, "reviewer", None)


def test_an_entry_knows_its_places(write):
    first = load_policy(write(GOOD)).rules[0]

    assert first.places[()] == Where("p.yaml", 13, 5)
    assert first.places[("key", "kind")] == Where("p.yaml", 14, 5)
    assert first.places[("kind",)] == Where("p.yaml", 14, 11)
    assert first.places[("options", "threshold")] == Where("p.yaml", 18, 26)
    assert first.places[("key", "options", "alpha")] == Where("p.yaml", 18, 32)


def test_only_policies_in_force_move_the_verdict(write):
    assert load_policy(write(GOOD)).in_force(date(2026, 1, 1))
    assert not load_policy(write(GOOD)).in_force(date(2025, 12, 31))
    assert not load_policy(write(GOOD.replace("in-force", "stayed"))).in_force(date(2026, 1, 1))


def test_citations_of_a_rule(write):
    policy = load_policy(write(GOOD))

    assert policy.cite(policy.rules[0].because) == ("Standard 1",)


def without(text: str) -> str:
    assert text in GOOD
    return GOOD.replace(text, "")


def swapped(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("text", "where", "slug"),
    [
        (without("auditor: policy/1\n"), "1:1", "missing-key"),
        (swapped("policy/1", "policy/2"), "1:10", "wrong-format"),
        (swapped("policy/1", "profile/1"), "1:10", "wrong-format"),
        (swapped("policy/1", "[policy/1]"), "1:10", "wrong-format"),
        (swapped("policy/1", "1.0"), "1:10", "wrong-format"),
        (without("  owner: people team\n"), "3:3", "missing-key"),
        (swapped("id: ours", "id: 5"), "3:7", "wrong-type"),
        (swapped("id: ours", "id: our policy"), "3:7", "bad-id"),
        (swapped('"1.0"', "1.0"), "5:12", "wrong-type"),
        (swapped("in-force", "in-forse"), "6:11", "not-one-of"),
        (swapped("2026-01-01", "2026-02-30"), "8:19", "not-a-date"),
        (swapped("2026-01-01", "01.01.2026"), "8:19", "not-a-date"),
        (swapped("2026-01-01", "2026-01-01\n  review_by: 2025-12-31\n  verified_on: 2026-01-01"),
         "9:14", "dates-out-of-order"),
        (swapped("groups:", "grups:"), "11:1", "unknown-key"),
        (swapped("[[sex, race]]", "[sex, race]"), "11:26 11:31", "wrong-type"),
        (swapped("[[sex, race]]", "[[sex]]"), "11:26", "bad-attribute"),
        (swapped("[[sex, race]]", "[[sex, sex]]"), "11:26", "listed-twice"),
        (swapped("[[sex, race]]", "[[sex, race], [sex, race]]"), "11:25", "listed-twice"),
        (swapped("[[sex, race]]", "[[sex*race, age]]"), "11:27", "bad-attribute"),
        (swapped("id: first", "id: second"), "21:10", "id-twice"),
        (swapped("id: third", "id: first"), "23:10", "id-twice"),
        (swapped("- {id: b1, ", "- {id: b1, cite: Other, says: Other.}\n  - {id: b1, "), "11:10",
         "id-twice"),
        (swapped("says: Rates are close.", "treshold: 0.8\n    says: x"), "15:5", "unknown-key"),
        (swapped("because: [b1]\n", "because: [b2]\n"), "16:15", "unknown-basis"),
        (swapped("because: [b1]\n", "because: []\n"), "16:14", "empty-value"),
        (swapped("because: [b1]\n", "because: [b1, b1]\n"), "16:14", "listed-twice"),
        (swapped("because: [b1]\n", "because: b1\n"), "16:14", "wrong-type"),
        (swapped("[sex, sex*race]", "sex"), "17:15", "bad-for-each"),
        (swapped("[sex, sex*race]", "[every-attribute, sex]"), "17:15", "bad-for-each"),
        (swapped("[sex, sex*race]", "[sex, race*sex]"), "17:21", "turned-intersection"),
        (swapped("[sex, sex*race]", "[sex, sex*]"), "17:21", "bad-attribute"),
        (swapped("[sex, sex*race]", "[sex, sex*sex]"), "17:21", "bad-attribute"),
        (swapped("[sex, sex*race]", "[sex, sex]"), "17:15", "listed-twice"),
        (swapped("[sex, sex*race]", "[]"), "17:15", "empty-value"),
        (swapped("severity: warn", "severity: blocks"), "19:15", "not-one-of"),
        (swapped("when_present: true", "when_present: yes"), "20:19", "wrong-type"),
        (swapped("{threshold: 0.80, alpha: 0.05}", "0.80"), "18:14", "wrong-type"),
        (swapped("due: 2 weeks", "due: 14"), "23:72", "bad-due"),
        (swapped("due: 2 weeks", "readers: 3"), "23:76", "out-of-range"),
        (swapped("due: 2 weeks", "due: two weeks"), "23:72", "bad-due"),
        (swapped("mandatory: false", "mandatory: no"), "24:78", "wrong-type"),
        (swapped("mandatory: false", "severity: block"), "24:67", "unknown-key"),
        (GOOD[: GOOD.index("gates:")], "1:1", "no-rules"),
        (GOOD[: GOOD.index("gates:")] + "gates: []\nreviews: []\n", "1:1", "no-rules"),
        (GOOD + "gates: []\n", "25:1", "duplicate-key"),
        (GOOD + "---\n", "25:1", "yaml-several-documents"),
        ("", "1:1", "yaml-empty"),
        ("- a\n", "1:1", "yaml-not-a-mapping"),
        ("a: &x [*x]\n", "1:4", "yaml-alias"),
        ("a:\n\tb: 1\n", "2:1", "yaml-syntax"),
        ("\ufeff" + GOOD, "1:1", "yaml-encoding"),
        (GOOD.encode("utf-16"), "1:1", "yaml-encoding"),
        (b"auditor: policy/1\npolicy: \xe9\n", "2:9", "yaml-encoding"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_at_its_place(write, text, where, slug):
    assert problems(write(text)) == [(f"p.yaml:{place}", slug) for place in where.split()]


def test_all_problems_of_a_file_come_at_once(write):
    text = (
        GOOD.replace("title:", "titel:")
        .replace("[b1]\n", "[b2]\n")
        .replace("warn", "loud")
        .replace("id: fourth", "id: third")
        .replace("2 weeks", "soon")
    )

    assert problems(write(text)) == [
        ("p.yaml:3:3", "missing-key"),
        ("p.yaml:4:3", "unknown-key"),
        ("p.yaml:16:15", "unknown-basis"),
        ("p.yaml:19:15", "not-one-of"),
        ("p.yaml:23:72", "bad-due"),
        ("p.yaml:24:10", "id-twice"),
    ]


def test_parts_of_the_wrong_shape_hide_nothing_and_break_nothing(write):
    text = (
        "auditor: policy/1\npolicy: ours\nbasis: [1, {id: 5, cite: a, says: b}]\n"
        "groups: {intersections: {a: b}}\ngates: [x, {id: [1], because: [{}], for_each: [{}]}]\n"
        "reviews: 3\n"
    )

    slugs = [slug for _, slug in problems(write(text))]

    assert slugs.count("wrong-type") >= 7
    assert slugs.count("missing-key") == 2


@pytest.mark.parametrize(
    "text",
    ["groups: 1\n", "groups: {intersections: [1, [2, a]]}\n", "policy: {effective_from: x}\n"],
)
def test_odd_shapes_never_crash(write, text):
    assert problems(write("auditor: policy/1\ngates: 3\n" + text))


def test_hints_say_how_to_mend(write):
    hints = [p.hint for p in read_policy(write(swapped("[b1]\n", "[b]\n"))).problems]
    turned = read_policy(write(swapped("[sex, sex*race]", "[race*sex]"))).problems

    assert hints == ["did you mean 'b1'?"]
    assert turned[0].hint == "write sex*race"


def test_a_newer_format_asks_for_a_newer_version(write):
    (problem,) = read_policy(write(swapped("policy/1", "policy/12"))).problems

    assert problem.hint == "a newer format needs a newer version of auditor"
    assert "policy/12" in problem.message


def test_a_missing_file_is_a_path_error(write):
    with pytest.raises(PathError, match=r"cannot read 'absent\.yaml': no such file") as caught:
        load_policy("absent.yaml")

    assert caught.value.exit_code == 74


def test_a_bare_word_may_be_a_file_when_no_pack_has_that_name(write):
    write(GOOD).rename("ours")

    assert load_policy("ours").id == "ours"
    assert load_policy("./ours").id == "ours"


def test_the_same_file_twice_gives_equal_policies(write):
    path = write(GOOD)

    assert load_policy(path) == load_policy(str(path))
