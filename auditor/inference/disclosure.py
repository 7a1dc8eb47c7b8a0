"""Which numbers may be told so that small ones among the rest cannot be worked out from them.

Complementary cell suppression: what a reader can work out about a hidden number is the interval
between its least and its largest value, over all tables that agree with what is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Name: TypeAlias = tuple[str, ...]
"""What a part of a table is called, or something that can be told about it."""

Sum: TypeAlias = Mapping[Name, int]
"""Parts of a table, each with the factor by which it counts in a number."""

ROOM = 9
"""A small number keeps ten possible values, so its interval is at least nine wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of people in parts, and what everybody knows about it.

    Parameters
    ----------
    parts : mapping of a part to people
        Disjoint; none is negative, which a reader knows too.
    known : sequence of Sum
        Numbers that stand elsewhere, whatever is told here.
    secrets : sequence of Sum
        Numbers that must not be worked out.
    """

    parts: Mapping[Name, int]
    known: Sequence[Sum]
    secrets: Sequence[Sum]

    def value(self, number: Sum) -> int:
        """Give the number itself."""
        return sum(factor * self.parts[part] for part, factor in number.items())

    def interval(self, number: Sum, told: Iterable[Sum]) -> tuple[int, int] | None:
        """Give the least and the largest value that agree with what is known and told.

        Parts are thought of as numbers with fractions, and the limits are rounded inwards. No part
        is thought to be larger than three times everybody. None where it cannot be reckoned.
        """
        from scipy.optimize import linprog

        place = {part: n for n, part in enumerate(self.parts)}
        sums = [*self.known, *told]
        rows = np.array([_row(one, place) for one in sums]) if sums else None
        values = np.array([self.value(one) for one in sums], dtype=float) if sums else None
        most = 3 * sum(self.parts.values()) + ROOM
        limits = []
        for sign in (1, -1):
            aim = sign * _row(number, place)
            found = linprog(aim, A_eq=rows, b_eq=values, bounds=(0, most), method="highs")
            if found.status:
                return None
            limits.append(sign * float(found.fun))
        slack = 1e-6 * max(1.0, *map(abs, limits))
        return math.ceil(limits[0] - slack), math.floor(limits[1] + slack)


def tellable(table: Table, batches: Sequence[Mapping[Name, Sequence[Sum]]]) -> frozenset[Name]:
    """Choose what to tell, the most wanted first, so that every secret keeps its room.

    A secret keeps ten possible values, or all that it has by what is known anyway.

    Parameters
    ----------
    table : Table
    batches : sequence of mappings of a name to the numbers told under it
        The most wanted first; within a batch as well, where not all of it can be told.

    Returns
    -------
    frozenset of names

    Notes
    -----
    No larger choice is looked for than what comes of taking one after the other: telling the least
    would be hard, and telling too little harms nobody.

    Examples
    --------
    Two numbers whose sum is known: with either of them the small one would follow.

    >>> women, men = {("F",): 1}, {("M",): 1}
    >>> table = Table(parts={("F",): 3, ("M",): 40}, known=[women | men], secrets=[women])
    >>> sorted(tellable(table, [{("F",): [women], ("M",): [men]}]))
    []
    """
    needed = []
    for one in table.secrets:
        found = table.interval(one, ())
        needed.append((one, ROOM if found is None else min(ROOM, found[1] - found[0])))
    told: list[Sum] = []
    names: set[Name] = set()

    def safe(more: Sequence[Sum]) -> bool:
        for place, (one, room) in enumerate(needed):
            found = table.interval(one, [*told, *more])
            if found is None or found[1] - found[0] < room:
                needed.insert(0, needed.pop(place))  # the next one is likely to tell it as well
                return False
        return True

    for batch in batches:
        together = [number for numbers in batch.values() for number in numbers]
        if safe(together):
            told += together
            names |= batch.keys()
            continue
        for name, numbers in batch.items():
            if safe(numbers):
                told += numbers
                names.add(name)
    return frozenset(names)


def _row(number: Sum, place: Mapping[Name, int]) -> np.ndarray:
    row = np.zeros(len(place))
    for part, factor in number.items():
        row[place[part]] += factor
    return row
