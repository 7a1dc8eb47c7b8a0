"""The one form of a kind of value, as a regular expression over its canonical text (RFC 8785)."""

from __future__ import annotations

import re
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

_PLAIN = r"[^\"\\\x00-\x1f]*"
_ESCAPED = r"\\(?:[\"\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))"

TEXT = rf'"{_PLAIN}(?:{_ESCAPED}{_PLAIN})*"'
"""A text: signs that need no escape have none, and the others the shortest."""

WHOLE = r"(?:0|-?[1-9][0-9]{0,14})"
"""A whole number that is exact everywhere; longer ones are left to the long way."""

_SCALARS = {str: TEXT, int: WHOLE, bool: "(?:true|false)", NoneType: "null"}


def form(kind: Any) -> str:
    r"""Give the pattern that the canonical texts of a kind match, and nothing else does.

    One pass over a text tells its type and that it is written in its only way; what does not match
    has to be looked at the long way (`shape.faults`), which also says what is wrong. Fields that no
    version of ours names do not match.

    Parameters
    ----------
    kind : TypedDict with ASCII names, list, Literal of ASCII texts, str, bool, int, or one of these
        or None

    Raises
    ------
    TypeError
        For any other kind.

    Examples
    --------
    >>> ones = re.compile(form(list[int])).fullmatch
    >>> [ones(text) is not None for text in ("[]", "[1,-2]", "[1, 2]", "[01]", '["1"]')]
    [True, True, False, False, False]
    """
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(f'"{re.escape(text)}"' for text in args)
    if NoneType in args:
        return _one_of(map(form, args))
    if is_typeddict(kind):
        fields = sorted(get_type_hints(kind).items())
        return r"\{" + ",".join(f'"{name}":{form(field)}' for name, field in fields) + r"\}"
    if origin is list:
        inner = form(args[0])
        return rf"\[(?:{inner}(?:,{inner})*)?\]"
    if kind in _SCALARS:
        return _SCALARS[kind]
    raise TypeError(f"{kind} is no kind of value with one form that a pattern can tell")


def _one_of(patterns: Any) -> str:
    return f"(?:{'|'.join(patterns)})"
