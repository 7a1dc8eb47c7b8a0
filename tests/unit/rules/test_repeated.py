"""No pass rests on rows that hang together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.decisions import Repeats
from auditor.findings import Finding
from auditor.rules.repeated import independent
from auditor.vocabulary import FindingVerdict, Severity
from tests.unit.rules.test_left_out import case, finding


def judged(
    repeated_rows: int, nameless: int = 0, *, said: Finding | None = None, counted="considered"
) -> Finding:
    few = case(["F"] * 5 + ["M"] * 5, {"F": 5, "M": 5}, metric="selection-rate")
    found = Repeats(
        rows=100,
        people=100 - repeated_rows // 2 - nameless,
        repeated=repeated_rows // 2,
        repeated_rows=repeated_rows,
        nameless=nameless,
    )
    seen = replace(few.evidence, repeats={counted: found})
    return independent(said or finding(), replace(few, evidence=seen))


@pytest.mark.parametrize(("repeated_rows", "nameless"), [(12, 0), (0, 11), (6, 5)])
def test_a_pass_is_no_verdict_above_a_tenth(repeated_rows, nameless):
    said = judged(repeated_rows, nameless)

    assert said.verdict == FindingVerdict.NO_VERDICT
    assert said.evidence["reason"] == "several-rows"
    assert said.next


@pytest.mark.parametrize(("repeated_rows", "nameless"), [(0, 0), (10, 0), (0, 10), (4, 6)])
def test_a_pass_stays_up_to_a_tenth(repeated_rows, nameless):
    assert judged(repeated_rows, nameless) == finding()


@pytest.mark.parametrize(
    "said",
    [
        finding(FindingVerdict.FAIL),
        finding(FindingVerdict.NO_VERDICT),
        finding(severity=Severity.WARN),
    ],
)
def test_nothing_else_is_touched(said):
    assert judged(100, said=said) == said


def test_one_person_and_one_row_are_told_in_the_singular():
    few = case(["F"] * 5, {"F": 5}, metric="selection-rate")
    found = Repeats(rows=5, people=2, repeated=1, repeated_rows=3, nameless=1)
    seen = replace(few.evidence, repeats={"considered": found})
    said = independent(finding(), replace(few, evidence=seen))

    assert said.says.startswith(
        "1 person stands in 3 rows and 1 row names no person, of 5 rows counted (80.0%)."
    )


def test_only_the_rows_that_the_rate_counts_matter():
    assert judged(100, counted="scored") == finding()
