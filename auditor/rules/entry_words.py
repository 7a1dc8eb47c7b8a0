"""Entries of a system record as people know them: by the questions of the checklist."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.system import ASKS, Kind, entry_of, only


def entries_words(paths: Sequence[str]) -> str:
    """Questions that have to be answered, one after the other.

    Examples
    --------
    >>> entries_words(["dpia", "testing.scope"]).partition("; ")[0]
    '“Is there a data protection impact assessment?”'
    """
    return "; ".join(text for path in paths for text in _asked(path))


def value_words(path: str, kind: Kind) -> str:
    """Name one date or one number on record, and the question that it stands under.

    Examples
    --------
    >>> value_words("appeal", "number")
    'days, under “Where can a person object, and how soon is there an answer?”'
    """
    leaf = only(path, kind) or path
    entry = entry_of(leaf)
    return f"{_spaced(leaf.removeprefix(f'{entry}.'))}, under {_quoted(ASKS[entry])}"


def _asked(path: str) -> list[str]:
    """All questions that a way leads to; for a part of one, that question and the part."""
    whole = [_quoted(asks) for entry, asks in ASKS.items() if f"{entry}.".startswith(f"{path}.")]
    if whole:
        return whole
    entry = next(entry for entry in ASKS if path.startswith(f"{entry}."))
    return [f"{_quoted(ASKS[entry])}, {_spaced(path.removeprefix(f'{entry}.'))}"]


def _quoted(question: str) -> str:
    return f"“{question}”"


def _spaced(way: str) -> str:
    """Words of the keys of a record."""
    return way.replace(".", ", ").replace("_", " ").replace("-", " ")
