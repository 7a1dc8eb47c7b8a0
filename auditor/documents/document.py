from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from auditor.errors import Where

MAX_SHOWN = 60

PathKey: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and list positions (from 0), outermost first."""


class NumberText(str):
    """Source text of a number that is not a plain whole number, such as ``0.80`` or ``08``.

    A float would already have lost the difference between 0.80 and the nearest binary fraction,
    and a value map must still find the text ``08`` in an export.
    """

    __slots__ = ()


def shown(value: object) -> str:
    """Short form of a refused value for a message.

    Examples
    --------
    >>> shown("yes"), shown(NumberText("0.80")), shown(True), shown(["a"]), shown(None)
    ("'yes'", '0.80', 'true', 'a list', 'nothing')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "keys with values"
        case list() | tuple():
            return "a list"
    text = str(value)
    text = text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."
    return repr(text) if isinstance(value, str) and not isinstance(value, NumberText) else text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """One YAML file as plain data, with the place of every value and key.

    Parameters
    ----------
    path : str
        The name used in messages.
    data : dict
        Dicts, lists, str, int, bool and None. Keys are their source text. Numbers that are not
        plain whole numbers are :class:`NumberText`; dates are text.
    sha256 : str
        Of the bytes of the file.
    texts : mapping of path to str
        Source text of every scalar: ``[1, yes]`` holds ``"1"`` and ``"yes"``.
    places, keys : mapping of path to Where
        Place of every value, and of the key that it stands under.
    """

    path: str
    data: dict[str, Any]
    sha256: str
    texts: Mapping[PathKey, str]
    places: Mapping[PathKey, Where]
    keys: Mapping[PathKey, Where]

    def where(self, path: PathKey = ()) -> Where:
        """Place of a value; of the nearest value around it when nothing stands there."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def where_key(self, path: PathKey) -> Where:
        """Place of the key that leads to a value; of the value itself inside a list."""
        return self.keys.get(path) or self.where(path)

    def places_below(self, at: PathKey) -> dict[PathKey, Where]:
        """Places inside one entry: of values under their path, of keys under ``("key", *path)``."""
        return dict(_places_by_entry(self, len(at)).get(at, {}))


@lru_cache(maxsize=8)
def _places_by_entry(document: Document, size: int) -> dict[PathKey, dict[PathKey, Where]]:
    """Places inside every entry that deep, in one pass: there may be hundreds of entries."""
    found: dict[PathKey, dict[PathKey, Where]] = {}
    for path, where in document.places.items():
        if len(path) >= size:
            found.setdefault(path[:size], {})[path[size:]] = where
    for path, where in document.keys.items():
        if len(path) >= size:
            found.setdefault(path[:size], {})["key", *path[size:]] = where
    return found
