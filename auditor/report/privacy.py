"""Which numbers a terminal may show: small cells are hidden with all that would reveal them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from auditor.report.tables import RateTable
from auditor.vocabulary import INTERSECTION, UNKNOWN, attributes_of, is_intersection

SMALLEST = 10
"""Counts under this are hidden (the default of the ACRO output checks)."""

Cells = Mapping[str, tuple[int, ...]]
"""Per group, for each metric in turn, the people inside the rate and those outside it."""


def hidden_groups(tables: Iterable[RateTable]) -> dict[str, frozenset[str]]:
    """Find the groups whose numbers must not be shown, per attribute.

    A group is small when it holds people and fewer than ten of them are selected, or fewer than
    ten are not (zero included: that would tell each person's outcome). What a reader could
    subtract from the totals goes with it: within an attribute at least two lines are hidden that
    hold at least ten together, and in an intersection every small cell keeps at least ten
    possible values although the margins are known. Where that cannot be had, the whole
    intersection is hidden.

    Parameters
    ----------
    tables : iterable of RateTable
        All tables of a result; strata are not shown on a terminal and are left out here.

    Returns
    -------
    dict of str to frozenset of str
        Every attribute has an entry, empty where nothing is hidden.
    """
    cells = _cells(table for table in tables if table.stratum is None)
    hidden: dict[str, frozenset[str]] = {}
    for attribute, counts in cells.items():
        if not is_intersection(attribute):
            hidden[attribute] = _within(counts)
    for attribute, counts in cells.items():
        if is_intersection(attribute):
            hidden[attribute] = _across(attribute, counts, hidden)
    return hidden


def hidden_lines(counts: Cells) -> frozenset[str]:
    """Find the lines of one attribute that must not be shown, as `hidden_groups` does.

    Parameters
    ----------
    counts : mapping of group to pairs of people inside a rate and outside it
    """
    return _within({group: cell for group, cell in counts.items() if any(cell)})


def reveals(text: str, attribute: str | None, hidden: Mapping[str, Collection[str]]) -> bool:
    """Whether a sentence names a group whose numbers are hidden.

    The parts of an intersection count as its name where the sentence is about that intersection.
    The word ``unknown`` counts only beside a digit: it is also an everyday word.
    """
    for name, groups in hidden.items():
        for group in groups:
            if group == UNKNOWN:
                found = _names(UNKNOWN, text) and any(c.isdigit() for c in text)
            else:
                found = _names(group, text)
                if name == attribute and INTERSECTION in group:
                    found = found or all(_names(part, text) for part in attributes_of(group))
            if found:
                return True
    return False


def _names(group: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(group)}(?!\w)", text, re.IGNORECASE) is not None


def _cells(tables: Iterable[RateTable]) -> dict[str, dict[str, tuple[int, ...]]]:
    counted: dict[str, dict[str, dict[str, tuple[int, int]]]] = {}
    for table in tables:
        by_metric = counted.setdefault(table.attribute, {}).setdefault(table.metric, {})
        for row in table.rows:
            n, x = row.rate["n"], row.rate["favorable"]
            by_metric[row.group] = (x, n - x)
    cells = {}
    for attribute, metrics in counted.items():
        groups = dict.fromkeys(g for by_metric in metrics.values() for g in by_metric)
        every = {g: tuple(k for m in metrics.values() for k in m.get(g, (0, 0))) for g in groups}
        cells[attribute] = {group: counts for group, counts in every.items() if any(counts)}
    return cells


def _small(counts: tuple[int, ...]) -> bool:
    pairs = zip(counts[::2], counts[1::2], strict=True)
    return any(x + rest > 0 and min(x, rest) < SMALLEST for x, rest in pairs)


def _within(counts: Cells) -> frozenset[str]:
    hidden = {group for group, cell in counts.items() if _small(cell)}
    rest = sorted(counts.keys() - hidden, key=lambda g: (sum(counts[g]), g), reverse=True)
    while hidden and rest and not _hides_enough(hidden, counts):
        hidden.add(rest.pop())
    return frozenset(hidden)


def _hides_enough(hidden: set[str], counts: Cells) -> bool:
    together = [sum(kind) for kind in zip(*(counts[g] for g in hidden), strict=True)]
    return len(hidden) > 1 and min(together) >= SMALLEST


def _across(attribute: str, counts: Cells, singles: Mapping[str, frozenset[str]]) -> frozenset[str]:
    everything = frozenset(counts)
    parts = attributes_of(attribute)
    margins = [singles.get(part, frozenset()) for part in parts]
    small = {group for group, cell in counts.items() if _small(cell)}
    if not small and not any(margins):
        return frozenset()
    # a group's name that holds the joining sign leaves open which margins it belongs to
    if any(len(_parts(group)) != len(parts) for group in counts.keys() - {UNKNOWN}):
        return everything
    forced = {
        group
        for group in counts.keys() - {UNKNOWN}
        if any(part in margin for part, margin in zip(_parts(group), margins, strict=True))
    }
    if any(UNKNOWN in margin for margin in margins) and UNKNOWN in counts:
        forced.add(UNKNOWN)
    if len(parts) != 2 or (UNKNOWN in small and UNKNOWN not in forced):
        return everything
    hidden = forced | small
    for group in sorted(small - {UNKNOWN}):
        cover = _cover(group, counts, hidden, margins)
        if cover is None:
            return everything
        hidden |= cover
    return frozenset(hidden)


def _cover(
    group: str, counts: Cells, hidden: set[str], margins: list[frozenset[str]]
) -> set[str] | None:
    """Fewest further cells so that a small one could be off by ten with all margins unchanged.

    People can be thought to swap around a rectangle of hidden cells, or between two hidden cells
    of one line when both margins across it are hidden too.
    """
    best: tuple[int, int, tuple[str, ...]] | None = None
    for other in counts.keys() - {UNKNOWN}:
        corners = _corners(group, other, margins)
        if not corners or not counts.keys() >= set(corners) or not _room(group, corners, counts):
            continue
        new = tuple(corner for corner in corners if corner not in hidden)
        rank = (len(new), sum(sum(counts[c]) for c in new), new)
        best = rank if best is None else min(best, rank)
    return None if best is None else set(best[2])


def _corners(group: str, other: str, margins: list[frozenset[str]]) -> tuple[str, ...]:
    (a, b), (p, q) = _parts(group), _parts(other)
    if p != a and q != b:
        return (f"{a}{INTERSECTION}{q}", f"{p}{INTERSECTION}{b}", other)
    along_line = (p == a and q != b and {b, q} <= margins[1]) or (
        q == b and p != a and {a, p} <= margins[0]
    )
    return (other,) if along_line else ()


def _room(group: str, corners: tuple[str, ...], counts: Cells) -> bool:
    """Whether the small cell has ten possible values: up by its neighbours, down by itself."""
    losing, gaining = corners[:2], (group, *corners[2:])
    return all(
        min(counts[c][kind] for c in losing) + min(counts[c][kind] for c in gaining) >= SMALLEST
        for kind in range(len(counts[group]))
    )


def _parts(group: str) -> tuple[str, ...]:
    return attributes_of(group)
