"""Evidence with made-up attributions, for kinds that look at reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from auditor.explain import Attributions
from auditor.rules.base import Evidence


def explained(evidence: Evidence, names: tuple[str, ...], values, lines=None) -> Evidence:
    """Add one row of attributions a line; every input is 7, one of ``gap`` is missing."""
    values = np.array(values, dtype=np.float64)
    inputs = np.full_like(values, 7.0)
    inputs[:, [name == "gap" for name in names]] = np.nan
    made = Attributions(
        names=names,
        values=values,
        inputs=inputs,
        outputs=values.sum(axis=1),
        lines=np.arange(len(values)) if lines is None else np.array(lines),
        base=0.0,
        unit="log-odds",
        explains="",
        method="",
        background="",
        background_rows=0,
        additivity=0.0,
    )
    return replace(evidence, attributions=made)
