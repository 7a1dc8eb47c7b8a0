from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from auditor.cube.cube import OUTCOME_AXIS, Axis, Cube, encode, from_keys
from auditor.cube.profiles import ScoreProfile
from auditor.vocabulary import OUTCOMES, UNKNOWN, attributes_of

if TYPE_CHECKING:
    from auditor.decisions import Coded, Decisions
    from auditor.vocabulary import CodeArray

DENSE_CELLS = 4_000_000
CHUNK = 1 << 20
LABEL_AXIS = "label"
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
    """
    if decisions.outcome is None:
        raise ValueError("A table without outcomes has no cube; only score measures run on it.")
    axes = [Axis(name, _levels(coded)) for name, coded in decisions.groups.items()]
    columns = [_codes(coded) for coded in decisions.groups.values()]
    axes.append(Axis(OUTCOME_AXIS, tuple(OUTCOMES)))
    columns.append(decisions.outcome)
    if decisions.label is not None:
        axes.append(Axis(LABEL_AXIS, LABELS))
        columns.append(decisions.label + 1)
    return _count(tuple(axes), columns, decisions)


def build_profiles(decisions: Decisions, attributes: Iterable[str]) -> dict[str, ScoreProfile]:
    """Score profile per attribute or intersection, over the people who count in the rates.

    Lines without a score are left out and counted in ``ScoreProfile.missing``. Empty when the
    table has no score.
    """
    if decisions.score is None:
        return {}
    used = (
        np.ones(len(decisions.people), dtype=bool)
        if decisions.outcome is None
        else decisions.outcome <= 1  # favorable and unfavorable stand first in OUTCOMES
    )
    return {
        name: ScoreProfile.of(
            decisions.group(name), decisions.score, np.where(used, decisions.people, 0)
        )
        for name in attributes
        if all(part in decisions.groups for part in attributes_of(name))
    }


def _levels(coded: Coded) -> tuple[str, ...]:
    return (*coded.levels, UNKNOWN)


def _codes(coded: Coded) -> CodeArray:
    return np.where(coded.codes < 0, len(coded.levels), coded.codes).astype(np.int32, copy=False)


def _count(axes: tuple[Axis, ...], columns: list[CodeArray], decisions: Decisions) -> Cube:
    cells = 1
    for axis in axes:
        cells *= len(axis.levels)
    people = decisions.people
    ones = bool((people == 1).all())
    dense = np.zeros(cells if cells <= DENSE_CELLS else 0, dtype=np.int64)
    total = Cube(axes=axes, key=np.array([], dtype=np.int64), count=np.array([], dtype=np.int64))
    for start in range(0, len(people), CHUNK):
        part = slice(start, start + CHUNK)
        weight = people[part]
        key = encode(tuple(c[part] for c in columns), axes, len(weight))
        if not len(dense):
            total = from_keys(
                axes, np.concatenate([total.key, key]), np.concatenate([total.count, weight])
            )
        elif ones:
            dense += np.bincount(key, minlength=cells)
        else:
            # bincount with weights would count in float64; add.at keeps integers
            np.add.at(dense, key, weight)
    if not len(dense):
        return total
    filled = np.flatnonzero(dense)
    return Cube(axes=axes, key=filled.astype(np.int64), count=dense[filled])
