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

_SEARCHES = 250
"""Intervals that are searched for one table, some seconds; after that any doubt hides a number."""

_SECONDS = 2.0
"""For one limit; it is a matter of milliseconds but where whole numbers are hard to find."""


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

        No part is thought to be larger than three times everybody. None where it cannot be
        reckoned.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        place = {part: n for n, part in enumerate(self.parts)}
        sums = [*self.known, *told]
        values = np.array([self.value(one) for one in sums], dtype=float)
        rows = np.array([_row(one, place) for one in sums])
        most = 3 * sum(self.parts.values()) + ROOM
        limits = []
        for sign in (1, -1):
            found = milp(
                sign * _row(number, place),
                constraints=LinearConstraint(rows, values, values) if sums else None,
                bounds=Bounds(0, most),
                integrality=np.ones(len(place)),  # whole people: fractions would seem to be room
                options={"time_limit": _SECONDS},
            )
            if found.status:
                return None
            limits.append(round(sign * float(found.fun)))
        return limits[0], limits[1]


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
    One after the other is taken, and no better choice is looked for: to hide the fewest would be
    hard, and to hide more is safe.

    Examples
    --------
    Two numbers whose sum is known: with either of them the small one would follow.

    >>> women, men = {("F",): 1}, {("M",): 1}
    >>> table = Table(parts={("F",): 3, ("M",): 40}, known=[women | men], secrets=[women])
    >>> sorted(tellable(table, [{("F",): [women], ("M",): [men]}]))
    []
    """
    needed = []
    for one, seen in zip(table.secrets, _room_seen(table, table.secrets, ()), strict=True):
        found = None if seen >= ROOM else table.interval(one, ())
        room = ROOM if found is None else min(ROOM, found[1] - found[0])
        if room:
            needed.append((one, room))
    told: list[Sum] = []
    names: set[Name] = set()
    left = iter(range(_SEARCHES))

    def safe(more: Sequence[Sum]) -> bool:
        sums = [*told, *more]
        quick = _room_seen(table, [one for one, _ in needed], sums)
        if any(seen == 0 for seen in quick):
            return False
        doubtful = [n for n, (_, room) in enumerate(needed) if quick[n] < room]
        for place in doubtful:
            one, room = needed[place]
            found = None if next(left, None) is None else table.interval(one, sums)
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


def _room_seen(table: Table, secrets: Sequence[Sum], told: Sequence[Sum]) -> list[float]:
    """Give for each secret a width that its interval has at least, 0 where it is told.

    People are moved between the parts so that every sum stays as it is, from the table itself to
    where a part is empty: one direction for each secret, the one in which large parts move most.
    That takes no search, and settles most secrets.
    """
    if not secrets or not (table.known or told):
        return [math.inf for _ in secrets]
    place = {part: n for n, part in enumerate(table.parts)}
    people = np.array(list(table.parts.values()), dtype=float)
    scale = people + ROOM
    aims = np.array([_row(one, place) for one in secrets]) * scale
    sums = np.array([_row(one, place) for one in [*table.known, *told]]) * scale
    _, sizes, basis = np.linalg.svd(sums, full_matrices=False)
    basis = basis[sizes > 1e-9 * sizes.max()]
    free = aims - aims @ basis.T @ basis
    found = []
    for aim, move in zip(aims, free, strict=True):
        if np.linalg.norm(move) <= 1e-7 * np.linalg.norm(aim):
            found.append(0.0)
            continue
        moved = np.where(np.abs(move) < 1e-9 * np.abs(move).max(), 0, move * scale)
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = people / np.abs(moved)
        reach = sum(float(steps[side].min()) for side in (moved < 0, moved > 0) if side.any())
        found.append(max(float(move @ aim) * reach - 2, 1e-9))  # 2: whole people at both ends
    return found


def _row(number: Sum, place: Mapping[Name, int]) -> np.ndarray:
    row = np.zeros(len(place))
    for part, factor in number.items():
        row[place[part]] += factor
    return row
