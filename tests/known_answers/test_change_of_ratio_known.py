"""The test of a changed ratio beside two that others wrote, and beside chance itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects, effectsize_2proportions

from auditor.inference.change import ratio_change

CASES = [
    ((400, 1000, 500, 1000), (480, 1000, 500, 1000)),
    ((30, 100, 50, 100), (48, 100, 50, 100)),
    ((7, 40, 300, 900), (9, 35, 280, 1000)),
]


@pytest.mark.filterwarnings("ignore:The Log link function:Warning")
@pytest.mark.parametrize(("now", "before"), CASES)
def test_it_equals_a_saturated_log_binomial_model(now, before):
    """Statsmodels GLM, log link: the interaction of group and period is the change."""
    x, n = np.array([*now[::2], *before[::2]]), np.array([*now[1::2], *before[1::2]])
    group, period = np.array([1, 0, 1, 0]), np.array([1, 1, 0, 0])
    design = np.column_stack([np.ones(4), group, period, group * period])
    family = sm.families.Binomial(link=sm.families.links.Log())
    start = [math.log(x[3] / n[3]), 0.0, 0.0, 0.0]
    # one line for those selected of each cell, one for the others, each as often as it occurs
    fit = sm.GLM(
        np.repeat([1.0, 0.0], 4),
        np.vstack([design, design]),
        family=family,
        freq_weights=np.concatenate([x, n - x]),
    ).fit(start_params=start, tol=1e-12, maxiter=200)

    made = ratio_change(now, before)

    # iterated to convergence: six figures
    assert made.change == pytest.approx(math.exp(fit.params[3]), rel=1e-6)
    assert made.p_value == pytest.approx(fit.pvalues[3], rel=1e-5)
    assert (made.low, made.high) == pytest.approx(np.exp(fit.conf_int()[3]), rel=1e-5)


@pytest.mark.parametrize(("now", "before"), CASES)
def test_it_equals_the_heterogeneity_of_two_log_ratios(now, before):
    """Cochran's Q of two studies has one degree of freedom and is the square of this z."""
    x1, n1, x2, n2 = np.array([now, before], dtype=float).T
    effect, variance = effectsize_2proportions(x1, n1, x2, n2, statistic="risk-ratio")
    combined = combine_effects(effect, variance)

    assert ratio_change(now, before).z ** 2 == pytest.approx(combined.q, rel=1e-9)


def test_without_a_change_it_speaks_one_time_in_twenty():
    rng = np.random.default_rng(11)
    draws = rng.binomial([400, 600, 400, 600], [0.3, 0.4, 0.3, 0.4], size=(4000, 4))
    p_values = [
        ratio_change((a, 400, b, 600), (c, 400, d, 600)).p_value for a, b, c, d in draws.tolist()
    ]

    # three standard errors of a share of 0.05 in 4,000
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.0105)


def test_where_nobody_is_selected_a_half_is_added():
    made = ratio_change((0, 50, 25, 50), (20, 50, 25, 50))

    by_hand = math.log(0.5 / 50.5) - math.log(25.5 / 50.5) - math.log(20.5 / 50.5)
    by_hand += math.log(25.5 / 50.5)
    assert math.log(made.change) == pytest.approx(by_hand, abs=1e-12)
    assert "1/2 added" in made.method


def test_where_everybody_is_selected_nothing_changes():
    made = ratio_change((9, 9, 9, 9), (9, 9, 9, 9))

    assert (made.change, made.p_value) == (1.0, 1.0)


def test_a_rate_of_nobody_is_refused():
    with pytest.raises(ValueError, match="does not exist"):
        ratio_change((0, 0, 1, 2), (1, 2, 1, 2))
