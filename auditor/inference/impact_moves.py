"""How far a pair is from the other verdict, in selections that would have to move."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.intervals import mover_ratio
from auditor.inference.power import pair_power
from auditor.inference.significance import lower_mid_p
from auditor.inference.tails import clearly_below

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.inference.impact_rule import ImpactRule

NEAR = 0.9
"""Confidence of the interval that says whether a ratio is near the line."""

STEPS = 50
"""Halvings of the range of a ratio: more than anybody prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One pair as the rule compares it: selected and considered, focal and upper group."""

    focal: str
    upper: str
    x_l: int
    n_l: int
    x_h: int
    n_h: int

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """``(x_l, n_l, x_h, n_h)``."""
        return self.x_l, self.n_l, self.x_h, self.n_h

    @property
    def exact(self) -> Fraction:
        """Ratio of the two rates; the upper group has to select somebody."""
        return Fraction(self.x_l * self.n_h, self.n_l * self.x_h)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearTheLine:
    """A ratio whose 90 % interval holds the threshold.

    A pair whose true ratio is between ``band_low`` and ``band_high`` fails with a probability of 5
    to 95 % at this size. ``selections`` is how many have to move inside the pair until it
    fails, or until it no longer does; None where no number would.
    """

    low: float
    high: float
    band_low: float
    band_high: float
    selections: int | None


def selections_to_undo(pair: Pair, rule: ImpactRule, *, pairs: int) -> int:
    """Fewest selections moved from the upper to the focal group until a key no longer turns.

    At least 2 for a pair that fails: it failed with one selection moved.

    Examples
    --------
    >>> from auditor.inference.impact_rule import ImpactRule
    >>> pair = Pair(focal="F", upper="M", x_l=40, n_l=100, x_h=60, n_h=100)
    >>> selections_to_undo(pair, ImpactRule(), pairs=1)
    4
    """
    x_l, n_l, x_h, n_h = pair.counts
    t = rule.threshold
    missing = t.numerator * x_h * n_l - t.denominator * x_l * n_h
    above = -(-missing // (t.denominator * n_h + t.numerator * n_l))

    def undone(k: int) -> bool:
        moved = (x_l + k, n_l, x_h - k, n_h)
        return not (is_below(moved, t) and _is_rare(moved, rule.alpha / pairs))

    return _first(undone, above)


def selections_to_fail(pair: Pair, rule: ImpactRule, *, pairs: int, around: Pair) -> int | None:
    """Fewest selections moved from the focal to the upper group until the pair fails.

    Parameters
    ----------
    pair : Pair
        One that does not fail.
    rule : ImpactRule
    pairs : int
        Number of pairs m of the attribute.
    around : Pair
        The focal group and everyone else, where the focal group has to be below both; the pair
        itself where that is not asked.

    Returns
    -------
    int or None
        None when not even moving all that can move is enough.

    Examples
    --------
    >>> from auditor.inference.impact_rule import ImpactRule
    >>> pair = Pair(focal="F", upper="M", x_l=47, n_l=100, x_h=60, n_h=100)
    >>> selections_to_fail(pair, ImpactRule(), pairs=1, around=pair)
    2
    """
    x_l, n_l, x_h, n_h = pair.counts

    def fails(k: int) -> bool:
        moved, after = (x_l - k, n_l, x_h + k, n_h), (x_l - k + 1, n_l, x_h + k - 1, n_h)
        rest = (around.x_l - k, around.n_l, around.x_h + k, around.n_h)
        return (
            all(is_below(table, rule.threshold) for table in (moved, after, rest))
            and _is_rare(after, rule.alpha / pairs)
        )  # fmt: skip

    most = min(x_l, n_h - x_h)
    return _first(fails, most) if fails(most) else None


def near_the_line(
    pair: Pair, rule: ImpactRule, *, pairs: int, rate: Fraction, selections: int | None
) -> NearTheLine | None:
    """Whether the ratio of a pair is near the threshold, and how far that line is blurred.

    None where the interval of the ratio does not hold the threshold.

    Examples
    --------
    >>> from auditor.inference.impact_rule import ImpactRule
    >>> pair = Pair(focal="F", upper="M", x_l=3160, n_l=13000, x_h=3900, n_h=13000)
    >>> near = near_the_line(pair, ImpactRule(), pairs=1, rate=Fraction(3, 10), selections=24)
    >>> round(near.band_low, 3), round(near.band_high, 3)
    (0.773, 0.827)
    """
    t = float(rule.threshold)
    interval = mover_ratio(*pair.counts, confidence=NEAR)
    if not interval.low <= t <= interval.high:
        return None

    def power(ratio: float) -> float:
        sizes = (ratio, pair.n_l, pair.n_h, float(rate))
        return float(pair_power(*sizes, pairs=pairs, alpha=rule.alpha, threshold=rule.threshold))

    return NearTheLine(
        low=float(interval.low),
        high=float(interval.high),
        band_low=_last(lambda ratio: power(ratio) >= (1 + NEAR) / 2),
        band_high=_last(lambda ratio: power(ratio) >= (1 - NEAR) / 2),
        selections=selections,
    )


def is_below(table: tuple[int, int, int, int], threshold: Fraction) -> bool:
    """Whether the ratio of a table ``(x_l, n_l, x_h, n_h)`` is below a threshold, in integers."""
    x_l, n_l, x_h, n_h = table
    return bool(threshold.denominator * x_l * n_h < threshold.numerator * x_h * n_l)


def _is_rare(table: tuple[int, int, int, int], limit: float) -> bool:
    p = np.array([lower_mid_p(*table)])
    return bool(clearly_below(p, np.array([limit]))[0])


def _first(holds: Callable[[int], bool], last: int) -> int:
    """Smallest k from 1 on at which a condition, once true, stays true; it holds at ``last``."""
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _last(holds: Callable[[float], bool]) -> float:
    """Largest ratio up to 1 at which a condition, true at first, still holds; 0 if at none."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
