from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.intervals import mover_ratio, newcombe_difference
from auditor.inference.power import smallest_caught
from auditor.inference.significance import doubled_mid_p, fisher_two_sided, holm, pooled_z
from auditor.inference.unknowns import ratio_bounds
from auditor.metrics.reference import printed_reference
from auditor.metrics.values import NAN, Bounds, Comparison
from auditor.vocabulary import Undefined

if TYPE_CHECKING:
    from auditor.cube import GroupTable
    from auditor.inference.counts import Number
    from auditor.inference.intervals import Interval, RatioInterval
    from auditor.vocabulary import FloatArray, IntArray

FOUR_FIFTHS = Fraction(4, 5)
ALPHA = 0.05
TEST = "Fisher's exact test, two-sided; doubled mid-p beside it"
BONFERRONI = f"{TEST}; adjusted by Bonferroni, as the pairs are too many for Holm"
MOST_PAIRS = 25_000
"""Holm's step-down needs the p-value of every pair: some seconds for so many, minutes above."""


def below(x1: int, n1: int, x2: int, n2: int, threshold: Fraction = FOUR_FIFTHS) -> bool:
    """Whether rate 1 is below ``threshold`` times rate 2, in exact integers.

    ``b x1 n2 < a x2 n1`` for a threshold a/b; a ratio of exactly the threshold is not below.

    Examples
    --------
    >>> below(48, 100, 60, 100), below(47, 100, 60, 100)
    (False, True)
    """
    return threshold.denominator * x1 * n2 < threshold.numerator * x2 * n1


def selections_to_reverse(x1: int, n1: int, x2: int, n2: int) -> int:
    """Fewest selections moved from the reference to the group until it is not below four fifths.

    0 when it is not below. Group sizes stay as they are, as in the flip-flop example of the
    Questions and Answers on the Uniform Guidelines (44 FR 11996).

    Examples
    --------
    >>> selections_to_reverse(3, 20, 16, 80)
    1
    """
    if not below(x1, n1, x2, n2):
        return 0
    # 5 (x1+k) n2 >= 4 (x2-k) n1, solved for the smallest whole k
    missing = 4 * x2 * n1 - 5 * x1 * n2
    return -(-missing // (5 * n2 + 4 * n1))


def compare(table: GroupTable, metric: str) -> list[Comparison]:
    """Each group with at least one considered person against the reference, with its evidence.

    The family of the adjusted p-values is all pairs of those groups; the reference itself has no
    row. Groups in which nobody was considered have a row that says so.

    Parameters
    ----------
    table : GroupTable
    metric : str
        Id of the rate, which also says what may be the reference.

    Returns
    -------
    list of Comparison
        In the order of the groups; empty when nobody was considered.
    """
    reference = printed_reference(table, metric)
    if reference is None:
        return []
    present = np.flatnonzero(table.considered > 0)
    others = present[present != reference]
    empty = _empty(table, metric, reference, family=len(present) * len(others) // 2)
    evidence = _evidence(table, others, reference, empty.family_size)
    place = {int(i): k for k, i in enumerate(others)}
    return [
        _row(replace(empty, group=group), _pair(table, i, reference), evidence, place[i], table)
        if i in place
        else replace(empty, group=group)
        for i, group in enumerate(table.groups)
        if i != reference
    ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Evidence:
    """Intervals and tests of all groups against the reference, computed at once."""

    ratio: RatioInterval
    difference: Interval
    p_value: Number
    p_mid: Number
    p_adjusted: FloatArray
    z: Number
    detectable_ratio: Number


def _pair(table: GroupTable, i: int, reference: int) -> tuple[int, int, int, int]:
    x, n = table.favorable, table.considered
    return int(x[i]), int(n[i]), int(x[reference]), int(n[reference])


def _evidence(table: GroupTable, others: IntArray, reference: int, family: int) -> _Evidence:
    x1, n1 = table.favorable[others], table.considered[others]
    x2, n2 = table.favorable[reference], table.considered[reference]
    return _Evidence(
        ratio=mover_ratio(x1, n1, x2, n2),
        difference=newcombe_difference(x1, n1, x2, n2),
        p_value=fisher_two_sided(x1, n1, x2, n2),
        p_mid=doubled_mid_p(x1, n1, x2, n2),
        p_adjusted=_adjusted(table, others, reference, family),
        z=pooled_z(x1, n1, x2, n2),
        detectable_ratio=smallest_caught(
            n1,
            n2,
            int(table.favorable.sum()) / int(table.considered.sum()),
            pairs=max(family, 1),
            alpha=ALPHA,
            threshold=FOUR_FIFTHS,
        ),
    )


def _adjusted(table: GroupTable, others: IntArray, reference: int, family: int) -> FloatArray:
    """P-values of the pairs with the reference, adjusted for the pairs of all present groups."""
    x, n = table.favorable, table.considered
    if family > MOST_PAIRS:
        shown = doubled_mid_p(x[others], n[others], x[reference], n[reference])
        adjusted: FloatArray = np.minimum(1.0, np.atleast_1d(shown) * family)
        return adjusted
    present = np.append(others, reference)
    # the reference stands last, so every pair with it has it as its second group
    first, second = (present[side] for side in np.triu_indices(len(present), 1))
    raw = np.atleast_1d(doubled_mid_p(x[first], n[first], x[second], n[second]))
    adjusted = np.array(holm(raw), dtype=np.float64)[second == reference]
    return adjusted


def _row(
    empty: Comparison,
    pair: tuple[int, int, int, int],
    evidence: _Evidence,
    k: int,
    table: GroupTable,
) -> Comparison:
    x1, n1, x2, n2 = pair
    row = replace(
        empty,
        difference=float(Fraction(x1, n1) - Fraction(x2, n2)),
        difference_low=_at(evidence.difference.low, k),
        difference_high=_at(evidence.difference.high, k),
        p_value=_at(evidence.p_value, k),
        p_mid=_at(evidence.p_mid, k),
        p_adjusted=_at(evidence.p_adjusted, k),
        z=_at(evidence.z, k),
        shortfall=float(Fraction(n1 * (x1 + x2), n1 + n2) - x1),
        shortfall_to_reference=float(Fraction(n1 * x2, n2) - x1),
        detectable_ratio=_at(evidence.detectable_ratio, k),
        method=f"ratio: {evidence.ratio.method[k]}; difference: Newcombe from Wilson limits; 95 %",
        undefined=Undefined.REFERENCE_SELECTS_NOBODY,
    )
    if x2 == 0:
        return row
    low, high = ratio_bounds(
        *pair,
        unknown_considered=table.unknown_considered,
        unknown_favorable=table.unknown_favorable,
    )
    return replace(
        row,
        ratio=float(Fraction(x1 * n2, n1 * x2)),
        ratio_low=_at(evidence.ratio.low, k),
        ratio_high=_at(evidence.ratio.high, k),
        below_four_fifths=below(*pair),
        selections_to_reverse=selections_to_reverse(*pair),
        bounds=Bounds(low=low, high=high),
        undefined=None,
    )


def _at(values: Number, k: int) -> float:
    return float(np.atleast_1d(values)[k])


def _empty(table: GroupTable, metric: str, reference: int, *, family: int) -> Comparison:
    """Row of a group in which nobody was considered."""
    return Comparison(
        metric=metric,
        attribute=table.attribute,
        group="",
        reference=table.groups[reference],
        ratio=NAN,
        ratio_low=NAN,
        ratio_high=NAN,
        difference=NAN,
        difference_low=NAN,
        difference_high=NAN,
        below_four_fifths=None,
        p_value=NAN,
        p_mid=NAN,
        p_adjusted=NAN,
        test=TEST if family <= MOST_PAIRS else BONFERRONI,
        family_size=family,
        z=NAN,
        shortfall=NAN,
        shortfall_to_reference=NAN,
        selections_to_reverse=None,
        detectable_ratio=NAN,
        bounds=None,
        method="",
        undefined=Undefined.NOBODY_CONSIDERED,
    )
