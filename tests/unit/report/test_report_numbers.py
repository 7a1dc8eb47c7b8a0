from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.report import numbers

FOUR_FIFTHS = Fraction(4, 5)


def shown(text: str) -> Fraction:
    return Fraction(text.replace(numbers.MINUS, "-").replace(",", "").removesuffix("%"))


@given(
    x1=st.integers(1, 400), n1=st.integers(1, 400), x2=st.integers(1, 400), n2=st.integers(1, 400)
)
def test_printed_ratio_never_contradicts_exact_integers(x1: int, n1: int, x2: int, n2: int) -> None:
    exact = Fraction(x1 * n2, n1 * x2)
    below = exact < FOUR_FIFTHS

    text = numbers.ratio(float(exact), below=below)

    if text == "just under 0.80":
        assert below
    else:
        assert (shown(text) < FOUR_FIFTHS) is below
        assert (shown(text) < 1) is (exact < 1)
        assert (shown(text) > 1) is (exact > 1)


def test_plain_rounding_would_contradict() -> None:
    """The guard is needed: two places carry 0.7996 onto the line."""
    assert Fraction(f"{0.7996:.2f}") == FOUR_FIFTHS
    assert numbers.ratio(0.7996, below=True) == "0.7996"


@pytest.mark.parametrize(
    ("value", "below", "text"),
    [
        (0.8, False, "0.80"),
        (0.8, None, "0.80"),
        (0.7999999999999999, False, "0.80"),
        (0.7999999999999999, None, "0.80"),
        (0.7999999999999999, True, "just under 0.80"),
        (0.79999999999, True, "just under 0.80"),
        (0.79999, True, "0.79999"),
        (0.8004, False, "0.80"),
        (1.0, False, "1.00"),
        (1.004, False, "1.004"),
        (12.3456, False, "12.35"),
        (0.0, True, "0.00"),
    ],
)
def test_ratio_at_the_line(value: float, below: bool | None, text: str) -> None:
    assert numbers.ratio(value, below=below) == text


def test_ratio_keeps_its_side_of_a_policy_line() -> None:
    assert numbers.ratio(0.8996) == "0.90"
    assert numbers.ratio(0.8996, lines=(Fraction(9, 10),)) == "0.8996"


def test_at_a_line_that_float_noise_missed_the_line_is_shown() -> None:
    just_above_in_truth = 0.9 - 1e-17

    assert numbers.ratio(just_above_in_truth, lines=(Fraction(9, 10),)) == "0.90"


@given(x=st.integers(0, 5000), n=st.integers(1, 5000))
def test_only_exact_ends_read_as_zero_or_all(x: int, n: int) -> None:
    x = min(x, n)

    text = numbers.percent(x / n)

    assert (shown(text) == 0) is (x == 0)
    assert (shown(text) == 100) is (x == n)


def test_rates_too_small_for_any_place_are_not_zero() -> None:
    assert shown(numbers.percent(3.7e-15)) > 0
    assert shown(numbers.percent(1 - 1e-15)) < 100


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5e-324, "< 1e-300"),
        (0.0, "< 1e-300"),
        (1e-12, "1.0e-12"),
        (0.0009994, "1.0e-3"),
        (0.05, "0.050"),
        (0.0499999, "0.0499999"),
        (0.05 * (1 - 1e-12), "0.050"),
        (0.04999999995, "just under 0.05"),
        (0.9999, "0.9999"),
    ],
)
def test_p_values(value: float, text: str) -> None:
    assert numbers.p_value(value) == text


@pytest.mark.parametrize("write", [numbers.percent, numbers.ratio, numbers.p_value, numbers.points])
def test_missing_number_is_its_reason_in_words(write: object) -> None:
    assert callable(write)
    assert write(None, "reference-selects-nobody") == "nobody in the reference group was selected"
    assert write(None, "a-new-reason") == "a new reason"
    assert write(None) == "not available"


def test_missing_counts_and_quantities() -> None:
    assert numbers.count(None) == "not available"
    assert numbers.decimal(None, "no-scores") == "there are no scores"
    assert numbers.figures(None) == "not available"


def test_signs() -> None:
    assert numbers.points(0.0) == "0.0"
    assert numbers.points(-0.5) == f"{numbers.MINUS}50.0"
    assert numbers.figures(-0.25) == f"{numbers.MINUS}0.25"
    assert numbers.count(-1200) == f"{numbers.MINUS}1,200"
    assert numbers.decimal(-1234.56) == f"{numbers.MINUS}1,234.6"
