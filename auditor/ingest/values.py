"""Raw values as texts: how one is written, and when a cell holds what a profile declares."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from auditor.documents import NumberText

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
"""The only way to write a number. Python's ``float`` would also take ``1_000`` and ``nan``."""

EXACT_FLOAT = 10**15
"""Whole floats from here on have 16 digits, which a float64 cannot all tell apart."""

_LARGEST_EXPONENT = 400


@dataclass(frozen=True, slots=True)
class Declared:
    """One raw value that a profile names.

    A text cell must hold ``text``, character for character after :func:`trimmed`. A cell of a
    typed frame column, or a null, must equal the value itself, whose one text is ``value``: the
    YAML scalar ``1.0`` and the float 1.0 are the text ``1.0`` and the value ``1``. A null is the
    blank text as a value.
    """

    text: str
    value: str


def trimmed(text: str) -> str:
    r"""Text as it is compared: composed (NFC), without white space around it.

    Examples
    --------
    >>> trimmed("\u00a0 Re\u0301union\t")
    'Réunion'
    """
    return unicodedata.normalize("NFC", text).strip()


def declared(value: Any) -> Declared:
    """Take a Python scalar as a declared value.

    Raises
    ------
    TypeError
        When the value is no scalar, or a text that is no Unicode.

    Examples
    --------
    >>> declared("F "), declared(1.0)
    (Declared(text='F', value='F'), Declared(text='1.0', value='1'))
    """
    value = _plain(value)
    exact = value_text(value) or ""
    # A float or decimal is written with its point; everything else has one way to be written.
    text = str(value) if isinstance(value, float | Decimal) and exact else exact
    return Declared(text=trimmed(text), value=trimmed(exact))


def declared_in_yaml(text: str, value: object) -> Declared:
    """Take a YAML scalar as a declared value, from its source text and its plain value.

    Examples
    --------
    >>> declared_in_yaml("true", True), declared_in_yaml("08", NumberText("08"))
    (Declared(text='true', value='True'), Declared(text='08', value='8'))
    """
    if value is None:
        exact = ""
    elif isinstance(value, bool | int):
        exact = str(value)
    elif isinstance(value, NumberText) and NUMBER.fullmatch(value):
        exact = _number_text(Decimal(value))
    else:
        exact = text
    return Declared(text=trimmed(text), value=trimmed(exact))


def value_text(value: Any) -> str | None:
    """Say the one text of a value, so that equal values have equal texts; None when it is missing.

    Numbers that are whole have no point, whatever their type: 1, 1.0 and ``Decimal("1.00")`` are
    ``1``. True is ``True`` and never ``1``. A day is ``2026-01-02``, also as a midnight.

    Raises
    ------
    TypeError
        When the value is no scalar, or a text that is no Unicode.

    Examples
    --------
    >>> [value_text(v) for v in (1.0, 0.5, True, float("nan"), datetime(2026, 1, 2))]
    ['1', '0.5', 'True', None, '2026-01-02']
    """
    value = _plain(value)
    match value:
        case None:
            return None
        case str():
            if not is_unicode(value):
                raise TypeError("a text that is no Unicode stands in it")
            return str.__str__(value)
        case bool() | int():
            return str(value)
        case float():
            return None if value != value else _number_text(Decimal(repr(value)))
        case Decimal():
            return None if value.is_nan() else _number_text(value)
        case datetime():
            return None if value != value else str(value).removesuffix(" 00:00:00")
        case date() | time() | UUID():
            return str(value)
    if type(value).__name__ in ("Interval", "Period"):  # of pandas, such as the bands of pd.cut
        return str(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    raise TypeError(f"a {type(value).__name__} is no single value")


def is_unicode(text: str) -> bool:
    """Whether a text can be written: it holds no half of a pair, as wrongly decoded texts do."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _plain(value: Any) -> Any:
    """Python scalar of a numpy scalar."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, np.float16 | np.float32):
        # The shortest decimal of the short float, not the long one of its float64.
        return float(str(value))
    return value.item() if isinstance(value, np.generic) else value


def _number_text(number: Decimal) -> str:
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return str(number)
    if number == int(number):
        return str(int(number))
    return format(number, "f").rstrip("0")
