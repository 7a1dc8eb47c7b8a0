"""The same statistics made another way: integers, fractions and plain enumeration, no library."""

from __future__ import annotations

from fractions import Fraction
from math import comb

R_TIE = 1 + Fraction(1, 10**7)
"""R's fisher.test takes two tables as equally likely within a relative 1e-7."""


def table_weights(x1: int, n1: int, x2: int, n2: int) -> dict[int, int]:
    """Ways to get each count of group 1 with these margins; they sum to comb(n1+n2, x1+x2)."""
    selected = x1 + x2
    return {
        k: comb(n1, k) * comb(n2, selected - k)
        for k in range(max(0, selected - n2), min(n1, selected) + 1)
    }


def fisher(x1: int, n1: int, x2: int, n2: int) -> Fraction:
    """Two-sided by point probability, with R's rule for ties."""
    weights = table_weights(x1, n1, x2, n2)
    limit = weights[x1] * R_TIE
    return Fraction(sum(w for w in weights.values() if w <= limit), sum(weights.values()))


def doubled_lower_mid_p(x1: int, n1: int, x2: int, n2: int) -> Fraction:
    """min(1, 2 (P(A < x1) + P(A = x1) / 2))."""
    weights = table_weights(x1, n1, x2, n2)
    twice = 2 * sum(w for k, w in weights.items() if k < x1) + weights[x1]
    return min(Fraction(1), Fraction(twice, sum(weights.values())))


def doubled_mid_p(x1: int, n1: int, x2: int, n2: int) -> Fraction:
    """The smaller of both doubled tails."""
    return min(doubled_lower_mid_p(x1, n1, x2, n2), doubled_lower_mid_p(x2, n2, x1, n1))


def binomial_tail(x: int, n: int, rate: float, *, upper: bool) -> float:
    """P(X >= x) or P(X <= x), the exact sum rounded once."""
    p = Fraction(rate)
    counts = range(x, n + 1) if upper else range(x + 1)
    return float(sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in counts))
