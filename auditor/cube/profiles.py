from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditor.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from auditor.decisions import Coded
    from auditor.vocabulary import BoolArray, CodeArray, FloatArray, IntArray

MOST_SCORES = 1_000_000
MOST_CELLS = 8_000_000
BINS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankedScores:
    """Distinct scores, ascending, and which of them each line has; ``-1`` where it has none."""

    scores: FloatArray
    place: CodeArray


def rank_scores(score: FloatArray) -> RankedScores:
    """Sort once for all attributes.

    Examples
    --------
    >>> ranked = rank_scores(np.array([0.5, np.nan, 0.1, 0.5]))
    >>> ranked.scores, ranked.place
    (array([0.1, 0.5]), array([ 1, -1,  0,  1], dtype=int32))
    """
    order = np.argsort(score)  # missing scores stand last
    order = order[: len(score) - int(np.isnan(score).sum())]
    ascending = score[order]
    first = np.ones(len(order), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    place = np.full(len(score), -1, dtype=np.int32)
    place[order] = np.cumsum(first, dtype=np.int32) - 1
    return RankedScores(scores=ascending[first], place=place)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreProfile:
    """Sorted distinct scores of one attribute with the people who have them, group by group.

    Parameters
    ----------
    groups : tuple of str
        Sorted; ``unknown`` stands last when somebody's value is unknown.
    scores : float64 array, shape (n_scores,)
        Distinct, ascending, finite.
    counts : int64 array, shape (n_groups, n_scores)
    missing : int64 array, shape (n_groups,)
        People without a score.
    better : "high" or "low"
        Which scores are favorable.
    binned : bool
        Above a million distinct scores, or eight million cells, neighbouring scores share a
        column under the smallest of them. The middle scores of everybody and of the known keep
        their own, so both medians and the people beyond them stay exact; nothing else does, and
        such a profile does not add.
    """

    groups: tuple[str, ...]
    scores: FloatArray
    counts: IntArray
    missing: IntArray
    better: Literal["high", "low"] = "high"
    binned: bool = False

    @classmethod
    def of(
        cls,
        group: Coded,
        ranked: RankedScores,
        people: IntArray,
        *,
        better: Literal["high", "low"] = "high",
    ) -> ScoreProfile:
        """Profile of lines with a group code, a ranked score and a number of people."""
        here, code = _present(group)
        levels = [(*group.levels, UNKNOWN)[i] for i in here]
        scores, place, scored = ranked.scores, ranked.place, ranked.place >= 0
        binned = len(scores) > MOST_SCORES or len(scores) * len(levels) > MOST_CELLS
        if binned:
            bins = max(1, min(BINS, MOST_CELLS // len(levels)))
            first = _first_of_bins(group, ranked, people, bins=bins)
            column = np.cumsum(first, dtype=np.int32) - 1
            scores, place = scores[first], np.where(scored, column[place], -1)
        counts = np.zeros((len(levels), len(scores)), dtype=np.int64)
        cell = code[scored].astype(np.int64) * len(scores) + place[scored]
        np.add.at(counts.reshape(-1), cell, people[scored])
        missing = np.zeros(len(levels), dtype=np.int64)
        np.add.at(missing, code[~scored], people[~scored])
        order = sorted(range(len(levels)), key=lambda i: (levels[i] == UNKNOWN, levels[i]))
        return cls(
            groups=tuple(levels[i] for i in order),
            scores=scores,
            counts=counts[order],
            missing=missing[order],
            better=better,
            binned=binned,
        )

    def __add__(self, other: ScoreProfile) -> ScoreProfile:
        if self.binned or other.binned:
            raise ValueError(
                "A binned score profile does not add: build it from all lines at once."
            )
        if self.better != other.better:
            raise ValueError("Score profiles add only when the same end of the scores is better.")
        known = sorted({*self.groups, *other.groups} - {UNKNOWN})
        groups = (*known, *({UNKNOWN} & {*self.groups, *other.groups}))
        scores = np.union1d(self.scores, other.scores)
        counts = np.zeros((len(groups), len(scores)), dtype=np.int64)
        missing = np.zeros(len(groups), dtype=np.int64)
        for part in (self, other):
            rows = np.array([groups.index(g) for g in part.groups], dtype=np.int64)
            counts[np.ix_(rows, np.searchsorted(scores, part.scores))] += part.counts
            missing[rows] += part.missing
        return ScoreProfile(
            groups=groups, scores=scores, counts=counts, missing=missing, better=self.better
        )

    def median(self, *, known_only: bool) -> float:
        """Sample median: the middle score, or the mean of the two middle ones; NaN when empty.

        Parameters
        ----------
        known_only : bool
            Whether the unknown group is left out of the sample.
        """
        rows = [i for i, g in enumerate(self.groups) if not (known_only and g == UNKNOWN)]
        middle = _middle(self.counts[rows].sum(axis=0))
        if middle is None:
            return float("nan")
        low, high = (float(self.scores[i]) for i in middle)
        # halves before the sum, so that two large scores cannot overflow
        median = low / 2 + high / 2
        if low < median < high:
            return median
        # neighbours in float64: their mean is one of them, and nobody may change sides by that
        return low if self.better == "high" else high

    def beyond(self, value: float) -> IntArray:
        """People of each group who score strictly better than a value."""
        better = self.scores > value if self.better == "high" else self.scores < value
        people: IntArray = self.counts[:, better].sum(axis=1)
        return people

    def scored(self) -> IntArray:
        """People of each group who have a score."""
        people: IntArray = self.counts.sum(axis=1)
        return people


def _present(group: Coded) -> tuple[IntArray, CodeArray]:
    """Levels that some line has (the unknown stand last), and the code of every line in them."""
    levels = len(group.levels)
    codes = np.where(group.codes < 0, np.int32(levels), group.codes)
    seen = np.zeros(levels + 1, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen, dtype=np.int32) - 1)[codes]


def _middle(per_score: IntArray) -> tuple[int, int] | None:
    """Positions of the two middle people among scores that so many people have each."""
    running = np.cumsum(per_score)
    total = int(running[-1]) if len(running) else 0
    if total == 0:
        return None
    low, high = np.searchsorted(running, [(total - 1) // 2, total // 2], side="right")
    return int(low), int(high)


def _first_of_bins(group: Coded, ranked: RankedScores, people: IntArray, *, bins: int) -> BoolArray:
    """Which scores open a bin: evenly spread ones, and those on both sides of each median."""
    size = len(ranked.scores)
    first = np.zeros(size, dtype=bool)
    first[:: -(-size // bins)] = True
    scored = ranked.place >= 0
    for counted in (scored, scored & (group.codes >= 0)):
        per_score = np.zeros(size, dtype=np.int64)
        np.add.at(per_score, ranked.place[counted], people[counted])
        middle = _middle(per_score)
        if middle is None:
            continue
        low, high = middle
        first[[low, high]] = True
        first[[i + 1 for i in middle if i + 1 < size]] = True
        # people of unknown group may score between the two middle scores of the known
        half = ranked.scores[low] / 2 + ranked.scores[high] / 2
        for side in ("left", "right"):
            at = int(np.searchsorted(ranked.scores, half, side=side))
            if at < size:
                first[at] = True
    return first
