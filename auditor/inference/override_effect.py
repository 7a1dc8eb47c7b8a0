"""What overriding did to an impact ratio, and whether it can be an accident of who was changed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

METHOD = (
    "exact: which unfavorable decisions were raised and which favorable ones were lowered, drawn "
    "without regard to the group; doubled mid-p of the ratio after review"
)

_NEGLIGIBLE = 1e-16
"""Tables less likely than this are left out of the sum."""


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
    ``p_value`` is the evidence that the change depends on the group; NaN with ``undefined``.
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
    raised, p_raised = _shares(group.unfavorable, reference.unfavorable,
                               group.raised + reference.raised)  # fmt: skip
    lowered, p_lowered = _shares(group.favorable, reference.favorable,
                                 group.lowered + reference.lowered)  # fmt: skip
    # people and changes in total are fixed, so the ratio grows with this difference alone
    chances = np.convolve(p_raised, p_lowered[::-1])
    moves = np.arange(len(chances)) + int(raised[0]) - int(lowered[-1])
    seen = group.raised - group.lowered
    below, same, above = (
        float(chances[where].sum()) for where in (moves < seen, moves == seen, moves > seen)
    )
    p_value = min(1.0, 2 * min(below + same / 2, above + same / 2) / (below + above + same))
    return OverrideEffect(before=before, after=after, p_value=p_value, method=METHOD)


def _shares(mine: int, others: int, changed: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of my decisions among those changed, and their chances, hypergeometric."""
    from scipy.stats import hypergeom

    least, most = max(0, changed - others), min(changed, mine)
    numbers = np.arange(least, most + 1)
    chances = hypergeom.pmf(numbers, mine + others, mine, changed)
    kept = chances > _NEGLIGIBLE
    return numbers[kept], chances[kept]


def _ratio(x1: int, n1: int, x2: int, n2: int) -> Fraction | None:
    return Fraction(x1 * n2, n1 * x2) if n1 and n2 and x2 else None
