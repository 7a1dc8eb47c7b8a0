"""People who stand in several rows: the tests suppose that every row is decided by itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.findings import Finding
from auditor.rules.contrast import percent, plain
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.rules.case import Case

MOST_REPEATED = Fraction(1, 10)


def independent(finding: Finding, case: Case, limit: Fraction = MOST_REPEATED) -> Finding:
    """Give a finding as it is, or a pass as no verdict when too many rows hang together.

    Rows that name no person count among them: whose they are is not known.
    """
    if finding.verdict != FindingVerdict.PASS or finding.severity != Severity.BLOCK:
        return finding
    found = case.evidence.repeats.get("scored" if case.by_score else "considered")
    if found is None:
        return finding
    doubtful = found.repeated_rows + found.nameless
    if doubtful * limit.denominator <= limit.numerator * found.rows:
        return finding
    who = "1 person stands" if found.repeated == 1 else f"{found.repeated:,} people stand"
    several = f"{who} in {found.repeated_rows:,} rows"
    nameless = "1 row names" if found.nameless == 1 else f"{found.nameless:,} rows name"
    parts = [several] * bool(found.repeated) + [f"{nameless} no person"] * bool(found.nameless)
    return replace(
        finding,
        verdict=FindingVerdict.NO_VERDICT,
        says=(
            f"{' and '.join(parts)}, of {found.rows:,} rows counted "
            f"({percent(doubtful, found.rows, limit)}). That is more than {plain(100 * limit)}%: "
            "the tests suppose decisions that do not hang together, so no pass can rest on them."
        ),
        next=(
            "Export one decision a person (the last one, or one of each round), or audit each "
            "round by itself."
        ),
        evidence={
            **finding.evidence,
            "reason": "several-rows",
            "rows_of_repeated_people": found.repeated_rows,
            "rows_without_person": found.nameless,
            "rows_counted": found.rows,
        },
    )
