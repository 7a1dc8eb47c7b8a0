"""Counts as every function of this room takes them: checked once, then trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from auditor.vocabulary import FloatArray

    Number: TypeAlias = float | FloatArray

LARGEST = 2**53
"""Below it every whole number is exact in float64."""


def as_counts(*pairs: tuple[ArrayLike, ArrayLike]) -> list[FloatArray]:
    """Successes and totals, checked and broadcast against each other, as float64.

    What decides a verdict stays in integers and does not come through here.

    Parameters
    ----------
    *pairs : (successes, totals)
        Whole numbers, ``0 <= successes <= totals < 2**53``; scalars or arrays that broadcast.

    Returns
    -------
    list of float64 arrays
        ``[successes1, totals1, successes2, totals2, ...]``.

    Raises
    ------
    ValueError
        When a count is negative, not whole or too large, or there are more successes than people.

    Examples
    --------
    >>> as_counts((1, [2, 4]))
    [array([1., 1.]), array([2., 4.])]
    """
    flat = [np.asarray(value, dtype=np.float64) for pair in pairs for value in pair]
    arrays = list(np.broadcast_arrays(*flat))
    for successes, totals in zip(arrays[::2], arrays[1::2], strict=True):
        whole = np.all(successes == np.floor(successes)) and np.all(totals == np.floor(totals))
        ordered = np.all((successes >= 0) & (successes <= totals) & (totals < LARGEST))
        if not (whole and ordered):
            raise ValueError(
                "successes and totals must be whole numbers with 0 <= successes <= totals < "
                f"2**53. Got {successes} of {totals}."
            )
    return arrays


def check_fraction(name: str, value: float) -> None:
    """Refuse a probability that is not strictly between 0 and 1.

    Raises
    ------
    ValueError
        With the name and the value.
    """
    if not 0 < value < 1:
        raise ValueError(
            f"The {name!r} parameter must be in the range (0, 1). Got {value} instead."
        )


def plain(values: FloatArray) -> Number:
    """Give a float for a single number, the array itself otherwise."""
    return float(values) if np.ndim(values) == 0 else values
