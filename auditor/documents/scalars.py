from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from auditor.documents.document import NumberText, shown
from auditor.vocabulary import INTERSECTION

_DECIMAL = re.compile(
    r"[+-]?((0|[1-9][0-9]{0,8})(\.[0-9]{0,18})?|\.[0-9]{1,18})([eE][+-]?[0-9]{1,2})?"
)
_RATIO = re.compile(r"[0-9]{1,18}/0*[1-9][0-9]{0,17}")
_LARGEST, _FINEST = 10**9, 10**18
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NOT_A_NUMBER = "must be a number such as 0.8 or 4/5, got {value}"

T = TypeVar("T")


def to_fraction(value: object) -> Fraction:
    """Exact fraction of a threshold as people write it.

    Parameters
    ----------
    value : int, Fraction, or text
        Text is a decimal (at most 9 and 18 digits), such as 0.8 or 8e-1, or ``a/b``. A float is
        refused: 0.8 as a float is not four fifths. So is 012, which other programs read as 10.

    Returns
    -------
    Fraction

    Raises
    ------
    PydanticCustomError
        A ValueError, of type ``not-a-number``.

    Examples
    --------
    >>> to_fraction("0.80"), to_fraction("4/5"), to_fraction(1)
    (Fraction(4, 5), Fraction(4, 5), Fraction(1, 1))
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and _RATIO.fullmatch(value):
        return Fraction(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        number = Fraction(value)
        if abs(number) < _LARGEST and (number * _FINEST).denominator == 1:
            return number
    raise PydanticCustomError(
        "not-a-number", _NOT_A_NUMBER, {"value": shown(value), "hint": _number_hint(value)}
    )


def _number_hint(value: object) -> str:
    if isinstance(value, float):
        return f"write it as text, {str(value)!r}: a float cannot hold most decimals exactly"
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,9})? ?%", value):
        per_cent = Fraction(value.rstrip("% ").replace(",", ".")) / 100
        return f"write {float(per_cent):g}"
    if isinstance(value, str) and re.fullmatch(r"0[0-9]{1,9}", value):
        return f"write {int(value)}: a number with a 0 before it means different things"
    if isinstance(value, str) and re.fullmatch(r"[0-9]+,[0-9]+", value):
        return f"write {value.replace(',', '.')}"
    return "plain digits, at most 9 before and 18 after the point, or a/b"


def _to_text(value: object) -> object:
    if isinstance(value, NumberText | int):
        got = shown(value)
        raise PydanticCustomError(
            "wrong-type", "must be text, got {value}", {"value": got, "hint": f'write "{got}"'}
        )
    return value


def _not_empty(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty-value", "must not be empty")
    return value


def _to_date(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError(
        "not-a-date",
        "must be a calendar date, got {value}",
        {"value": shown(value), "hint": "write it as 2026-11-22"},
    )


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        raise PydanticCustomError(
            "bad-id",
            "must be a short name, got {value}",
            {"value": shown(value), "hint": "letters, digits, '-', '_' and '.', at most 64"},
        )
    return value


def no_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a list that names something twice.

    Raises
    ------
    PydanticCustomError
        A ValueError, of type ``listed-twice``.
    """
    seen = set()
    for value in values:
        if value in seen:
            name = INTERSECTION.join(value) if isinstance(value, tuple) else value
            raise PydanticCustomError("listed-twice", "lists {value} twice", {"value": shown(name)})
        seen.add(value)
    return values


FractionText: TypeAlias = Annotated[Fraction, BeforeValidator(to_fraction)]
"""A threshold: whole number, decimal by its source text, or ``a/b``."""

DateText: TypeAlias = Annotated[date, BeforeValidator(_to_date)]
"""A day as ``2026-11-22``."""

Text: TypeAlias = Annotated[str, AfterValidator(_not_empty), BeforeValidator(_to_text)]
"""Text that is not empty; a number or ``true`` has to stand in quotes."""

Listed: TypeAlias = Annotated[tuple[T, ...], Field(strict=False)]
"""A YAML list, kept as a tuple; its items stay strict."""

Id: TypeAlias = Annotated[Text, AfterValidator(_identifier)]
"""Short name that other files and results refer to."""


class Written(BaseModel):
    """Base of everything a person writes: unknown keys refused, nothing converted silently."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
