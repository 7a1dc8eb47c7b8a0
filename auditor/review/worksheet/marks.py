"""Texts as cells hold them, and the mark by which a row is known again.

A mark finds slips: a row pasted over another one, a cell that was changed, a sheet of another
result. Whoever can edit the file can make marks too; what proves a review is its signature.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.review.worksheet.columns import FORMAT

if TYPE_CHECKING:
    from auditor.review.worksheet.columns import Step

_LONGEST = 32_000
"""A cell holds 32,767 characters."""

_DIGITS = 32

_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Begins what stands for one character in a workbook; not every program keeps it as it was."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a worksheet was made of and for. ``reader`` is empty where anybody may fill it in."""

    step: Step
    role: str
    reader: str
    ledger: str
    result: str


def cell_text(text: str) -> str:
    r"""Text as a cell can hold it, and as it comes back: no control characters, no blanks around.

    Examples
    --------
    >>> cell_text(" a\r\nb\x00 ")
    'a\nb\ufffd'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ESCAPE.sub("_ ", _UNWRITABLE.sub("\ufffd", text)).strip()
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"


def mark_of(origin: Origin, identity: str, titles: Sequence[str], cells: Sequence[str]) -> str:
    """Mark of a row: the identity of its decision, and a digest of all that it shows."""
    shown = [
        *(FORMAT, origin.step, origin.role, origin.reader, origin.ledger, origin.result, identity),
        list(titles),
        list(cells),
    ]
    digest = hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()
    return cell_text(f"{identity}.{digest[:_DIGITS]}")


def identity_in(mark: str) -> str | None:
    """Identity that a mark names; None when it is no mark."""
    identity, _, digest = mark.rpartition(".")
    return identity if identity and len(digest) == _DIGITS else None
