"""Numbers as oversight gives them: each with its count, its interval, or why it has none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

EXACT = "Clopper-Pearson, 95 %"
ORDER = "exact, from the order of the values, at least 95 %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` of ``of``; ``value`` is NaN and ``undefined`` says why where ``of`` is 0.

    ``low`` and ``high`` are NaN where ``no_interval`` says why there is none.
    """

    count: int
    of: int
    value: float
    low: float
    high: float
    undefined: str | None = None
    no_interval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """Median of ``of`` values with its interval; NaN and a reason where there is none."""

    of: int
    value: float
    low: float
    high: float
    undefined: str | None = None
    no_interval: str | None = None


def share(count: int, of: int, empty: str) -> Share:
    """Give a share with its exact interval; ``empty`` says why there is nothing to count.

    Examples
    --------
    >>> found = share(0, 20, "nothing was read")
    >>> found.value, found.low, round(found.high, 3)
    (0.0, 0.0, 0.168)
    """
    if not of:
        return Share(
            count=0, of=0, value=math.nan, low=math.nan, high=math.nan, undefined=empty
        )  # fmt: skip
    from auditor.inference.intervals import clopper_pearson

    limits = clopper_pearson(count, of)
    low, high = cast("float", limits.low), cast("float", limits.high)
    return Share(count=count, of=of, value=count / of, low=float(low), high=float(high))


def bare_share(count: int, of: int, empty: str, why: str) -> Share:
    """Give a share that has no interval, and say why."""
    value = count / of if of else math.nan
    return Share(
        count=count,
        of=of,
        value=value,
        low=math.nan,
        high=math.nan,
        undefined=None if of else empty,
        no_interval=why,
    )


def middle(values: Sequence[int], empty: str) -> Middle:
    """Median with the distribution-free interval of Thompson.

    The interval runs from the ``r``-th smallest to the ``r``-th largest value, ``r`` the largest
    for which ``P(Binomial(n, 1/2) < r) <= 0.025``.

    Examples
    --------
    >>> found = middle(list(range(1, 11)), "nothing")
    >>> found.value, found.low, found.high
    (5.5, 2.0, 9.0)
    """
    n, ordered = len(values), sorted(values)
    if not n:
        return Middle(of=0, value=math.nan, low=math.nan, high=math.nan, undefined=empty)
    value = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    rank = _rank(n)
    if not rank:
        why = "fewer than 6 values do not bound a median"
        return Middle(of=n, value=value, low=math.nan, high=math.nan, no_interval=why)
    return Middle(of=n, value=value, low=float(ordered[rank - 1]), high=float(ordered[n - rank]))


def _rank(n: int) -> int:
    """Largest r with P(Binomial(n, 1/2) <= r - 1) at most 1/40; 0 where there is none."""
    if n > 1000:  # exact sums of such powers are slow, and scipy's tail is as good
        from scipy.stats import binom

        return int(binom.ppf(0.025, n, 0.5))
    below, term, rank = Fraction(0), 1, 0
    while below + Fraction(term, 2**n) <= Fraction(1, 40):
        below += Fraction(term, 2**n)
        term = term * (n - rank) // (rank + 1)
        rank += 1
    return rank


def evidence(p: float) -> str:
    """Write a p-value; what is smaller than 1e-15 says no more than that.

    Examples
    --------
    >>> evidence(0.04321), evidence(2.8e-17)
    ('p = 0.043', 'p < 1e-15')
    """
    return "p < 1e-15" if p < 1e-15 else f"p = {p:.2g}"


def plain(value: Any) -> Any:
    """JSON values: null for numbers that do not exist, lists for tuples."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
