"""Scalars in, plain floats out; arrays in, arrays of the same shape; misuse is a ValueError."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from auditor.inference.intervals import clopper_pearson, mover_ratio, newcombe_difference, wilson
from auditor.inference.power import (
    pair_power,
    pass_probability_equal,
    people_factor,
    smallest_caught,
)
from auditor.inference.score import ratio_score_lower, ratio_score_z
from auditor.inference.significance import (
    cohen_h,
    doubled_mid_p,
    fisher_two_sided,
    lower_mid_p,
    pooled_z,
)

PAIR = (12, 40, 48, 80)
OF_TWO_GROUPS: dict[str, Callable[..., Any]] = {
    "newcombe low": lambda *t: newcombe_difference(*t).low,
    "newcombe high": lambda *t: newcombe_difference(*t).high,
    "mover low": lambda *t: mover_ratio(*t).low,
    "mover high": lambda *t: mover_ratio(*t).high,
    "fisher": fisher_two_sided,
    "doubled mid-p": doubled_mid_p,
    "lower mid-p": lower_mid_p,
    "z": pooled_z,
    "h": cohen_h,
    "score z": lambda *t: ratio_score_z(*t, 0.7),
    "score limit": ratio_score_lower,
}


@pytest.mark.parametrize("of", OF_TWO_GROUPS.values(), ids=OF_TWO_GROUPS)
def test_statistics_of_two_groups_keep_the_shape_of_the_counts(of):
    one = of(*PAIR)
    grid = of(np.array([[12, 30, 0], [3, 20, 40]]), 40, [[48], [16]], 80)

    assert type(one) is float
    assert grid.shape == (2, 3)
    assert grid.dtype == np.float64
    assert grid[0, 0] == one
    assert of([], [], [], []).shape == (0,)


@pytest.mark.parametrize("of", OF_TWO_GROUPS.values(), ids=OF_TWO_GROUPS)
def test_statistics_of_two_groups_leave_the_counts_alone(of):
    counts = [np.array([v, v]) for v in PAIR]

    of(*counts)

    assert [c.tolist() for c in counts] == [[v, v] for v in PAIR]


@pytest.mark.parametrize("of", OF_TWO_GROUPS.values(), ids=OF_TWO_GROUPS)
@pytest.mark.parametrize("counts", [(41, 40, 48, 80), (12, 40, 81, 80), (-1, 40, 48, 80)])
def test_statistics_of_two_groups_refuse_counts_that_cannot_be(of, counts):
    with pytest.raises(ValueError, match="whole numbers"):
        of(*counts)


@pytest.mark.parametrize("of", [clopper_pearson, wilson])
def test_intervals_of_one_rate_keep_the_shape_of_the_counts(of):
    one, many = of(12, 40), of([[12], [3]], [40, 20, 13])

    assert (type(one.low), type(one.high)) == (float, float)
    assert many.low.shape == many.high.shape == (2, 3)
    assert (many.low[0, 0], many.high[0, 0]) == (one.low, one.high)
    with pytest.raises(ValueError, match="whole numbers"):
        of(3, 2)


def test_the_method_of_a_ratio_is_a_text_or_one_text_for_each():
    one, many = mover_ratio(*PAIR), mover_ratio([12, 120], [40, 400], [48, 480], [80, 800])

    assert type(one.method) is str
    assert many.method.tolist() == [one.method, "MOVER from Wilson limits"]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
@pytest.mark.parametrize(
    ("of", "counts"),
    [
        (clopper_pearson, (12, 40)),
        (wilson, (12, 40)),
        (newcombe_difference, PAIR),
        (mover_ratio, PAIR),
        (ratio_score_lower, PAIR),
    ],
)
def test_a_confidence_that_is_none_is_refused(of, counts, confidence):
    with pytest.raises(ValueError, match=r"The 'confidence' parameter must be in the range"):
        of(*counts, confidence=confidence)


def test_what_a_sample_can_show_keeps_the_shape_of_the_sizes():
    gate = {"alpha": 0.05, "threshold": Fraction(4, 5)}
    sizes, others = np.array([[100], [1000]]), np.array([200, 400, 800])

    caught = smallest_caught(sizes, others, 0.3, pairs=1, **gate)
    power = pair_power(0.7, sizes, others, 0.3, pairs=[1, 3, 21], **gate)
    chance = pass_probability_equal(sizes, others, 0.3, worth_detecting=Fraction(7, 10))
    factor = people_factor(sizes, others, 0.3, worth_detecting=Fraction(7, 10))

    assert {a.shape for a in (caught, power, chance, factor)} == {(2, 3)}
    assert caught[1, 2] == smallest_caught(1000, 800, 0.3, pairs=1, **gate)
    assert type(smallest_caught(1000, 800, 0.3, pairs=1, **gate)) is float
    assert type(people_factor(1000, 800, 0.3, worth_detecting=Fraction(7, 10))) is float


def test_one_ratio_under_test_for_each_table():
    z = ratio_score_z(40, 100, 60, 100, [0.6, 0.7, 0.8])

    assert z.tolist() == [ratio_score_z(40, 100, 60, 100, w) for w in (0.6, 0.7, 0.8)]
