"""Ways to pass by accident. None of them does: not the gate, not the library, not a stored result.

The numbers are those of the catalogue of vacuous passes that the product is held to. Left out are
those that need what does not exist yet: attestations, warehouses and row filters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import auditor
from auditor.errors import AuditorError
from auditor.findings import fingerprint_of
from tests.cli.conftest import PASSING, PROFILE, THIN

HEAD = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: %s, owner: o, effective_from: %s}
basis: [{id: b, cite: c, says: s}]
"""
IN_FORCE = HEAD % ("in-force", "2026-01-01")
GATE = "gates: [{id: g, kind: impact-ratio, says: s, because: [b]%s}]\n"
SCORED = PROFILE.replace("  groups:", "  score: {column: score%s}\n  groups:")
ONLY_SCORED = re.sub(r"  outcome:\n(    .*\n)+", "", SCORED)
NEAR = "reviews: [{id: r, kind: near-cut-score, says: s, because: [b]}]\n"


@dataclass(frozen=True)
class Case:
    """An export, how it is read and judged, and what it must come to instead of a pass."""

    code: int
    cause: str
    cells: Mapping[tuple[str, str], int] = field(default_factory=lambda: PASSING)
    profile: str = PROFILE
    policy: str = "us-adverse-impact"
    swap: tuple[str, str] = ("", "")
    words: tuple[str, ...] = ()
    column: tuple[str, Callable[[int], str]] | None = None


def groups(*rows: tuple[str, int, int]) -> dict[tuple[str, str], int]:
    """Cells of groups with so many advanced and so many rejected."""
    cells = {(group, "Advanced"): x for group, x, _ in rows}
    return cells | {(group, "Rejected"): rest for group, _, rest in rows}


def add_column(export: Path, name: str, cell: Callable[[int], str]) -> None:
    head, *lines = export.read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{cell(n)}" for n, line in enumerate(lines)]
    export.write_text("\n".join([f"{head},{name}", *rows, ""]), encoding="utf-8")


def several(rows: int) -> Callable[[int], str]:
    """People, so that the first rows are of people with two or three rows each."""
    return lambda n: f"p{min(n // 2, rows // 2 - 1) if n < rows else n}"


def nameless(rows: int) -> Callable[[int], str]:
    return lambda n: " " if n < rows else f"p{n}"


MONTHS = ("day", lambda n: f"2026-{n % 10 + 1:02d}-15")
DATED = PROFILE + "  date: {column: day%s}\n"
AGED = IN_FORCE + (
    "gates:\n"
    "  - {id: g, kind: impact-ratio, says: s, because: [b]}\n"
    "  - {id: a, kind: data-age, says: s, because: [b], options: {at_most: %s days}}\n"
)
NAMED = PROFILE + "  person: person\n"
AS_IS = PROFILE.replace("values: {F: [F], M: [M]}", "values: as-is")
MOST_UNKNOWN = groups(("F", 300, 300), ("M", 300, 300), ("", 900, 900))
UNKNOWN_BLOCKS = IN_FORCE + (
    "gates:\n"
    "  - {id: g, kind: impact-ratio, says: s, because: [b]}\n"
    "  - {id: u, kind: unknown-share, says: s, because: [b], options: {limit: 0.05}}\n"
)
SCORES_OF_X = groups(("F", 200, 200), ("M", 200, 200), ("X", 200, 200))

WAIVED = (
    IN_FORCE
    + GATE % ""
    + f"""\
waivers:
  granted:
    - id: w-1
      finding: {fingerprint_of("ours", "g", "sex", "F", None)}
      rule: g
      attribute: sex
      group: F
      value: 0.6
      because: r
      instead: i
      requested_by: {{name: Ann, role: owner}}
      approved_by: [{{name: Ben, role: lead}}]
      from: %s
      until: %s
      justification:
        {{job_related: j, validation_study: v, alternatives: [{{tried: t, why_not: n}}]}}
"""
)

CASES = {
    "V-01 empty file": Case(3, "empty", swap=(r"(?s).*", "")),
    "V-02 header only": Case(3, "no row", swap=(r"(?s)\n.*", "\n")),
    "V-03 all decisions missing": Case(
        4, "was considered", cells={("F", ""): 400, ("M", ""): 400}
    ),
    "V-03 all decisions missing, unmapped": Case(
        3, "blank", {("F", ""): 400, ("M", ""): 400}, PROFILE.replace('    open: [""]\n', "")
    ),
    "V-04 some decisions missing": Case(
        3, "blank", PASSING | {("F", ""): 40}, PROFILE.replace('    open: [""]\n', "")
    ),
    "V-05 everybody selected": Case(4, "selected", groups(("F", 500, 0), ("M", 500, 0))),
    "V-05 nobody selected": Case(4, "selected", groups(("F", 0, 500), ("M", 0, 500))),
    "V-06 one group": Case(4, "group", groups(("F", 500, 500))),
    "V-07 attribute of the policy absent": Case(
        4, "race", policy=IN_FORCE + GATE % ", for_each: [sex, race]"
    ),
    "V-07 intersection that must pass absent": Case(
        4, "race", policy=IN_FORCE + GATE % ", options: {must_pass: [sex, sex*race]}"
    ),
    "V-08 group that is not mapped": Case(3, "Femal", swap=(r"(?m)^(00000\d),F,", r"\1,Femal,")),
    "V-09 column renamed": Case(3, "did you mean", swap=("gender", "gendr")),
    "V-10 all unknown": Case(4, "known", groups(("", 500, 500))),
    "V-11 too many unknown to rely on the known": Case(4, "whose sex is not known", MOST_UNKNOWN),
    "V-11 unknown share over the limit of a policy": Case(
        1, "not on record", groups(("F", 500, 500), ("M", 500, 500), ("", 60, 60)),
        policy=UNKNOWN_BLOCKS,
    ),
    "V-12 all groups too small": Case(4, "Not enough people", THIN),
    "V-13 disadvantaged group too small to compare": Case(
        4, "Too few people to compare", groups(("F", 900, 100), ("M", 900, 100), ("X", 10, 19)),
        AS_IS,
    ),
    "V-14 a group without scores": Case(
        4, "no score", SCORES_OF_X, ONLY_SCORED.replace("{F: [F], M: [M]}", "as-is") % "",
        IN_FORCE + GATE % ", options: {metric: scoring-rate}", (r"(?m)^(\d+,X,.*,).*$", r"\1"),
    ),
    "V-14 a group without scores, outcome derived": Case(
        4, "no score", SCORES_OF_X,
        ONLY_SCORED.replace("{F: [F], M: [M]}", "as-is") % ", cut_score: 0.5",
        swap=(r"(?m)^(\d+,X,.*,).*$", r"\1"),
    ),
    "V-14 a group without decisions": Case(
        4, "nobody was considered", groups(("F", 500, 500), ("M", 500, 500)) | {("X", ""): 300},
        AS_IS,
    ),
    "V-16 no rules": Case(2, "no rules", policy=IN_FORCE),
    "V-16 rules that only warn": Case(
        4, "had to pass", policy=IN_FORCE + GATE % ", severity: warn"
    ),
    "V-16 rules that can only fail": Case(
        4, "had to pass", policy=IN_FORCE + GATE % ", options: {fail_only: true}"
    ),
    "V-16 nothing must pass": Case(
        2, "empty", policy=IN_FORCE + GATE % ", options: {must_pass: []}"
    ),
    "V-16 policy that is a draft": Case(
        4, "had to pass", policy=HEAD % ("draft", "2026-01-01") + GATE % ""
    ),
    "V-16 policy of a later day": Case(
        4, "had to pass", policy=HEAD % ("in-force", "2026-11-25") + GATE % ""
    ),
    "V-17 policy that is not there": Case(74, "cannot read", policy="./no/*.yaml"),
    "V-17 pack that is not there": Case(2, "did you mean", policy="us-adverse-impct"),
    "V-18 favorable value that never occurs": Case(
        4, "selected", {("F", "Rejected"): 500, ("M", "Rejected"): 500},
    ),
    "V-20 nothing said to be favorable": Case(
        2, "favorable", profile=PROFILE.replace("    favorable: [Advanced]\n", "")
    ),
    "V-21 scores without a cut score": Case(4, "selection rate", profile=ONLY_SCORED % ""),
    "V-22 duplicate ids": Case(3, "line 2", swap=(r"(?m)^000001,", "000000,")),
    "V-23 people in several rows": Case(
        4, "100 people stand in 201 rows", profile=NAMED, column=("person", several(201)),
    ),
    "V-23 rows that name nobody": Case(
        4, "rows name no person", profile=NAMED, column=("person", nameless(201)),
    ),
    "V-24 a filter in the policy": Case(
        2, "where", policy=IN_FORCE + GATE % ', where: "gender = F"'
    ),
    "V-25 a waiver that has ended": Case(
        1, "was selected at 0.67", groups(("F", 80, 120), ("M", 120, 80)),
        policy=WAIVED % ("2026-01-01", "2026-03-01"),
    ),
    "V-29 an export that ends where a sheet ends": Case(
        3, "where a spreadsheet ends", groups(("F", 17_000, 17_000), ("M", 17_000, 14_535)),
    ),
    "V-29 another number of rows than expected": Case(
        3, "expects 7", profile=PROFILE.replace("decisions: taken", "expected_rows: 7"),
    ),
    "V-30 rows before the window": Case(
        3, "outside the window", profile=DATED % ", from: 2026-02-01", column=MONTHS,
    ),
    "V-30 rows after the window": Case(
        3, "outside the window", profile=DATED % ", until: 2026-10-01", column=MONTHS,
    ),
    "V-30 rows without a date, a window declared": Case(
        3, "not known to lie in", profile=DATED % ", from: 2026-01-01",
        column=("day", lambda _: ""),
    ),
    "V-30 dates in another format": Case(
        3, "no day in the format", profile=DATED % ', format: "%d.%m.%Y"', column=MONTHS,
    ),
    "V-30 older than the policy allows": Case(
        4, "more than 300 days", profile=DATED % "", policy=AGED % 300, column=MONTHS,
    ),
    "V-30 dates after the day of the audit": Case(
        4, "after the audit", profile=DATED % "", policy=AGED % 330,
        column=("day", lambda n: f"2026-12-{n % 28 + 1:02d}"),
    ),
    "V-30 one row without a date": Case(
        4, "1 row has no date", profile=DATED % "", policy=AGED % 330,
        column=("day", lambda n: MONTHS[1](n) if n else ""),
    ),
    "V-30 an age asked for and no column of dates": Case(
        4, "no column with the day", policy=AGED % 330,
    ),
    "V-32 a choice of rules": Case(2, "--select", words=("--select", "four-fifths-alone")),
    "strata that are not evaluated": Case(
        4, "Strata", profile=PROFILE + "  strata: {requisition: status}\n"
    ),
    "a mandatory review that cannot be evaluated": Case(
        4, "no scale", profile=SCORED % ", cut_score: 0.5", policy=IN_FORCE + GATE % "" + NEAR
    ),
    "mandatory reviews open": Case(
        5, "before release", profile=SCORED % ", cut_score: 0.5, scale: [0, 1]",
        policy=IN_FORCE + GATE % "" + NEAR,
    ),
}  # fmt: skip

LIBRARY_ONLY = {"V-32 a choice of rules": TypeError}


@pytest.fixture
def audited(case, tmp_path):
    """Words of the command line that audit a case."""

    def write(wanted: Case) -> list[str]:
        policy = wanted.policy
        if policy.startswith("auditor: "):
            policy = str(tmp_path / "ours.yaml")
            Path(policy).write_text(wanted.policy, encoding="utf-8")
        words = case(wanted.cells, policy, profile=wanted.profile)
        if wanted.column is not None:
            add_column(Path(words[0]), *wanted.column)
        if wanted.swap[0]:
            export = Path(words[0])
            export.write_text(
                re.sub(*wanted.swap, export.read_text(), count=0 if wanted.swap[1] else 1)
            )
        return [*words, "--as-of", "2026-11-24", *wanted.words]

    return write


def flat(text: str) -> str:
    return " ".join(text.split())


def in_python(words: list[str]) -> AuditorError:
    """What the library raises for the same export, profile and policy."""
    from datetime import date

    with pytest.raises(AuditorError) as caught:
        auditor.audit(
            words[0], words[4], profile=words[2], as_of=date(2026, 11, 24)
        ).raise_for_verdict()
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_nothing_passes_by_accident(run, audited, tmp_path, listing, name):
    wanted = CASES[name]
    words = audited(wanted)
    before = listing() | {"config", "config/auditor", "config/auditor/key"}

    ran = run("gate", *words, "--out", tmp_path / "out")

    assert ran.code == wanted.code, ran.err
    assert wanted.cause in flat(ran.err)
    assert "exits 0" not in ran.err
    assert "Traceback" not in ran.err
    if wanted.code in (2, 3, 74):
        assert listing() <= before
    else:
        stored = run("gate", tmp_path / "out")
        assert stored.code == wanted.code, stored.err
        assert wanted.cause in flat(stored.err)
        with pytest.raises(AuditorError) as caught:
            auditor.load(tmp_path / "out").raise_for_verdict()
        assert caught.value.exit_code == wanted.code
        assert wanted.cause in str(caught.value)
    if not wanted.words:
        raised = in_python(words)
        assert raised.exit_code == wanted.code
        assert wanted.cause in str(raised)


@pytest.mark.parametrize(
    "wanted",
    [
        Case(0, ""),
        Case(0, "", profile=AS_IS, policy=IN_FORCE + GATE % ""),
        Case(0, "", policy=UNKNOWN_BLOCKS),
        Case(
            0, "", profile=SCORED % ", cut_score: 0.5, scale: [0, 1]", policy=IN_FORCE + GATE % ""
        ),
        Case(0, "", profile=NAMED, column=("person", several(200))),
        Case(0, "", profile=NAMED, column=("person", nameless(200))),
        Case(0, "", column=("person", several(2000))),
        Case(0, "", profile=DATED % ", from: 2026-01-15, until: 2026-10-15", column=MONTHS),
        Case(0, "", profile=DATED % "", policy=AGED % 313, column=MONTHS),
    ],
)
def test_what_the_cases_are_changed_from_does_pass(run, audited, tmp_path, wanted):
    words = audited(wanted)

    assert run("gate", *words, "--out", tmp_path / "out").code == 0
    assert run("gate", tmp_path / "out").code == 0
    auditor.load(tmp_path / "out").raise_for_verdict()


def test_yes_and_no_stay_the_words_that_they_are(run, audited):
    """V-19: the control with the words of the export has the same verdict."""
    words = audited(
        Case(
            1,
            "",
            cells={("F", "yes"): 40, ("F", "no"): 60, ("M", "yes"): 60, ("M", "no"): 40},
            profile=PROFILE.replace("[Advanced]", "[yes]").replace("[Rejected]", "[no]"),
        )
    )

    ran = run("gate", *words)

    assert ran.code == 1
    assert "40 of 100" in flat(ran.err)


def test_a_rule_that_breaks_is_a_bug_and_no_verdict(run, audited, capfd):
    """V-26: whatever the other rules said."""
    from auditor.cli.problems import BUG, exit_code_of
    from auditor.rules.evaluate import evaluate
    from auditor.rules.kinds import ImpactRatio

    class Breaks(ImpactRatio):
        def check(self, _):
            raise ZeroDivisionError(" ".join(("about", "Jane", "Doe")))

    from auditor.rules.bind import bind

    (bound,) = bind(["us-adverse-impact"])
    rules = [*bound.rules, Breaks(bound.rules[0].entry, bound.policy, bound.rules[0].options)]

    class Nothing:
        attributes = intersections = ()

    assert exit_code_of(lambda: evaluate(rules[-1:], Nothing(), [])) == BUG
    assert "Jane Doe" not in capfd.readouterr().err


@pytest.mark.parametrize("place", ["a/file", "\0", "x" * 300])
def test_a_result_that_cannot_be_written_is_no_pass(run, audited, tmp_path, place):
    """V-33: the verdict would be a pass, and nobody is told so."""
    words = audited(Case(0, ""))
    (tmp_path / "a").write_text("a file")

    ran = run("gate", *words, "--out", tmp_path / place)

    assert ran.code == 74
    assert "PASS" not in ran.err


@pytest.mark.parametrize("content", [None, b"", b"no ledger"])
def test_a_ledger_that_cannot_be_opened_is_no_pass(run, audited, tmp_path, content):
    """V-35: without it the verdict is a pass, so only the ledger can hold it back."""
    words = audited(Case(0, ""))
    ledger = tmp_path / "reviews.db"
    if content is not None:
        ledger.write_bytes(content)

    assert run("gate", *words).code == 0
    ran = run("gate", *words, "--ledger", ledger)
    assert ran.code in (6, 74) if content is not None else ran.code == 74
    assert "PASS" not in ran.err
    made = auditor.audit(words[0], "us-adverse-impact", profile=tmp_path / "profile.yaml")
    with pytest.raises(AuditorError):
        made.reviewed(ledger)
