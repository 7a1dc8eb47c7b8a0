"""What a terminal says by group and by rule: no small number, and none that would tell one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from auditor.report.privacy import SMALLEST, hidden_groups
from auditor.report.tables import rate_tables

if TYPE_CHECKING:
    from auditor.inference.disclosure import Name, Sum
    from auditor.result import AuditDocument
    from auditor.review.oversight.groups import AttributeEffect, GroupLine
    from auditor.review.oversight.measures import Overrides
    from auditor.review.oversight.measuring import Oversight
    from auditor.review.oversight.numbers import Share

LEVELS, CHANGED, LOWERED, RAISED, DEFERRED, READ, WAITS = (
    "levels", "changed", "lowered", "raised", "deferred", "read", "waits",
)  # fmt: skip
"""What is told of a group or a rule; levels are the favorable outcomes before and after review."""

WHY_HIDDEN = f"fewer than {SMALLEST} in a number, or in one that would follow"
ELSEWHERE = "a file of --out and the JSON hold all of it, for internal use"

Rates = Mapping[str, Mapping[str, tuple[int, int]]]
"""Selected people and others, by attribute and group."""


def summary_rates(document: AuditDocument) -> Rates:
    """Give the numbers that a summary or a gate of the result tells."""
    tables = rate_tables(document)
    hidden = hidden_groups(tables)
    return {
        table.attribute: {
            row.group: (row.rate["favorable"], row.rate["n"] - row.rate["favorable"])
            for row in table.rows
            if row.group not in hidden[table.attribute]
        }
        for table in tables
        if table.metric == "selection-rate" and table.stratum is None
    }


def told_of_groups(
    one: AttributeEffect, found: Oversight, summary: Mapping[str, tuple[int, int]]
) -> frozenset[Name]:
    """Choose what is told about the groups of an attribute: pairs of what and group.

    Secret are fewer than ten people of one outcome before or after review, or of those who wait;
    and from one to nine of whom something was changed, or was not. That nobody was changed is told,
    and that all were: it is what oversight looks for, and it is about the reviewers.

    Parameters
    ----------
    one : AttributeEffect
    found : Oversight
        Its totals are told as well, so they are known where they are about the same people.
    summary : mapping of a group to people selected and others
        What a summary tells about the groups of this attribute.
    """
    from auditor.inference.disclosure import Table, tellable

    parts: dict[Name, int] = {}
    known: list[Sum] = []
    secrets: list[Sum] = []
    wanted = sorted(one.groups, key=lambda line: (line.group != one.reference, -line.before.of))
    for line in wanted:
        mine = _parts(line)
        parts |= {(line.group, part): people for part, people in mine.items()}
        secrets += _secrets(line, parts)
        known += _equal(
            parts,
            [_sum(line.group, _SELECTED), _sum(line.group, _OTHERS)],
            summary.get(line.group, ()),
        )
    over, waits = found.team.overrides, found.reviews["open"]
    for what, numbers in (
        (RAISED, (over.raised.count, over.raised.of)),
        (LOWERED, (over.lowered.count, over.lowered.of)),
        (CHANGED, (over.changed.count, over.changed.of)),
        (WAITS, (waits,)),
    ):
        everybody: list[Sum] = [
            {(line.group, part): 1 for line in wanted for part in some} for some in TOLD[what]
        ]
        known += _equal(parts, everybody, numbers)
    for some in (_SELECTED, _OTHERS):
        known.append({(line.group, part): 1 for line in wanted for part in some})
    batches: list[dict[Name, list[Sum]]] = [
        {(what, line.group): [_sum(line.group, some) for some in TOLD[what]] for line in wanted}
        for what in TOLD
    ]
    return tellable(Table(parts=parts, known=known, secrets=secrets), batches)


_SELECTED = ("kept favorable", "lowered", "unread favorable", "waiting favorable")
_OTHERS = ("kept unfavorable", "raised", "unread unfavorable", "waiting unfavorable")
_BEFORE, _NOT_BEFORE = _SELECTED[:3], _OTHERS[:3]
_AFTER = ("kept favorable", "raised", "unread favorable")
_NOT_AFTER = ("kept unfavorable", "lowered", "unread unfavorable")
_READ = ("kept favorable", "lowered", "kept unfavorable", "raised")
TOLD: Mapping[str, Sequence[Sequence[str]]] = {
    LEVELS: (_BEFORE, _NOT_BEFORE, _AFTER),
    CHANGED: (("lowered", "raised"), _READ),
    LOWERED: (("lowered",), ("lowered", "kept favorable")),
    RAISED: (("raised",), ("raised", "kept unfavorable")),
    READ: (_READ,),
    WAITS: (("waiting favorable", "waiting unfavorable"),),
}
"""The numbers of each line, as sums of the parts of a group, the most wanted first."""


def _parts(line: GroupLine) -> dict[str, int]:
    """Everybody in a group, by the model's answer and by what became of it."""
    before = line.before
    return {
        "kept favorable": line.lowered.of - line.lowered.count,
        "lowered": line.lowered.count,
        "kept unfavorable": line.raised.of - line.raised.count,
        "raised": line.raised.count,
        "unread favorable": before.count - line.lowered.of,
        "unread unfavorable": before.of - before.count - line.raised.of,
        "waiting favorable": line.pending_favorable,
        "waiting unfavorable": line.pending - line.pending_favorable,
    }


def _secrets(line: GroupLine, parts: Mapping[Name, int]) -> list[Sum]:
    levels = [_sum(line.group, some) for some in (_BEFORE, _NOT_BEFORE, _AFTER, _NOT_AFTER)]
    waits = [_sum(line.group, [part]) for part in TOLD[WAITS][0]]
    changes = [
        _sum(line.group, some)
        for some in (
            *TOLD[CHANGED],
            *TOLD[LOWERED],
            *TOLD[RAISED],
            *TOLD[WAITS],
            ("kept favorable",),
            ("kept unfavorable",),
            ("kept favorable", "kept unfavorable"),
        )
    ]
    return [
        *_few(parts, levels if line.before.of else (), zero=True),
        *_few(parts, waits if line.pending else (), zero=True),
        *_few(parts, changes),
    ]


def told_of_rules(rules: Mapping[str, Overrides], total: Overrides) -> frozenset[Name]:
    """Choose which shares of rules are told; where they add up to the team's, those are known."""
    from auditor.inference.disclosure import Table, tellable

    parts: dict[Name, int] = {}
    known: list[Sum] = []
    secrets: list[Sum] = []
    batches: list[dict[Name, list[Sum]]] = []
    for kind in (CHANGED, LOWERED, RAISED, DEFERRED):
        batch: dict[Name, list[Sum]] = {}
        for rule, own in rules.items():
            share: Share = getattr(own, kind)
            inside, outside = (kind, rule, "inside"), (kind, rule, "outside")
            parts |= {inside: share.count, outside: share.of - share.count}
            batch[kind, rule] = [{inside: 1}, {inside: 1, outside: 1}]
            secrets += _few(parts, [*batch[kind, rule], {outside: 1}])
        batches.append(batch)
        share = getattr(total, kind)
        sums = [
            {part: 1 for part in parts if part[0] == kind and part[2] != "outside"},
            {part: 1 for part in parts if part[0] == kind},
        ]
        known += _equal(parts, sums, (share.count, share.of))
    for rule, own in rules.items():
        if own.changed.count == own.raised.count + own.lowered.count:
            known += [
                {(CHANGED, rule, part): 1, (RAISED, rule, part): -1, (LOWERED, rule, part): -1}
                for part in ("inside", "outside")
            ]
    return tellable(Table(parts=parts, known=known, secrets=secrets), batches)


def _sum(group: str, some: Sequence[str]) -> Sum:
    return {(group, part): 1 for part in some}


def _people(parts: Mapping[Name, int], number: Sum) -> int:
    return sum(factor * parts[part] for part, factor in number.items())


def _few(parts: Mapping[Name, int], numbers: Sequence[Sum], *, zero: bool = False) -> list[Sum]:
    """Numbers under ten; none is few only where it is said."""
    return [one for one in numbers if (0 if zero else 1) <= _people(parts, one) < SMALLEST]


def _equal(parts: Mapping[Name, int], numbers: Sequence[Sum], told: Sequence[int]) -> list[Sum]:
    """Numbers that are told elsewhere; none where what is told is about other people."""
    if tuple(_people(parts, one) for one in numbers) != tuple(told):
        return []
    return list(numbers)
