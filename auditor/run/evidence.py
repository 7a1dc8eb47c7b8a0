"""What a reviewer may see of a decision before the model's answer: job-related values."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.run.rereading import joined_with

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.ingest import Profile
    from auditor.result import AuditDocument
    from auditor.review.queue import Queue
    from auditor.review.showing import Evidence


def evidence_of(
    queue: Queue,
    export: Any,
    profile: Any,
    key: str | Path | None,
    *,
    encoding: str | None = None,
    not_allowed: Collection[str] = (),
) -> Evidence:
    """Read an export once more for the features of the decisions that wait for a person.

    They are what the profile lists as job-related, without those that are an attribute of a group
    or tell one, those that tell the model's answer, and those that a policy forbids: what a model
    reads may stand in for a group, and is no evidence because of that.

    Parameters
    ----------
    queue, export, profile, key, encoding
        As `joined_with` takes them.
    not_allowed : collection of str
        Features that the model may not read, as `not_allowed_by` finds them.

    Raises
    ------
    UsageError
        As `joined_with` raises it, and when the profile lists nothing as job-related that may be
        shown.
    """
    from auditor.errors import UsageError, Where
    from auditor.ingest import load_profile
    from auditor.run.encodings import hidden_features, without_features

    how = load_profile(profile)
    if how.job_related is None:
        raise UsageError(
            "this profile does not say which of its features are job-related, so none of them can "
            "be shown to reviewers as that",
            slug="no-features",
            where=Where(how.path),
            hint="list them under columns.job_related, or leave out --export",
        )
    found = joined_with(queue, export, profile, key, encoding=encoding)
    hidden = hidden_features(found.decisions, how) | telling_features(found.decisions, how)
    hidden |= set(found.decisions.features) - set(how.job_related) | set(not_allowed)
    decisions = without_features(found.decisions, hidden)
    if not decisions.features:
        raise UsageError(
            "this profile lists nothing as job-related that a reviewer may see before the reveal",
            slug="no-features",
            where=Where(how.path),
            hint="list job-related columns under columns.features and columns.job_related, or "
            "leave out --export",
        )
    return {
        one.decision.identity: _values(decisions, found.line_of[one.decision.identity])
        for item in queue.items
        for one in item.decisions
        if one.decision.identity in found.line_of
    }


def not_allowed_by(document: AuditDocument) -> frozenset[str]:
    """Features that a rule of a result found among those that the model may not read.

    What is waived is allowed: a waiver says on record why the job asks for it.
    """
    return frozenset(
        name
        for finding in document["findings"]
        if finding["kind"] == "feature-not-allowed"
        and finding["verdict"] != "pass"
        and not finding["waiver"]
        for name in (*finding["evidence"]["by_name"], *finding["evidence"]["protected"])
    )


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
