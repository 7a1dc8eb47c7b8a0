from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from auditor.inference.counts import as_counts

Table: TypeAlias = tuple[int, int, int, int]
"""Selected and considered of a group, then of the one it is compared with."""

METHOD = "normal test of the change of the log ratio, variance by the delta method (Katz)"
RATE_METHOD = "Newcombe's hybrid score interval of the difference of two rates"
DIFFERENCE_METHOD = (
    "interval of the change of a difference, made of the two Newcombe intervals (Zou and Donner)"
)
_HALVES = "; 1/2 added to every count, as one is zero (Walter)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioChange:
    """One ratio of rates over another: 0.9 is a ratio that fell by a tenth of itself.

    ``p_value`` is two-sided, ``low`` and ``high`` are the ends of the interval at that ``alpha``.
    """

    change: float
    low: float
    high: float
    z: float
    p_value: float
    method: str


def ratio_change(now: Table, before: Table, *, alpha: float = 0.05) -> RatioChange:
    """Test whether a ratio of two rates is another than it was, in two independent samples.

    The difference of the logs of the two ratios over its standard error; a variance of a log rate
    is ``1/x - 1/n``. Where somewhere nobody is selected, 1/2 is added to every ``x`` and ``n``.

    Parameters
    ----------
    now, before : (x1, n1, x2, n2)
        Selected and considered people of a group and of the one it is compared with.
    alpha : float

    Returns
    -------
    RatioChange
        ``p_value`` is 1 when nothing varies: everybody is selected everywhere.

    Raises
    ------
    ValueError
        When counts are out of range, or a group has nobody in it.

    References
    ----------
    .. [1] D. Katz et al., Biometrics 34 (1978), 469-474.
    .. [2] S. D. Walter, Biometrika 62 (1975), 371-374.

    Examples
    --------
    >>> made = ratio_change((30, 100, 50, 100), (48, 100, 50, 100))
    >>> round(made.change, 3), round(made.p_value, 3)
    (0.625, 0.043)
    """
    from scipy.stats import norm

    cells = [*zip(now[::2], now[1::2], strict=True), *zip(before[::2], before[1::2], strict=True)]
    as_counts(*cells)
    if any(n == 0 for _, n in cells):
        raise ValueError(f"A rate of nobody does not exist. Got {now} and {before}.")
    half = 0.5 if any(x == 0 for x, _ in cells) else 0.0
    shifted = [(x + half, n + half) for x, n in cells]
    signs = (1, -1, -1, 1)
    log = sum(s * math.log(x / n) for s, (x, n) in zip(signs, shifted, strict=True))
    error = math.sqrt(sum(max(1 / x - 1 / n, 0.0) for x, n in shifted))
    z = log / error if error else 0.0
    width = float(norm.ppf(1 - alpha / 2)) * error
    return RatioChange(
        change=math.exp(log),
        low=math.exp(log - width),
        high=math.exp(log + width),
        z=z,
        p_value=float(2 * norm.sf(abs(z))),
        method=METHOD + (_HALVES if half else ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """By how much a rate, or a difference of two, moved; an interval at that ``alpha``."""

    change: float
    low: float
    high: float
    method: str


def rate_change(now: tuple[int, int], before: tuple[int, int], *, alpha: float = 0.05) -> Shift:
    """Estimate by how much a rate moved between two independent samples.

    Parameters
    ----------
    now, before : (x, n)
        Selected and considered people.
    alpha : float

    Raises
    ------
    ValueError
        When counts are out of range, or nobody is in one of the two.

    References
    ----------
    .. [1] R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.

    Examples
    --------
    >>> moved = rate_change((56, 70), (48, 80))
    >>> round(moved.change, 4), round(moved.low, 4), round(moved.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    if not (now[1] and before[1]):
        raise ValueError(f"A rate of nobody does not exist. Got {now} and {before}.")
    change, low, high = _difference((*now, *before), alpha)
    return Shift(change=change, low=low, high=high, method=RATE_METHOD)


def difference_change(now: Table, before: Table, *, alpha: float = 0.05) -> Shift:
    r"""Estimate by how much the difference of two rates moved between two independent samples.

    With the Newcombe limits of both differences,
    :math:`d_1 - d_2 - \sqrt{(d_1-l_1)^2 + (u_2-d_2)^2}` and likewise above.

    Parameters
    ----------
    now, before : (x1, n1, x2, n2)
        Selected and considered people of a group and of the one it is compared with.
    alpha : float

    Raises
    ------
    ValueError
        When counts are out of range, or a group has nobody in it.

    References
    ----------
    .. [1] G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008), 1693-1702.

    Examples
    --------
    >>> round(difference_change((30, 100, 50, 100), (50, 100, 50, 100)).change, 3)
    -0.2
    """
    if not all((*now[1::2], *before[1::2])):
        raise ValueError(f"A rate of nobody does not exist. Got {now} and {before}.")
    (d1, l1, u1), (d2, l2, u2) = (_difference(table, alpha) for table in (now, before))
    return Shift(
        change=d1 - d2,
        low=d1 - d2 - math.hypot(d1 - l1, u2 - d2),
        high=d1 - d2 + math.hypot(u1 - d1, d2 - l2),
        method=DIFFERENCE_METHOD,
    )


def _difference(table: Table, alpha: float) -> tuple[float, float, float]:
    from auditor.inference.intervals import newcombe_difference

    x1, n1, x2, n2 = table
    found = newcombe_difference(x1, n1, x2, n2, confidence=1 - alpha)
    return x1 / n1 - x2 / n2, float(found.low), float(found.high)
