"""An export read once more beside a queue: which line is which decision."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import DecisionError, IntegrityError, UsageError, Where
from auditor.result.identity import case_identity, default_key_path, identity
from auditor.review.requesting import Asked
from auditor.run.flagging import first_of_case, what_of

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.result import AuditDocument
    from auditor.review.oversight.joining import Joined
    from auditor.review.queue import Queue


def joined_with(
    queue: Queue,
    export: Any,
    profile: Any,
    key: str | Path | None,
    *,
    encoding: str | None = None,
    made_of: AuditDocument | None = None,
) -> Joined:
    """Read an export once more, and find the decisions of the queue in it.

    Parameters
    ----------
    queue : Queue
    export, profile, key, encoding
        As in `auditor.audit`.
    made_of : content of ``audit.json``, optional
        Refuse all but the export and the profile of this result: numbers of another export beside
        those of the result would look like what review did.

    Raises
    ------
    UsageError
        When no profile is given, or the export has no ids, no outcome, or none of the decisions.
    DecisionError, IntegrityError
        When the export or the profile is not that of the result ``made_of``.
    """
    from auditor.review.oversight.joining import joined

    again = reread(export, profile, key, encoding=encoding)
    if made_of is not None:
        _must_be_those_of(made_of, again.decisions, profile)
    found = joined(queue, again.decisions, again.identity)
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


def _must_be_those_of(document: AuditDocument, decisions: Decisions, profile: Any) -> None:
    named = profile if isinstance(profile, str | Path) else "the profile"
    if decisions.export.profile_sha256 != document["profile"]["sha256"]:
        raise IntegrityError(
            "this is not the profile that the result was made with",
            slug="another-profile",
            where=Where(str(named)),
            hint="name the profile of the audit, as it was then",
        )
    mine = sorted(one.sha256 for one in decisions.export.inputs)
    if mine != sorted(one["sha256"] for one in document["inputs"]):
        raise DecisionError(
            "this is not the export that the result was made of",
            slug="another-export",
            where=Where(decisions.export.inputs[0].path),
            hint="name the file that was audited, as it was then",
        )


def reread(
    export: Any,
    profile: Any,
    key: str | Path | None,
    *,
    encoding: str | None = None,
    first: bool = False,
) -> Reread:
    """Read an export with its ids, and the key that its decisions are identified with.

    ``first`` says that nothing was identified yet, so that the key may be made now where it is
    always looked for; never under a name that somebody gives, which may be mistyped.

    Raises
    ------
    UsageError
        When no profile is given, or there is no such key.
    """
    from auditor.ingest import load_profile, read
    from auditor.result.identity import load_key
    from auditor.run.auditing import PROFILE_HINT

    if profile is None:
        raise UsageError(
            "no profile says how this export reads", slug="no-profile", hint=PROFILE_HINT
        )
    place = _place(key)
    if place is not None and not place.exists() and not (first and key is None):
        raise UsageError(
            "there is no key of identities here, and a new one would join nothing",
            slug="key-not-there",
            where=Where(str(place)),
            hint="name the key that the result was made with",
        )
    secret = load_key(place)
    return Reread(
        decisions=read(export, load_profile(profile), rows=True, encoding=encoding), key=secret
    )


def _place(key: str | Path | None) -> Path | None:
    """File of the key; None where nobody says where home is, which loading it tells."""
    if key is not None:
        return Path(key)
    with suppress(RuntimeError):
        return default_key_path()
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """An export that was read once more, and the key of identities."""

    decisions: Decisions
    key: bytes

    def rows(self) -> dict[str, str]:
        """Ids of all rows by their identities."""
        import numpy as np

        ids = self.decisions.ids
        if ids is None:
            return {}
        names = ids(np.arange(len(self.decisions.rows), dtype=np.int64))
        return {self.identity(line, name): name for line, name in enumerate(names)}

    def identity(self, line: int, name: str) -> str:
        """Identity of a line with its id."""
        return identity(self.key, name, *what_of(self.decisions, line))

    def asked(self, decision: str) -> Asked | None:
        """Find a decision by its id, in the case that it belongs to, whether it was flagged or not.

        Its case holds what else there is of the same person in the same requisition, as in a
        result.
        """
        import numpy as np

        ids = self.decisions.ids
        if ids is None:
            return None
        names = ids(np.arange(len(self.decisions.rows), dtype=np.int64))
        line = next((n for n, name in enumerate(names) if name == decision), None)
        if line is None:
            return None
        (opener,) = ids(first_of_case(self.decisions, np.array([line], dtype=np.int64)))
        version, outcome, _ = what_of(self.decisions, line)
        return Asked(
            case=case_identity(self.key, opener),
            identity=self.identity(line, decision),
            decision=decision,
            outcome=outcome,
            model_version=version,
        )
