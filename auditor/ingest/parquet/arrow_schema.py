"""Reads from Arrow's schema the one thing that Parquet itself does not say: which are durations."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator

_DURATION = 18
_CONTINUATION = b"\xff\xff\xff\xff"


def durations(encoded: bytes) -> frozenset[str]:
    """Names of the top-level columns that are durations.

    Parquet stores them as whole numbers without a unit; only the schema that Arrow leaves in the
    file's metadata (``ARROW:schema``, a base64 flatbuffer) tells them from numbers.

    Parameters
    ----------
    encoded : bytes
        Empty when the file has none.

    Raises
    ------
    ValueError
        When it is no such schema.

    References
    ----------
    .. [1] Apache Arrow, "Columnar format: Encapsulated message format" and ``Schema.fbs``.
    """
    if not encoded:
        return frozenset()
    try:
        message = base64.b64decode(encoded, validate=True)
        start = 8 if message[:4] == _CONTINUATION else 4
        root = _Table(message[start:], 0).child_at(0)
        schema = root.child(2)
        return frozenset(
            field.text(0) for field in schema.children(1) if field.byte(2) == _DURATION
        )
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("no Arrow schema") from error


class _Table:
    """A table of a flatbuffer: a position, and a list of where its fields are."""

    def __init__(self, buffer: bytes, position: int) -> None:
        self._buffer, self._position = buffer, position

    def _number(self, kind: str, position: int) -> int:
        if position < 0:
            raise IndexError(position)
        (value,) = struct.unpack_from("<" + kind, self._buffer, position)
        return int(value)

    def child_at(self, position: int) -> _Table:
        """Follow the offset that stands at a position."""
        return _Table(self._buffer, position + self._number("I", position))

    def _field(self, n: int) -> int:
        """Position of a field; 0 when it is not there."""
        layout = self._position - self._number("i", self._position)
        if 4 + 2 * n >= self._number("H", layout):
            return 0
        offset = self._number("H", layout + 4 + 2 * n)
        return self._position + offset if offset else 0

    def byte(self, n: int) -> int:
        """Value of a one-byte field."""
        position = self._field(n)
        return self._number("B", position) if position else 0

    def child(self, n: int) -> _Table:
        """Table that a field points to."""
        position = self._field(n)
        if not position:
            raise IndexError(n)
        return self.child_at(position)

    def children(self, n: int) -> Iterator[_Table]:
        """Tables of a field that is a list of them."""
        start = self.child(n)._position
        for place in range(self._number("I", start)):
            yield self.child_at(start + 4 + 4 * place)

    def text(self, n: int) -> str:
        """Text of a field."""
        start = self.child(n)._position
        size = self._number("I", start)
        return self._buffer[start + 4 : start + 4 + size].decode()
