from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from auditor.decisions import Coded
    from auditor.vocabulary import FloatArray, IntArray


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
    """

    groups: tuple[str, ...]
    scores: FloatArray
    counts: IntArray
    missing: IntArray

    @classmethod
    def of(cls, group: Coded, score: FloatArray, people: IntArray) -> ScoreProfile:
        """Profile of lines with a group code, a score (NaN missing) and a number of people."""
        levels = (*group.levels, UNKNOWN)
        codes = np.where(group.codes < 0, len(group.levels), group.codes)
        absent = np.isnan(score)
        scores, place = np.unique(score[~absent], return_inverse=True)
        counts = np.zeros((len(levels), len(scores)), dtype=np.int64)
        np.add.at(counts, (codes[~absent], place), people[~absent])
        missing = np.zeros(len(levels), dtype=np.int64)
        np.add.at(missing, codes[absent], people[absent])
        here = np.flatnonzero((counts.sum(axis=1) + missing) > 0)
        here = np.array(sorted(here, key=lambda i: (levels[i] == UNKNOWN, levels[i])), dtype=int)
        filled = counts.sum(axis=0) > 0
        return cls(
            groups=tuple(levels[i] for i in here),
            scores=scores[filled],
            counts=counts[here][:, filled],
            missing=missing[here],
        )

    def __add__(self, other: ScoreProfile) -> ScoreProfile:
        known = sorted({*self.groups, *other.groups} - {UNKNOWN})
        groups = (*known, *({UNKNOWN} & {*self.groups, *other.groups}))
        scores = np.union1d(self.scores, other.scores)
        counts = np.zeros((len(groups), len(scores)), dtype=np.int64)
        missing = np.zeros(len(groups), dtype=np.int64)
        for part in (self, other):
            rows = np.array([groups.index(g) for g in part.groups], dtype=np.int64)
            counts[np.ix_(rows, np.searchsorted(scores, part.scores))] += part.counts
            missing[rows] += part.missing
        return ScoreProfile(groups=groups, scores=scores, counts=counts, missing=missing)

    def median(self, *, known_only: bool) -> float:
        """Sample median: the middle score, or the mean of the two middle ones; NaN when empty.

        Parameters
        ----------
        known_only : bool
            Whether the unknown group is left out of the sample.
        """
        rows = [i for i, g in enumerate(self.groups) if not (known_only and g == UNKNOWN)]
        per_score = self.counts[rows].sum(axis=0)
        total = int(per_score.sum())
        if total == 0:
            return float("nan")
        running = np.cumsum(per_score)
        low = self.scores[np.searchsorted(running, (total - 1) // 2, side="right")]
        high = self.scores[np.searchsorted(running, total // 2, side="right")]
        # halves before the sum, so that two large scores cannot overflow
        return float(low if low == high else low / 2 + high / 2)

    def above(self, value: float) -> IntArray:
        """People of each group who score strictly above a value."""
        people: IntArray = self.counts[:, self.scores > value].sum(axis=1)
        return people

    def scored(self) -> IntArray:
        """People of each group who have a score."""
        people: IntArray = self.counts.sum(axis=1)
        return people
