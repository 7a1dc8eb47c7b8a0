"""Intervals against the papers that define them, their defining equations and other software."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom, binomtest, norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from auditor.inference.intervals import (
    CLOPPER_PEARSON_LIMITS,
    WILSON_LIMITS,
    clopper_pearson,
    mover_ratio,
    newcombe_difference,
    wilson,
)
from tests.known_answers.oracles import binomial_tail

Z95 = 1.959963984540054
LARGE = 10_000_000


# R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I: methods 3 and 5
@pytest.mark.parametrize(
    ("x", "n", "wilson_limits", "exact_limits"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombes_examples_of_one_rate(x, n, wilson_limits, exact_limits):
    score, exact = wilson(x, n), clopper_pearson(x, n)

    assert (round(score.low, 4), round(score.high, 4)) == wilson_limits
    assert (round(exact.low, 4), round(exact.high, 4)) == exact_limits


# R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, table II: method 10
@pytest.mark.parametrize(
    ("table", "limits"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombes_examples_of_a_difference(table, limits):
    interval = newcombe_difference(*table)

    assert (round(interval.low, 4), round(interval.high, 4)) == limits


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
@pytest.mark.parametrize(("x", "n"), [(1, 1), (1, 29), (3, 8), (20, 20), (41, 60), (59, 60)])
def test_clopper_pearson_leaves_exactly_its_share_in_each_tail(x, n, confidence):
    limits = clopper_pearson(x, n, confidence=confidence)

    tail = (1 - confidence) / 2
    assert binomial_tail(x, n, limits.low, upper=True) == pytest.approx(tail, rel=1e-11)
    if x < n:
        assert binomial_tail(x, n, limits.high, upper=False) == pytest.approx(tail, rel=1e-11)


@pytest.mark.parametrize("n", [1, 20, 263, LARGE])
def test_clopper_pearson_ends_have_a_closed_form(n):
    nobody, everybody = clopper_pearson(0, n), clopper_pearson(n, n)

    assert (nobody.low, everybody.high) == (0.0, 1.0)
    assert nobody.high == pytest.approx(-math.expm1(math.log(0.025) / n), rel=1e-12)
    assert everybody.low == pytest.approx(math.exp(math.log(0.025) / n), rel=1e-12)


@pytest.mark.parametrize("x", [1, 5, LARGE // 2, LARGE - 1])
def test_clopper_pearson_at_ten_million(x):
    limits = clopper_pearson(x, LARGE)

    # next to 1 a float resolves the limit itself to no more than 1e-8 of its distance from 1
    assert binom.sf(x - 1, LARGE, limits.low) == pytest.approx(0.025, rel=1e-8)
    assert binom.cdf(x, LARGE, limits.high) == pytest.approx(0.025, rel=1e-8)


def at_most_five(n, rate):
    return sum(math.comb(n, k) * rate**k * math.exp((n - k) * math.log1p(-rate)) for k in range(6))


def test_scipys_search_for_the_same_limit_is_less_exact():
    theirs = binomtest(5, LARGE).proportion_ci(0.95, method="exact").high
    ours = clopper_pearson(5, LARGE).high

    assert abs(at_most_five(LARGE, theirs) / 0.025 - 1) > 1e-7
    assert abs(at_most_five(LARGE, ours) / 0.025 - 1) < 1e-9


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_one_rate_agrees_with_statsmodels(confidence):
    x, n = np.array([0, 1, 7, 81, 263, 262, 5_000_000]), np.array([*[263] * 6, LARGE])
    for ours, method in ((clopper_pearson, "beta"), (wilson, "wilson")):
        limits = ours(x, n, confidence=confidence)

        low, high = proportion_confint(x, n, alpha=1 - confidence, method=method)
        np.testing.assert_allclose(limits.low, low, rtol=1e-12, atol=1e-16)
        np.testing.assert_allclose(limits.high, high, rtol=1e-12)


@pytest.mark.parametrize(("x", "n"), [(1, 29), (81, 263), (28, 29), (1, LARGE), (4_000_000, LARGE)])
def test_wilsons_limits_are_the_rates_whose_score_test_just_rejects(x, n):
    limits = wilson(x, n)

    for rate in (limits.low, limits.high):
        score = abs(x / n - rate) / math.sqrt(rate * (1 - rate) / n)
        assert score == pytest.approx(Z95, rel=1e-8)


def test_wilson_is_zero_and_one_at_the_ends():
    limits = wilson([0, 30, LARGE], [30, 30, LARGE])

    assert limits.low[0] == 0.0
    assert (limits.high[1], limits.high[2]) == (1.0, 1.0)


@pytest.mark.parametrize("of", [clopper_pearson, wilson])
def test_nobody_gives_no_interval(of):
    limits = of([0, 3], [0, 10])

    assert np.isnan([limits.low[0], limits.high[0]]).all()
    assert not np.isnan([limits.low[1], limits.high[1]]).any()
    with pytest.raises(RuntimeWarning, match="invalid value"):
        proportion_confint(np.array([0]), np.array([0]), method="wilson")


@pytest.mark.parametrize(
    "table",
    [(0, 10, 0, 20), (10, 10, 0, 20), (5, 56, 0, 29), (12, 40, 48, 80), (3, LARGE, 9, LARGE)],
)
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_difference_agrees_with_statsmodels(table, confidence):
    interval = newcombe_difference(*table, confidence=confidence)

    theirs = confint_proportions_2indep(
        *table, method="newcomb", compare="diff", alpha=1 - confidence
    )
    np.testing.assert_allclose((interval.low, interval.high), theirs, rtol=1e-10, atol=1e-15)


def fieller(table, limits1, limits2):
    """Ratios at which the interval of p1 - ratio * p2, built from the same limits, ends at zero.

    The definition that Donner and Zou solve in closed form; solved here by root finding.
    """
    x1, n1, x2, n2 = table
    (l1, u1), (l2, u2), p1, p2 = limits1, limits2, x1 / n1, x2 / n2

    def lower_end(ratio):
        return p1 - ratio * p2 - math.hypot(p1 - l1, ratio * (u2 - p2))

    def upper_end(ratio):
        return p1 - ratio * p2 + math.hypot(u1 - p1, ratio * (p2 - l2))

    estimate = p1 / p2
    low = brentq(lower_end, 0, estimate, xtol=1e-15, rtol=1e-14)
    return low, brentq(upper_end, estimate, 1e4 * estimate, xtol=1e-15, rtol=1e-14)


@pytest.mark.parametrize("confidence", [0.9, 0.95])
@pytest.mark.parametrize(
    ("table", "method"),
    [
        ((12, 40, 48, 80), CLOPPER_PEARSON_LIMITS),
        ((3, 20, 16, 80), CLOPPER_PEARSON_LIMITS),
        ((39, 40, 2, 20), CLOPPER_PEARSON_LIMITS),
        ((7, 1000, 10, 1000), WILSON_LIMITS),
        ((4, 1000, 5, 1000), CLOPPER_PEARSON_LIMITS),
        ((170, 390, 412, 797), WILSON_LIMITS),
        ((995, 1000, 990, 1000), WILSON_LIMITS),
        ((4_000_000, LARGE, 5_000_000, LARGE), WILSON_LIMITS),
    ],
)
def test_ratio_limits_solve_their_defining_equation(table, method, confidence):
    interval = mover_ratio(*table, confidence=confidence)

    of = clopper_pearson if method == CLOPPER_PEARSON_LIMITS else wilson
    parts = [of(*table[i : i + 2], confidence=confidence) for i in (0, 2)]
    solved = fieller(table, *((part.low, part.high) for part in parts))
    assert interval.method == method
    np.testing.assert_allclose((interval.low, interval.high), solved, rtol=1e-9)


@pytest.mark.parametrize("table", [(4000, 10_000, 5000, 10_000), (50_000, 10**6, 60_000, 10**6)])
def test_ratio_limits_agree_with_the_log_and_score_intervals_of_large_samples(table):
    interval = mover_ratio(*table)

    for method in ("log", "score"):
        theirs = confint_proportions_2indep(*table, method=method, compare="ratio")
        np.testing.assert_allclose((interval.low, interval.high), theirs, rtol=1e-3)


def test_ratio_limits_are_wider_than_the_score_interval_of_a_small_sample():
    """36/40 against 16/80: Miettinen and Nurminen's interval is 2.9346 to 7.1663."""
    interval = mover_ratio(36, 40, 16, 80)

    assert interval.method == CLOPPER_PEARSON_LIMITS
    assert 2.7 < interval.low < 2.9346
    assert 7.1663 < interval.high < 7.7


def test_ratio_limits_survive_the_cells_where_statsmodels_breaks():
    everybody, nobody, no_reference = (
        mover_ratio(*table) for table in ((10, 10, 10, 10), (0, 20, 10, 20), (10, 20, 0, 20))
    )

    assert everybody.low < 1 < everybody.high
    assert (nobody.low, no_reference.high) == (0.0, math.inf)
    assert 0 < nobody.high < 1 < no_reference.low
    # 10/10 against 10/10: an interval that leaves out its own estimate
    assert confint_proportions_2indep(10, 10, 10, 10, method="score", compare="ratio")[0] > 1
    with pytest.raises((ZeroDivisionError, RuntimeWarning)):
        confint_proportions_2indep(10, 20, 0, 20, method="log", compare="ratio")


def test_ratio_without_any_selection_or_any_people():
    interval = mover_ratio([0, 0, 3], [50, 0, 50], [0, 5, 0], [60, 60, 0])

    assert (interval.low[0], interval.high[0]) == (0.0, math.inf)
    assert np.isnan([interval.low[1:], interval.high[1:]]).all()


@pytest.mark.parametrize(
    ("table", "method"),
    [
        ((25, 50, 25, 50), WILSON_LIMITS),
        ((25, 49, 25, 50), CLOPPER_PEARSON_LIMITS),
        ((25, 50, 25, 49), CLOPPER_PEARSON_LIMITS),
        ((5, 50, 5, 50), WILSON_LIMITS),  # 5 selections expected in each
        ((4, 50, 5, 50), CLOPPER_PEARSON_LIMITS),
        ((45, 50, 45, 50), WILSON_LIMITS),  # 5 rejections expected in each
        ((46, 50, 45, 50), CLOPPER_PEARSON_LIMITS),
        ((10, 100, 890, 8900), WILSON_LIMITS),
        ((0, 100, 400, 8900), CLOPPER_PEARSON_LIMITS),  # under 5 expected of 100
    ],
)
def test_which_limits_go_into_a_ratio(table, method):
    assert mover_ratio(*table).method == method


def test_confidence_is_what_the_normal_quantile_says():
    assert norm.ppf(0.975) == pytest.approx(Z95, rel=1e-15)
    assert wilson(50, 100, confidence=0.9).high < wilson(50, 100).high
