from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditor.explain.attributions import Attributions, Unit
    from auditor.vocabulary import BoolArray, IntArray

_NOISE = 1e-12
"""Share of the output, base and largest value of a row below which a value is rounding error."""

_BY = {
    "log-odds": "log-odds",
    "probability": "in probability",
    "log of the model output": "on the log scale",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One feature of one decision: its value, and how far it moved the model's output.

    Examples
    --------
    >>> print(Reason(feature="assessment", value=41.0, attribution=-0.31, unit="log-odds"))
    assessment 41 lowered the score by 0.31 log-odds
    """

    feature: str
    value: float
    attribution: float
    unit: Unit

    def __str__(self) -> str:
        value = "(missing)" if np.isnan(self.value) else f"{self.value:.6g}"
        verb = "raised" if self.attribution > 0 else "lowered"
        size = abs(self.attribution)
        amount = f"{size:.2f}" if 0.005 <= size < 1000 else f"{size:.2g}"
        return (
            f"{self.feature} {value} {verb} the score by {amount} {_BY.get(self.unit, '')}".strip()
        )


def strongest(
    attributions: Attributions, signs: IntArray, *, k: int, without: Collection[str] = ()
) -> BoolArray:
    """Which features are among the strongest reasons that push an explained row one way.

    Parameters
    ----------
    attributions : Attributions
    signs : int64 array, shape (n,)
        1 where reasons that raise the output count, -1 where those that lower it do.
    k : int, at most so many reasons a row
    without : features that are passed over, as in the reasons that people are shown

    Returns
    -------
    bool array, shape (n, f)
        Ranked as `reasons` does: by size, equal ones in the model's order; what is no more than
        rounding error is no reason.
    """
    values = attributions.values * signs[:, None]
    size = np.abs(attributions.base) + np.abs(attributions.outputs)
    size = size + np.abs(values).max(axis=1, initial=0)
    passed = np.array([name in without for name in attributions.names], dtype=np.bool_)
    counts = (values > _NOISE * size[:, None]) & ~passed
    order = np.argsort(np.where(counts, -values, np.inf), axis=1, kind="stable")[:, :k]
    chosen = np.zeros_like(counts)
    np.put_along_axis(chosen, order, values=True, axis=1)
    found: BoolArray = chosen & counts
    return found


def reasons(attributions: Attributions, row: int, k: int = 3) -> list[Reason]:
    """Name the strongest reasons for the score of one explained row.

    Parameters
    ----------
    attributions : Attributions
    row : int
        Position among the explained rows (``attributions.lines[row]`` is the line of the table).
    k : int, at most so many reasons

    Returns
    -------
    list of Reason
        By decreasing absolute attribution, equal ones in the model's order. Features that did not
        move the output beyond rounding error are left out, so the list may be shorter. ``str`` of
        one is a sentence.
    """
    values = attributions.values[row]
    size = abs(attributions.base) + abs(attributions.outputs[row]) + np.abs(values).max(initial=0)
    order = np.argsort(-np.abs(values), kind="stable")[:k]
    return [
        Reason(
            feature=attributions.names[j],
            value=float(attributions.inputs[row, j]),
            attribution=float(values[j]),
            unit=attributions.unit,
        )
        for j in order
        if abs(values[j]) > _NOISE * size
    ]
