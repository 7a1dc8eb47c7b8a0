from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.cube.cube import LABEL_AXIS, OUTCOME_AXIS, Axis, Cube, cells_of, encode, from_keys
from auditor.cube.profiles import ScoreProfile, rank_scores
from auditor.vocabulary import CONSIDERED, OUTCOMES, UNKNOWN, attributes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.decisions import Decisions
    from auditor.vocabulary import BoolArray, CodeArray, IntArray

DENSE_CELLS = 4_000_000
DENSE_CHUNK = 1 << 15
SPARSE_CHUNK = 1 << 23
LABELS = ("missing", "negative", "positive")


def build_cube(decisions: Decisions) -> Cube:
    """Count people per combination of all group attributes, outcome and label.

    Lines are counted in chunks: dense while the cells fit, by sorting the keys otherwise; both
    give the same cube.

    Parameters
    ----------
    decisions : Decisions
        With an outcome; a table of scores only has no cube, see `build_profiles`.

    Raises
    ------
    ValueError
        When the table has no outcome.
    DecisionError
        When the combinations of all levels cannot be numbered in 63 bits.
    """
    if decisions.outcome is None:
        raise ValueError("A table without outcomes has no cube; only score measures run on it.")
    columns = [_Column(name, (*c.levels, UNKNOWN), c.codes) for name, c in decisions.groups.items()]
    columns.append(_Column(OUTCOME_AXIS, tuple(OUTCOMES), decisions.outcome))
    if decisions.label is not None:
        columns.append(_Column(LABEL_AXIS, LABELS, decisions.label, first=-1))
    axes = tuple(Axis(column.name, column.levels) for column in columns)
    if cells_of(axes) <= DENSE_CELLS:
        return _dense(axes, columns, decisions.people)
    return _sparse(axes, columns, decisions.people)


def build_profiles(decisions: Decisions, attributes: Iterable[str]) -> dict[str, ScoreProfile]:
    """Score profile per attribute or intersection, over the people who count in the rates.

    Lines without a score are left out and counted in ``ScoreProfile.missing``. Empty when the
    table has no score.
    """
    if decisions.score is None:
        return {}
    counts = _counts_in_rates(decisions) & (decisions.people > 0)
    ranked = rank_scores(decisions.score[counts])
    people = decisions.people[counts]
    return {
        name: ScoreProfile.of(
            decisions.group(name).of_lines(counts),
            ranked,
            people,
            better=decisions.export.better,
        )
        for name in attributes
        if all(part in decisions.groups for part in attributes_of(name))
    }


def _counts_in_rates(decisions: Decisions) -> BoolArray:
    if decisions.outcome is None:
        return np.ones(len(decisions.people), dtype=bool)
    return np.array([outcome in CONSIDERED for outcome in OUTCOMES], dtype=bool)[decisions.outcome]


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One axis of the cube and the code of every line; ``first`` is the lowest code."""

    name: str
    levels: tuple[str, ...]
    codes: CodeArray
    first: int = 0

    def chunk(self, part: slice) -> NDArray[np.uint32]:
        """Codes from 0 of some lines; the unknown (-1 of a group) are the last level."""
        codes = self.codes[part] - np.int32(self.first) if self.first else self.codes[part]
        # -1 becomes the largest unsigned number: one pass where a comparison would need three
        return np.minimum(codes.astype(np.uint32), np.uint32(len(self.levels) - 1))


def _chunks(
    axes: tuple[Axis, ...], columns: list[_Column], people: IntArray, size: int
) -> Iterator[tuple[IntArray, IntArray]]:
    for start in range(0, len(people), size):
        part = slice(start, start + size)
        weight = people[part]
        yield encode(tuple(c.chunk(part) for c in columns), axes, len(weight)), weight


def _dense(axes: tuple[Axis, ...], columns: list[_Column], people: IntArray) -> Cube:
    dense = np.zeros(cells_of(axes), dtype=np.int64)
    for key, weight in _chunks(axes, columns, people, DENSE_CHUNK):
        # bincount with weights would count in float64; add.at keeps integers
        np.add.at(dense, key, weight)
    filled = np.flatnonzero(dense)
    return Cube(axes=axes, key=filled.astype(np.int64), count=dense[filled])


def _sparse(axes: tuple[Axis, ...], columns: list[_Column], people: IntArray) -> Cube:
    key = count = np.array([], dtype=np.int64)
    for keys, weight in _chunks(axes, columns, people, SPARSE_CHUNK):
        part = from_keys(axes, keys, weight)
        merged = from_keys(
            axes, np.concatenate([key, part.key]), np.concatenate([count, part.count])
        )
        key, count = merged.key, merged.count
    return Cube(axes=axes, key=key, count=count)
