from __future__ import annotations

import re
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from auditor.documents import shown

_DUE = re.compile(r"([0-9]{1,4}) (day|days|week|weeks)")


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
