"""Steps 1 to 6 of the verdict on an impact ratio, for many tables at once.

The one place that decides: `auditor.inference.impact` calls it for one table, simulations of its
operating characteristics for thousands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.inference.impact_rule import (
    ALL_UNKNOWN,
    EVERYBODY_SELECTED,
    NOBODY_SELECTED,
    OPEN_SHARE,
    SIGN_IN_SMALL_GROUP,
    TOO_FEW_GROUPS,
    UNKNOWN_TIPS,
    ImpactRule,
)
from auditor.inference.score import ratio_score_z
from auditor.inference.tails import DEAD_ZONE, lower_mid_p_is_below
from auditor.inference.unknowns import Around, falls_below

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from auditor.vocabulary import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """What the steps found, for R tables of K groups with P = K(K-1)/2 unordered pairs.

    Shape (R, P): ``low`` and ``high`` (indices of focal and upper group) and, meaningful only
    where ``compared``, the keys and the score statistic (NaN where it was not asked for). Shape
    (R, K): the states of the groups; ``sign`` marks open groups with a raw sign. Shape (R,): the
    verdict, with ``reason`` empty where there is one.
    """

    low: IntArray
    high: IntArray
    compared: BoolArray
    below: BoolArray
    below_after_move: BoolArray
    fails: BoolArray
    z: FloatArray
    settled: BoolArray
    in_play: BoolArray
    big: BoolArray
    open: BoolArray
    shown: BoolArray
    sign: BoolArray
    failed: BoolArray
    passed: BoolArray
    reason: NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """R tables of K groups, in integers wide enough for every product that decides."""

    n: NDArray[Any]
    x: NDArray[Any]
    unknown_n: NDArray[Any]
    unknown_x: NDArray[Any]

    @property
    def people(self) -> NDArray[Any]:
        """Known people of each table, shape (R, 1)."""
        people: NDArray[Any] = self.n.sum(axis=1, keepdims=True)
        return people

    @property
    def selected(self) -> NDArray[Any]:
        """Known selected people of each table, shape (R, 1)."""
        selected: NDArray[Any] = self.x.sum(axis=1, keepdims=True)
        return selected


def below(
    x_l: NDArray[Any], n_l: NDArray[Any], x_h: NDArray[Any], n_h: NDArray[Any], ratio: Fraction
) -> BoolArray:
    """Whether ``x_l/n_l`` is below ``ratio`` times ``x_h/n_h``, in integers.

    Examples
    --------
    >>> from fractions import Fraction
    >>> tables = [np.array(v) for v in ([48, 47], [100, 100], [60, 60], [100, 100])]
    >>> below(*tables, Fraction(4, 5))
    array([False,  True])
    """
    is_below: BoolArray = ratio.denominator * x_l * n_h < ratio.numerator * x_h * n_l
    return is_below


def take_steps(tables: Tables, rule: ImpactRule, *, intersection: bool) -> Steps:
    """Decide every table; the numbered comments are the steps of the verdict rule."""
    n, x, people, selected = tables.n, tables.x, tables.people, tables.selected
    decidable = (people > 0) & (selected > 0) & (selected < people)

    # 1: who is in play, who may be a yardstick
    in_play = (n >= rule.min_people) & (n * selected >= rule.min_expected * people)
    share = rule.reference_share
    big = (n > 0) & (share.denominator * n >= share.numerator * people)

    # 2: pairs in play with at least one big group; the focal group is the small one, or the lower
    first, second = np.triu_indices(n.shape[1], 1)
    n1, n2, x1, x2 = n[:, first], n[:, second], x[:, first], x[:, second]
    compared = in_play[:, first] & in_play[:, second] & decidable
    compared &= big[:, first] | big[:, second]
    both_big = big[:, first] & big[:, second]
    flip = ~np.where(both_big, x1 * n2 <= x2 * n1, ~big[:, first])
    low, high = np.where(flip, second, first), np.where(flip, first, second)
    x_l, n_l = np.where(flip, x2, x1), np.where(flip, n2, n1)
    x_h, n_h = np.where(flip, x1, x2), np.where(flip, n1, n2)

    # 3: both keys, still turned after one selection has moved
    is_below = below(x_l, n_l, x_h, n_h, rule.threshold)
    after = is_below & below(x_l + 1, n_l, x_h - 1, n_h, rule.threshold)
    candidate = compared & after
    if intersection:
        candidate &= below(x_l, n_l, selected - x_l, people - n_l, rule.threshold)
    family = compared.sum(axis=1, keepdims=True)
    a, m_l, c, m_h, pairs = _floats(candidate, x_l + 1, n_l, x_h - 1, n_h, family)
    fails = np.zeros_like(compared)
    fails[candidate] = lower_mid_p_is_below(a, m_l, c, m_h, rule.alpha / pairs)

    # 4: settled pairs
    settled, z = _settle(compared & ~is_below, (x_l, n_l, x_h, n_h), rule)

    # 5: open groups
    unsettled = compared & ~settled
    is_open = (n > 0) & ~in_play & decidable
    np.logical_or.at(is_open.T, first, (unsettled & (n1 <= n2)).T)
    np.logical_or.at(is_open.T, second, (unsettled & (n2 <= n1)).T)
    shown = in_play & ~is_open & decidable

    # 6: the verdict
    sign = _raw_signs(tables, is_open, rule)
    open_people = np.where(is_open, n, 0).sum(axis=1)
    limit = rule.open_share
    failed = fails.any(axis=1)
    reasons = {
        ALL_UNKNOWN: people[:, 0] == 0,
        NOBODY_SELECTED: selected[:, 0] == 0,
        EVERYBODY_SELECTED: selected[:, 0] == people[:, 0],
        "": failed,
        TOO_FEW_GROUPS: (shown.sum(axis=1) < 2) | (family[:, 0] == 0),
        OPEN_SHARE: limit.denominator * open_people > limit.numerator * people[:, 0],
        SIGN_IN_SMALL_GROUP: sign.any(axis=1),
    }
    reason = np.select(list(reasons.values()), list(reasons), default="")
    both_shown = np.take_along_axis(shown, low, axis=1) & np.take_along_axis(shown, high, axis=1)
    passable = (reason == "") & ~failed
    tips = _unknown_tips(tables, passable, (low, high, compared & both_shown), big, rule)
    reason = np.where(tips, UNKNOWN_TIPS, reason)
    return Steps(
        low=low,
        high=high,
        compared=compared,
        below=is_below,
        below_after_move=after,
        fails=fails,
        z=z,
        settled=settled,
        in_play=in_play & decidable,
        big=big,
        open=is_open,
        shown=shown,
        sign=sign,
        failed=failed,
        passed=passable & ~tips,
        reason=reason,
    )


def _floats(mask: BoolArray, *arrays: NDArray[Any]) -> list[FloatArray]:
    """Masked entries of each array as float64, for what p-values and scores are made of."""
    return [np.broadcast_to(a, mask.shape)[mask].astype(np.float64) for a in arrays]


def _settle(
    asked: BoolArray, pairs: tuple[NDArray[Any], ...], rule: ImpactRule
) -> tuple[BoolArray, FloatArray]:
    from scipy.special import ndtri

    z = np.full(asked.shape, np.nan)
    a, n_l, c, n_h = _floats(asked, *pairs)
    z[asked] = ratio_score_z(a, n_l, c, n_h, float(rule.worth_detecting))
    return z - ndtri(rule.confidence) >= DEAD_ZONE, z


def _raw_signs(tables: Tables, is_open: BoolArray, rule: ImpactRule) -> BoolArray:
    """Open groups that differ from everyone else, in either direction and beyond chance."""
    n, x = tables.n, tables.x
    rest_n, rest_x = tables.people - n, tables.selected - x
    differs = is_open & (
        below(x, n, rest_x, rest_n, rule.threshold) | below(rest_x, rest_n, x, n, rule.threshold)
    )
    family = is_open.sum(axis=1, keepdims=True)
    a, m, c, rest, groups = _floats(differs, x, n, rest_x, rest_n, family)
    limit = rule.alpha / groups
    sign = np.zeros_like(is_open)
    # the doubled smaller tail is below the limit if either doubled tail is
    sign[differs] = lower_mid_p_is_below(a, m, c, rest, limit)
    sign[differs] |= lower_mid_p_is_below(c, rest, a, m, limit)
    return sign


def _unknown_tips(
    tables: Tables,
    passable: BoolArray,
    pairs: tuple[IntArray, IntArray, BoolArray],
    big: BoolArray,
    rule: ImpactRule,
) -> BoolArray:
    """Whether the people of unknown group could bring two shown groups below the ratio."""
    low, high, shown = pairs
    tips = np.zeros_like(passable)
    for row in np.flatnonzero(passable & (tables.unknown_n > 0)):
        around = around_of(tables, int(row))
        asked = both_ways(tables, int(row), (low[row], high[row], shown[row]), big[row])
        tips[row] = any(
            falls_below(*pair, around, rule.unknown_factor, rule.worth_detecting) for pair in asked
        )
    return tips


def around_of(tables: Tables, row: int) -> Around:
    """Known and unknown people of one table."""
    n, x = int(tables.people[row, 0]), int(tables.selected[row, 0])
    un, ux = int(tables.unknown_n[row]), int(tables.unknown_x[row])
    return Around(
        known_selected=x, known_rejected=n - x, unknown_selected=ux, unknown_rejected=un - ux
    )


def both_ways(
    tables: Tables, row: int, pairs: tuple[IntArray, IntArray, BoolArray], big: BoolArray
) -> list[tuple[int, int, int, int]]:
    """Masked pairs of one table, and two big groups the other way round as well.

    Once the unknown are placed, either of two big groups may be the lower one.
    """
    low, high, mask = pairs
    turned = mask & big[low] & big[high]
    return pairs_of(tables, row, low, high, mask) + pairs_of(tables, row, high, low, turned)


def pairs_of(
    tables: Tables, row: int, low: IntArray, high: IntArray, mask: BoolArray
) -> list[tuple[int, int, int, int]]:
    """``(x_l, n_l, x_h, n_h)`` of the masked pairs of one table, as Python integers."""
    n, x = tables.n[row], tables.x[row]
    return [
        (int(x[l]), int(n[l]), int(x[h]), int(n[h]))
        for l, h in zip(low[mask], high[mask], strict=True)
    ]
