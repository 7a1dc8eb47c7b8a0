"""Whether a value is of a kind, compiled once for each: the quick yes beside `shape.faults`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints, is_typeddict

Fits: TypeAlias = Callable[[Any], bool]


@cache
def fits(kind: Any) -> Fits:
    """Give the check of a kind: True only where `shape.faults` finds nothing.

    It is stricter: fields that no version of ours names, and whole numbers beyond 2^53, do not
    fit. Whatever does not fit has to be looked at the long way, which also says what is wrong.

    Parameters
    ----------
    kind : TypedDict, list, dict of text keys, Literal of texts, str, bool, int, or one of these
        or None

    Examples
    --------
    >>> fits(list[int])([1, 2]), fits(list[int])([1, "2"])
    (True, False)
    """
    origin, args = get_origin(kind), get_args(kind)
    if NoneType in args:
        (other,) = (arg for arg in args if arg is not NoneType)
        return _or_none(fits(other))
    if origin is Literal:
        return _one_of(frozenset(args))
    if is_typeddict(kind):
        return _fields({name: fits(field) for name, field in get_type_hints(kind).items()})
    if origin is list:
        return _list(fits(args[0]))
    if origin is dict:
        return _texts_to(fits(args[1]))
    if kind in _PLAIN:
        return _PLAIN[kind]
    raise TypeError(f"{kind} is no kind of value that can be checked quickly")


def _or_none(inner: Fits) -> Fits:
    return lambda value: value is None or inner(value)


def _one_of(texts: frozenset[str]) -> Fits:
    return lambda value: type(value) is str and value in texts


def _text(value: Any) -> bool:
    return type(value) is str


def _yes_or_no(value: Any) -> bool:
    return type(value) is bool


def _list(inner: Fits) -> Fits:
    return lambda value: type(value) is list and all(map(inner, value))


def _texts_to(inner: Fits) -> Fits:
    return lambda value: type(value) is dict and all(map(inner, value.values()))


def _fields(fields: dict[str, Fits]) -> Fits:
    many = len(fields)
    texts = tuple(name for name, inner in fields.items() if inner is _text)
    others = tuple((name, inner) for name, inner in fields.items() if inner is not _text)

    def check(value: Any) -> bool:
        if type(value) is not dict or len(value) != many:
            return False
        try:
            for name in texts:
                if type(value[name]) is not str:
                    return False
            for name, inner in others:
                if not inner(value[name]):
                    return False
        except KeyError:
            return False
        return True

    return check


def _whole_number(value: Any) -> bool:
    return type(value) is int and -(2**53) < value < 2**53


def _anything(_: Any) -> bool:
    """Whoever asks for a part of any kind checks it apart."""
    return True


_PLAIN: dict[Any, Fits] = {str: _text, bool: _yes_or_no, int: _whole_number, Any: _anything}
