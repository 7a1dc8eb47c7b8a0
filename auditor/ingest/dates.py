"""Days of decisions, from texts in a declared format."""

from __future__ import annotations

import re
from datetime import date, datetime

ISO_DAY = "%Y-%m-%d"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?", re.ASCII)
_TRIED = (datetime(1999, 12, 31), datetime(2026, 2, 3))  # noqa: DTZ001 - days, not moments


def day_of(text: str, format_: str, *, typed: bool = False) -> date | None:
    """Day that a text says; None when it says none in this format.

    Parameters
    ----------
    text : str
        Trimmed.
    format_ : str
        In the notation of ``strptime``. ``%Y-%m-%d`` also reads the day of an ISO moment.
    typed : bool
        Whether the text is that of a stored date, which is an ISO one whatever the format says.

    Examples
    --------
    >>> day_of("31.01.2026", "%d.%m.%Y"), day_of("2026-01-31T10:00:00Z", "%Y-%m-%d")
    (datetime.date(2026, 1, 31), datetime.date(2026, 1, 31))
    >>> day_of("2026-02-30", "%Y-%m-%d"), day_of("02/03/2026", "%Y-%m-%d")
    (None, None)
    """
    if (typed or format_ == ISO_DAY) and _MOMENT.fullmatch(text):
        text, format_ = text[:10], ISO_DAY
    try:
        return datetime.strptime(text, format_).date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None


def says_a_day(format_: str) -> bool:
    """Whether a format of ``strptime`` names day, month and year, and nothing that no text has.

    Examples
    --------
    >>> says_a_day("%d.%m.%Y"), says_a_day("%d.%m."), says_a_day("DD.MM.YYYY")
    (True, False, False)
    """
    try:
        return all(day_of(day.strftime(format_), format_) == day.date() for day in _TRIED)
    except ValueError:
        return False
