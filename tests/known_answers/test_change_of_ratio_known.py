"""The test of a changed ratio beside two that others wrote, and beside chance itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects, effectsize_2proportions
from statsmodels.stats.proportion import confint_proportions_2indep

from auditor.inference.change import difference_change, rate_change, ratio_change

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


def newcombe(x1, n1, x2, n2):
    return confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff", alpha=0.05)


@pytest.mark.parametrize(("now", "before"), CASES)
def test_the_change_of_a_rate_has_the_interval_of_statsmodels(now, before):
    made = rate_change(now[:2], before[:2])

    # closed forms on both sides: twelve figures
    assert (made.low, made.high) == pytest.approx(newcombe(*now[:2], *before[:2]), rel=1e-12)
    assert made.change == pytest.approx(now[0] / now[1] - before[0] / before[1], rel=1e-12)


def test_the_interval_of_a_changed_difference_covers_it_as_often_as_it_says():
    """2,000 pairs of periods in which nothing changed; the standard error of a share is 0.005."""
    draw = np.random.default_rng(5)
    held = 0
    for _ in range(2000):
        x = draw.binomial([80, 120, 90, 110], [0.3, 0.5, 0.3, 0.5])
        made = difference_change((x[0], 80, x[1], 120), (x[2], 90, x[3], 110))
        held += made.low <= 0 <= made.high

    assert 0.935 <= held / 2000 <= 0.97


def test_a_rate_of_nobody_has_no_change():
    with pytest.raises(ValueError, match="rate of nobody"):
        rate_change((0, 0), (1, 2))
    with pytest.raises(ValueError, match="rate of nobody"):
        difference_change((1, 2, 1, 2), (1, 2, 0, 0))
