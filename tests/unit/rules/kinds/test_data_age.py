from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.decisions import Period
from auditor.vocabulary import FindingVerdict

KIND = "data-age"
AS_OF = date(2026, 11, 22)


def seen(evidence, first: str | None, last: str | None = None, missing: int = 0):
    days = [None if day is None else date.fromisoformat(day) for day in (first, last or first)]
    period = Period(column="day", first=days[0], last=days[1], missing=missing)
    whole = evidence(4)
    return replace(whole, as_of=AS_OF, decisions=replace(whole.decisions, period=period))


@pytest.mark.parametrize(("first", "age"), [("2025-11-22", 365), ("2026-11-22", 0)])
def test_decisions_up_to_the_last_day_pass(gate, evidence, first, age):
    (said,) = gate(KIND, at_most=365).check(seen(evidence, first, "2026-11-22"))

    assert said.verdict == FindingVerdict.PASS
    assert said.evidence["age_days"] == age


def test_the_oldest_decision_counts_not_the_newest(gate, evidence):
    (said,) = gate(KIND, at_most="365 days").check(seen(evidence, "2025-11-21", "2026-11-22"))

    assert said.verdict == FindingVerdict.NO_VERDICT
    assert said.says.startswith("The oldest decision is of 2025-11-21, 366 days before the audit")


@pytest.mark.parametrize(
    ("first", "last", "missing", "why"),
    [
        ("2026-11-01", "2026-11-23", 0, "after the audit of 2026-11-22"),
        ("2026-11-01", "2026-11-22", 1, "1 row has no date"),
        (None, None, 4, "4 rows have no date"),
    ],
)
def test_what_is_not_known_or_not_yet_is_no_verdict(gate, evidence, first, last, missing, why):
    (said,) = gate(KIND, at_most=365).check(seen(evidence, first, last, missing))

    assert said.verdict == FindingVerdict.NO_VERDICT
    assert why in said.says


def test_without_a_column_of_dates_it_is_not_evaluated(gate, evidence):
    (said,) = gate(KIND, at_most=365).check(evidence(4))

    assert (said.reason, said.required) == ("no-date-column", True)


def test_without_a_day_of_the_audit_it_is_not_evaluated(gate, evidence):
    (said,) = gate(KIND, at_most=365).check(replace(seen(evidence, "2026-11-22"), as_of=None))

    assert (said.reason, said.required) == ("no-day", True)
