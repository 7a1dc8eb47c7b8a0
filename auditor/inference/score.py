"""The score test for a ratio of two rates: whether the data rule out one as low as w."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.counts import as_counts, check_fraction, plain

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from auditor.inference.counts import Number
    from auditor.vocabulary import FloatArray

STEPS = 80
"""Halvings of a bracket: more than float64 can tell apart."""


def ratio_score_z(
    x_l: ArrayLike, n_l: ArrayLike, x_h: ArrayLike, n_h: ArrayLike, w: ArrayLike
) -> Number:
    r"""Miettinen and Nurminen's score statistic for ``rate_l = w * rate_h``.

    With the rates :math:`q_l = w q_h` that are likeliest under the hypothesis and M = n_l + n_h,

    .. math::
        Z = \frac{x_l/n_l - w x_h/n_h}
                 {\sqrt{\left(\frac{q_l(1-q_l)}{n_l} + \frac{w^2q_h(1-q_h)}{n_h}\right)
                  \frac{M}{M-1}}}

    Z at or above the normal quantile of a one-sided confidence says that the lower confidence
    limit of the ratio is at least w.

    Parameters
    ----------
    x_l, n_l : int array
        Selected and considered people of the focal group.
    x_h, n_h : int array
        Those of the group it is compared with.
    w : float array, in (0, 1]
        The ratio under test.

    Returns
    -------
    float or float64 array
        Where the variance is 0: infinite with the numerator's sign, NaN if that is 0 too. NaN
        where a total is 0.

    Raises
    ------
    ValueError
        When counts are out of range.

    References
    ----------
    O. Miettinen, M. Nurminen, Statistics in Medicine 4 (1985), 213-226.

    Examples
    --------
    >>> round(ratio_score_z(555, 1181, 667, 1390, 0.7), 6)
    7.918107
    """
    x_l, n_l, x_h, n_h = as_counts((x_l, n_l), (x_h, n_h))
    n_l, n_h = (np.where(n > 0, n, np.nan) for n in (n_l, n_h))
    gap = x_l / n_l - np.asarray(w, dtype=np.float64) * x_h / n_h
    error = score_error(x_l, n_l, x_h, n_h, np.asarray(w, dtype=np.float64))
    flat = np.where((gap == 0) | np.isnan(gap), np.nan, np.copysign(np.inf, gap))
    return plain(np.divide(gap, error, out=flat, where=error > 0))


def score_error(
    x_l: FloatArray, n_l: FloatArray, x_h: FloatArray, n_h: FloatArray, w: FloatArray
) -> FloatArray:
    """Denominator of `ratio_score_z`; the counts need not be whole numbers.

    Examples
    --------
    >>> score_error(*(np.array(v) for v in (555.0, 1181.0, 667.0, 1390.0, 0.7))).round(6)
    np.float64(0.016928)
    """
    people = n_l + n_h
    a = people * w
    minus_b = n_l * w + x_l + n_h + x_h * w
    c = x_l + x_h
    root = np.sqrt(np.maximum(0.0, minus_b * minus_b - 4 * a * c))
    # (-b - root) / 2a with the cancellation taken out
    q_h = np.minimum(1.0, 2 * c / (minus_b + root))
    q_l = w * q_h
    variance = q_l * (1 - q_l) / n_l + w * w * q_h * (1 - q_h) / n_h
    error: FloatArray = np.sqrt(variance * people / np.maximum(people - 1, 1))
    return error


def ratio_score_lower(
    x_l: ArrayLike, n_l: ArrayLike, x_h: ArrayLike, n_h: ArrayLike, *, confidence: float = 0.95
) -> Number:
    """Lower one-sided score limit of ``rate_l / rate_h``: the smallest ratio not ruled out.

    Parameters
    ----------
    x_l, n_l, x_h, n_h : int array
        As in `ratio_score_z`.
    confidence : float, in (0, 1)
        One-sided.

    Returns
    -------
    float or float64 array
        Searched in (0, 1] only: 1.0 stands for "every ratio up to 1 is ruled out", 0.0 for "none
        is", as where nobody is selected. NaN where a total is 0.

    Raises
    ------
    ValueError
        When counts or confidence are out of range.

    Examples
    --------
    >>> round(ratio_score_lower(170, 390, 412, 797), 4)
    0.7536
    """
    from scipy.special import ndtri

    check_fraction("confidence", confidence)
    x_l, n_l, x_h, n_h = as_counts((x_l, n_l), (x_h, n_h))
    quantile = float(ndtri(confidence))
    low, high = np.zeros(x_l.shape), np.ones(x_l.shape)
    for _ in range(STEPS):
        middle = (low + high) / 2
        ruled_out = np.asarray(ratio_score_z(x_l, n_l, x_h, n_h, middle)) >= quantile
        low, high = np.where(ruled_out, middle, low), np.where(ruled_out, high, middle)
    return plain(np.where((n_l > 0) & (n_h > 0), low, np.nan))
