"""What review did to groups, as people read it; groups with small counts are hidden."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from auditor.cli.review.oversight_hiding import (
    CHANGED,
    ELSEWHERE,
    LEVELS,
    LOWERED,
    RAISED,
    READ,
    TOLD,
    WAITS,
    WHY_HIDDEN,
    told_of_groups,
)
from auditor.cli.review.shares import share_text
from auditor.report.privacy import SMALLEST
from auditor.report.words import many
from auditor.review.oversight.numbers import evidence
from auditor.vocabulary import is_intersection

if TYPE_CHECKING:
    from auditor.cli.review.oversight_hiding import Rates
    from auditor.inference.disclosure import Name
    from auditor.review.oversight.groups import AttributeEffect, Gap, GroupLine
    from auditor.review.oversight.measuring import Oversight

_OF = {
    "changed": "changed",
    "raised": "unfavorable to favorable",
    "lowered": "favorable to unfavorable",
}


def group_lines(found: Oversight, summary: Rates | None) -> Iterator[str]:
    """Rates before and after review, and what was changed, by group; all where no summary is given.

    Parameters
    ----------
    found : Oversight
    summary : see `told_of_groups`; None for a file made for the reader.
    """
    by_group = found.groups
    assert by_group is not None  # noqa: S101 - the caller looked
    yield "By group, before and after review; what waits for a person is in neither"
    if by_group.missing:
        are = "is" if by_group.missing == 1 else "are"
        yield f"  {many(by_group.missing, 'decision')} of the queue {are} not in this export"
    for one in by_group.attributes:
        yield f"  {one.attribute}"
        if summary is None:
            told = _everything(one)
        elif is_intersection(one.attribute):
            yield f"    crossed groups are left out; {ELSEWHERE}"
            continue
        else:
            told = told_of_groups(one, found, summary.get(one.attribute, {}))
        yield from (f"    {line}" for line in _attribute(one, told))


def effect_lines(found: Oversight) -> list[tuple[str, list[str]]]:
    """Every number by group, as a page for its reader has it: attributes, each group in a line."""
    told: list[tuple[str, list[str]]] = []
    for one in () if found.groups is None else found.groups.attributes:
        lines: list[str] = []
        for line in _attribute(one, _everything(one)):
            if line.startswith(" "):
                lines[-1] += f"; {line.strip()}"
            else:
                lines.append(line)
        told.append((one.attribute, lines))
    return told


def _everything(one: AttributeEffect) -> frozenset[Name]:
    return frozenset((what, line.group) for line in one.groups for what in TOLD)


def _attribute(one: AttributeEffect, told: Collection[Name]) -> Iterator[str]:
    shown = [line for line in one.groups if any(name == line.group for _, name in told)]
    for line in shown:
        yield from _group(line, told)
    hidden = len(one.groups) - len(shown)
    if hidden:
        are = "1 group is" if hidden == 1 else f"{hidden} groups are"
        yield f"{are} hidden: {WHY_HIDDEN}; {ELSEWHERE}"
    elif len(told) < len(one.groups) * len(TOLD):
        yield f"what is hidden: {WHY_HIDDEN}; {ELSEWHERE}"
    if one.reference is None:
        yield "the result compares the groups with none of them, so nothing is compared here"
    large = {line.group for line in one.groups if _is_large(line)}
    for net in one.net:
        why = f" No evidence: {net.undefined}." if net.undefined else ""
        if {(LEVELS, net.group), (LEVELS, net.reference)} <= set(told):
            yield f"{net.says}{why}"
        elif {net.group, net.reference} <= large:
            yield f"{net.says_without_numbers}{why}"
    for gap in one.gaps:
        if {(gap.of, gap.group), (gap.of, gap.reference)} <= set(told) and gap.undefined is None:
            yield _gap(gap)


def _is_large(line: GroupLine) -> bool:
    """Whether ten people or more have each outcome, before and after review."""
    levels = (line.before, line.after)
    return all(min(one.count, one.of - one.count) >= SMALLEST for one in levels)


def _group(line: GroupLine, told: Collection[Name]) -> Iterator[str]:
    def tell(what: str, text: str) -> str:
        return text if (what, line.group) in told else "hidden"

    read = tell(READ, f"{line.read:,}")
    waits = tell(WAITS, f"{line.pending:,}")
    yield f"{line.group}: read: {read}; waiting for a person: {waits}"
    yield f"  favorable before review: {tell(LEVELS, share_text(line.before))}"
    yield f"  favorable after review: {tell(LEVELS, share_text(line.after))}"
    yield f"  changed: {tell(CHANGED, share_text(line.changed))}"
    yield f"  unfavorable to favorable: {tell(RAISED, share_text(line.raised))}"
    yield f"  favorable to unfavorable: {tell(LOWERED, share_text(line.lowered))}"


def _gap(one: Gap) -> str:
    p = "" if math.isnan(one.p_adjusted) else f", {evidence(one.p_adjusted)} (Holm)"
    return (
        f"{_OF[one.of]}, {one.group} against {one.reference}: {100 * one.difference:+.1f} points "
        f"(interval {100 * one.low:.1f} to {100 * one.high:.1f}{p})"
    )
