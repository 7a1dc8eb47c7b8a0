"""Laws that the statistics of two rates obey, whatever the counts."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from auditor.inference.intervals import clopper_pearson, mover_ratio, newcombe_difference, wilson
from auditor.inference.power import pair_power, pass_probability_equal, people_factor, round_people
from auditor.inference.score import ratio_score_lower, ratio_score_z
from auditor.inference.significance import (
    cohen_h,
    doubled_mid_p,
    fisher_two_sided,
    holm,
    lower_mid_p,
    pooled_z,
)
from auditor.inference.tails import lower_mid_p_is_below
from auditor.inference.unknowns import Around, ratio_bounds, tipping_factor
from tests.known_answers import oracles

FOUR_FIFTHS, SEVEN_TENTHS = Fraction(4, 5), Fraction(7, 10)
NOISE = 1e-12
law = settings(deadline=None, max_examples=60)


@st.composite
def groups(draw, largest=2_000, smallest=1):
    n = draw(st.integers(smallest, largest))
    return draw(st.integers(0, n)), n


tables = st.tuples(groups(), groups()).map(lambda pair: (*pair[0], *pair[1]))
large_tables = st.tuples(groups(10_000_000), groups(10_000_000)).map(lambda p: (*p[0], *p[1]))
any_tables = tables | large_tables
confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def swapped(table):
    return (*table[2:], *table[:2])


def rejected(table):
    x1, n1, x2, n2 = table
    return n1 - x1, n1, n2 - x2, n2


@law
@given(groups(10_000_000), confidences)
def test_a_rate_lies_in_its_intervals_and_the_exact_one_is_symmetric(group, confidence):
    x, n = group
    for of in (clopper_pearson, wilson):
        here, there = of(x, n, confidence=confidence), of(n - x, n, confidence=confidence)

        assert 0 <= here.low <= x / n * (1 + NOISE)
        assert x / n * (1 - NOISE) <= here.high <= 1
        assert here.low == pytest.approx(1 - there.high, rel=1e-9, abs=1e-9)


@law
@given(groups(5_000), st.integers(2, 50))
def test_the_same_rate_of_more_people_is_known_better(group, times):
    x, n = group
    for of in (clopper_pearson, wilson):
        one, more = of(x, n), of(times * x, times * n)

        assert more.high - more.low < one.high - one.low


@law
@given(groups(5_000))
def test_limits_rise_with_every_selection_and_with_the_confidence(group):
    x, n = group
    assume(x < n)
    for of in (clopper_pearson, wilson):
        here, above, surer = of(x, n), of(x + 1, n), of(x, n, confidence=0.99)

        assert here.low < above.low
        assert here.high < above.high or above.high == 1
        assert surer.low <= here.low
        assert surer.high >= here.high


@law
@given(any_tables, confidences)
def test_swapping_groups_turns_the_difference(table, confidence):
    here = newcombe_difference(*table, confidence=confidence)
    there = newcombe_difference(*swapped(table), confidence=confidence)
    lost = newcombe_difference(*rejected(table), confidence=confidence)

    x1, n1, x2, n2 = table
    assert -1 <= here.low <= x1 / n1 - x2 / n2 + NOISE
    assert x1 / n1 - x2 / n2 - NOISE <= here.high <= 1
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low), abs=NOISE)
    assert (here.low, here.high) == pytest.approx((-lost.high, -lost.low), abs=1e-9)


@law
@given(any_tables, confidences)
def test_swapping_groups_inverts_the_limits_of_the_ratio(table, confidence):
    here = mover_ratio(*table, confidence=confidence)
    there = mover_ratio(*swapped(table), confidence=confidence)

    assert here.method == there.method
    assert 0 <= here.low <= here.high
    for low, high in ((here.low, there.high), (there.low, here.high)):
        assert (low == 0) == (high == math.inf)
        assert low == 0 or low * high == pytest.approx(1, rel=1e-9)


@law
@given(any_tables)
def test_the_ratio_lies_in_its_interval(table):
    x1, n1, x2, n2 = table
    assume(x2 > 0)
    interval = mover_ratio(*table)

    ratio = float(Fraction(x1 * n2, n1 * x2))
    assert interval.low <= ratio * (1 + 1e-9)
    assert interval.high >= ratio * (1 - 1e-9)


@law
@given(groups(2_000, 100), groups(2_000, 100), st.integers(2, 20))
def test_the_same_ratio_of_more_people_is_known_better(group, reference, times):
    table = (*group, *reference)
    assume(min(table[0], table[2], *rejected(table)[::2]) > 0)
    one, more = mover_ratio(*table), mover_ratio(*(times * v for v in table))
    assume(one.method == more.method)

    assert one.low < more.low
    assert more.high < one.high


@law
@given(any_tables)
def test_p_values_are_probabilities_and_do_not_depend_on_names_or_polarity(table):
    for of in (fisher_two_sided, doubled_mid_p):
        p = of(*table)

        assert 0 <= p <= 1
        for other in (swapped(table), rejected(table)):
            assert of(*other) == pytest.approx(p, rel=1e-7, abs=1e-300)


@law
@given(tables)
def test_both_tails_of_the_mid_p_make_one(table):
    lower, upper = lower_mid_p(*table), lower_mid_p(*swapped(table))

    assert min(lower, upper) == pytest.approx(doubled_mid_p(*table), rel=1e-9)
    assert max(lower, upper) == pytest.approx(1, rel=1e-9)


@law
@given(tables)
def test_fisher_is_at_least_half_of_the_doubled_mid_p(table):
    """It contains the whole nearer tail, of which the mid-p counts the observed table half."""
    assert fisher_two_sided(*table) >= doubled_mid_p(*table) / 2 * (1 - 1e-9)


@law
@given(tables)
def test_fewer_selections_of_the_group_make_the_lower_tail_smaller(table):
    x1, n1, x2, n2 = table
    assume(x1 > 0 and x2 < n2)

    assert lower_mid_p(x1 - 1, n1, x2 + 1, n2) <= lower_mid_p(*table) * (1 + 1e-9)


limits = st.sampled_from([0.05, 0.05 / 3, 0.05 / 21, 0.05 / 91, 0.001, 0.1])


@law
@given(st.lists(st.tuples(groups(300), groups(300), limits), min_size=1, max_size=8))
def test_quick_comparison_with_a_limit_equals_the_exact_one(rows):
    flat = [(*a, *b) for a, b, _ in rows]
    columns = np.array(flat, dtype=np.float64).T

    below = lower_mid_p_is_below(*columns, np.array([limit for *_, limit in rows]))

    dead = Fraction(1, 10**9)
    exact = [
        oracles.doubled_lower_mid_p(*table) < Fraction(limit) * (1 - dead)
        for table, (*_, limit) in zip(flat, rows, strict=True)
    ]
    assert below.tolist() == exact


@law
@given(st.lists(st.tuples(groups(10_000_000), groups(10_000_000), limits), min_size=1, max_size=8))
def test_quick_comparison_of_large_tables_equals_the_slow_one(rows):
    columns = np.array([(*a, *b) for a, b, _ in rows], dtype=np.float64).T
    limit = np.array([limit for *_, limit in rows])

    below = lower_mid_p_is_below(*columns, limit)

    assert below.tolist() == (np.asarray(lower_mid_p(*columns)) < limit).tolist()


@law
@given(any_tables)
def test_z_and_h_have_the_sign_of_the_difference(table):
    x1, n1, x2, n2 = table
    z, h, sign = pooled_z(*table), cohen_h(*table), (x1 * n2 > x2 * n1) - (x1 * n2 < x2 * n1)

    assert -math.pi <= h <= math.pi
    assert cohen_h(*swapped(table)) == -h
    assert math.isclose(h, 0, abs_tol=1e-9) or np.sign(h) == sign
    if 0 < x1 + x2 < n1 + n2:
        assert np.sign(z) == sign
        assert pooled_z(*swapped(table)) == pytest.approx(-z, rel=NOISE)
        assert pooled_z(*rejected(table)) == pytest.approx(-z, rel=1e-9)
        four_times = pooled_z(*(4 * v for v in table))
        assert four_times == pytest.approx(2 * z, rel=1e-9)
    else:
        assert math.isnan(z)


@settings(deadline=None, max_examples=6)  # theirs collects garbage on every call
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_equals_statsmodels(p_values):
    found = holm(p_values)

    expected = multipletests(p_values, method="holm")[1] if p_values else []
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@law
@given(st.lists(st.floats(0, 1) | st.just(math.nan), max_size=12))
def test_holm_of_a_family_with_gaps_is_holm_of_the_rest(p_values):
    found = holm(p_values)

    rest = [p for p in p_values if not math.isnan(p)]
    assert [p for p in found if not math.isnan(p)] == holm(rest)
    assert [math.isnan(p) for p in found] == [math.isnan(p) for p in p_values]
    assert all(a >= b for a, b in zip(holm(rest), rest, strict=True))


@law
@given(any_tables, st.floats(0.05, 0.95), st.floats(0.001, 0.05))
def test_a_higher_ratio_is_harder_to_rule_out(table, w, step):
    assume(table[0] + table[2] > 0)

    assert ratio_score_z(*table, w) >= ratio_score_z(*table, w + step)


@law
@given(any_tables, confidences)
def test_lower_limit_of_the_ratio_is_under_the_ratio_and_over_nothing(table, confidence):
    x1, n1, x2, n2 = table
    assume(x2 > 0)
    lower = ratio_score_lower(*table, confidence=confidence)

    assert 0 <= lower <= min(1, x1 * n2 / (n1 * x2) * (1 + 1e-9))
    assert ratio_score_lower(*table, confidence=0.999) <= lower


sizes = st.integers(30, 100_000)
rates = st.floats(0.01, 0.99)


@law
@given(sizes, sizes, rates, st.integers(1, 91))
def test_power_falls_with_the_ratio_and_with_the_number_of_pairs(n_l, n_h, rate, pairs):
    def power(ratio, pairs):
        return pair_power(ratio, n_l, n_h, rate, pairs=pairs, alpha=0.05, threshold=FOUR_FIFTHS)

    at = power(np.linspace(0, 1, 41), pairs)
    assert ((at >= 0) & (at <= 1)).all()
    # where hardly anything is caught more variance can help; that is far from 80 %
    assert at[1:][np.diff(at) > NOISE].max(initial=0) < 0.5
    assert (power(np.linspace(0, 1, 41), pairs + 1) <= at + NOISE).all()


@law
@given(sizes, sizes, rates)
def test_chances_to_pass_do_not_depend_on_which_group_is_first(n_1, n_2, rate):
    for of in (pass_probability_equal, people_factor):
        here = of(n_1, n_2, rate, worth_detecting=SEVEN_TENTHS)

        there = of(n_2, n_1, rate, worth_detecting=SEVEN_TENTHS)
        assert here == pytest.approx(there, rel=NOISE, abs=NOISE)
    chance = pass_probability_equal(n_1, n_2, rate, worth_detecting=SEVEN_TENTHS)
    more = pass_probability_equal(2 * n_1, 2 * n_2, rate, worth_detecting=SEVEN_TENTHS)
    assert 0 <= chance <= more + NOISE
    assert more <= 1


@law
@given(st.floats(0, 1e12))
def test_people_are_never_rounded_down_nor_by_more_than_a_tenth(people):
    rounded = round_people(people)

    assert people <= rounded <= max(people * 1.1, math.ceil(people))
    assert len(str(rounded).rstrip("0")) <= 2


unknown = st.tuples(st.integers(0, 300), st.integers(0, 300))


@law
@given(tables, unknown, st.floats(1, 50), st.floats(1, 50))
def test_bounds_hold_the_ratio_and_widen_with_the_factor(table, extra, factor, wider):
    x1, n1, x2, n2 = table
    assume(x1 > 0 and x2 > 0)

    def bounds(value):
        return ratio_bounds(
            *table, unknown_considered=sum(extra), unknown_favorable=extra[0], factor=value
        )

    low, high = bounds(factor * wider)
    inner = bounds(factor)
    worst = bounds(math.inf)
    assert worst[0] <= low <= inner[0]
    assert inner[1] <= high <= worst[1]
    assert worst[0] <= x1 * n2 / (n1 * x2) * (1 + NOISE)
    assert worst[1] >= x1 * n2 / (n1 * x2) * (1 - NOISE)
    there = ratio_bounds(
        *swapped(table), unknown_considered=sum(extra), unknown_favorable=extra[0], factor=factor
    )
    assert there == pytest.approx((1 / inner[1], 1 / inner[0]), rel=NOISE)


@law
@given(groups(200), groups(200), unknown, unknown)
def test_tipping_factor_separates_what_tips_from_what_does_not(group, reference, others, extra):
    table = (*group, *reference)
    around = Around(
        known_selected=table[0] + table[2] + others[0],
        known_rejected=sum(rejected(table)[::2]) + others[1],
        unknown_selected=extra[0],
        unknown_rejected=extra[1],
    )
    factor = tipping_factor([table], around, SEVEN_TENTHS)

    def low(value):
        return ratio_bounds(
            *table,
            unknown_considered=sum(extra),
            unknown_favorable=extra[0],
            known_considered=around.known_selected + around.known_rejected,
            known_favorable=around.known_selected,
            factor=value,
        )[0]

    assert factor >= 1
    if 1 < factor < 1e9:
        assert low(factor * (1 - 1e-9)) >= 0.7 - 1e-9
        assert low(factor * (1 + 1e-9)) < 0.7 + 1e-9
    elif factor == math.inf:
        assert not low(math.inf) < 0.7 - NOISE
