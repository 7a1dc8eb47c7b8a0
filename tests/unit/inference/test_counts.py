"""What counts are accepted, and the one place where they are refused."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.inference.counts import LARGEST, as_counts, check_fraction, plain


def test_counts_are_broadcast_against_each_other_as_floats():
    x1, n1, x2, n2 = as_counts((1, [2, 4]), ([[3], [5]], 9))

    assert {a.shape for a in (x1, n1, x2, n2)} == {(2, 2)}
    assert {a.dtype for a in (x1, n1, x2, n2)} == {np.dtype(np.float64)}
    assert x2.tolist() == [[3, 3], [5, 5]]


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.int64, np.float32, bool])
def test_every_kind_of_number_is_taken_when_it_is_whole(dtype):
    (x, n) = as_counts((np.array([0, 1], dtype=dtype), np.array([1, 1], dtype=dtype)))

    assert (x.tolist(), n.tolist()) == ([0.0, 1.0], [1.0, 1.0])


def test_no_counts_and_nobody_are_counts():
    assert [a.shape for a in as_counts(([], []))] == [(0,), (0,)]
    assert as_counts((0, 0)) == [0.0, 0.0]


def test_the_largest_counts_are_exact():
    x, n = as_counts((LARGEST - 2, LARGEST - 1))

    assert (int(x), int(n)) == (LARGEST - 2, LARGEST - 1)


@pytest.mark.parametrize(
    "pair",
    [
        (-1, 5),
        (6, 5),
        (-2, -1),
        (0.5, 5),
        (1, 5.5),
        (float("nan"), 5),
        (1, float("nan")),
        (1, float("inf")),
        (float("inf"), float("inf")),
        (1, LARGEST),
        ([1, 2, 9], [3, 3, 8]),
    ],
)
def test_what_is_no_count_is_refused(pair):
    with pytest.raises(ValueError, match=r"whole numbers with 0 <= successes <= totals < 2\*\*53"):
        as_counts((1, 2), pair)


def test_the_message_shows_the_counts():
    with pytest.raises(ValueError, match=r"Got 7\.0 of 5\.0\."):
        as_counts((7, 5))


def test_counts_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        as_counts(([1, 2], [3, 4, 5]))


@pytest.mark.parametrize("value", [0, 1, -0.1, 95, float("nan")])
def test_a_fraction_is_strictly_between_zero_and_one(value):
    with pytest.raises(ValueError, match=r"The 'confidence' parameter must be in the range \(0, 1"):
        check_fraction("confidence", value)


def test_a_fraction_in_range_is_let_through():
    check_fraction("confidence", 0.95)


def test_one_number_comes_out_plain_and_many_as_they_are():
    many = np.array([0.5])

    assert type(plain(np.float64(0.5))) is float
    assert type(plain(np.array(0.5))) is float
    assert plain(many) is many
