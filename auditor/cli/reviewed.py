"""An audit together with what a ledger holds, as options of a verb name it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from auditor.run import Audit


def with_reviews(
    made: Audit,
    ledger: str | None,
    keyring: str | None,
    as_of: date | None,
    checkpoints: Sequence[str],
) -> Audit:
    """Count what people recorded, where a ledger is named.

    Raises
    ------
    UsageError
        When checkpoints are named without their ledger.
    PathError, SignatureError
        When a file cannot be read.
    IntegrityError
        When the ledger does not hold, or a checkpoint does not fit it.
    """
    from auditor.cli.ledger.text import read_note
    from auditor.errors import UsageError

    if ledger is not None:
        notes = [read_note(name) for name in checkpoints]
        return made.reviewed(ledger, keyring, as_of=as_of, checkpoints=notes)
    if checkpoints:
        raise UsageError(
            "a checkpoint is of a ledger, and no ledger is named",
            slug="no-ledger",
            hint="add --ledger FILE",
        )
    return made
