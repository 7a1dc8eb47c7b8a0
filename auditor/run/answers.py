"""Features that tell what the model answered: a function of its score, or of its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditor.run.encodings import ENOUGH
from auditor.vocabulary import CONSIDERED, OUTCOMES

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.vocabulary import BoolArray, FloatArray


def features_telling_the_answer(decisions: Decisions) -> frozenset[str]:
    """Find the features that rise or fall with the score, or that separate the outcomes.

    A blank cell is no value. Where a feature has blank cells and others, at least `ENOUGH` of
    each, which cells are blank is looked at in the same way.
    """
    score = decisions.score
    order = None if score is None else np.argsort(score, kind="stable")
    return frozenset(
        name
        for name, values in decisions.features.items()
        if any(
            (score is not None and (_copies(seen, score) or _follows(seen[order], score[order])))
            or _separates(decisions, seen)
            for seen in _ways_to_see(values)
        )
    )


def _ways_to_see(values: FloatArray) -> tuple[FloatArray, ...]:
    """Give the values, and whether there is one."""
    blank = np.isnan(values)
    many = min(int(blank.sum()), int((~blank).sum())) >= ENOUGH
    return (values, blank.astype(np.float64)) if many else (values,)


def _copies(values: FloatArray, score: FloatArray) -> bool:
    """Whether both are the same: seen in an export of any size."""
    return bool(np.array_equal(values, score, equal_nan=True))


def _follows(values: FloatArray, score: FloatArray) -> bool:
    """Whether the values, in the order of the score, never turn back and do not stay.

    Where several rows share a score, their values may differ: the score may have been rounded. An
    honest indicator would then pass when nearly all rows share one score, so either the values
    have to tell all scores apart, or they have to differ among scores with one value each.
    """
    both = ~(np.isnan(values) | np.isnan(score))
    values, score = values[both], score[both]
    if len(values) < ENOUGH or score[0] == score[-1]:
        return False
    starts = np.flatnonzero(np.r_[True, score[1:] != score[:-1]])
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    if bool((high[:-1] < low[1:]).all() or (low[:-1] > high[1:]).all()):
        return True
    one = low[low == high]
    turns_never = (high[:-1] <= low[1:]).all() or (low[:-1] >= high[1:]).all()
    return bool(turns_never and len(one) and one.min() < one.max())


def _separates(decisions: Decisions, values: FloatArray) -> bool:
    """Whether no value, or no range of them, is of favorable and of unfavorable rows."""
    if decisions.outcome is None:
        return False
    given: BoolArray = ~np.isnan(values)
    codes = [OUTCOMES.index(outcome) for outcome in CONSIDERED]
    good, bad = (values[given & (decisions.outcome == code)] for code in codes)
    if not len(good) or not len(bad):
        return False
    apart = bool(good.min() > bad.max() or bad.min() > good.max())
    if apart and good.min() == good.max() and bad.min() == bad.max():
        return True
    if min(len(good), len(bad)) < ENOUGH:
        return False
    return apart or _shares_nothing(good, bad)


def _shares_nothing(good: FloatArray, bad: FloatArray) -> bool:
    """Whether each value is of one outcome, and enough of them repeat in both to bear that out.

    Values that hardly repeat, such as amounts of money, belong to one outcome by accident.
    """
    found = np.unique(good), np.unique(bad)
    repeats = min(len(good) - len(found[0]), len(bad) - len(found[1]))
    return repeats >= ENOUGH and not len(np.intersect1d(*found, assume_unique=True))
