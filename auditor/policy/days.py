from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from auditor.documents import shown

_DUE = re.compile(r"([0-9]{1,4}) (day|days|week|weeks)")
_MONTHS = re.compile(r"([1-9]|1[0-2]) (month|months)")
_FOUR_YEARS = tuple(date(2000, 1, 1) + timedelta(days=n) for n in range(1461))
"""First days of periods of up to twelve months, with and without a leap day in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long a request may take: so many days, or so many months of the calendar."""

    days: int
    months: int | None = None

    def after(self, start: date) -> date:
        """Last day of the period, or the last one that a calendar holds.

        The day from which it runs is not counted. A period in months ends on the day of that number
        in its last month, or on its last day where there is no such one (Regulation (EEC, Euratom)
        No 1182/71, Article 3(2)(c)). Where that is a weekend or a holiday, Article 3(4) gives until
        the next working day; it is not made use of: nobody is late who keeps the earlier day.

        Examples
        --------
        >>> Span(days=28, months=1).after(date(2026, 1, 31))
        datetime.date(2026, 2, 28)
        >>> Span(days=30).after(date(2026, 1, 31))
        datetime.date(2026, 3, 2)
        """
        if self.months is None:
            return start + timedelta(days=min(self.days, (date.max - start).days))
        years, month = divmod(start.month - 1 + self.months, 12)
        year = start.year + years
        if year > date.max.year:
            return date.max
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))

    @property
    def fewest_and_most(self) -> tuple[int, int]:
        """How many days it can be, by the day on which it begins."""
        if self.months is None:
            return self.days, self.days
        found = [(self.after(day) - day).days for day in _FOUR_YEARS]
        return min(found), max(found)


def due_days(value: object) -> int:
    """Days until a review is due, from ``3 days`` or ``2 weeks``.

    Raises
    ------
    PydanticCustomError
        A ValueError, when the text is anything else.

    Examples
    --------
    >>> due_days("2 weeks")
    14
    """
    found = _DUE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise PydanticCustomError(
            "bad-due",
            "must be a number of days or weeks, got {value}",
            {"value": shown(value), "hint": "write it as '3 days' or '2 weeks'"},
        )
    return int(found[1]) * (7 if found[2].startswith("week") else 1)


Days: TypeAlias = Annotated[
    int,
    BeforeValidator(due_days),
    WithJsonSchema({"type": "string", "pattern": f"^{_DUE.pattern}$"}),
]
"""A number of days, written as ``3 days`` or ``2 weeks``."""


def due_span(value: object) -> Span:
    """Days or months until a request has to be decided, from ``45 days`` or ``1 month``.

    Raises
    ------
    PydanticCustomError
        A ValueError, when the text is anything else.

    Examples
    --------
    >>> due_span("1 month")
    Span(days=28, months=1)
    """
    found = _MONTHS.fullmatch(value) if isinstance(value, str) else None
    if found:
        months = int(found[1])
        return Span(days=Span(days=0, months=months).fewest_and_most[0], months=months)
    try:
        return Span(days=due_days(value))
    except PydanticCustomError:
        raise PydanticCustomError(
            "bad-due",
            "must be a number of days, weeks or months, got {value}",
            {"value": shown(value), "hint": "write it as '45 days', '2 weeks' or '1 month'"},
        ) from None


Due: TypeAlias = Annotated[
    Span,
    BeforeValidator(due_span),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_DUE.pattern}|{_MONTHS.pattern})$"}),
]
"""How long a request may take, written as ``45 days``, ``2 weeks`` or ``1 month`` (up to 12)."""
