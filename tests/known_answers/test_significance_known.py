"""Tests for two rates against textbooks, exact integers, other software and R's rules."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact, hypergeom
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize, proportions_ztest

from auditor.inference.significance import (
    cohen_h,
    doubled_mid_p,
    fisher_two_sided,
    holm,
    lower_mid_p,
    pooled_z,
)
from tests.known_answers import oracles

LARGE = 10_000_000

# focal and other group; the p-values are exact sums of integer binomials
MID_P = [
    ((40, 100, 60, 100), 0.00497269),
    ((3, 20, 16, 80), 0.64851348),
    ((12, 40, 48, 80), 0.00214224),
    ((555, 1181, 667, 1390), 0.61618629),
    ((170, 390, 412, 797), 0.00877247),
    ((52, 119, 412, 797), 0.10511540),
    ((18, 41, 412, 797), 0.33652652),
    ((11, 40, 12, 40), 0.81092761),
]
MID_P_AFTER_ONE_MOVED = [
    ((41, 100, 59, 100), 0.01152862),
    ((13, 40, 47, 80), 0.00737851),
    ((556, 1181, 666, 1390), 0.67296986),
    ((171, 390, 411, 797), 0.01252213),
    ((53, 119, 411, 797), 0.15430537),
    ((19, 41, 411, 797), 0.51906277),
]


def small_tables(largest):
    sizes = range(1, largest + 1)
    return [
        (x1, n1, x2, n2)
        for n1, n2 in product(sizes, sizes)
        for x1, x2 in product(range(n1 + 1), range(n2 + 1))
    ]


def random_tables(count, largest, seed):
    rng = np.random.default_rng(seed)
    n1, n2 = rng.integers(1, largest, (2, count))
    rate = rng.random(count)
    x1, x2 = rng.binomial(n1, rate), rng.binomial(n2, rate * rng.uniform(0.5, 1, count))
    return np.column_stack([x1, n1, x2, n2]).tolist()


def test_the_lady_tasting_tea():
    """R. A. Fisher, The Design of Experiments (1935): 17 of 35, and 1 of 35 for all cups right."""
    assert fisher_two_sided(3, 4, 1, 4) == pytest.approx(17 / 35, rel=1e-15)
    assert fisher_two_sided(4, 4, 0, 4) == pytest.approx(2 / 70, rel=1e-14)
    assert lower_mid_p(1, 4, 3, 4) == pytest.approx(2 * (1 + 16 / 2) / 70, rel=1e-14)


def test_convictions_of_twins():
    """The example of R's ?fisher.test: 0.0005367 two-sided; its lower tail is 0.0004652."""
    table = (2, 17, 10, 13)

    assert fisher_two_sided(*table) == pytest.approx(0.0005367, abs=5e-8)
    at = float(hypergeom.pmf(2, 30, 12, 17))
    assert (lower_mid_p(*table) + at) / 2 == pytest.approx(0.0004652, abs=5e-8)


def test_fisher_equals_exact_integers_on_every_small_table():
    tables = small_tables(7)

    found = fisher_two_sided(*np.array(tables).T)

    exact = [float(oracles.fisher(*t)) for t in tables]
    assert len(tables) == 1225
    np.testing.assert_allclose(found, exact, rtol=1e-13)


def test_mid_p_equals_exact_integers_on_every_small_table():
    tables = small_tables(9)
    columns = np.array(tables).T

    doubled, lower = doubled_mid_p(*columns), lower_mid_p(*columns)

    np.testing.assert_allclose(doubled, [float(oracles.doubled_mid_p(*t)) for t in tables], 1e-13)
    exact = [float(oracles.doubled_lower_mid_p(*t)) for t in tables]
    np.testing.assert_allclose(lower, exact, rtol=1e-13)


def test_exact_tests_equal_integers_on_random_tables_of_hundreds():
    tables = random_tables(150, 400, seed=3)
    columns = np.array(tables).T

    fisher, mid = fisher_two_sided(*columns), doubled_mid_p(*columns)

    np.testing.assert_allclose(fisher, [float(oracles.fisher(*t)) for t in tables], rtol=1e-11)
    np.testing.assert_allclose(mid, [float(oracles.doubled_mid_p(*t)) for t in tables], rtol=1e-11)


def by_recursion(x1, n1, x2, n2):
    """Fisher's p and doubled mid-p from the ratios of neighbouring tables, widest precision."""
    selected, people = x1 + x2, n1 + n2
    mean = selected * n1 / people
    reach = 60 * math.sqrt(mean * (1 - selected / people) * n2 / people) + abs(x1 - mean) + 5
    first = max(0, selected - n2, int(mean - reach))
    last = min(n1, selected, int(mean + reach))
    k = np.arange(first, last, dtype=np.longdouble)
    steps = np.log((selected - k) * (n1 - k)) - np.log((k + 1) * (n2 - selected + k + 1))
    logs = np.concatenate([[np.longdouble(0)], np.cumsum(steps)])
    weights = np.exp(logs - logs.max())
    at = weights[x1 - first]
    p = weights[weights <= at * np.longdouble(1 + 1e-7)].sum() / weights.sum()
    lower = (weights[: x1 - first].sum() + at / 2) / weights.sum()
    return float(p), float(min(1, 2 * min(lower, 1 - lower)))


@pytest.mark.parametrize(
    "table",
    [
        (1900, 10_000, 2000, 10_000),
        (29_600, 100_000, 30_000, 100_000),
        (70, 100_000, 1000, 1_000_000),
        (399_000, 1_000_000, 400_000, 1_000_000),
        (2_998_000, LARGE, 3_000_000, LARGE),
        (470, LARGE, 530, LARGE),
        (0, 2000, 100_000, 998_000),  # as unlikely on the other side: 24 sd beyond the mean
    ],
)
def test_exact_tests_of_large_tables_equal_a_ratio_recursion(table):
    fisher, mid = by_recursion(*table)

    assert 0 < fisher < 1
    assert fisher_two_sided(*table) == pytest.approx(fisher, rel=1e-7, abs=0)
    assert doubled_mid_p(*table) == pytest.approx(mid, rel=1e-7, abs=0)


@pytest.mark.parametrize(("table", "p"), MID_P)
def test_mid_p_of_worked_tables(table, p):
    assert doubled_mid_p(*table) == pytest.approx(p, abs=5e-9)


@pytest.mark.parametrize(("table", "p"), MID_P_AFTER_ONE_MOVED)
def test_lower_mid_p_of_worked_tables_after_one_selection_has_moved(table, p):
    assert lower_mid_p(*table) == pytest.approx(p, abs=5e-9)


def test_equally_likely_tables_are_counted_on_both_sides():
    """With equal groups the mirror image is exactly as likely, and it is counted."""
    for n in (10, 33, 1000, 400_000):
        one_sided = float(hypergeom.cdf(n // 3, 2 * n, n, n))

        assert fisher_two_sided(n // 3, n, n - n // 3, n) == pytest.approx(2 * one_sided, rel=1e-12)


def test_a_tie_beside_the_mode_of_a_million_people_is_not_missed():
    """Both modes are equally likely, so no table is likelier: p is 1. scipy's rule is tighter."""
    n1, n2, selected = 499_999, 1_499_999, 54_091
    x1 = 13_522
    assert (n1 + 1) * (selected + 1) == (x1 + 1) * (n1 + n2 + 2)

    ours = [fisher_two_sided(x, n1, selected - x, n2) for x in (x1, x1 + 1)]
    theirs = fisher_exact([[x1, n1 - x1], [selected - x1, n2 - selected + x1]]).pvalue

    assert ours == [1.0, 1.0]
    assert theirs < 0.997


def test_tables_within_a_relative_1e_7_are_a_tie():
    """R's rule: the table 4.5e-8 likelier than the observed one counts as equally likely."""
    table = (286, 1494, 200, 1032)
    weights = oracles.table_weights(*table)
    assert 0 < Fraction(weights[289], weights[286]) - 1 < Fraction(1, 10**7)

    strictly = sum(w for w in weights.values() if w <= weights[286]) / sum(weights.values())

    assert fisher_two_sided(*table) == pytest.approx(float(oracles.fisher(*table)), rel=1e-12)
    assert strictly == pytest.approx(0.8778, abs=5e-5)
    assert fisher_two_sided(*table) == pytest.approx(0.9182, abs=5e-5)


def test_tables_one_per_cent_apart_are_no_tie():
    table = (26, 48, 206, 259)
    weights = oracles.table_weights(*table)
    likelier = min(w for w in weights.values() if w > weights[26])

    assert likelier > weights[26] * 1.01
    assert fisher_two_sided(*table) == pytest.approx(float(oracles.fisher(*table)), rel=1e-13)


@pytest.mark.parametrize(
    "table", [(0, 0, 3, 10), (3, 10, 0, 0), (0, 10, 0, 20), (10, 10, 20, 20), (0, 0, 0, 0)]
)
def test_an_empty_margin_proves_nothing(table):
    assert fisher_two_sided(*table) == 1.0
    assert doubled_mid_p(*table) == 1.0
    assert lower_mid_p(*table) == 1.0
    assert math.isnan(pooled_z(*table))


def test_ten_million_people_on_opposite_sides_give_zero_and_not_a_missing_p():
    table = (0, LARGE, LARGE, LARGE)

    assert fisher_two_sided(*table) == 0.0
    assert doubled_mid_p(*table) == 0.0
    assert lower_mid_p(*table) == 0.0
    assert lower_mid_p(*table[2:], *table[:2]) == 1.0
    assert fisher_two_sided(30_000, 100_000, 50_000, 100_000) == 0.0


def test_small_p_values_keep_their_digits():
    table = (10, 200, 150, 200)
    exact = oracles.fisher(*table)

    assert exact < 1e-40
    assert fisher_two_sided(*table) == pytest.approx(float(exact), rel=1e-11, abs=0)
    assert doubled_mid_p(*table) == pytest.approx(
        float(oracles.doubled_mid_p(*table)), rel=1e-11, abs=0
    )


@pytest.mark.parametrize(
    "table",
    [
        (12, 40, 48, 80),
        (0, 20, 5, 30),
        (555, 1181, 667, 1390),
        (3_998_000, LARGE, 4 * 10**6, LARGE),
    ],
)
def test_z_agrees_with_statsmodels_and_with_the_square_root_of_chi_square(table):
    x1, n1, x2, n2 = table
    z = pooled_z(*table)

    assert z == pytest.approx(proportions_ztest([x1, x2], [n1, n2])[0], rel=1e-9)
    chi2 = chi2_contingency([[x1, n1 - x1], [x2, n2 - x2]], correction=False).statistic
    assert z * z == pytest.approx(chi2, rel=1e-9)


def test_z_is_the_textbook_fraction():
    x1, n1, x2, n2 = 157, 2435, 235, 2435
    common = Fraction(x1 + x2, n1 + n2)
    squared = (Fraction(x1, n1) - Fraction(x2, n2)) ** 2 / (
        common * (1 - common) * (Fraction(1, n1) + Fraction(1, n2))
    )

    assert pooled_z(x1, n1, x2, n2) == pytest.approx(-math.sqrt(squared), rel=1e-15)
    assert round(pooled_z(x1, n1, x2, n2), 6) == -4.108412


def test_z_is_defined_where_only_one_group_selects():
    z = pooled_z([0, 5, 0], [10, 10, 10], [5, 0, 0], [10, 10, 10])

    assert z[0] == -z[1] < 0
    assert math.isnan(z[2])


# J. Cohen, Statistical Power Analysis, 2nd ed., table 6.2.2: phi = 2 arcsin sqrt(P)
@pytest.mark.parametrize(
    ("per_cent", "phi"),
    [(5, 0.451), (10, 0.644), (20, 0.927), (25, 1.047), (50, 1.571), (60, 1.772), (90, 2.498)],
)
def test_cohens_table_of_phi(per_cent, phi):
    assert round(cohen_h(per_cent, 100, 0, 7), 3) == phi


def test_cohen_h_agrees_with_statsmodels_and_spans_pi():
    assert cohen_h(12, 40, 48, 80) == pytest.approx(proportion_effectsize(0.3, 0.6), rel=1e-13)
    assert cohen_h(9, 9, 0, 3) == pytest.approx(math.pi, rel=1e-15)
    assert math.isnan(cohen_h(0, 0, 1, 3))
    # a public package leaves out the square root and gets -0.678 here
    assert cohen_h(12, 40, 48, 80) == pytest.approx(-0.612875, abs=5e-7)


# R's ?pairwise.prop.test, smokers (Fleiss 1981): raw and Holm-adjusted, to three places
RAW = [1.0, 0.803862, 0.711772, 0.023713, 0.0155362, 0.030942]
ADJUSTED = [1.0, 1.0, 1.0, 0.119, 0.093, 0.124]


def test_holm_adjusts_the_smokers_as_r_does():
    assert [round(p, 3) for p in holm(RAW)] == ADJUSTED


def test_holm_of_a_worked_family():
    assert holm([0.001, 0.008, 0.012, 0.041, 0.2, 0.74]) == pytest.approx(
        [0.006, 0.04, 0.048, 0.123, 0.4, 0.74], rel=1e-12
    )
    assert holm([0.031, 0.03]) == [0.06, 0.06]
    assert holm([]) == []
    assert holm([0.3]) == [0.3]


def test_holm_leaves_undefined_comparisons_out_of_the_family():
    """statsmodels counts a NaN: the 0.01 of a family of two becomes 0.03."""
    family = [0.01, float("nan"), 0.03]

    ours, theirs = holm(family), multipletests(family, method="holm")[1]

    assert (ours[0], ours[2]) == (0.02, 0.03)
    assert math.isnan(ours[1])
    assert theirs[0] == pytest.approx(0.03)
