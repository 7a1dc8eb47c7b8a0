from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import UsageError
from auditor.rules.base import Flips, Protected
from auditor.vocabulary import CONSIDERED, OUTCOMES

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.explain import Attributions, Gap, Reason, ScoreCheck
    from auditor.findings import Flag
    from auditor.run.given import Given
    from auditor.vocabulary import IntArray

REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """Attributions of every decision that counts in a rate, which every flagged one does.

    ``hidden`` are the features that are a protected attribute or tell it: reviewers do not see
    them. ``job_related`` are those that the profile lists as such; None where it lists none.
    """

    attributions: Attributions
    gaps: tuple[Gap, ...]
    score_check: ScoreCheck | None
    hidden: frozenset[str]
    job_related: frozenset[str] | None = None
    flips: Flips | None = None

    @property
    def protected(self) -> Protected:
        """All of it by name, for the rules that may read protected attributes."""
        return Protected(attributions=self.attributions, features=self.hidden, flips=self.flips)

    @property
    def seen(self) -> Attributions:
        """Attributions as rules about single decisions may see them: hidden features nameless."""
        names = tuple("" if name in self.hidden else name for name in self.attributions.names)
        return replace(self.attributions, names=names)


def explain(
    model: Any,
    given: Given,
    decisions: Decisions,
    references: Mapping[str, str],
    *,
    hidden: Collection[str],
    flips: bool = False,
    background: Any = None,
) -> Explained | None:
    """Explain the model on every decision that counts in a rate and split the gaps by feature.

    Parameters
    ----------
    model : fitted scikit-learn model
    given : what the call says about features; its columns are among those of ``decisions``
    decisions : Decisions, one line a row
    references : mapping of attribute to the group that the others are compared with
    hidden : columns that are a protected attribute or tell it
    flips : whether a rule asks what the model decides when such a column is another
    background : frame of rows that the model is explained with, or None

    Returns
    -------
    Explained or None
        None when no decision counts in a rate.

    Raises
    ------
    ModelError, UsageError
        When the model or its features do not fit the export.
    """
    from auditor.explain import (
        check_scores,
        from_columns,
        from_frame,
        gap_table,
        model_scores,
        prepare,
    )

    columns = given.of_model(decisions.features)
    if not columns:
        raise UsageError(
            "a model was given, but no features: neither columns nor a frame",
            slug="features-missing",
            hint="name the model's columns with features=[...] or in the profile",
        )
    features = from_columns(columns)
    better = decisions.export.better
    lines = _considered(decisions)
    matrix = features.matrix[lines]
    if not len(lines):
        return None
    rows = None if background is None else from_frame(background, features.names).matrix
    explainer = prepare(model, matrix, features.names, background=rows, better=better)
    attributions = replace(explainer.explain(matrix), lines=lines)
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
        check = check_scores(model_scores(model, matrix), decisions.score[lines])
    protected, related = given.shown(hidden), given.profile.job_related
    flipped = None
    if flips:
        from auditor.run.flipping import flip

        flipped = flip(
            model,
            matrix,
            features.names,
            protected,
            lines=lines,
            export=decisions.export,
            check=check,
        )
    return Explained(
        attributions=attributions,
        gaps=tuple(gaps),
        score_check=check,
        hidden=protected,
        job_related=None if related is None else given.shown(related),
        flips=flipped,
    )


def factors(explained: Explained, flags: Sequence[Flag]) -> dict[int, str]:
    """Name the three strongest reasons on each side of every flagged line, no hidden features.

    Of each side as many: who reads what speaks for a decision reads what speaks against it.
    Beside a feature that the profile does not list as job-related, it says so.
    """
    from auditor.explain import reasons

    made = explained.attributions
    texts = {}
    for line in sorted({flag.line for flag in flags}):
        row = int(np.searchsorted(made.lines, line))
        ranked = reasons(made, row, k=len(made.names))
        shown = [reason for reason in ranked if reason.feature not in explained.hidden]
        raised = [reason for reason in shown if reason.attribution > 0][:REASONS]
        lowered = [reason for reason in shown if reason.attribution < 0][:REASONS]
        texts[line] = "; ".join(
            _said(reason, explained) for reason in shown if reason in raised or reason in lowered
        )
    return texts


def _said(reason: Reason, explained: Explained) -> str:
    related = explained.job_related
    beside = "" if related is None or reason.feature in related else " (not listed as job-related)"
    return f"{reason}{beside}"


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


def _considered(decisions: Decisions) -> IntArray:
    if decisions.outcome is None:
        return np.arange(len(decisions.rows), dtype=np.int64)
    codes = [OUTCOMES.index(outcome) for outcome in CONSIDERED]
    return np.flatnonzero(np.isin(decisions.outcome, codes))
