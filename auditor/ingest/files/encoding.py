from __future__ import annotations

import codecs
import io
from contextlib import suppress

from auditor.errors import ExportError, UsageError, Where

_MARKS = (  # mark, encoding to read with, name; UTF-32's mark starts with UTF-16's
    (b"\x00\x00\xfe\xff", "utf-32", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32", "utf-32"),
    (b"\xff\xfe", "utf-16", "utf-16"),
    (b"\xfe\xff", "utf-16", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig", "utf-8"),
)
_OF_NO_FILE = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7")


def encoding_of(head: bytes, declared: str | None, shown: str) -> str:
    """Python's name of a text's encoding: what its mark says, what is declared, or UTF-8.

    Raises
    ------
    UsageError
        When the declared encoding is not known.
    ExportError
        When the file's mark says another encoding than declared.

    Examples
    --------
    >>> encoding_of(b"id", None, "x"), encoding_of(b"id", "latin1", "x")
    ('utf-8', 'iso8859-1')
    """
    name = "utf-8" if declared is None else _known(declared)
    for mark, encoding, family in _MARKS:
        if head.startswith(mark):
            if declared is not None and not name.startswith(family):
                raise ExportError(
                    f"the file starts with the mark of {family}, but {declared!r} is declared",
                    slug="encoding-conflict",
                    where=Where(shown, 1, 1),
                    hint="leave the encoding out",
                )
            return encoding
    return name


def line_decoder(encoding: str) -> io.IncrementalNewlineDecoder:
    r"""Strict decoder that turns every line end into ``\n`` and remembers the kinds it met."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    return io.IncrementalNewlineDecoder(decoder, translate=True)


def _known(declared: str) -> str:
    found = None
    with suppress(LookupError, ValueError):  # ValueError: a name with a NUL in it
        found = codecs.lookup(declared)
    if found is None or not _is_of_texts(found):
        raise UsageError(
            f"the encoding {declared!r} is not known",
            slug="unknown-encoding",
            hint="utf-8, utf-16, cp1252 and latin-1 are common",
        )
    return found.name


def _is_of_texts(found: codecs.CodecInfo) -> bool:
    """Whether files are written in it; rot13 and base64 are transformations, not encodings."""
    try:
        b"x".decode(found.name)
    except UnicodeError:
        pass  # half a character of UTF-16
    except LookupError:
        return False
    return found.name.replace("_", "-") not in _OF_NO_FILE
