"""What people changed, as labelled rows for the owners of the model."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.run.rereading import joined_with
from auditor.run.reviewing import desk_of, opened

if TYPE_CHECKING:
    from auditor.ledger.store import Stored
    from auditor.review.oversight.joining import Joined
    from auditor.run.holding import Audit
    from auditor.signing.keyring import Keyring


def feedback(
    audit: Audit,
    ledger: str | Path | Stored,
    keyring: str | Path | Keyring | None,
    *,
    with_words: bool = False,
    as_of: date | None = None,
    export: Any = None,
    profile: Any = None,
    key: str | Path | None = None,
    encoding: str | None = None,
) -> str:
    """Text of a CSV with every decision in which people departed from the model, and why.

    No name and no group is in it; the features are those that the profile declares, when an export
    is given.
    """
    from auditor.review.oversight.feedback import feedback_csv
    from auditor.review.oversight.readings import readings_of

    with opened(ledger, write=False) as held:
        desk = desk_of(audit.result, audit.files, held, keyring)
        words = held.words()
    day = as_of or datetime.now(UTC).date()
    queue = desk.queue(day)
    readings = readings_of(queue, words)
    features = {}
    if export is not None:
        both = joined_with(
            queue, export, profile, key, encoding=encoding, made_of=audit.result.document
        )
        features = {name: _cell(both, name) for name in _model_features(both, profile)}
    return feedback_csv(readings, queue, with_words=with_words, features=features)


def _model_features(found: Joined, profile: Any) -> list[str]:
    """Give the declared features that do not tell a group."""
    from auditor.ingest import load_profile
    from auditor.run.encodings import hidden_features

    hidden = hidden_features(found.decisions, load_profile(profile))
    return [name for name in found.decisions.features if name not in hidden]


def _cell(found: Joined, name: str) -> Callable[[str], str]:
    values = found.decisions.features[name]

    def cell(identity: str) -> str:
        line = found.line_of.get(identity)
        value = math.nan if line is None else float(values[line])
        return "" if math.isnan(value) else repr(value)

    return cell
