"""A ledger as text for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from auditor.documents import visible
from auditor.result.cells import csv_text
from auditor.signing.canonical import canonical

if TYPE_CHECKING:
    from auditor.ledger.entry import Entry, Words
    from auditor.ledger.store import Stored

ExportFormat = Literal["jsonl", "csv"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)

_COLUMNS = ("seq", "at", "id", "kind", "case", "by", "signed_with", "said_at", "body")


def export_ledger(ledger: Stored, form: ExportFormat = "jsonl", *, with_words: bool = False) -> str:
    """Text of all entries in their order.

    Parameters
    ----------
    ledger : Stored
    form : str
        ``jsonl``: the bytes of each entry as the chain holds them, one a line, so that the SHA-256
        of 0x00 and a line is the leaf of the tree. ``csv``: one line an entry for spreadsheets.
    with_words : bool
        Also the free words beside the chain: in ``jsonl`` as lines of their own after the entry, in
        ``csv`` in one more column.
    """
    with ledger.reading():
        words = ledger.words() if with_words else None
        return _FORMS[form](ledger, words)


def _jsonl(ledger: Stored, words: Mapping[tuple[str, str], Words] | None) -> str:
    lines: list[bytes] = []
    for entry in ledger.entries():
        lines.append(entry.content)
        for field, text, salt in _said(entry, words):
            beside = {"id": entry.draft.id, "field": field, "salt": salt, "text": text}
            lines.append(canonical({"words": beside}))
    return "".join(f"{line.decode()}\n" for line in lines)


def _csv(ledger: Stored, words: Mapping[tuple[str, str], Words] | None) -> str:
    header = _COLUMNS if words is None else (*_COLUMNS, "words")
    return csv_text(header, _rows(ledger, words))


def _rows(ledger: Stored, words: Mapping[tuple[str, str], Words] | None) -> Iterator[Sequence[str]]:
    for entry in ledger.entries():
        said = entry.draft
        cells = [
            str(entry.seq),
            entry.at,
            said.id,
            said.kind,
            # a pseudonym, unless somebody put lines of a log there; the body holds it as it is
            visible(str(said.body.get("case", ""))),
            said.by or "",
            said.signed_with or "",
            said.said_at,
            canonical(dict(said.body)).decode(),
        ]
        if words is not None:
            beside = {field: text for field, text, _ in _said(entry, words)}
            cells.append(canonical(beside).decode() if beside else "")
        yield cells


def _said(
    entry: Entry, words: Mapping[tuple[str, str], Words] | None
) -> list[tuple[str, str, str]]:
    """Field, text and salt of the words of an entry that are still there."""
    there = words or {}
    places = [(entry.draft.id, field) for field in entry.draft.words]
    return [(p[1], there[p].text, there[p].salt) for p in places if p in there]


_FORMS = {"jsonl": _jsonl, "csv": _csv}
