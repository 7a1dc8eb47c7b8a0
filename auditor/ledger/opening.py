"""Any ledger by what a person calls it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.ledger.store import Stored


def open_ledger(address: str | Path, *, read_only: bool = False) -> Stored:
    """Open a ledger that there is.

    Parameters
    ----------
    address : str or Path
        A file that 'auditor ledger init' made.
    read_only : bool
        Open it without the right to write.

    Raises
    ------
    UsageError
        When the address is none of a file.
    PathError
        When the ledger is not there or cannot be used.
    IntegrityError
        When it is no ledger, damaged, changed in its structure, or of a newer version.
    """
    from auditor.ledger.sqlite import SqliteLedger

    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", str(address))
    if scheme is not None:
        raise UsageError(
            f"a ledger cannot be opened by an address that begins with {scheme[0]}",
            slug="ledger-address",
            hint="name the file of the ledger",
        )
    return SqliteLedger(address, read_only=read_only)
