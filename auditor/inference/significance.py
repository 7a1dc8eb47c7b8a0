"""Tests for a difference of two rates: exact where they decide, textbook where they inform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.counts import as_counts, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from auditor.inference.counts import Number
    from auditor.vocabulary import FloatArray

TIE = 1e-7
"""Two tables count as equally likely within this relative distance, as in R's fisher.test."""


def fisher_two_sided(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Number:
    """Fisher's exact test, two-sided by point probability.

    The sum of the probabilities of all tables with the same margins that are no likelier than the
    one observed; ties within a relative 1e-7, which is R's rule. A margin of 0 gives 1.0.

    Parameters
    ----------
    x1, n1 : int array
        Selected and considered people of one group.
    x2, n2 : int array
        Those of the other; the order of the groups does not matter.

    Returns
    -------
    float or float64 array
        In [0, 1]; 0.0 stands for less than 1e-300, never for a missing value.

    Raises
    ------
    ValueError
        When counts are out of range.

    Notes
    -----
    R: ``fisher.test``. ``scipy.stats.fisher_exact`` has a tighter tie rule and can miss an exact
    tie beside the mode from a million people on.

    Examples
    --------
    The tea tasting of Fisher (1935): three of four cups right.

    >>> round(fisher_two_sided(3, 4, 1, 4), 4)
    0.4857
    """
    arrays = as_counts((x1, n1), (x2, n2))
    values = [_fisher(*map(int, table)) for table in zip(*(a.flat for a in arrays), strict=True)]
    return plain(np.array(values, dtype=np.float64).reshape(arrays[0].shape))


def _fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    from scipy.stats import hypergeom

    people, selected = n1 + n2, x1 + x2
    if 0 in (n1, n2, selected, people - selected):
        return 1.0
    if x1 * n2 > x2 * n1:  # the observed table shall lie in the lower tail of group 1
        x1, n1, x2, n2 = x2, n2, x1, n1
    near = float(hypergeom.cdf(x1, people, selected, n1))
    if near == 0.0:
        return 0.0
    # log probability of x1, x1+1, ... relative to the observed table, by exact ratios; 45 standard
    # deviations beyond the mean there is nothing left that a float can hold
    mean = selected * n1 / people
    spread = np.sqrt(mean * (people - selected) / people * n2 / people)
    last = min(selected, n1, int(mean + (mean - x1) + 45 * spread) + 2)
    k = np.arange(x1, last, dtype=np.float64)
    steps = np.log((selected - k) * (n1 - k)) - np.log((k + 1) * (n2 - selected + k + 1))
    likelier = np.flatnonzero(np.cumsum(steps) > np.log1p(TIE))
    first_far = x1 + 1 + (int(likelier[-1]) + 1 if likelier.size else 0)
    far = float(hypergeom.sf(first_far - 1, people, selected, n1))
    return min(1.0, near + far)


def doubled_mid_p(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Number:
    r"""Exact conditional test with mid-p, doubled.

    With A hypergeometric (``n1`` draws, ``x1 + x2`` successes among ``n1 + n2``) and a = ``x1``:

    .. math:: \min\bigl(1,\; 2\min(P(A<a) + P(A=a)/2,\; P(A>a) + P(A=a)/2)\bigr)

    A margin of 0 gives 1.0.

    Parameters
    ----------
    x1, n1 : int array
        Selected and considered people of one group.
    x2, n2 : int array
        Those of the other; the order of the groups does not matter.

    Returns
    -------
    float or float64 array
        In [0, 1]; 0.0 stands for less than 1e-300.

    Raises
    ------
    ValueError
        When counts are out of range.

    References
    ----------
    H. O. Lancaster, JASA 56 (1961), 223-234.

    Examples
    --------
    >>> round(doubled_mid_p(40, 100, 60, 100), 8)
    0.00497269
    """
    x1, n1, x2, n2 = as_counts((x1, n1), (x2, n2))
    lower, upper = _mid_p_tails(x1, n1, x2, n2)
    return plain(np.minimum(1.0, 2 * np.minimum(lower, upper)))


def lower_mid_p(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Number:
    """Doubled mid-p towards "group 1 is selected less often": ``min(1, 2(P(A<a) + P(A=a)/2))``.

    Parameters
    ----------
    x1, n1, x2, n2 : int array
        As in `doubled_mid_p`.

    Returns
    -------
    float or float64 array
        In [0, 1]; 1.0 where a margin is 0.

    Raises
    ------
    ValueError
        When counts are out of range.

    Examples
    --------
    >>> round(lower_mid_p(41, 100, 59, 100), 8)
    0.01152862
    """
    x1, n1, x2, n2 = as_counts((x1, n1), (x2, n2))
    return plain(np.minimum(1.0, 2 * _mid_p_tails(x1, n1, x2, n2)[0]))


def _mid_p_tails(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    from scipy.stats import hypergeom

    people, selected = n1 + n2, x1 + x2
    trivial = (n1 == 0) | (n2 == 0) | (selected == 0) | (selected == people)
    # scipy warns and returns NaN for an empty margin: these tables stand in for it, and are 1.0
    a, draws = np.where(trivial, 0, x1), np.where(trivial, 1, n1)
    c, m = np.where(trivial, 1, selected), np.where(trivial, 2, people)
    half = hypergeom.pmf(a, m, c, draws) / 2
    lower = np.where(trivial, 0.5, hypergeom.cdf(a - 1, m, c, draws) + half)
    upper = np.where(trivial, 0.5, hypergeom.sf(a, m, c, draws) + half)
    return lower, upper


def pooled_z(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Number:
    r"""Two-proportion z of group minus reference, pooled, without continuity correction.

    .. math:: z = \frac{p_1 - p_2}{\sqrt{p(1-p)(1/n_1 + 1/n_2)}}, \quad p = \frac{x_1+x_2}{n_1+n_2}

    Parameters
    ----------
    x1, n1 : int array
        Selected and considered people of the group.
    x2, n2 : int array
        Those of the reference.

    Returns
    -------
    float or float64 array
        In standard deviations; NaN where a total is 0, or nobody or everybody is selected.

    Raises
    ------
    ValueError
        When counts are out of range.

    Notes
    -----
    statsmodels: ``proportions_ztest``. Courts look for two or three of these standard deviations.

    References
    ----------
    Hazelwood School District v. United States, 433 U.S. 299, n. 14 (1977).

    Examples
    --------
    >>> round(pooled_z(12, 40, 48, 80), 5)
    -3.09839
    """
    x1, n1, x2, n2 = as_counts((x1, n1), (x2, n2))
    people, selected = n1 + n2, x1 + x2
    # (p1 - p2) / se with the fractions cleared, so that no total of 0 is divided by
    squared = selected * (people - selected) * n1 * n2 / np.maximum(people, 1)
    defined = squared > 0
    root = np.sqrt(squared, out=np.full(squared.shape, np.nan), where=defined)
    return plain((x1 * n2 - x2 * n1) / root)


def cohen_h(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Number:
    r"""Cohen's effect size for two rates, group minus reference.

    .. math:: h = 2\arcsin\sqrt{p_1} - 2\arcsin\sqrt{p_2}

    Parameters
    ----------
    x1, n1 : int array
        Selected and considered people of the group.
    x2, n2 : int array
        Those of the reference.

    Returns
    -------
    float or float64 array
        From -pi to pi; NaN where a total is 0.

    Raises
    ------
    ValueError
        When counts are out of range.

    References
    ----------
    J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed. (1988), 6.2: 0.2 is
    small, 0.5 medium, 0.8 large.

    Examples
    --------
    >>> round(cohen_h(12, 40, 48, 80), 6)
    -0.612875
    """
    x1, n1, x2, n2 = as_counts((x1, n1), (x2, n2))
    angles = []
    for x, n in ((x1, n1), (x2, n2)):
        rate = np.divide(x, n, out=np.full(n.shape, np.nan), where=n > 0)
        angles.append(2 * np.arcsin(np.sqrt(rate)))
    return plain(angles[0] - angles[1])


def holm(p_values: Iterable[float]) -> list[float]:
    """P-values adjusted by Holm's step-down procedure for the family given.

    The k-th smallest of m becomes the running maximum of (m - k + 1) p, at most 1. A NaN is no
    member of the family and stays NaN; whoever prints the result states the family's size.

    Parameters
    ----------
    p_values : iterable of float
        In [0, 1] or NaN.

    Returns
    -------
    list of float
        In the order given.

    Notes
    -----
    statsmodels: ``multipletests(method="holm")``, which counts a NaN in the family's size.

    References
    ----------
    S. Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.

    Examples
    --------
    >>> holm([0.01, float("nan"), 0.03, 0.02])
    [0.03, nan, 0.04, 0.04]
    """
    raw = np.array(list(p_values), dtype=np.float64)
    adjusted = np.full(raw.shape, np.nan)
    order = np.argsort(raw, kind="stable")[: int(np.count_nonzero(~np.isnan(raw)))]  # NaN is last
    factors = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(raw[order] * factors))
    return [float(p) for p in adjusted]
