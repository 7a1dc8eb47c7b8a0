"""One pair of groups with everything that speaks for or against a gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.impact_moves import Pair, is_below, selections_to_undo
from auditor.inference.intervals import mover_ratio
from auditor.inference.power import smallest_caught
from auditor.inference.score import ratio_score_lower, ratio_score_z
from auditor.inference.significance import doubled_mid_p, lower_mid_p, pooled_z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.inference.impact_rule import ImpactRule


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEvidence:
    """One pair with everything that speaks for or against a gap.

    ``p_moved`` is the doubled mid-p after one selection moved from the upper to the focal group,
    1 where that reverses the order of the rates; the key multiplies it with the number of pairs.
    ``p_mid`` and ``p_adjusted`` (Holm over all pairs) are of the table as it is. ``lower`` is the
    one-sided score limit of the ratio, ``z_settle`` the statistic it comes from, ``z`` the pooled
    two-proportion z. ``selections_to_undo`` counts the selections moved from the upper to the
    focal group until one of both keys no longer turns; None where the pair does not fail.
    ``caught`` is the largest ratio that a sample like this fails with 80 % probability. NaN where
    not even a ratio of 0 would be caught.
    """

    pair: Pair
    ratio: float
    low: float
    high: float
    method: str
    lower: float
    z_settle: float
    z: float
    shortfall: float
    shortfall_to_upper: float
    p_moved: float
    p_mid: float
    p_adjusted: float
    caught: float
    below: bool
    fails: bool
    settled: bool
    selections_to_undo: int | None


def moved_mid_p(x_l: int, n_l: int, x_h: int, n_h: int) -> float:
    """Doubled mid-p after one selection moved to the focal group; 1 if the order is reversed.

    Examples
    --------
    >>> round(moved_mid_p(40, 100, 60, 100), 8), moved_mid_p(11, 40, 12, 40)
    (0.01152862, 1.0)
    """
    if x_l == n_l or x_h == 0 or (x_l + 1) * n_h > (x_h - 1) * n_l:
        return 1.0
    return float(lower_mid_p(x_l + 1, n_l, x_h - 1, n_h))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the steps found about a pair, and its p-value adjusted by Holm over all pairs."""

    pair: Pair
    p_adjusted: float
    fails: bool
    settled: bool


def weigh(
    decided: Sequence[Decided], rule: ImpactRule, *, pairs: int, rate: Fraction
) -> list[PairEvidence]:
    """Weigh pairs: everything there is to say about each.

    Parameters
    ----------
    decided : sequence of Decided
        In none of them the upper group selects nobody.
    rule : ImpactRule
    pairs : int
        Number of pairs m of the attribute, these or not.
    rate : Fraction
        Of all known people; what power is computed at.
    """
    x_l, n_l, x_h, n_h = np.array([d.pair.counts for d in decided], dtype=np.int64).reshape(-1, 4).T
    interval = mover_ratio(x_l, n_l, x_h, n_h)
    columns = {
        "low": interval.low,
        "high": interval.high,
        "lower": ratio_score_lower(x_l, n_l, x_h, n_h, confidence=rule.confidence),
        "z_settle": ratio_score_z(x_l, n_l, x_h, n_h, float(rule.worth_detecting)),
        "z": pooled_z(x_l, n_l, x_h, n_h),
        "p_mid": doubled_mid_p(x_l, n_l, x_h, n_h),
        "caught": smallest_caught(
            n_l,
            n_h,
            np.full(len(decided), float(rate)),
            pairs=np.full(len(decided), pairs),
            alpha=rule.alpha,
            threshold=rule.threshold,
        ),
    }
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    methods = np.asarray(interval.method)
    return [
        _evidence(
            d,
            rule,
            pairs,
            {name: float(values[i]) for name, values in arrays.items()},
            str(methods[i]),
        )
        for i, d in enumerate(decided)
    ]


def _evidence(
    decided: Decided, rule: ImpactRule, pairs: int, numbers: dict[str, float], method: str
) -> PairEvidence:
    pair = decided.pair
    x_l, n_l, x_h, n_h = pair.counts
    return PairEvidence(
        pair=pair,
        ratio=float(pair.exact),
        method=method,
        shortfall=float(Fraction(n_l * (x_l + x_h), n_l + n_h) - x_l),
        shortfall_to_upper=float(Fraction(n_l * x_h, n_h) - x_l),
        p_moved=moved_mid_p(*pair.counts),
        p_adjusted=decided.p_adjusted,
        below=is_below(pair.counts, rule.threshold),
        fails=decided.fails,
        settled=decided.settled,
        selections_to_undo=selections_to_undo(pair, rule, pairs=pairs) if decided.fails else None,
        **numbers,
    )
