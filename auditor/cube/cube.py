from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import DecisionError
from auditor.vocabulary import CONSIDERED, INTERSECTION, OUTCOMES, UNKNOWN, Outcome, attributes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import BoolArray, IntArray

# no attribute's name holds the joining sign, so one called "outcome" keeps its own axis
OUTCOME_AXIS = f"{INTERSECTION}outcome"
LABEL_AXIS = f"{INTERSECTION}label"


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension of a cube; ``levels`` are sorted texts, ``UNKNOWN`` stands last if present."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupTable:
    """Considered and favorable people per known group of one attribute, and the unknown beside.

    ``groups`` are sorted; groups in which nobody was considered are kept with zero counts only if
    they occur in the export at all.
    """

    attribute: str
    groups: tuple[str, ...]
    considered: IntArray
    favorable: IntArray
    unknown_considered: int = 0
    unknown_favorable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cube:
    """Integer counts per combination of levels: one sorted key array and one count array.

    ``key`` is the mixed-radix number of a cell, axis by axis; cells that nobody is in are absent,
    so a used cell costs 16 bytes. Cubes add: ``cube(a) + cube(b) == cube(a ++ b)``.

    Examples
    --------
    >>> axis = Axis("sex", ("F", "M"))
    >>> one = Cube(axes=(axis,), key=np.array([0, 1]), count=np.array([3, 4]))
    >>> (one + one).count
    array([6, 8])
    """

    axes: tuple[Axis, ...]
    key: IntArray
    count: IntArray

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cube):
            return NotImplemented
        return (
            self.axes == other.axes
            and np.array_equal(self.key, other.key)
            and np.array_equal(self.count, other.count)
        )

    __hash__ = None  # type: ignore[assignment]  # holds arrays

    def __add__(self, other: Cube) -> Cube:
        if [a.name for a in self.axes] != [a.name for a in other.axes]:
            raise ValueError(
                f"Cubes add only when their axes are the same. Got {self._names()} and "
                f"{other._names()}."
            )
        axes = tuple(Axis(a.name, _union(a, b)) for a, b in zip(self.axes, other.axes, strict=True))
        key = np.concatenate([_recode(self, axes), _recode(other, axes)])
        return from_keys(axes, key, np.concatenate([self.count, other.count]))

    @property
    def total(self) -> int:
        """People in all cells."""
        return int(self.count.sum())

    def margin(self, names: Sequence[str]) -> Cube:
        """Sum over all axes that are not named; the named ones in the order given.

        Raises
        ------
        KeyError
            When the cube has no such axis.
        """
        codes = dict(zip(self._names(), _codes(self.key, self.axes), strict=True))
        axes = tuple(self._axis(name) for name in names)
        key = encode(tuple(codes[name] for name in names), axes, len(self.key))
        return from_keys(axes, key, self.count)

    def table(self, attribute: str) -> GroupTable:
        """Considered and favorable people by group of an attribute or intersection.

        A person counts in an intersection only when all parts are known.

        Raises
        ------
        KeyError
            When the cube has no such axis.
        """
        names = attributes_of(attribute)
        part = self.margin([*names, OUTCOME_AXIS])
        *columns, outcome = _codes(part.key, part.axes)
        known = np.ones(len(part.key), dtype=bool)
        for axis, codes in zip(part.axes, columns, strict=False):
            known &= np.array([level != UNKNOWN for level in axis.levels], dtype=bool)[codes]
        considered = np.array([o in CONSIDERED for o in OUTCOMES], dtype=bool)[outcome]
        favorable = outcome == OUTCOMES.index(Outcome.FAVORABLE)

        cells = encode(tuple(columns), part.axes[:-1], len(part.key))
        used = np.unique(cells[known])
        labels = [_label(part.axes[:-1], int(cell)) for cell in used]
        order = sorted(range(len(labels)), key=labels.__getitem__)
        place = np.searchsorted(used, cells[known])

        def per_group(chosen: BoolArray) -> IntArray:
            sums = np.zeros(len(used), dtype=np.int64)
            np.add.at(sums, place, np.where(chosen, part.count[known], 0))
            ordered: IntArray = sums[order]
            return ordered

        return GroupTable(
            attribute=attribute,
            groups=tuple(labels[i] for i in order),
            considered=per_group(considered[known]),
            favorable=per_group(favorable[known]),
            unknown_considered=int(part.count[~known & considered].sum()),
            unknown_favorable=int(part.count[~known & favorable].sum()),
        )

    def _names(self) -> list[str]:
        return [axis.name for axis in self.axes]

    def _axis(self, name: str) -> Axis:
        for axis in self.axes:
            if axis.name == name:
                return axis
        raise KeyError(name)


def from_keys(axes: tuple[Axis, ...], key: IntArray, count: IntArray) -> Cube:
    """Cube of keys that may repeat: equal keys are summed, empty cells dropped."""
    if bool((count == 1).all()):
        # the usual case, one line one person: keys sorted alone take a tenth of the time
        key, count = np.unique(key, return_counts=True)
        return Cube(axes=axes, key=key, count=count.astype(np.int64, copy=False))
    order = np.argsort(key, kind="stable")  # stable merges two sorted runs in one pass
    key, count = key[order], count[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    key, count = key[starts], np.add.reduceat(count, starts)
    filled = count != 0
    return Cube(axes=axes, key=key[filled], count=count[filled])


def encode(
    codes: tuple[NDArray[np.integer[Any]], ...], axes: tuple[Axis, ...], size: int
) -> IntArray:
    """Mixed-radix key of one code array an axis.

    Raises
    ------
    DecisionError
        When the product of the levels does not fit into 63 bits.
    """
    if cells_of(axes) >= 2**63:
        counted = ", ".join(
            f"{axis.name.strip(INTERSECTION)} {len(axis.levels):,}" for axis in axes
        )
        raise DecisionError(
            f"the combinations of all values are too many to number ({counted})",
            slug="too-many-combinations",
            hint="declare fewer attributes, or bring their values together in the profile",
        )
    key = np.zeros(size, dtype=np.int64)
    for column, axis in zip(codes, axes, strict=True):
        key *= len(axis.levels)
        key += column
    return key


def cells_of(axes: Sequence[Axis]) -> int:
    """Cells of the full table."""
    return prod(len(axis.levels) for axis in axes)


def _codes(key: IntArray, axes: tuple[Axis, ...]) -> list[IntArray]:
    columns: list[IntArray] = []
    rest = key
    for axis in reversed(axes):
        rest, code = np.divmod(rest, max(len(axis.levels), 1))
        columns.append(code)
    return columns[::-1]


def _union(a: Axis, b: Axis) -> tuple[str, ...]:
    if a.levels == b.levels or a.name == OUTCOME_AXIS:
        return a.levels
    levels = {*a.levels, *b.levels}
    known = tuple(sorted(levels - {UNKNOWN}))
    return (*known, UNKNOWN) if UNKNOWN in levels else known


def _recode(cube: Cube, axes: tuple[Axis, ...]) -> IntArray:
    columns = []
    for old, new, codes in zip(cube.axes, axes, _codes(cube.key, cube.axes), strict=True):
        place = {level: i for i, level in enumerate(new.levels)}
        columns.append(np.array([place[level] for level in old.levels], dtype=np.int64)[codes])
    return encode(tuple(columns), axes, len(cube.key))


def _label(axes: tuple[Axis, ...], cell: int) -> str:
    parts: list[str] = []
    for axis in reversed(axes):
        cell, code = divmod(cell, len(axis.levels))
        parts.append(axis.levels[code])
    return INTERSECTION.join(reversed(parts))
