"""What a ledger may be called: one word, safe in a checkpoint and in a file name."""

from __future__ import annotations

import re

from auditor.documents import shown
from auditor.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9._/-]{0,99}")
_OTHERS = re.compile(r"[^a-z0-9]+")


def default_name(stem: str, digits: str) -> str:
    """Name of a ledger of a file.

    Examples
    --------
    >>> default_name("Reviews 2026", "0f3a")
    'reviews-2026-0f3a'
    """
    word = _OTHERS.sub("-", stem.lower()).strip("-")[:60]
    return f"{word or 'ledger'}-{digits}"


def must_be_a_name(name: str) -> None:
    """Refuse what a checkpoint could not carry.

    Raises
    ------
    UsageError
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{shown(name)} is no name of a ledger",
            slug="ledger-name",
            hint="small letters, digits and -._/ only, a letter or digit first, 100 at most",
        )
