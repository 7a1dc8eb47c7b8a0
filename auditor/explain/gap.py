from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditor.explain.attributions import Attributions
    from auditor.vocabulary import CodeArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFeature:
    """How much of a gap one feature carries, with a 95 % interval; NaN ends where one has none."""

    feature: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Mean model output of a group minus that of the reference, feature by feature.

    ``gap == sum(shares) + residual``; ``features`` by decreasing absolute share. ``n`` and
    ``n_reference`` are people.
    """

    attribute: str
    group: str
    reference: str
    gap: float
    residual: float
    features: tuple[GapFeature, ...]
    n: int
    n_reference: int


def gap_table(
    attributions: Attributions,
    codes: CodeArray,
    levels: Sequence[str],
    weights: IntArray | None = None,
    *,
    reference: str,
    attribute: str,
) -> tuple[Gap, ...]:
    r"""Which features carry the gap in mean model output between groups.

    With attributions :math:`\phi_{ij}` of row *i* and feature *j*, the share of feature *j* is

    .. math:: \bar\phi_j(\text{group}) - \bar\phi_j(\text{reference})

    and, as attributions add up to the output minus a common base, the shares add up to the gap.

    Parameters
    ----------
    attributions : Attributions of n rows
    codes : int32 array, shape (n,)
        Group of each explained row as an index into ``levels``; -1 unknown, left out.
    levels : names of the groups
    weights : int64 array, shape (n,), people a row stands for; 1 each when None
    reference : the group compared with
    attribute : name of the attribute, copied into the result

    Returns
    -------
    tuple of Gap
        One a group with rows, in the order of ``levels``, the reference left out; empty when the
        reference has no rows. In the unit of the attributions. ``low`` and ``high`` are Welch's
        95 % limits for a difference of means with the background held fixed; NaN where a group
        has fewer than two people.

    Raises
    ------
    ValueError
        When the arrays have different lengths.

    Notes
    -----
    This is the gap in the mean *output* of the model. The gap in selection rates at a cut score is
    another number and is not decomposed. A share says through which input the model produced the
    gap, not what caused the input to differ.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of Student's problem when several different population
           variances are involved", Biometrika 34 (1947), 28-35.
    """
    n = len(attributions.outputs)
    if len(codes) != n or (weights is not None and len(weights) != n):
        raise ValueError(
            f"gap_table needs one code and one weight a row. Got {n} rows, {len(codes)} codes and "
            f"{'no' if weights is None else len(weights)} weights."
        )
    people = np.ones(n, dtype=np.int64) if weights is None else weights
    names = list(levels)
    if reference not in names:
        return ()
    base = _summary(attributions, codes == names.index(reference), people)
    if base is None:
        return ()
    gaps = []
    for code, level in enumerate(names):
        group = _summary(attributions, codes == code, people)
        if level == reference or group is None:
            continue
        shares = group.means - base.means
        half = _half_width(group, base)
        gap = group.output - base.output
        order = np.argsort(-np.abs(shares), kind="stable")
        gaps.append(
            Gap(
                attribute=attribute,
                group=level,
                reference=reference,
                gap=gap,
                residual=gap - float(shares.sum()),
                features=tuple(
                    GapFeature(
                        feature=attributions.names[j],
                        share=float(shares[j]),
                        low=float(shares[j] - half[j]),
                        high=float(shares[j] + half[j]),
                    )
                    for j in order
                ),
                n=group.n,
                n_reference=base.n,
            )
        )
    return tuple(gaps)


@dataclass(frozen=True, slots=True, eq=False)
class _Summary:
    n: int
    output: float
    means: FloatArray
    variances: FloatArray


def _summary(attributions: Attributions, chosen: np.ndarray, people: IntArray) -> _Summary | None:
    weights = people[chosen].astype(np.float64)
    n = int(people[chosen].sum())
    if n == 0:
        return None
    values = attributions.values[chosen]
    means = _total(weights, values) / n
    variances = np.full(len(means), np.nan)
    if n > 1:
        variances = _total(weights, (values - means) ** 2) / (n - 1)
    output = float(_total(weights, attributions.outputs[chosen][:, None])[0] / n)
    return _Summary(n, output, means, variances)


def _total(weights: FloatArray, values: FloatArray) -> FloatArray:
    """Weighted sum of each column, added by size: the same however the rows are sorted."""
    total: FloatArray = np.sort(weights[:, None] * values, axis=0).sum(axis=0)
    return total


def _half_width(a: _Summary, b: _Summary) -> FloatArray:
    from scipy.stats import t

    left, right = a.variances / a.n, b.variances / b.n
    total = left + right
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = total**2 / (left**2 / (a.n - 1) + right**2 / (b.n - 1))
        half: FloatArray = t.ppf(0.975, freedom) * np.sqrt(total)
    # Values that do not vary at all have no degrees of freedom, and a difference without error.
    return np.where(total == 0, 0.0, half)
