"""Bounds for people whose group is not known, and how far they could tip a ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from auditor.inference.counts import as_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGEST_FACTOR = 1e9
"""Beyond it bounded bounds and the full worst case are the same number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Everybody around a pair: known people, selected and rejected, and the unknown likewise."""

    known_selected: Any
    known_rejected: Any
    unknown_selected: Any
    unknown_rejected: Any


def bounded_ratio(
    x_l: Any, n_l: Any, x_h: Any, n_h: Any, around: Around, factor: Any
) -> tuple[Any, Any, Any, Any]:
    """Count both groups, selected and considered, with the unknown worst for the focal one.

    Among the unknown who were selected, a group's share is at least s/(s + L(1-s)) and at most
    Ls/(Ls + 1-s), with s its share of the known selected and L the factor; the same among the
    rejected. The focal group gets the fewest selected and the most rejected, the other the
    reverse. Exact for `Fraction` counts and factors, elementwise for float arrays; an infinite
    factor is the full worst case.

    Returns
    -------
    tuple
        ``(selected_l, considered_l, selected_h, considered_h)``.

    Examples
    --------
    >>> around = Around(known_selected=Fraction(100), known_rejected=Fraction(100),
    ...                 unknown_selected=Fraction(0), unknown_rejected=Fraction(30))
    >>> bounded_ratio(50, 100, 50, 100, around, math.inf)
    (Fraction(50, 1), Fraction(130, 1), Fraction(50, 1), Fraction(100, 1))
    """
    # where nobody is known, nothing bounds the shares of the unknown
    factor_x = factor if around.known_selected else math.inf
    factor_y = factor if around.known_rejected else math.inf
    known_x, known_y = around.known_selected or 1, around.known_rejected or 1
    extra_x, extra_y = around.unknown_selected, around.unknown_rejected
    selected_l = x_l + extra_x * _least(x_l / known_x, factor_x)
    rejected_l = n_l - x_l + extra_y * _most((n_l - x_l) / known_y, factor_y)
    selected_h = x_h + extra_x * _most(x_h / known_x, factor_x)
    rejected_h = n_h - x_h + extra_y * _least((n_h - x_h) / known_y, factor_y)
    return selected_l, selected_l + rejected_l, selected_h, selected_h + rejected_h


def ratio_bounds(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    *,
    unknown_considered: int,
    unknown_favorable: int,
    known_considered: int = 0,
    known_favorable: int = 0,
    factor: float = math.inf,
) -> tuple[float, float]:
    """Lowest and highest ratio of two rates that the people of unknown group leave possible.

    Parameters
    ----------
    x1, n1 : int
        Selected and considered people of the group.
    x2, n2 : int
        Those of the reference.
    unknown_considered, unknown_favorable : int
        Considered and selected people whose group is not known.
    known_considered, known_favorable : int
        Those whose group is known, all groups together; at least the two groups here. Not needed
        for the full worst case.
    factor : float, at least 1
        How much more or less often a group may be among the unknown than among the known: 1
        spreads the unknown like the known, infinity is the full worst case.

    Returns
    -------
    (low, high) : tuple of float
        ``high`` is infinite when the reference may have rate 0. NaN where nobody of a group is
        known, or where nobody can have been selected in either group.

    Raises
    ------
    ValueError
        When counts or factor are out of range, or the known are fewer than the two groups.

    References
    ----------
    C. F. Manski, Partial Identification of Probability Distributions (2003), for the worst case.

    Examples
    --------
    >>> ratio_bounds(40, 100, 50, 100, unknown_considered=20, unknown_favorable=10)
    (0.6666666666666666, 1.0)
    """
    as_counts((x1, n1), (x2, n2), (unknown_favorable, unknown_considered))
    if not factor >= 1:
        raise ValueError(f"The 'factor' parameter must be in the range [1, inf]. Got {factor}.")
    around = _around(
        max(known_considered, n1 + n2),
        max(known_favorable, x1 + x2),
        unknown_considered,
        unknown_favorable,
    )
    if around.known_rejected < n1 + n2 - x1 - x2:
        raise ValueError(
            "known_considered and known_favorable must be at least those of the two groups. "
            f"Got {known_favorable} of {known_considered} for {x1} of {n1} and {x2} of {n2}."
        )
    if 0 in (n1, n2):
        return math.nan, math.nan
    a, m, c, n = map(Fraction, (x1, n1, x2, n2))
    limit = _exact(factor)
    low = bounded_ratio(a, m, c, n, around, limit)
    high = bounded_ratio(c, n, a, m, around, limit)
    return _quotient(*low), _quotient(*high[2:], *high[:2])


def falls_below(
    x_l: int, n_l: int, x_h: int, n_h: int, around: Around, factor: float, limit: Fraction
) -> bool:
    """Whether the lower bound of the ratio is below a limit, in exact fractions.

    Examples
    --------
    >>> around = Around(known_selected=90, known_rejected=110, unknown_selected=10,
    ...                 unknown_rejected=10)
    >>> [falls_below(40, 100, 50, 100, around, factor, Fraction(7, 10)) for factor in (1, 2)]
    [False, False]
    """
    a, m, c, n = map(Fraction, (x_l, n_l, x_h, n_h))
    a, m, c, n = bounded_ratio(a, m, c, n, _fractions(around), _exact(factor))
    return bool(a * n < limit * c * m)


def tipping_factor(
    pairs: Iterable[tuple[int, int, int, int]], around: Around, limit: Fraction
) -> float:
    """Smallest factor at which the lower bound of some pair's ratio falls below a limit.

    Read as: "unless people who did not state their group were rejected at more than ... times ...".

    Parameters
    ----------
    pairs : iterable of (x_l, n_l, x_h, n_h)
        Focal and other group of each pair.
    around : Around
    limit : Fraction
        The ratio that must not be possible.

    Returns
    -------
    float
        At least 1, where 1 means that it is below the limit even if the unknown are like the
        known; infinite when even the full worst case stays at or above the limit.

    Examples
    --------
    >>> around = Around(known_selected=90, known_rejected=110, unknown_selected=10,
    ...                 unknown_rejected=10)
    >>> round(tipping_factor([(40, 100, 50, 100)], around, Fraction(7, 10)), 3)
    6.11
    """
    smallest = math.inf
    for pair in pairs:
        # bisecting is slow; most pairs do not fall below where an earlier one already does
        if falls_below(*pair, around, smallest, limit):
            smallest = _tipping_factor(pair, around, limit)
    return smallest


def _tipping_factor(pair: tuple[int, int, int, int], around: Around, limit: Fraction) -> float:
    return _smallest_factor(lambda factor: falls_below(*pair, around, factor, limit))


def tipping_factor_to_lift(
    pairs: Iterable[tuple[int, int, int, int]], around: Around, threshold: Fraction
) -> float:
    """Smallest factor at which every failing pair's ratio could be at or above the threshold.

    Parameters
    ----------
    pairs : iterable of (x_l, n_l, x_h, n_h)
        The failing pairs, focal group first.
    around : Around
    threshold : Fraction

    Returns
    -------
    float
        At least 1; infinite when the unknown cannot lift some pair even in the full worst case.

    Examples
    --------
    >>> around = Around(known_selected=90, known_rejected=110, unknown_selected=10,
    ...                 unknown_rejected=10)
    >>> round(tipping_factor_to_lift([(35, 100, 55, 100)], around, Fraction(4, 5)), 3)
    25.743
    """
    needed = 1.0
    for pair in pairs:
        if not _lifted(pair, around, needed, threshold):
            needed = _lifting_factor(pair, around, threshold)
    return needed


def _lifting_factor(pair: tuple[int, int, int, int], around: Around, threshold: Fraction) -> float:
    return _smallest_factor(lambda factor: _lifted(pair, around, factor, threshold))


def _lifted(
    pair: tuple[int, int, int, int], around: Around, factor: float, threshold: Fraction
) -> bool:
    """Whether the ratio of a pair could be at or above the threshold."""
    # best for the focal group is worst for the other
    x_l, n_l, x_h, n_h = map(Fraction, pair)
    x_h, n_h, x_l, n_l = bounded_ratio(x_h, n_h, x_l, n_l, _fractions(around), _exact(factor))
    return not x_l * n_h < threshold * x_h * n_l


def _smallest_factor(holds: Callable[[float], bool]) -> float:
    """Bisection for the smallest factor from 1 on at which a condition, once true, stays true."""
    if holds(1.0):
        return 1.0
    if not holds(math.inf):
        return math.inf
    low, high = 1.0, LARGEST_FACTOR
    while low < (middle := math.sqrt(low * high)) < high:
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _around(
    known_considered: int, known_favorable: int, unknown_considered: int, unknown_favorable: int
) -> Around:
    return Around(
        known_selected=Fraction(known_favorable),
        known_rejected=Fraction(known_considered - known_favorable),
        unknown_selected=Fraction(unknown_favorable),
        unknown_rejected=Fraction(unknown_considered - unknown_favorable),
    )


def _fractions(around: Around) -> Around:
    return Around(
        known_selected=Fraction(around.known_selected),
        known_rejected=Fraction(around.known_rejected),
        unknown_selected=Fraction(around.unknown_selected),
        unknown_rejected=Fraction(around.unknown_rejected),
    )


def _exact(factor: float) -> Any:
    return factor if math.isinf(factor) else Fraction(factor)


def _least(share: Any, factor: Any) -> Any:
    return 0 if factor == math.inf else share / (share + factor * (1 - share))


def _most(share: Any, factor: Any) -> Any:
    return 1 if factor == math.inf else factor * share / (factor * share + 1 - share)


def _quotient(x1: Fraction, n1: Fraction, x2: Fraction, n2: Fraction) -> float:
    if x1 == x2 == 0:
        return math.nan
    return math.inf if x2 == 0 else float(x1 * n2 / (n1 * x2))
