"""What review did to groups, as people read it; groups with small counts are hidden."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.cli.review.shares import share_text
from auditor.report.privacy import SMALLEST, hidden_lines
from auditor.report.words import many
from auditor.review.oversight.numbers import evidence
from auditor.vocabulary import is_intersection

if TYPE_CHECKING:
    from auditor.review.oversight.groups import AttributeEffect, Gap, GroupLine
    from auditor.review.oversight.measuring import ByGroup

_OF = {
    "changed": "changed",
    "raised": "unfavorable to favorable",
    "lowered": "favorable to unfavorable",
}


def group_lines(found: ByGroup) -> Iterator[str]:
    """Rates before and after review, and what was changed, by group."""
    yield "By group, before and after review; what waits for a person is in neither"
    if found.missing:
        are = "is" if found.missing == 1 else "are"
        yield f"  {many(found.missing, 'decision')} of the queue {are} not in this export"
    for one in found.attributes:
        yield f"  {one.attribute}"
        if is_intersection(one.attribute):
            yield "    crossed groups are in the JSON only, for internal use"
            continue
        yield from (f"    {line}" for line in _attribute(one))


def _attribute(one: AttributeEffect) -> Iterator[str]:
    hidden = hidden_lines({line.group: _cells(line) for line in one.groups})
    for line in one.groups:
        if line.group not in hidden:
            yield from _group(line)
    if hidden:
        are = "1 group is" if len(hidden) == 1 else f"{len(hidden)} groups are"
        yield (
            f"{are} hidden: fewer than {SMALLEST} people in a cell; the JSON holds them, for "
            "internal use"
        )
    if one.reference is None:
        yield "the result compares the groups with none of them, so nothing is compared here"
    for net in one.net:
        if not {net.group, net.reference} & hidden:
            why = f" No evidence: {net.undefined}." if net.undefined else ""
            yield f"{net.says}{why}"
    for gap in one.gaps:
        if not {gap.group, gap.reference} & hidden and gap.undefined is None:
            yield _gap(gap)


def _cells(line: GroupLine) -> tuple[int, ...]:
    """People inside and outside of each rate that a line would tell."""
    shares = (line.before, line.after, line.changed, line.raised, line.lowered)
    return tuple(n for share in shares for n in (share.count, share.of - share.count))


def _group(line: GroupLine) -> Iterator[str]:
    waits = "fewer than 10" if 0 < line.pending < SMALLEST else f"{line.pending:,}"
    yield f"{line.group}: {line.read:,} read, {waits} wait for a person"
    yield f"  favorable before review: {share_text(line.before)}"
    yield f"  favorable after review: {share_text(line.after)}"
    yield f"  changed: {share_text(line.changed)}"
    yield f"  unfavorable to favorable: {share_text(line.raised)}"
    yield f"  favorable to unfavorable: {share_text(line.lowered)}"


def _gap(one: Gap) -> str:
    p = "" if math.isnan(one.p_adjusted) else f", {evidence(one.p_adjusted)} (Holm)"
    return (
        f"{_OF[one.of]}, {one.group} against {one.reference}: {100 * one.difference:+.1f} points "
        f"(interval {100 * one.low:.1f} to {100 * one.high:.1f}{p})"
    )
