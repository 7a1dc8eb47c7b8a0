"""What overriding did to an impact ratio, and whether it can be an accident of who was changed."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray, IntArray

METHOD = (
    "exact: which unfavorable decisions were raised and which favorable ones were lowered, drawn "
    "without regard to the group; doubled mid-p of the ratio after review"
)

_LEAST = sys.float_info.min
"""Stands for whatever is smaller: a p-value is never 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One group before and after review.

    Parameters
    ----------
    favorable, unfavorable : int
        Decisions of the model.
    raised : int
        Unfavorable ones that people made favorable.
    lowered : int
        Favorable ones that people made unfavorable.
    unread_favorable, unread_unfavorable : int
        Further decisions of the model that nobody looked at: they are part of the ratio and could
        not be changed.
    """

    favorable: int
    unfavorable: int
    raised: int
    lowered: int
    unread_favorable: int = 0
    unread_unfavorable: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.raised <= self.unfavorable or not 0 <= self.lowered <= self.favorable:
            raise ValueError(
                f"More decisions were changed than there are, or fewer than none. Got {self}."
            )

    @property
    def people(self) -> int:
        """Everybody in the group."""
        return self.before + self.unfavorable + self.unread_unfavorable

    @property
    def before(self) -> int:
        """Favorable decisions of the model."""
        return self.favorable + self.unread_favorable

    @property
    def after(self) -> int:
        """Favorable decisions after review."""
        return self.before + self.raised - self.lowered


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideEffect:
    """Impact ratio of a group against another, before and after review.

    ``before`` and ``after`` are exact, None where the reference has nobody selected.
    ``p_value`` is the evidence that the change depends on the group, never 0 (the smallest float
    stands for less than that); NaN with ``undefined``.
    """

    before: Fraction | None
    after: Fraction | None
    p_value: float
    method: str
    undefined: str | None = None


def override_effect(group: Reviewed, reference: Reviewed) -> OverrideEffect:
    """Compare the impact ratio before and after review.

    The model's decisions and the number of changes in either direction stay as they are; had people
    changed decisions without regard to the group, those of a group that were raised would be
    hypergeometric out of all unfavorable ones, those lowered out of all favorable ones,
    independently. The p-value is twice the smaller tail of the ratio after review in that world,
    ties counted half.

    Parameters
    ----------
    group, reference : Reviewed

    Returns
    -------
    OverrideEffect
        ``p_value`` is NaN when a group has nobody in it, when nothing was changed, or when the
        reference has nobody selected after review.

    References
    ----------
    .. [1] R. A. Fisher, The Design of Experiments (1935), section 21, for the conditional test.
    .. [2] H. O. Lancaster, JASA 56 (1961), 223-234, for the mid-p.

    Examples
    --------
    >>> women = Reviewed(favorable=40, unfavorable=60, raised=0, lowered=8)
    >>> men = Reviewed(favorable=60, unfavorable=40, raised=6, lowered=0)
    >>> found = override_effect(women, men)
    >>> found.before, found.after, round(found.p_value, 6)
    (Fraction(2, 3), Fraction(16, 33), 1e-06)
    """
    before = _ratio(group.before, group.people, reference.before, reference.people)
    after = _ratio(group.after, group.people, reference.after, reference.people)

    def undefined(why: str) -> OverrideEffect:
        return OverrideEffect(
            before=before, after=after, p_value=math.nan, method=METHOD, undefined=why
        )

    if not group.people or not reference.people:
        return undefined("one of the groups has nobody in it")
    if group.raised + group.lowered + reference.raised + reference.lowered == 0:
        return undefined("no decision was changed")
    if after is None:
        return undefined("nobody of the reference is selected after review")
    # people and changes in total are fixed, so the ratio grows with this difference alone
    below, same, above = _tails(
        _Drawn(group.unfavorable, reference.unfavorable, group.raised + reference.raised),
        _Drawn(group.favorable, reference.favorable, group.lowered + reference.lowered),
        seen=group.raised - group.lowered,
    )
    smaller = np.logaddexp(min(below, above), same - math.log(2)) + math.log(2)
    whole = np.logaddexp(np.logaddexp(below, above), same)
    p_value = max(min(1.0, math.exp(smaller - whole)), _LEAST)
    return OverrideEffect(before=before, after=after, p_value=p_value, method=METHOD)


class _Drawn:
    """How many of ``changed`` decisions are mine, hypergeometric; logarithms of the chances.

    Logarithms, because the smallest of them matter: they are what a p-value is made of.
    """

    def __init__(self, mine: int, others: int, changed: int) -> None:
        self.least, self.most = max(0, changed - others), min(changed, mine)
        self.numbers = np.arange(self.least, self.most + 1)
        k = self.numbers
        self.chances = _log_choose(mine, k) + _log_choose(others, changed - k)
        # those up to each number, and those from it on; each is summed from its small end
        self._up_to = np.logaddexp.accumulate(self.chances)
        self._from = np.logaddexp.accumulate(self.chances[::-1])[::-1]

    def is_(self, number: IntArray) -> FloatArray:
        """Chance of a number."""
        return self._at(self.chances, number, -math.inf, -math.inf)

    def at_most(self, number: IntArray) -> FloatArray:
        """Chance of a number or fewer."""
        return self._at(self._up_to, number, -math.inf, float(self._up_to[-1]))

    def at_least(self, number: IntArray) -> FloatArray:
        """Chance of a number or more."""
        return self._at(self._from, number, float(self._from[0]), -math.inf)

    def _at(self, values: FloatArray, number: IntArray, under: float, over: float) -> FloatArray:
        inside = values[np.clip(number - self.least, 0, len(values) - 1)]
        return np.where(number < self.least, under, np.where(number > self.most, over, inside))


def _tails(raised: _Drawn, lowered: _Drawn, *, seen: int) -> tuple[float, float, float]:
    """Weights of a smaller difference of raised and lowered ones, of the same, and of a larger."""
    other = raised.numbers - seen
    return (
        float(np.logaddexp.reduce(raised.chances + lowered.at_least(other + 1))),
        float(np.logaddexp.reduce(raised.chances + lowered.is_(other))),
        float(np.logaddexp.reduce(raised.chances + lowered.at_most(other - 1))),
    )


def _log_choose(n: int, k: IntArray) -> FloatArray:
    from scipy.special import gammaln

    found: FloatArray = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found


def _ratio(x1: int, n1: int, x2: int, n2: int) -> Fraction | None:
    return Fraction(x1 * n2, n1 * x2) if n1 and n2 and x2 else None
