from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditor.vocabulary import CONSIDERED, OUTCOMES

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.vocabulary import IntArray

_CODES = [OUTCOMES.index(value) for value in CONSIDERED]


def considered(decisions: Decisions) -> IntArray:
    """Lines that hold a decision, in order: int64 array. Without outcome every line does."""
    if decisions.outcome is None:
        return np.arange(len(decisions.rows), dtype=np.int64)
    return np.flatnonzero(np.isin(decisions.outcome, _CODES))
