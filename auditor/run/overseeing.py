"""A result, a ledger, and perhaps the export once more: oversight in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.run.rereading import joined_with
from auditor.run.reviewing import desk_of, opened

if TYPE_CHECKING:
    from auditor.ledger.store import Stored
    from auditor.result import AuditResult
    from auditor.review.oversight.joining import Joined
    from auditor.review.oversight.measuring import ByGroup, Oversight
    from auditor.run.holding import Audit
    from auditor.signing.keyring import Keyring


def oversee(
    audit: Audit,
    ledger: str | Path | Stored,
    keyring: str | Path | Keyring | None = None,
    *,
    as_of: date | None = None,
    controls: str | Path | None = None,
    export: Any = None,
    profile: str | Path | Mapping[str, Any] | None = None,
    key: str | Path | None = None,
    encoding: str | None = None,
    by_person: bool = False,
) -> Oversight:
    """Measure whether people look at what was flagged, or only confirm.

    Parameters
    ----------
    audit : Audit
        With its flags, as `auditor.run.load` gives it.
    ledger : path or address, or an open ledger
    keyring : path or Keyring, optional
        Without it no review counts.
    as_of : date, optional
        The day that counts as today (default: today, UTC).
    controls : path, optional
        Of a list of control cases that was sealed before they were read.
    export, profile, key, encoding
        Those that were audited, as in `auditor.audit`; with them also by group, joined by identity.
    by_person : bool
        Also each person by themselves.

    Raises
    ------
    IntegrityError
        When the ledger does not hold, or the control cases were not sealed in time.
    PathError, UsageError, SignatureError, ProfileError, ExportError, DecisionError
    """
    from auditor.review.oversight.controls import MOST_BYTES, parse_controls
    from auditor.review.oversight.measuring import measured
    from auditor.signing.files import small_file

    listed = None
    if controls is not None:
        listed = parse_controls(small_file(controls, MOST_BYTES)[0], str(controls))
    with opened(ledger, write=False) as held:
        desk = desk_of(audit.result, audit.files, held, keyring)
        words = held.words()
    queue = desk.queue(as_of or datetime.now(UTC).date())
    found = measured(
        desk, queue, audit.result.document, words, controls=listed, by_person=by_person
    )
    if export is None:
        return found
    both = joined_with(
        queue, export, profile, key, encoding=encoding, made_of=audit.result.document
    )
    return replace(found, groups=_by_group(audit.result, both))


def _by_group(result: AuditResult, found: Joined) -> ByGroup:
    from auditor.review.oversight.groups import effect_on
    from auditor.review.oversight.joining import counts_of
    from auditor.review.oversight.measuring import ByGroup
    from auditor.vocabulary import attributes_of

    references = {
        row["attribute"]: row["reference"]
        for row in result.document["comparisons"]
        if row["metric"] == "selection-rate" and row["stratum"] is None
    }
    known = set(found.decisions.groups)
    names = [*known, *references]
    attributes = [
        name for name in dict.fromkeys(sorted(names)) if known >= set(attributes_of(name))
    ]
    return ByGroup(
        missing=found.missing,
        attributes=tuple(
            effect_on(name, counts_of(found, name), references.get(name)) for name in attributes
        ),
    )
