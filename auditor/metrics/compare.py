from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from auditor.inference.intervals import mover_ratio, newcombe_difference
from auditor.inference.power import smallest_caught
from auditor.inference.significance import doubled_mid_p, fisher_two_sided, holm, pooled_z
from auditor.inference.unknowns import ratio_bounds
from auditor.metrics.reference import highest_rate
from auditor.metrics.values import NAN, Bounds, Comparison
from auditor.vocabulary import Undefined

if TYPE_CHECKING:
    from auditor.cube import GroupTable

FOUR_FIFTHS = Fraction(4, 5)
ALPHA = 0.05
TEST = "Fisher's exact test, two-sided; doubled mid-p beside it"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Integers of one group (1) and its reference (2)."""

    x1: int
    n1: int
    x2: int
    n2: int

    @property
    def below(self) -> bool:
        return below(self.x1, self.n1, self.x2, self.n2)


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
    """
    reference = highest_rate(table)
    if reference is None:
        return []
    groups = range(len(table.groups))
    adjusted, family = _adjusted(table)
    rows = []
    for i in groups:
        if i == reference:
            continue
        pair = _Pair(
            int(table.favorable[i]),
            int(table.considered[i]),
            int(table.favorable[reference]),
            int(table.considered[reference]),
        )
        if pair.n1 == 0:
            rows.append(_empty(table, metric, i, reference, family))
        else:
            p_adjusted = adjusted[min(i, reference), max(i, reference)]
            rows.append(_row(table, metric, i, reference, pair, p_adjusted, family))
    return rows


def _adjusted(table: GroupTable) -> tuple[dict[tuple[int, int], float], int]:
    present = [i for i, n in enumerate(table.considered) if n > 0]
    pairs = list(combinations(present, 2))
    raw = [
        float(
            doubled_mid_p(
                int(table.favorable[i]),
                int(table.considered[i]),
                int(table.favorable[j]),
                int(table.considered[j]),
            )
        )
        for i, j in pairs
    ]
    return dict(zip(pairs, holm(raw), strict=True)), len(pairs)


def _row(  # noqa: PLR0913
    table: GroupTable,
    metric: str,
    i: int,
    reference: int,
    pair: _Pair,
    p_adjusted: float,
    family: int,
) -> Comparison:
    x1, n1, x2, n2 = pair.x1, pair.n1, pair.x2, pair.n2
    defined = x2 > 0
    interval = mover_ratio(x1, n1, x2, n2)
    difference = newcombe_difference(x1, n1, x2, n2)
    rate = Fraction(int(table.favorable.sum()), int(table.considered.sum()))
    return Comparison(
        metric=metric,
        attribute=table.attribute,
        group=table.groups[i],
        reference=table.groups[reference],
        ratio=float(Fraction(x1 * n2, n1 * x2)) if defined else NAN,
        ratio_low=float(interval.low) if defined else NAN,
        ratio_high=float(interval.high) if defined else NAN,
        difference=float(Fraction(x1, n1) - Fraction(x2, n2)),
        difference_low=float(difference.low),
        difference_high=float(difference.high),
        below_four_fifths=pair.below if defined else None,
        p_value=float(fisher_two_sided(x1, n1, x2, n2)),
        p_mid=float(doubled_mid_p(x1, n1, x2, n2)),
        p_adjusted=p_adjusted,
        test=TEST,
        family_size=family,
        z=float(pooled_z(x1, n1, x2, n2)),
        shortfall=float(Fraction(n1 * (x1 + x2), n1 + n2) - x1),
        shortfall_to_reference=float(Fraction(n1 * x2, n2) - x1),
        selections_to_reverse=selections_to_reverse(x1, n1, x2, n2) if defined else None,
        detectable_ratio=float(
            smallest_caught(
                n1, n2, float(rate), pairs=max(family, 1), alpha=ALPHA, threshold=FOUR_FIFTHS
            )
        ),
        bounds=_bounds(table, pair) if defined else None,
        method=f"ratio: {interval.method}; difference: Newcombe from Wilson limits; 95 %",
        undefined=None if defined else Undefined.REFERENCE_SELECTS_NOBODY,
    )


def _bounds(table: GroupTable, pair: _Pair) -> Bounds:
    low, high = ratio_bounds(
        pair.x1,
        pair.n1,
        pair.x2,
        pair.n2,
        unknown_considered=table.unknown_considered,
        unknown_favorable=table.unknown_favorable,
    )
    return Bounds(low=low, high=high)


def _empty(table: GroupTable, metric: str, i: int, reference: int, family: int) -> Comparison:
    return Comparison(
        metric=metric,
        attribute=table.attribute,
        group=table.groups[i],
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
        test=TEST,
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
