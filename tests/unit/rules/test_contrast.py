from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from auditor.cube import GroupTable
from auditor.rules.contrast import Contrast, contrasts, percent, reaches, rounded


def table(**groups: str) -> GroupTable:
    counts = {name: tuple(map(int, text.split("/"))) for name, text in groups.items()}
    return GroupTable(
        attribute="race",
        groups=tuple(counts),
        considered=np.array([n for _, n in counts.values()], dtype=np.int64),
        favorable=np.array([x for x, _ in counts.values()], dtype=np.int64),
    )


def test_every_group_with_people_is_set_against_the_reference_largest_difference_first():
    found = contrasts(table(A="45/100", B="0/0", C="60/100", D="30/100"), "selection-rate")

    assert [(c.lower, c.upper) for c in found] == [("D", "C"), ("A", "C")]


def test_a_group_above_the_reference_is_the_upper_one():
    (_, small) = contrasts(table(A="9/10", B="60/100", C="10/100"), "selection-rate")

    assert (small.lower, small.upper) == ("B", "A")
    assert small.ratio == Fraction(2, 3)
    assert small.z < 0


def test_nobody_is_set_against_nobody():
    assert contrasts(table(A="0/0"), "selection-rate") == []


def test_the_shortfall_of_the_lower_group_is_the_surplus_of_the_upper_one():
    (pair,) = contrasts(table(A="30/100", B="150/300"), "selection-rate")

    assert pair.shortfall == 15  # 100 * 180 / 400 - 30
    assert pair.x_h - Fraction(pair.n_h * 180, 400) == 15


@pytest.mark.parametrize(("x", "n"), [(0, 10), (10, 10), (5, 10)])
def test_equal_rates_are_no_difference_even_where_no_variance_exists(x, n):
    pair = Contrast(lower="A", x_l=x, n_l=n, upper="B", x_h=2 * x, n_h=2 * n)

    assert (pair.z, pair.h, pair.shortfall) == (0.0, 0.0, 0)
    assert pair.ratio == (Fraction(1) if x else None)
    assert pair.numbers()["ratio"] == (1.0 if x else None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.0, None), (3 * (1 + 9e-10), None), (3 * (1 - 9e-10), None), (-3.0, None),
     (3 * (1 + 2e-9), True), (3 * (1 - 2e-9), False), (-3 * (1 + 2e-9), True)],
)  # fmt: skip
def test_within_a_billionth_of_its_limit_a_float_decides_nothing(value, expected):
    assert reaches(value, Fraction(3)) is expected


@pytest.mark.parametrize(
    ("value", "limit", "text"),
    [
        (Fraction(1, 3), Fraction(1, 3), "0.33"),
        (Fraction(333, 1000), Fraction(1, 3), "0.33"),
        (Fraction(79999, 100000), Fraction(4, 5), "0.79999"),
        (Fraction(80001, 100000), Fraction(4, 5), "0.80001"),
        (Fraction(4, 5), Fraction(4, 5), "0.80"),
        (Fraction(123456, 100), Fraction(4, 5), "1,234.56"),
    ],
)
def test_rounding_carries_no_number_across_its_limit(value, limit, text):
    assert rounded(value, 2, limit) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 7, "0.0%"), (7, 7, "100.0%"), (1, 10**6, "0.0001%"), (10**6 - 1, 10**6, "99.9999%")],
)
def test_nobody_and_everybody_are_written_only_where_it_is_so(part, whole, text):
    assert percent(part, whole) == text
