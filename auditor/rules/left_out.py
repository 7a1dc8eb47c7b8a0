"""People whom no rate of a group counts although they are there: no pass may rest on the others."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from auditor.findings import Finding
from auditor.rules.contrast import percent, plain
from auditor.vocabulary import UNKNOWN, FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.cube import GroupTable
    from auditor.rules.case import Case

MOST_LEFT_OUT = MOST_UNKNOWN = Fraction(1, 10)
_NAMED = 4


def left_out(case: Case) -> dict[str, int]:
    """People by group who are in the export and not in the rate, most first.

    Where scores are compared, or the outcome is derived from them, these are the people without a
    score; otherwise the people of groups in which nobody was considered. Single people whose
    application was withdrawn or is open are no such matter: the row account says how many they are.
    """
    decisions, table = case.evidence.decisions, case.table
    by_score = case.by_score
    if by_score and decisions.score is not None:
        gone = np.isnan(decisions.score)
    else:
        gone = np.ones(len(decisions.people), dtype=np.bool_)
    considered = dict(zip(table.groups, table.considered.tolist(), strict=True))
    coded = decisions.group(table.attribute)
    counted = {
        level: int(decisions.people.sum(where=gone & (coded.codes == code)))
        for code, level in enumerate(coded.levels)
        if by_score or not considered.get(level, 0)
    }
    if by_score:
        counted[UNKNOWN] = int(decisions.people.sum(where=gone & (coded.codes < 0)))
    return {group: n for group, n in sorted(counted.items(), key=lambda item: -item[1]) if n}


def held_back(finding: Finding, case: Case, limit: Fraction = MOST_LEFT_OUT) -> Finding:
    """Give a finding as it is, or a pass as no verdict when too many people are left out of it."""
    if finding.verdict != FindingVerdict.PASS or finding.severity != Severity.BLOCK:
        return finding
    gone = left_out(case)
    missing = sum(gone.values())
    everybody = int(case.table.considered.sum()) + case.table.unknown_considered + missing
    if missing * limit.denominator <= limit.numerator * everybody:
        return finding
    what = "have no score" if case.by_score else "are in groups in which nobody was considered"
    # a count of a small group is not for every surface: the evidence has them
    named = ", ".join(list(gone)[:_NAMED])
    return replace(
        finding,
        verdict=FindingVerdict.NO_VERDICT,
        says=(
            f"{missing:,} of {everybody:,} people ({percent(missing, everybody, limit)}) {what} "
            f"({named}). That is more than {plain(100 * limit)}%: what holds for the others is no "
            "pass for them."
        ),
        next="Find out why these people have no score or no decision, and audit them with it.",
        evidence={**finding.evidence, "reason": "left-out", "left_out": gone},
    )


def known_enough(finding: Finding, case: Case, limit: Fraction = MOST_UNKNOWN) -> Finding:
    """Give a finding as it is, or a pass as no verdict when the group of too many is not known."""
    if finding.verdict != FindingVerdict.PASS or finding.severity != Severity.BLOCK:
        return finding
    unknown = case.table.unknown_considered
    says = too_many_unknown(case.table, limit)
    if not says:
        return finding
    return replace(
        finding,
        verdict=FindingVerdict.NO_VERDICT,
        says=f"{says} What holds for the others is no pass for them.",
        next=(
            f"Find out where {case.attribute} gets lost (form, export, profile), and ask again "
            "those who were not asked."
        ),
        evidence={**finding.evidence, "reason": "too-many-unknown", "unknown": unknown},
    )


def too_many_unknown(table: GroupTable, limit: Fraction = MOST_UNKNOWN) -> str:
    """Sentence on the people whose group is not known; empty while they are few enough."""
    unknown = table.unknown_considered
    everybody = int(table.considered.sum()) + unknown
    if unknown * limit.denominator <= limit.numerator * everybody:
        return ""
    return (
        f"The {table.attribute} of {unknown:,} of {everybody:,} people "
        f"({percent(unknown, everybody, limit)}) is not known, more than {plain(100 * limit)}%."
    )
