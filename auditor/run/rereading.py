"""An export read once more beside a queue: which line is which decision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError, Where

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.review.oversight.joining import Joined
    from auditor.review.queue import Queue
    from auditor.review.requesting import Asked


def joined_with(
    queue: Queue,
    export: Any,
    profile: Any,
    key: str | Path | None,
    *,
    encoding: str | None = None,
) -> Joined:
    """Read an export once more, and find the decisions of the queue in it.

    Raises
    ------
    UsageError
        When no profile is given, or the export has no ids, no outcome, or none of the decisions.
    """
    from auditor.review.oversight.joining import joined

    decisions, identity_of = reread(export, profile, key, encoding=encoding)
    found = joined(queue, decisions, identity_of)
    if found is None:
        raise UsageError(
            "this export has no column of ids, or none of outcomes",
            slug="export-not-joined",
            hint="name the export and the profile that the result was made of",
        )
    if queue.items and not found.line_of.keys() & {
        one.decision.identity for item in queue.items for one in item.decisions
    }:
        raise UsageError(
            "no decision of the queue is in this export: another export, profile or key",
            slug="export-not-joined",
            hint="name the export, the profile and the --key that the result was made with",
        )
    return found


def reread(
    export: Any, profile: Any, key: str | Path | None, *, encoding: str | None = None
) -> tuple[Decisions, Callable[[int, str], str]]:
    """Read an export with its ids, and give the function that tells a line's identity."""
    from auditor.ingest import load_profile, read
    from auditor.result.identity import identity, load_key
    from auditor.run.auditing import PROFILE_HINT
    from auditor.run.flagging import what_of

    if profile is None:
        raise UsageError(
            "no profile says how this export reads", slug="no-profile", hint=PROFILE_HINT
        )
    place = None if key is None else Path(key)
    if place is not None and not place.exists():
        raise UsageError(
            "there is no key of identities here, and a new one would join nothing",
            slug="key-not-there",
            where=Where(str(place)),
            hint="name the key that the result was made with",
        )
    secret = load_key(place)
    decisions = read(export, load_profile(profile), rows=True, encoding=encoding)
    return decisions, lambda line, name: identity(secret, name, *what_of(decisions, line))


def unflagged(
    export: Any, profile: Any, key: str | Path | None, decision: str, *, encoding: str | None = None
) -> Asked | None:
    """Find a decision of an export by its id, whether a rule flagged it or not."""
    import numpy as np

    from auditor.result.identity import case_identity, load_key
    from auditor.review.requesting import Asked
    from auditor.run.flagging import what_of

    decisions, identity_of = reread(export, profile, key, encoding=encoding)
    if decisions.ids is None:
        return None
    names = decisions.ids(np.arange(len(decisions.rows), dtype=np.int64))
    for line, name in enumerate(names):
        if name == decision:
            version, outcome, _ = what_of(decisions, line)
            return Asked(
                case=case_identity(load_key(None if key is None else Path(key)), name),
                identity=identity_of(line, name),
                decision=name,
                outcome=outcome,
                model_version=version,
            )
    return None
