from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from auditor.inference.counts import as_counts

Table: TypeAlias = tuple[int, int, int, int]
"""Selected and considered of a group, then of the one it is compared with."""

METHOD = "normal test of the change of the log ratio, variance by the delta method (Katz)"
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
