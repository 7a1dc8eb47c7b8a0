"""Bounds for people of unknown group against every way in which those people could be divided."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import brentq

from auditor.inference.unknowns import (
    LARGEST_FACTOR,
    Around,
    bounded_ratio,
    falls_below,
    ratio_bounds,
    tipping_factor,
    tipping_factor_to_lift,
)

FOUR_FIFTHS, SEVEN_TENTHS = Fraction(4, 5), Fraction(7, 10)
AROUND = Around(known_selected=90, known_rejected=110, unknown_selected=10, unknown_rejected=10)


def divisions(people):
    """Ways to divide so many people among the group, the reference and everybody else."""
    return [(a, b) for a in range(people + 1) for b in range(people + 1 - a)]


def every_ratio(x1, n1, x2, n2, selected, rejected):
    for (s1, s2), (r1, r2) in product(divisions(selected), divisions(rejected)):
        rate1 = Fraction(x1 + s1, n1 + s1 + r1)
        rate2 = Fraction(x2 + s2, n2 + s2 + r2)
        if rate2:
            yield float(rate1 / rate2)
        elif rate1:
            yield math.inf


def test_worst_case_is_the_range_over_every_division_of_the_unknown():
    compared = 0
    for n1, n2, selected, rejected in product(range(1, 5), range(1, 5), range(3), range(3)):
        for x1, x2 in product(range(n1 + 1), range(n2 + 1)):
            found = ratio_bounds(
                *(x1, n1, x2, n2),
                unknown_considered=selected + rejected,
                unknown_favorable=selected,
            )
            ratios = list(every_ratio(x1, n1, x2, n2, selected, rejected))
            if ratios:
                assert found == (min(ratios), max(ratios))
            else:
                assert np.isnan(found).all()
            compared += 1

    assert compared == 1764


def at_odds(count, known, extra, factor):
    """Unknown people of a group whose odds among them are `factor` times those among the known."""
    if count == known:
        return Fraction(extra)
    odds = Fraction(count, known - count) * factor
    return extra * odds / (1 + odds)


@pytest.mark.parametrize("factor", [1, Fraction(3, 2), 2, 7, 1000])
@pytest.mark.parametrize("pair", [(40, 100, 50, 100), (3, 20, 30, 60), (0, 10, 5, 9), (9, 9, 8, 9)])
def test_bounded_shares_are_odds_multiplied_by_the_factor(pair, factor):
    x_l, n_l, x_h, n_h = pair
    found = bounded_ratio(*map(Fraction, pair), AROUND, factor)

    x = x_l + at_odds(x_l, 90, 10, Fraction(1, 1) / factor)
    y = n_l - x_l + at_odds(n_l - x_l, 110, 10, factor)
    u = x_h + at_odds(x_h, 90, 10, factor)
    v = n_h - x_h + at_odds(n_h - x_h, 110, 10, Fraction(1, 1) / factor)
    assert found == (x, x + y, u, u + v)


def test_two_groups_can_reach_their_bounds_at_once():
    """Nobody is used twice: what one group does not get of the unknown, the other gets."""
    around = Around(known_selected=90, known_rejected=110, unknown_selected=12, unknown_rejected=8)
    for factor in (1, 2, Fraction(9, 2), math.inf):
        x_l, n_l, x_h, n_h = bounded_ratio(*map(Fraction, (40, 100, 50, 100)), around, factor)

        assert x_l + x_h == 102
        assert n_l + n_h == 220


def test_factor_one_spreads_the_unknown_like_the_known():
    found = ratio_bounds(
        *(40, 100, 50, 100),
        unknown_considered=20,
        unknown_favorable=10,
        known_considered=400,
        known_favorable=100,
        factor=1.0,
    )

    rate1, rate2 = (Fraction(x) * (1 + Fraction(10, 100)) for x in (40, 50))
    people1, people2 = (r + y * (1 + Fraction(10, 300)) for r, y in ((rate1, 60), (rate2, 50)))
    exact = float(rate1 / people1 / (rate2 / people2))
    assert found == (pytest.approx(exact, rel=1e-15), pytest.approx(exact, rel=1e-15))


def test_bounds_widen_with_the_factor_up_to_the_worst_case():
    def bounds(factor):
        return ratio_bounds(
            40, 100, 50, 100, unknown_considered=20, unknown_favorable=10, factor=factor
        )

    lows, highs = zip(*map(bounds, (1, 1.5, 2, 5, 100, 1e9, math.inf)), strict=True)
    assert list(lows) == sorted(lows, reverse=True)
    assert list(highs) == sorted(highs)
    # 40 of 110 against 60 of 110, and 50 of 110 against 50 of 110
    assert (lows[-1], highs[-1]) == (2 / 3, 1.0)
    assert lows[-2] == pytest.approx(lows[-1], rel=1e-7)


def test_without_unknown_people_bounds_are_the_ratio_itself():
    assert ratio_bounds(3, 5, 6, 8, unknown_considered=0, unknown_favorable=0) == (0.8, 0.8)


def test_bounds_where_the_reference_may_select_nobody():
    assert ratio_bounds(3, 5, 0, 8, unknown_considered=1, unknown_favorable=1)[1] == math.inf
    assert np.isnan(ratio_bounds(0, 5, 0, 8, unknown_considered=2, unknown_favorable=0)).all()
    assert np.isnan(ratio_bounds(0, 0, 3, 8, unknown_considered=2, unknown_favorable=1)).all()
    assert np.isnan(ratio_bounds(3, 8, 0, 0, unknown_considered=2, unknown_favorable=1)).all()


def test_bounds_of_ten_million_people_are_exact():
    n = 10_000_000
    low, high = ratio_bounds(
        *(4_000_000, n, 5_000_000, n), unknown_considered=3, unknown_favorable=1
    )

    assert low == float(Fraction(4_000_000 * (n + 1), (n + 2) * 5_000_001))
    assert high == float(Fraction(4_000_001 * (n + 2), (n + 1) * 5_000_000))


@pytest.mark.parametrize(
    ("counts", "options"),
    [
        ((5, 3, 1, 2), {}),
        ((1, 3, 1, 2), {"unknown_favorable": 5}),
        ((1, 3, 1, 2), {"unknown_considered": -1, "unknown_favorable": -1}),
        ((1, 3, 1, 2), {"factor": 0.5}),
        ((1, 3, 1, 2), {"factor": math.nan}),
        ((1, 3, 1, 2), {"known_considered": 9, "known_favorable": 8}),
    ],
)
def test_bounds_of_what_cannot_be_are_refused(counts, options):
    with pytest.raises(ValueError, match=r"whole numbers|factor|those of the two groups"):
        ratio_bounds(*counts, **{"unknown_considered": 4, "unknown_favorable": 2} | options)


def lower_bound(factor, x_l, n_l, x_h, n_h, around):
    """The same bound from odds, in floats."""

    def part(count, known, extra, times):
        odds = count / (known - count) * times
        return count + extra * odds / (1 + odds)

    x, u = (
        part(k, around.known_selected, around.unknown_selected, t)
        for k, t in ((x_l, 1 / factor), (x_h, factor))
    )
    y, v = (
        part(k, around.known_rejected, around.unknown_rejected, t)
        for k, t in ((n_l - x_l, factor), (n_h - x_h, 1 / factor))
    )
    return (x / (x + y)) / (u / (u + v))


def test_tipping_factor_is_where_the_lower_bound_crosses():
    pair = (40, 100, 50, 100)

    root = brentq(lambda f: lower_bound(f, *pair, AROUND) - 0.7, 1, 1e6, rtol=1e-14)

    assert tipping_factor([pair], AROUND, SEVEN_TENTHS) == pytest.approx(root, rel=1e-9)
    assert round(root, 3) == 6.110


def test_tipping_factor_to_lift_is_where_the_upper_bound_crosses():
    x_l, n_l, x_h, n_h = 35, 100, 55, 100

    root = brentq(
        lambda f: 1 / lower_bound(f, x_h, n_h, x_l, n_l, AROUND) - 0.8, 1, 1e6, rtol=1e-14
    )

    found = tipping_factor_to_lift([(x_l, n_l, x_h, n_h)], AROUND, FOUR_FIFTHS)
    assert found == pytest.approx(root, rel=1e-9)
    assert round(root, 3) == 25.743


def test_one_pair_tips_all_and_all_pairs_must_be_lifted():
    near, far = (38, 100, 50, 100), (49, 100, 50, 100)
    alone = [tipping_factor([pair], AROUND, SEVEN_TENTHS) for pair in (near, far)]
    assert tipping_factor([far, near], AROUND, SEVEN_TENTHS) == min(alone)
    assert tipping_factor([near, far], AROUND, SEVEN_TENTHS) == min(alone)

    failing = (35, 100, 55, 100), (39, 100, 51, 100)
    lifted = [tipping_factor_to_lift([pair], AROUND, FOUR_FIFTHS) for pair in failing]
    assert tipping_factor_to_lift(failing, AROUND, FOUR_FIFTHS) == max(lifted)
    assert min(alone) < max(alone)
    assert min(lifted) < max(lifted)


def test_tipping_factor_at_both_ends():
    nobody_unknown = Around(
        known_selected=90, known_rejected=110, unknown_selected=0, unknown_rejected=0
    )
    pair = (40, 100, 50, 100)
    assert tipping_factor([pair], nobody_unknown, SEVEN_TENTHS) == math.inf
    assert tipping_factor_to_lift([(30, 100, 60, 100)], nobody_unknown, FOUR_FIFTHS) == math.inf
    assert tipping_factor([(30, 100, 60, 100)], AROUND, SEVEN_TENTHS) == 1.0
    assert tipping_factor_to_lift([pair], AROUND, FOUR_FIFTHS) == 1.0
    assert tipping_factor([], AROUND, SEVEN_TENTHS) == math.inf


def test_a_group_that_was_never_rejected_tips_only_in_the_full_worst_case():
    """No finite factor gives it a share of the rejected; the largest one stands for that."""
    pair = (100, 100, 100, 100)
    around = Around(
        known_selected=250, known_rejected=50, unknown_selected=10, unknown_rejected=100
    )
    worst = falls_below(*pair, around, math.inf, SEVEN_TENTHS)
    bounded = falls_below(*pair, around, 1e12, SEVEN_TENTHS)

    assert (worst, bounded) == (True, False)
    assert tipping_factor([pair], around, SEVEN_TENTHS) == LARGEST_FACTOR


def test_a_bound_exactly_at_the_limit_is_not_below_it():
    nobody_unknown = Around(
        known_selected=17, known_rejected=13, unknown_selected=0, unknown_rejected=0
    )

    assert not falls_below(7, 10, 10, 10, nobody_unknown, 2.0, SEVEN_TENTHS)
    assert falls_below(6, 10, 10, 10, nobody_unknown, 2.0, SEVEN_TENTHS)


def test_nothing_bounds_the_unknown_where_nobody_is_known():
    around = Around(known_selected=0, known_rejected=20, unknown_selected=4, unknown_rejected=0)

    assert bounded_ratio(Fraction(0), Fraction(10), Fraction(0), Fraction(10), around, 2) == (
        *(0, 10),
        *(4, 14),
    )


def test_bounds_of_many_pairs_at_once_are_those_of_each():
    pairs = np.array([(40, 100, 50, 100), (3, 20, 30, 60), (9, 30, 8, 25)], dtype=np.float64)

    for factor, exact in ((2.0, Fraction(2)), (math.inf, math.inf)):
        together = bounded_ratio(*pairs.T, AROUND, factor)

        for i, pair in enumerate(pairs):
            alone = bounded_ratio(*(Fraction(int(v)) for v in pair), AROUND, exact)
            np.testing.assert_allclose([v[i] for v in together], [float(v) for v in alone])
