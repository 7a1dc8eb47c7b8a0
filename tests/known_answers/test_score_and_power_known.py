"""The score test of a ratio, and what a sample can show, against likelihoods and enumeration."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.proportion import test_proportions_2indep as proportions_test

from auditor.inference.power import (
    pair_power,
    pass_probability_equal,
    people_factor,
    round_people,
    smallest_caught,
)
from auditor.inference.score import ratio_score_lower, ratio_score_z
from auditor.inference.tails import lower_mid_p_is_below

FOUR_FIFTHS, SEVEN_TENTHS = Fraction(4, 5), Fraction(7, 10)
Z95_ONE_SIDED = 1.6448536269514722
LARGE = 10_000_000

# focal and other group, Z at 0.7; from the formula in integers and square roots, six places
WORKED = [
    ((40, 100, 60, 100), -0.332046),
    ((3, 20, 16, 80), 0.118438),
    ((12, 40, 48, 80), -1.381341),
    ((555, 1181, 667, 1390), 7.918107),
    ((170, 390, 412, 797), 2.693596),
    ((52, 119, 412, 797), 1.635880),
    ((18, 41, 412, 797), 1.012721),
    ((300, 500, 600, 800), 3.046075),
    ((11, 40, 12, 40), 0.760267),
]
EDGES = [(0, 20, 5, 30), (20, 20, 5, 30), (7, 20, 30, 30), (0, 20, 30, 30), (1, 1, 1, 2)]


@pytest.mark.parametrize(("table", "z"), WORKED)
def test_z_of_worked_tables(table, z):
    assert ratio_score_z(*table, 0.7) == pytest.approx(z, abs=5e-7)


@pytest.mark.parametrize("w", [0.5, 0.7, 0.8, 1.0])
@pytest.mark.parametrize("table", [t for t, _ in WORKED])
def test_z_agrees_with_statsmodels(table, w):
    theirs = proportions_test(*table, value=w, compare="ratio", method="score").statistic

    assert ratio_score_z(*table, w) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def by_likelihood(x_l, n_l, x_h, n_h, w):
    """Z with the constrained rates found by a search for the highest likelihood."""

    def loss(q):
        terms = ((x_l, w * q), (n_l - x_l, 1 - w * q), (x_h, q), (n_h - x_h, 1 - q))
        return -sum(k * math.log(max(p, 1e-300)) for k, p in terms if k)

    q = minimize_scalar(loss, bounds=(0, 1), method="bounded", options={"xatol": 1e-13}).x
    variance = w * q * (1 - w * q) / n_l + w * w * q * (1 - q) / n_h
    return (x_l / n_l - w * x_h / n_h) / math.sqrt(variance * (n_l + n_h) / (n_l + n_h - 1))


@pytest.mark.parametrize("w", [0.5, 0.7, 0.95])
@pytest.mark.parametrize("table", [*(t for t, _ in WORKED), *EDGES])
def test_z_agrees_with_a_search_for_the_highest_likelihood(table, w):
    assert ratio_score_z(*table, w) == pytest.approx(by_likelihood(*table, w), rel=1e-5)


def in_fifty_digits(x_l, n_l, x_h, n_h):
    getcontext().prec = 50
    w = Decimal("0.7")
    a, c = (n_l + n_h) * w, Decimal(x_l + x_h)
    minus_b = n_l * w + x_l + n_h + x_h * w
    q_h = (minus_b - (minus_b * minus_b - 4 * a * c).sqrt()) / (2 * a)
    q_l = w * q_h
    variance = q_l * (1 - q_l) / n_l + w * w * q_h * (1 - q_h) / n_h
    variance *= Decimal(n_l + n_h) / (n_l + n_h - 1)
    return float((Decimal(x_l) / n_l - w * x_h / n_h) / variance.sqrt())


@pytest.mark.parametrize(
    "table",
    [
        (4_000_000, LARGE, 5_000_000, LARGE),
        (3, LARGE, 4, LARGE),
        (LARGE - 1, LARGE, LARGE, LARGE),
        (30, 100, 3_000_000, LARGE),
    ],
)
def test_z_of_ten_million_people_keeps_its_digits(table):
    assert ratio_score_z(*table, 0.7) == pytest.approx(in_fifty_digits(*table), rel=1e-9)


def test_z_without_people_or_variance_is_undefined_or_certain():
    assert math.isnan(ratio_score_z(0, 0, 5, 10, 0.7))
    assert math.isnan(ratio_score_z(5, 10, 0, 0, 0.7))
    assert math.isnan(ratio_score_z(0, 10, 0, 20, 0.7))
    assert math.isnan(ratio_score_z(10, 10, 20, 20, 1.0))
    mixed = ratio_score_z([0, 40], [0, 100], [5, 60], [10, 100], 0.7)
    assert math.isnan(mixed[0])
    assert mixed[1] == pytest.approx(-0.332046, abs=5e-7)


def test_lower_limit_is_one_over_the_published_upper_limit_of_the_inverse_ratio():
    """36/40 against 16/80: Miettinen and Nurminen's interval is 2.9346 to 7.1663."""
    lower = ratio_score_lower(16, 80, 36, 40, confidence=0.975)

    assert round(1 / lower, 4) == 7.1663


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
@pytest.mark.parametrize("table", [t for t, _ in WORKED])
def test_lower_limit_agrees_with_statsmodels_and_with_z(table, confidence):
    lower = ratio_score_lower(*table, confidence=confidence)

    theirs, _ = confint_proportions_2indep(
        *table, compare="ratio", method="score", alpha=2 * (1 - confidence)
    )
    assert lower == pytest.approx(theirs, rel=1e-6)
    quantile = {0.9: 1.2815515655446004, 0.95: Z95_ONE_SIDED, 0.999: 3.090232306167813}
    assert ratio_score_z(*table, lower) == pytest.approx(quantile[confidence], rel=1e-9)


def test_lower_limit_where_the_ratio_has_no_end():
    nobody, above_one, empty, no_people = ratio_score_lower(
        [0, 30, 0, 3], [10, 40, 0, 9], [0, 8, 5, 0], [10, 80, 9, 0]
    )

    assert (nobody, above_one) == (0.0, 1.0)
    assert math.isnan(empty)
    assert math.isnan(no_people)


def table_chances(n_l, rate_l, n_h, rate_h):
    """All tables that matter, with their probabilities: counts as float arrays, shape (k,)."""
    weights = [binom.pmf(np.arange(n + 1), n, p) for n, p in ((n_l, rate_l), (n_h, rate_h))]
    kept = [np.flatnonzero(w > 1e-11) for w in weights]
    x_l, x_h = (x.ravel() for x in np.meshgrid(*kept, indexing="ij"))
    return x_l, x_h, weights[0][x_l] * weights[1][x_h]


def counted_power(ratio, n_l, n_h, rate, *, pairs):
    """Chance that both keys turn and stay turned after one selection has moved."""
    x_l, x_h, chance = table_chances(n_l, ratio * rate, n_h, rate)
    turned = (5 * x_l * n_h < 4 * x_h * n_l) & (5 * (x_l + 1) * n_h < 4 * (x_h - 1) * n_l)
    x_l, x_h, chance = x_l[turned] + 1.0, x_h[turned] - 1.0, chance[turned]
    sizes = (np.full(x_l.shape, float(n)) for n in (n_l, n_h))
    n1, n2 = sizes
    return chance[lower_mid_p_is_below(x_l, n1, x_h, n2, np.full(x_l.shape, 0.05 / pairs))].sum()


@pytest.mark.parametrize("pairs", [1, 10, 21])
@pytest.mark.parametrize("rate", [0.05, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("sizes", [(100, 100), (200, 800), (400, 400), (200, 1000), (400, 1600)])
def test_power_is_within_four_hundredths_of_enumeration(sizes, rate, pairs):
    power = pair_power(0.7, *sizes, rate, pairs=pairs, alpha=0.05, threshold=FOUR_FIFTHS)

    assert power == pytest.approx(counted_power(0.7, *sizes, rate, pairs=pairs), abs=0.04)


@pytest.mark.parametrize("sizes", [(100, 400), (300, 300), (250, 1000)])
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
def test_the_smallest_ratio_caught_is_caught_about_eight_times_in_ten(sizes, rate):
    caught = smallest_caught(*sizes, rate, pairs=1, alpha=0.05, threshold=FOUR_FIFTHS)

    again = pair_power(caught, *sizes, rate, pairs=1, alpha=0.05, threshold=FOUR_FIFTHS)
    assert again == pytest.approx(0.8, abs=1e-9)
    # the formula is cautious for ratios far below 0.7
    assert 0.77 <= counted_power(caught, *sizes, rate, pairs=1) <= 0.88


def test_power_where_nothing_varies_or_nothing_can_be_caught():
    def power(ratio, n, rate):
        return pair_power(ratio, n, n, rate, pairs=1, alpha=0.05, threshold=FOUR_FIFTHS)

    assert power(0.0, 1000, 1.0) == 1.0
    assert power(0.7, 1000, 0.0) == 0.0
    assert power(1.0, 1000, 1.0) == 0.0
    assert math.isnan(smallest_caught(10, 10, 0.1, pairs=1, alpha=0.05, threshold=FOUR_FIFTHS))


def counted_pass(n_1, n_2, rate):
    """Chance that the lower group is shown to be above 0.7 and is not below 4/5."""
    x_1, x_2, chance = table_chances(n_1, rate, n_2, rate)
    first_lower = x_1 * n_2 <= x_2 * n_1
    sizes = np.full(x_1.shape, n_1), np.full(x_1.shape, n_2)
    n_l, n_h = np.where(first_lower, *sizes), np.where(first_lower, *sizes[::-1])
    x_l, x_h = np.where(first_lower, x_1, x_2), np.where(first_lower, x_2, x_1)
    shown = ratio_score_z(x_l, n_l, x_h, n_h, 0.7) >= Z95_ONE_SIDED
    return chance[shown & (5 * x_l * n_h >= 4 * x_h * n_l)].sum()


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.3, 0.5, 0.8])
@pytest.mark.parametrize(
    ("sizes", "error"),
    [((200, 200), 0.03), ((200, 800), 0.03), ((470, 530), 0.03), ((100, 100), 0.05)],
)
def test_pass_probability_of_equal_groups_is_near_enumeration(sizes, error, rate):
    found = pass_probability_equal(*sizes, rate, worth_detecting=SEVEN_TENTHS)

    counted = counted_pass(*sizes, rate)
    assert counted - error <= found <= counted + 0.01


@pytest.mark.parametrize(
    ("sizes", "rate", "most"),
    [((235, 265), 0.3, 0.83), ((90, 90), 0.6, 0.83), ((150, 600), 0.3, 0.9)],
)
def test_with_the_people_needed_equal_groups_pass_eight_times_in_ten(sizes, rate, most):
    factor = people_factor(*sizes, rate, worth_detecting=SEVEN_TENTHS)

    needed = [round(n * factor) for n in sizes]
    assert 0.77 <= counted_pass(*needed, rate) <= most


def test_people_needed_as_a_report_says_it():
    """Sex, 235 and 265 people, rate 0.3: "about 660 considered (now 500)"."""
    factor = people_factor(235, 265, 0.3, worth_detecting=SEVEN_TENTHS)

    assert round_people(500 * factor) == 660


def test_people_needed_do_not_depend_on_the_current_size():
    small, large = (
        people_factor(n, 2 * n, 0.4, worth_detecting=SEVEN_TENTHS) * n for n in (1000, 1_000_000)
    )

    assert small == pytest.approx(large, rel=1e-3)


def test_people_needed_at_rate_zero_and_one():
    assert people_factor(100, 100, 0.0, worth_detecting=SEVEN_TENTHS) == math.inf
    assert 0 < people_factor(100, 100, 1.0, worth_detecting=SEVEN_TENTHS) < 1
    assert pass_probability_equal(100, 100, 1.0, worth_detecting=SEVEN_TENTHS) == 1.0
    assert pass_probability_equal(100, 100, 0.0, worth_detecting=SEVEN_TENTHS) == 0.0


@pytest.mark.parametrize(
    ("people", "rounded"),
    [(0, 0), (0.2, 1), (99, 99), (99.01, 100), (100.5, 110), (651.2, 660), (12_001, 13_000)],
)
def test_people_are_rounded_up_to_two_figures(people, rounded):
    assert round_people(people) == rounded


@pytest.mark.parametrize("people", [-1, math.inf, math.nan])
def test_people_that_are_no_number_of_people_are_refused(people):
    with pytest.raises(ValueError, match="people must be a finite number"):
        round_people(people)
