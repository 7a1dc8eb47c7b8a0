"""What stands in a cell that a reviewer filled in, as the value that it means."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from auditor.ingest.values import value_text
from auditor.review.saying import MOST_LABEL, MOST_LABELS
from auditor.review.worksheet.columns import MOST_MINUTES, MOST_REASONS
from auditor.review.worksheet.marks import cell_text

if TYPE_CHECKING:
    from auditor.review.worksheet.columns import Column

_BETWEEN = re.compile(r"[;\n]")
_MINUTES = re.compile(r"\d{1,5}(?:[.,]\d+)?")


class UnusableCellError(ValueError):
    """What a cell holds cannot be used; the text says why, ``hint`` what may stand there.

    Neither repeats what it holds: people write about people there, and messages go to a terminal.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def value_of(cell: Any, column: Column) -> Any:
    """Value of a cell that is not blank.

    Choices come back as the ledger writes them, labels as a tuple, a day as such, minutes in
    seconds.

    Raises
    ------
    UnusableCellError

    Examples
    --------
    >>> from auditor.review.worksheet.columns import FIRST
    >>> judged, *_, minutes = FIRST.asked
    >>> value_of(" Cannot say ", judged), value_of(1.5, minutes)
    ('cannot-say', 90)
    """
    match column.kind:
        case "choice":
            return _choice(cell, column)
        case "labels":
            return _labels(cell, column)
        case "day":
            return _day(cell)
        case "minutes":
            return _seconds(cell)
    return cell_text(text_of(cell))


def text_of(cell: Any) -> str:
    """Text of a cell, whatever a spreadsheet program made of it."""
    if isinstance(cell, str):
        return cell
    return str(cell) if isinstance(cell, timedelta | time) else value_text(cell) or ""


def _choice(cell: Any, column: Column) -> str:
    said = _plain(text_of(cell))
    for choice in column.choices:
        if _plain(choice) == said:
            return choice.replace(" ", "-")
    raise UnusableCellError(
        "what the cell holds is none of the choices", f"choose {_either(column.choices)}"
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())


def _either(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _labels(cell: Any, column: Column) -> tuple[str, ...]:
    found = (cell_text(part) for part in _BETWEEN.split(cell_text(text_of(cell))))
    labels = tuple(dict.fromkeys(label for label in found if label))
    most = MOST_REASONS if column.name == "reason_codes" else MOST_LABELS
    hint = f"at most {most} labels of {MOST_LABEL} letters, with ; between them"
    if not labels:
        raise UnusableCellError("the cell names no label", hint)
    if len(labels) > most:
        raise UnusableCellError(f"the cell names {len(labels)} labels", hint)
    if any(len(label) > MOST_LABEL or not label.isprintable() for label in labels):
        raise UnusableCellError(
            f"a label is longer than {MOST_LABEL} letters, or no line of plain signs", hint
        )
    return labels


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell.strip(), re.ASCII):
            return date.fromisoformat(cell.strip())
    except ValueError:
        pass
    raise UnusableCellError("what the cell holds is no day", "write a day such as 2026-12-31")


def _seconds(cell: Any) -> int:
    text = text_of(cell).strip()
    minutes = float(text.replace(",", ".")) if _MINUTES.fullmatch(text) else -1
    if isinstance(cell, bool) or not 0 <= minutes <= MOST_MINUTES:
        raise UnusableCellError(
            "what the cell holds is no number of minutes",
            f"write 0 to {MOST_MINUTES:,}, such as 6.5",
        )
    return round(minutes * 60)
