"""What a sample of this size can show: printed beside a verdict, never a condition of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.counts import plain
from auditor.inference.score import STEPS, score_error

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import ArrayLike

    from auditor.inference.counts import Number
    from auditor.vocabulary import BoolArray, FloatArray

POWER = 0.8
"""The customary power at which a ratio counts as one that would have been caught."""


def pair_power(
    ratio: ArrayLike,
    n_l: ArrayLike,
    n_h: ArrayLike,
    rate: ArrayLike,
    *,
    pairs: ArrayLike,
    alpha: float,
    threshold: Fraction,
) -> Number:
    r"""Probability that the verdict rule fails a pair whose true ratio is ``ratio``.

    With upper rate p, focal rate rp, threshold t, :math:`u = 1/n_l + 1/n_h`,
    :math:`z_c = \Phi^{-1}(1-\alpha/2m)`, :math:`s_0` the pooled standard error,
    :math:`v_l = rp(1-rp)/n_l` and :math:`v_h = p(1-p)/n_h`: the smaller of

    .. math::
        \Phi\left(\frac{(1-r)p - z_c s_0 - u}{\sqrt{v_l+v_h}}\right), \quad
        \Phi\left(\frac{(t-r)p - 1/n_l - t/n_h}{\sqrt{v_l+t^2v_h}}\right)

    Parameters
    ----------
    ratio : float array, in [0, 1]
        True ratio of focal to upper rate.
    n_l, n_h : int array
        People in the focal and in the upper group, at least 1.
    rate : float array, in [0, 1]
        Upper rate; the overall rate of all known groups, as the highest observed one is picked.
    pairs : int array
        Number of pairs m that the p-value is multiplied with.
    alpha : float, in (0, 1)
    threshold : Fraction, in (0, 1]

    Returns
    -------
    float or float64 array
        In [0, 1]; within 0.04 of exact enumeration at ratio 0.7.

    Examples
    --------
    >>> from fractions import Fraction
    >>> round(pair_power(0.7, 500, 500, 0.3, pairs=1, alpha=0.05, threshold=Fraction(4, 5)), 3)
    0.859
    """
    from scipy.special import ndtr, ndtri

    r, nl, nh, p, m = (np.asarray(v, dtype=np.float64) for v in (ratio, n_l, n_h, rate, pairs))
    t, u = float(threshold), 1 / nl + 1 / nh
    common = (nl * r * p + nh * p) / (nl + nh)
    critical = ndtri(1 - alpha / (2 * m))
    v_l, v_h = r * p * (1 - r * p) / nl, p * (1 - p) / nh
    statistical = _standardised(
        (1 - r) * p - critical * np.sqrt(common * (1 - common) * u) - u, v_l + v_h
    )
    practical = _standardised((t - r) * p - (1 / nl + t / nh), v_l + t * t * v_h)
    return plain(np.minimum(ndtr(statistical), ndtr(practical)))


def smallest_caught(
    n_l: ArrayLike,
    n_h: ArrayLike,
    rate: ArrayLike,
    *,
    pairs: ArrayLike,
    alpha: float,
    threshold: Fraction,
) -> Number:
    """Largest true ratio that the verdict rule fails with a probability of at least 80 %.

    "The smallest difference this audit would have caught": every ratio below it is caught at least
    as often.

    Parameters
    ----------
    n_l, n_h, rate, pairs, alpha, threshold
        As in `pair_power`.

    Returns
    -------
    float or float64 array
        In [0, threshold); NaN when not even a ratio of 0 would be caught.

    Examples
    --------
    >>> from fractions import Fraction
    >>> round(smallest_caught(500, 500, 0.3, pairs=1, alpha=0.05, threshold=Fraction(4, 5)), 3)
    0.719
    """
    n_l, n_h, rate, pairs = np.broadcast_arrays(n_l, n_h, rate, pairs)

    def caught(ratio: FloatArray) -> BoolArray:
        power = pair_power(ratio, n_l, n_h, rate, pairs=pairs, alpha=alpha, threshold=threshold)
        return np.asarray(power) >= POWER

    low, high = np.zeros(rate.shape), np.full(rate.shape, float(threshold))
    never = ~caught(low)
    for _ in range(STEPS):
        middle = (low + high) / 2
        found = caught(middle)
        low, high = np.where(found, middle, low), np.where(found, high, middle)
    return plain(np.where(never, np.nan, low))


def pass_probability_equal(
    n_1: ArrayLike,
    n_2: ArrayLike,
    rate: ArrayLike,
    *,
    worth_detecting: Fraction,
    confidence: float = 0.95,
) -> Number:
    r"""Probability that two groups with equal rates are settled with each other.

    The sum over both directions of :math:`\Phi(((1-w)p - z s_0)/s_1)` minus 1, at least 0, with
    :math:`s_0` the score standard error at the constrained rates and
    :math:`s_1^2 = p(1-p)(1/n_l + w^2/n_h)`.

    Parameters
    ----------
    n_1, n_2 : int array
        People in each group, at least 1.
    rate : float array, in (0, 1]
        The rate of both.
    worth_detecting : Fraction, in (0, 1)
        The ratio w that has to be ruled out.
    confidence : float, in (0, 1)
        One-sided.

    Returns
    -------
    float or float64 array
        In [0, 1]. Within 0.03 of exact enumeration from 200 people in each group on and within
        0.05 from 100 on; where it is off, it is too low.

    Examples
    --------
    >>> from fractions import Fraction
    >>> w = Fraction(7, 10)
    >>> round(pass_probability_equal(470, 530, 0.3, worth_detecting=w), 3)
    0.954
    """
    from scipy.special import ndtr, ndtri

    w, quantile = float(worth_detecting), float(ndtri(confidence))
    total = np.asarray(-1.0)
    for n_l, n_h in ((n_1, n_2), (n_2, n_1)):
        gap, s0, s1 = _equal_rates(n_l, n_h, rate, w)
        total = total + ndtr(_standardised(gap - quantile * s0, s1 * s1))
    return plain(np.maximum(0.0, total))


def people_factor(
    n_1: ArrayLike,
    n_2: ArrayLike,
    rate: ArrayLike,
    *,
    worth_detecting: Fraction,
    confidence: float = 0.95,
) -> Number:
    r"""How many times more people two equal groups need to be settled with a probability of 80 %.

    .. math:: F = \left(\frac{z s_0 + 1.2816 s_1}{(1-w)p}\right)^2

    the larger of both directions, with the standard errors of `pass_probability_equal`: both
    shrink with the root of the size, and 90 % in each direction leave 80 % for both, or more where
    the sizes differ.

    Parameters
    ----------
    n_1, n_2, rate, worth_detecting, confidence
        As in `pass_probability_equal`.

    Returns
    -------
    float or float64 array
        Positive; under 1 when fewer would do; infinite at rate 0.

    Examples
    --------
    >>> from fractions import Fraction
    >>> round(500 * people_factor(235, 265, 0.3, worth_detecting=Fraction(7, 10)), 1)
    653.0
    """
    from scipy.special import ndtri

    w, quantile, both = float(worth_detecting), float(ndtri(confidence)), float(ndtri(0.9))
    factors = []
    for n_l, n_h in ((n_1, n_2), (n_2, n_1)):
        gap, s0, s1 = _equal_rates(n_l, n_h, rate, w)
        root = np.divide(
            quantile * s0 + both * s1, gap, out=np.full(gap.shape, np.inf), where=gap > 0
        )
        factors.append(root * root)
    return plain(np.maximum(*factors))


def round_people(people: float) -> int:
    """People needed, rounded up to two figures, as "about 660" is printed.

    Raises
    ------
    ValueError
        When the number is negative or not finite.

    Examples
    --------
    >>> round_people(651.2), round_people(660), round_people(7), round_people(12_001)
    (660, 660, 7, 13000)
    """
    if not 0 <= people < math.inf:
        raise ValueError(f"people must be a finite number of at least 0. Got {people}.")
    whole = math.ceil(people)
    unit: int = 10 ** max(0, len(str(whole)) - 2)
    return -(-whole // unit) * unit


def _equal_rates(
    n_l: ArrayLike, n_h: ArrayLike, rate: ArrayLike, w: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    nl, nh, p = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (n_l, n_h, rate)))
    s0 = score_error(nl * p, nl, nh * p, nh, np.asarray(w))
    s1 = np.sqrt(p * (1 - p) * (1 / nl + w * w / nh))
    return (1 - w) * p, s0, s1


def _standardised(gap: FloatArray, variance: FloatArray) -> FloatArray:
    """Gap in standard deviations; without variance it is certain one way or the other."""
    certain = np.where(gap > 0, np.inf, -np.inf)
    return np.divide(gap, np.sqrt(variance), out=certain, where=variance > 0)
