"""What a reviewer may see of a decision before the model's answer: job-related values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.run.rereading import joined_with

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.ingest import Profile
    from auditor.review.queue import Queue
    from auditor.review.showing import Evidence


def evidence_of(
    queue: Queue,
    export: Any,
    profile: Any,
    key: str | Path | None,
    *,
    encoding: str | None = None,
) -> Evidence:
    """Read an export once more for the features of the decisions that wait for a person.

    Features are what the profile lists as such, without those that are an attribute of a group or
    tell one, and without those that tell the model's answer.

    Raises
    ------
    UsageError
        As `joined_with` raises it, and when the profile lists no features.
    """
    from auditor.errors import UsageError
    from auditor.ingest import load_profile
    from auditor.run.encodings import hidden_features, without_features

    found = joined_with(queue, export, profile, key, encoding=encoding)
    how = load_profile(profile)
    hidden = hidden_features(found.decisions, how) | telling_features(found.decisions, how)
    decisions = without_features(found.decisions, hidden)
    if not decisions.features:
        raise UsageError(
            "this profile lists no features that a reviewer may see before the reveal",
            slug="no-features",
            hint="list job-related columns under columns.features and audit again, or leave out "
            "--export",
        )
    return {
        one.decision.identity: _values(decisions, found.line_of[one.decision.identity])
        for item in queue.items
        for one in item.decisions
        if one.decision.identity in found.line_of
    }


def telling_features(decisions: Decisions, profile: Profile) -> frozenset[str]:
    """Features that are the model's answer, a column of it, or tell its score or outcome."""
    from auditor.run.answers import features_telling_the_answer

    entries = (profile.outcome, profile.score, profile.label, profile.final)
    columns = {entry.column for entry in entries if entry is not None}
    return features_telling_the_answer(decisions) | (columns & set(decisions.features))


def _values(decisions: Decisions, line: int) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, "not given" if values[line] != values[line] else f"{values[line]:.6g}")
        for name, values in decisions.features.items()
    )
