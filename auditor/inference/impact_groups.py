"""Every group of a judged table, whether the verdict rests on it or not."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditor.inference.impact_verdict import GroupEvidence
from auditor.inference.power import smallest_caught
from auditor.inference.unknowns import ratio_bounds

if TYPE_CHECKING:
    from auditor.inference.impact_table import JudgedTable


def groups_of(table: JudgedTable) -> tuple[GroupEvidence, ...]:
    """All groups by name, absent ones included."""
    caught = _caught(table)
    return tuple(_group(table, i, caught[i]) for i in range(len(table.n)))


def _caught(table: JudgedTable) -> list[float]:
    """Largest ratio to the reference that would have been caught, where the two are compared."""
    low, high, reference = table.steps.low[0], table.steps.high[0], table.reference
    values = [math.nan] * len(table.n)
    against = table.steps.compared[0] & ((low == reference) | (high == reference))
    others = np.where(low == reference, high, low)[against].tolist()
    if reference is None or not others:
        return values
    sizes = np.array([table.n[i] for i in others], dtype=np.float64)
    found = smallest_caught(
        sizes,
        np.full(len(others), float(table.n[reference])),
        np.full(len(others), table.selected / table.people),
        pairs=np.full(len(others), table.family),
        alpha=table.rule.alpha,
        threshold=table.rule.threshold,
    )
    for i, value in zip(others, np.asarray(found).tolist(), strict=True):
        values[i] = value
    return values


def _group(table: JudgedTable, i: int, caught: float) -> GroupEvidence:
    n, x, r, steps = table.n[i], table.x[i], table.reference, table.steps
    ratio, bounds = math.nan, (math.nan, math.nan)
    if n and r is not None and table.x[r]:
        ratio = float(Fraction(x * table.n[r], n * table.x[r]))
        bounds = ratio_bounds(
            x,
            n,
            table.x[r],
            table.n[r],
            unknown_considered=int(table.tables.unknown_n[0]),
            unknown_favorable=int(table.tables.unknown_x[0]),
        )
    state: Literal["shown", "open", "absent"] = "shown" if steps.shown[0, i] else "open"
    return GroupEvidence(
        name=table.names[i],
        n=n,
        x=x,
        share=n / table.people if table.people else math.nan,
        state=state if n else "absent",
        in_play=bool(steps.in_play[0, i]),
        yardstick=bool(steps.big[0, i]),
        sign=bool(steps.sign[0, i]),
        ratio=ratio,
        bounds=bounds,
        caught=caught,
    )
