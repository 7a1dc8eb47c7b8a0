"""The quick comparison of a mid-p with its limit gives the answer that exact integers give."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from auditor.inference.significance import lower_mid_p
from auditor.inference.tails import clearly_below, lower_mid_p_is_below
from tests.known_answers import oracles


def ask(tables, limits):
    columns = np.array(tables, dtype=np.float64).T
    return lower_mid_p_is_below(*columns, np.array(limits, dtype=np.float64))


def test_every_small_table_on_both_sides_of_every_limit():
    tables = [
        (x1, n1, x2, n2)
        for n1 in range(1, 9)
        for n2 in range(1, 9)
        for x1 in range(n1 + 1)
        for x2 in range(n2 + 1)
    ]
    exact = [oracles.doubled_lower_mid_p(*t) for t in tables]
    for limit in (0.05, 0.05 / 3, 0.05 / 91, 0.5):
        expected = [p < Fraction(limit) * (1 - Fraction(1, 10**9)) for p in exact]

        assert ask(tables, [limit] * len(tables)).tolist() == expected


@pytest.mark.parametrize(
    "table", [(3, 20, 16, 80), (41, 100, 59, 100), (170, 390, 412, 797), (0, 40, 6, 40)]
)
def test_limits_a_hair_beside_the_exact_value(table):
    p = float(oracles.doubled_lower_mid_p(*table))
    factors = [1 - 1e-5, 1 - 2e-9, 1 - 1e-10, 1.0, 1 + 1e-10, 1 + 2e-9, 1 + 1e-5]

    below = ask([table] * len(factors), [p * f for f in factors])

    # within a relative 1e-9 of the limit nothing is decided, so it is not below
    assert below.tolist() == [False] * 5 + [True] * 2


def test_moved_tables_with_published_values():
    tables = [(41, 100, 59, 100), (13, 40, 47, 80), (171, 390, 411, 797)]
    values = [0.01152862, 0.00737851, 0.01252213]

    assert not ask(tables, [v - 1e-8 for v in values]).any()
    assert ask(tables, [v + 1e-8 for v in values]).all()


def test_large_tables_get_the_answer_of_the_exact_p_value():
    rng = np.random.default_rng(5)
    n1, n2 = rng.integers(1_000, 10_000_000, (2, 300))
    rate = rng.uniform(0.001, 0.6, 300)
    x1 = rng.binomial(n1, rate * rng.uniform(0.99, 1.005, 300))
    x2 = rng.binomial(n2, rate)
    limit = rng.choice([0.05, 0.05 / 21, 0.05 / 91], 300)

    below = ask(np.column_stack([x1, n1, x2, n2]), limit)

    exact = lower_mid_p(x1, n1, x2, n2)
    assert 30 < below.sum() < 270
    assert below.tolist() == (exact < limit).tolist()


@pytest.mark.parametrize(
    "table",
    [
        (10_000, 10_000, 0, 10_000),
        (400, 100_000, 0, 10_000_000),
        (29, 29, 71, 10_000_000),
        (5_000_000, 10_000_000, 4_000_000, 10_000_000),
    ],
)
def test_the_far_upper_tail_neither_overflows_nor_counts(table):
    x1, n1, x2, n2 = table

    assert ask([table], [0.05]).tolist() == [False]
    assert ask([(x2, n2, x1, n1)], [0.05]).tolist() == [True]


@pytest.mark.parametrize("table", [(0, 0, 3, 9), (3, 9, 0, 0), (0, 9, 0, 9), (9, 9, 9, 9)])
def test_an_empty_margin_is_never_below(table):
    assert ask([table], [0.999]).tolist() == [False]


def test_no_tables_no_answers():
    empty = np.array([])

    assert lower_mid_p_is_below(empty, empty, empty, empty, empty).shape == (0,)


def test_the_dead_zone_is_on_both_sides_of_the_limit():
    p = 0.05 * np.array([1 - 1e-8, 1 - 1e-10, 1.0, 1 + 1e-10, 1 + 1e-8])

    assert clearly_below(p, np.full(5, 0.05)).tolist() == [True, False, False, False, False]
