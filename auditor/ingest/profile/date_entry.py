"""The entry of a profile that says when decisions were taken."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from auditor.documents import DateText, Text, Written, shown
from auditor.ingest.dates import ISO_DAY, says_a_day


def _date_format(value: str) -> str:
    if not says_a_day(value):
        raise PydanticCustomError(
            "bad-date-format",
            "must say day, month and year, got {value}",
            {"value": shown(value), "hint": 'write it as "%d.%m.%Y" or "%m/%d/%Y"'},
        )
    return value


class DateEntry(Written):
    """When the decision was taken; with ``from`` or ``until`` no row may lie outside these days."""

    column: Text
    format: Annotated[Text, AfterValidator(_date_format)] = ISO_DAY
    start: DateText | None = Field(default=None, alias="from")
    until: DateText | None = None
