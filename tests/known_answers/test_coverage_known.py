"""How often intervals cover the truth, counted over all tables: no simulation, no chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from auditor.inference.intervals import clopper_pearson, mover_ratio, wilson

EDGE = 1e-12
"""Room for a truth that lies on a limit, where the last bit would decide."""


def rate_coverage(of, n, rates):
    limits = of(np.arange(n + 1), n)
    covered = (limits.low[:, None] <= rates + EDGE) & (limits.high[:, None] >= rates - EDGE)
    return (binom.pmf(np.arange(n + 1)[:, None], n, rates) * covered).sum(axis=0)


@pytest.mark.parametrize("n", [1, 10, 50, 400])
def test_clopper_pearson_covers_95_per_cent_at_every_rate(n):
    rates = np.linspace(0.001, 0.999, 997)

    assert rate_coverage(clopper_pearson, n, rates).min() >= 0.95


def test_wilson_does_not_cover_95_per_cent_at_every_rate():
    """Why the interval beside a rate is not Wilson's."""
    rates = np.linspace(0.01, 0.5, 491)

    assert 0.89 < rate_coverage(wilson, 50, rates).min() < 0.90


def ratio_coverage(n1, n2, rates1, rates2):
    """Coverage and the share of tables whose upper limit is below the truth, by both rates."""
    x1, x2 = np.arange(n1 + 1), np.arange(n2 + 1)
    limits = mover_ratio(x1[:, None], n1, x2, n2)
    covered, missed = np.empty((2, len(rates1), len(rates2)))
    weights2 = [binom.pmf(x2, n2, rate) for rate in rates2]
    for i, rate1 in enumerate(rates1):
        weights1 = binom.pmf(x1, n1, rate1)
        for j, rate2 in enumerate(rates2):
            ratio = rate1 / rate2
            above = limits.high >= ratio * (1 - EDGE)
            covered[i, j] = weights1 @ (above & (limits.low <= ratio * (1 + EDGE))) @ weights2[j]
            missed[i, j] = weights1 @ ~above @ weights2[j]
    return covered, missed


@pytest.mark.parametrize(("n1", "n2"), [(5, 5), (8, 35), (20, 50), (45, 20), (49, 200)])
def test_ratio_of_small_groups_is_covered_at_95_per_cent(n1, n2):
    rates = np.linspace(0.02, 1, 50)

    covered, _ = ratio_coverage(n1, n2, rates, rates)

    assert covered.min() >= 0.95


@pytest.mark.parametrize(("n1", "n2"), [(50, 50), (52, 52), (51, 53), (60, 240), (100, 100)])
def test_ratio_of_larger_groups_is_covered_at_93_8_per_cent(n1, n2):
    rates = np.linspace(0.05, 0.95, 46)

    covered, _ = ratio_coverage(n1, n2, rates, rates)

    ratios = rates[:, None] / rates
    assert covered[(ratios >= 0.5) & (ratios <= 2)].min() >= 0.938


@pytest.mark.parametrize(("n1", "n2"), [(50, 50), (51, 51), (50, 200), (100, 100)])
def test_ratio_up_to_one_meets_the_goal_of_94_per_cent(n1, n2):
    rates = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
    for ratio in (0.5, 0.7, 0.8, 0.9, 1.0):
        found = [ratio_coverage(n1, n2, [ratio * rate], [rate]) for rate in rates]

        assert min(covered[0, 0] for covered, _ in found) >= 0.94
        assert max(missed[0, 0] for _, missed in found) <= 0.030


@pytest.mark.parametrize(
    ("n1", "n2", "rate1", "rate2", "coverage"),
    [(52, 52, 0.5, 0.5, 0.9381), (100, 50, 1.0, 0.5, 0.9351), (55, 55, 0.003, 0.95, 0.8477)],
)
def test_where_the_ratio_is_covered_less(n1, n2, rate1, rate2, coverage):
    """The figures of the docstring are not better than the truth."""
    covered, _ = ratio_coverage(n1, n2, [rate1], [rate2])

    assert covered[0, 0] == pytest.approx(coverage, abs=5e-5)
