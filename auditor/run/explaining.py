from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import ModelError, UsageError
from auditor.vocabulary import CONSIDERED, OUTCOMES

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.explain import Attributions, Features, Gap, ScoreCheck
    from auditor.findings import Flag
    from auditor.vocabulary import IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """Attributions of every decision that counts in a rate, which every flagged one does."""

    attributions: Attributions
    gaps: tuple[Gap, ...]
    score_check: ScoreCheck | None


def explain(
    model: Any,
    features: Any,
    frame: Any,
    decisions: Decisions,
    references: Mapping[str, str],
) -> Explained:
    """Explain the model on every decision that counts in a rate and split the gaps by feature.

    Parameters
    ----------
    model : fitted scikit-learn model
    features : column names, a frame with the rows of the export, or None for the profile's
    frame : the audited frame, or None for a file
    decisions : Decisions, one line a row
    references : mapping of attribute to the group that the others are compared with

    Raises
    ------
    ModelError, UsageError
        When the model or its features do not fit the export.
    """
    from auditor.explain import check_scores, gap_table, model_scores, prepare

    matrix = _features(features, frame, decisions)
    better = decisions.export.better
    explainer = prepare(model, matrix.matrix, matrix.names, better=better)
    lines = _considered(decisions)
    attributions = explainer.explain(matrix.matrix, lines=lines)
    gaps: list[Gap] = []
    for attribute, reference in references.items():
        coded = decisions.group(attribute)
        gaps += gap_table(
            attributions,
            coded.codes[lines],
            coded.levels,
            decisions.people[lines],
            reference=reference,
            attribute=attribute,
        )
    check = None
    if decisions.score is not None:
        check = check_scores(model_scores(model, matrix.matrix), decisions.score)
    return Explained(
        attributions=attributions,
        gaps=tuple(gaps),
        score_check=check,
    )


def factors(
    explained: Explained, flags: Sequence[Flag], protected: Collection[str]
) -> dict[int, str]:
    """Three strongest reasons of every flagged line, protected features left out."""
    from auditor.explain import reasons

    made = explained.attributions
    texts = {}
    for line in sorted({flag.line for flag in flags}):
        row = int(np.searchsorted(made.lines, line))
        ranked = reasons(made, row, k=3 + len(protected))
        shown = [str(reason) for reason in ranked if reason.feature not in protected][:3]
        texts[line] = "; ".join(shown)
    return texts


def explanations_parquet(explained: Explained, decisions: Decisions) -> bytes:
    """Content of ``explanations.parquet``: decision, feature, value, attribution, one a row."""
    import tempfile
    from pathlib import Path

    import duckdb
    import pandas as pd

    made = explained.attributions
    n, width = made.values.shape
    names = decisions.ids(made.lines) if decisions.ids else [str(i) for i in made.lines]
    table = pd.DataFrame(
        {
            "decision": np.repeat(np.array(names, dtype=object), width),
            "feature": np.tile(np.array(made.names, dtype=object), n),
            "value": made.inputs.ravel(),
            "attribution": made.values.ravel(),
        }
    )
    engine = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    with tempfile.TemporaryDirectory() as place, engine:
        path = Path(place) / "explanations.parquet"
        engine.register("made", table)
        engine.execute("copy (select * from made) to ? (format parquet)", [str(path)])
        return path.read_bytes()


def _features(features: Any, frame: Any, decisions: Decisions) -> Features:
    from auditor.explain import from_columns, from_frame

    if features is None or _are_names(features):
        if not decisions.features:
            raise UsageError(
                "a model was given, but no features: neither columns nor a frame",
                slug="features-missing",
                hint="name the model's columns with features=[...] or in the profile",
            )
        return from_columns(decisions.features, features)
    found = from_frame(features, like=frame)
    if len(found.matrix) != len(decisions.rows):
        raise ModelError(
            f"the feature frame has {len(found.matrix):,} rows, the audit {len(decisions.rows):,}",
            slug="features-other-rows",
            hint="give features for exactly the rows of the export, in their order",
        )
    return found


def _are_names(features: Any) -> bool:
    return isinstance(features, list | tuple) and all(isinstance(name, str) for name in features)


def _considered(decisions: Decisions) -> IntArray:
    if decisions.outcome is None:
        return np.arange(len(decisions.rows), dtype=np.int64)
    codes = [OUTCOMES.index(outcome) for outcome in CONSIDERED]
    return np.flatnonzero(np.isin(decisions.outcome, codes))
