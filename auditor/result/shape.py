"""Whether a text is a result: every field there and of its kind, and nothing JSON does not hold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

LARGEST = 2**63 - 1
"""No whole number of a result is larger: every reader can hold it."""

_DEEPEST, _LONGEST = 16, 40
_WORDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    NoneType: "null",
}


def read_json(text: str) -> Any:
    """Read JSON as it is meant: no key twice, no NaN and nothing infinite.

    Raises
    ------
    ValueError
        When the text is anything else, or nested beyond reason.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_float=_finite, parse_constant=_finite
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def faults(value: Any, kind: Any, at: str = "") -> Iterator[str]:
    """Everything that keeps a value from being of a kind, with its place.

    Parameters
    ----------
    value : what JSON gave
    kind : TypedDict, list, dict of text keys, Literal, plain type, or one of these or None
        Fields that a TypedDict does not name are let through: a later version may have added them.
    at : where the value stands

    Examples
    --------
    >>> list(faults([1, "2"], list[int], "seeds"))
    ['seeds[1] is a text, not a whole number']
    """
    origin, args = get_origin(kind), get_args(kind)
    base = dict if is_typeddict(kind) else origin or kind
    if NoneType in args:
        (other,) = (arg for arg in args if arg is not NoneType)
        if value is not None:
            yield from faults(value, other, at)
    elif kind is Any:
        yield from _plain(value, at)
    elif origin is Literal:
        if not isinstance(value, str) or value not in args:
            what = repr(value[:_LONGEST]) if isinstance(value, str) else _shown(value)
            yield f"{at} is {what}, not {' or '.join(args)}"
    elif not _is(value, base):
        yield f"{at or 'the whole'} is {_shown(value)}, not {_WORDS[base]}"
    elif base is list:
        for place, item in enumerate(value):
            yield from faults(item, args[0], f"{at}[{place}]")
    elif is_typeddict(kind):
        for name, field in _fields(kind).items():
            if name in value:
                yield from faults(value[name], field, _below(at, name))
            else:
                yield f"{_below(at, name)} is missing"
    elif base is dict:
        for name, item in value.items():
            yield from faults(item, args[1], _below(at, name))


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _is(value: Any, kind: type) -> bool:
    """Whether a value is of a plain kind: no true for 1, and no number that cannot be held."""
    if type(value) is int and kind in (int, float):
        return abs(value) <= LARGEST
    return type(value) is kind


def _plain(value: Any, at: str, depth: int = 0) -> Iterator[str]:
    """Find what no evidence holds: numbers out of range, and nests without end."""
    if depth > _DEEPEST:
        yield f"{at} is nested too deeply"
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _plain(item, _below(at, name), depth + 1)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _plain(item, f"{at}[{place}]", depth + 1)
    elif type(value) is int and not _is(value, int):
        yield f"{at} is {_shown(value)}"


def _shown(value: Any) -> str:
    if type(value) is int and not _is(value, int):
        return "a number out of range"
    return _WORDS[type(value)]


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} occurs twice")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no number")
    return value
