"""What a model decides of the same people when only a protected feature is another one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from auditor.explain import ScoreCheck, model_predictions, model_scores
from auditor.rules.base import Flips

if TYPE_CHECKING:
    from auditor.decisions import ExportFacts
    from auditor.vocabulary import FloatArray, IntArray

    Decide: TypeAlias = Callable[[FloatArray], Any]

MOST_VALUES = 10
"""A feature with more values is a number rather than a group; no one value is the other one."""


def flip(
    model: Any,
    matrix: FloatArray,
    names: Sequence[str],
    protected: Collection[str],
    *,
    lines: IntArray,
    export: ExportFacts,
    check: ScoreCheck | None,
) -> Flips | None:
    """Put every other value of each protected feature in its place, one feature at a time.

    Parameters
    ----------
    model : fitted scikit-learn model
    matrix : float64 array, shape (n, f), as the model is given it
    names : f feature names
    protected : which of them are a protected attribute or follow from one
    lines : int64 array, the line of the table that each row is
    export : ExportFacts, for the cut score
    check : ScoreCheck or None
        The cut score decides only where the exported scores are this model's.

    Returns
    -------
    Flips or None
        None when the model decides nothing: it gives a number, and no cut score is known for it.
    """
    decide = _decide(model, export, check)
    if decide is None:
        return None
    own = decide(matrix)
    changed = np.zeros(len(matrix), dtype=np.bool_)
    untried = []
    for j, name in enumerate(names):
        if name not in protected:
            continue
        values = np.unique(matrix[:, j])
        values = values[~np.isnan(values)]
        if len(values) > MOST_VALUES:
            untried.append(name)
            continue
        for value in values:
            other = matrix.copy()
            other[:, j] = value
            changed |= decide(other) != own
    return Flips(lines=lines, changed=changed, untried=tuple(untried))


def _decide(model: Any, export: ExportFacts, check: ScoreCheck | None) -> Decide | None:
    """How the model decides: by the cut score on its own scores, else as the class it predicts."""
    cut, theirs = export.cut_score, check is not None and check.compared and not check.differing
    if cut is not None and theirs:
        if export.better == "low":
            return lambda rows: model_scores(model, rows) <= cut
        return lambda rows: model_scores(model, rows) >= cut
    if hasattr(model, "classes_"):
        return lambda rows: model_predictions(model, rows)
    return None
