"""How long a claim holds a case: long enough to read it, not so long that it waits for somebody."""

from __future__ import annotations

from datetime import date, timedelta

WORKING_DAYS = 3
"""After the day of the claim, Mondays to Fridays; public holidays are not known here."""

_SATURDAY = 5


def last_day(claimed_on: date) -> date:
    """Last day on which a claim holds.

    Examples
    --------
    >>> last_day(date(2026, 11, 26))  # a Thursday
    datetime.date(2026, 12, 1)
    """
    day, left = claimed_on, WORKING_DAYS
    try:
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < _SATURDAY
    except OverflowError:
        return date.max
    return day
