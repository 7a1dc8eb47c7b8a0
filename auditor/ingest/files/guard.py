"""One pass over the bytes of an export, before anything is made of them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from auditor.errors import ExportError, PathError, Where
from auditor.ingest.files.contents import HEAD, Kind, kind_of
from auditor.ingest.files.encoding import encoding_of, line_decoder
from auditor.ingest.files.line_count import LineCount

CHUNK = 4 << 20

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/{1,2}[^/]")
_SPECIAL = (
    (stat.S_ISDIR, "it is a directory"),
    (stat.S_ISFIFO, "it is a named pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISBLK, "it is a device"),
    (stat.S_ISCHR, "it is a device"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """What the bytes of a text file say.

    Parameters
    ----------
    encoding : Python's name of the encoding
    line_ends : the kinds found, of LF, CR and CRLF
    lines : physical lines; a last line without a line end counts
    blank_lines : physical lines without any character
    quotes : how often ``"`` occurs
    closed : whether the last line has a line end
    """

    encoding: str
    line_ends: tuple[str, ...]
    lines: int
    blank_lines: int
    quotes: int
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A file that may be read: its kind by content, its hash, and what its bytes say.

    ``path`` is absolute; ``shown`` is the path as it was given, which messages name.
    """

    path: Path
    shown: str
    kind: Kind
    sha256: str
    size: int
    text: TextFacts | None = None

    def check_unchanged(self) -> None:
        """Read the file again and refuse it when it is not what it was.

        Raises
        ------
        ExportError, PathError
        """
        digest, size = hashlib.sha256(), 0
        with opened(self.path, self.shown) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
        if (size, digest.hexdigest()) != (self.size, self.sha256):
            raise ExportError(
                "the file changed while it was read",
                slug="file-changed",
                where=Where(self.shown),
                hint="wait until the export is complete, then run again",
            )


def guard(path: str | Path, encoding: str | None = None) -> Guarded:
    """Look at every byte of a file once.

    Parameters
    ----------
    path : str or Path
    encoding : declared encoding of a text file, or None for UTF-8 or what a mark at its start says

    Raises
    ------
    PathError
        When it cannot be opened, or is no regular file.
    ExportError
        When it is empty, of a kind that holds no table, holds NUL characters or bytes that are
        not text in the encoding.
    UsageError
        When the encoding is not known.
    """
    shown = str(path)
    with opened(path, shown) as file:
        head = file.read(HEAD)
        if not head:
            raise _empty(shown)
        kind = kind_of(head, file, shown)
        file.seek(0)
        digest = hashlib.sha256()
        text = None
        if kind == "text":
            text = _read_text(file, digest, encoding_of(head, encoding, shown), shown)
        else:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        size = file.tell()
    return Guarded(
        path=Path(path).absolute(),
        shown=shown,
        kind=kind,
        sha256=digest.hexdigest(),
        size=size,
        text=text,
    )


def text_facts(path: Path, shown: str) -> TextFacts:
    """Count the lines and quotes of a private copy in UTF-8."""
    with opened(path, shown) as file:
        return _read_text(file, hashlib.sha256(), "utf-8", shown)


@contextmanager
def opened(path: str | Path, shown: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading.

    Raises
    ------
    PathError
        For anything else: URLs, directories, pipes and devices, missing or forbidden files.
    """
    try:
        shown.encode()
    except UnicodeEncodeError:  # its bytes are no UTF-8: no reader and no result could name it
        raise _unreadable(shown, "its name is not UTF-8 text", "rename the file") from None
    if _URL.match(shown) and not Path(path).exists():
        raise _unreadable(shown, "URLs are not fetched", "download the file and name its path")
    try:
        # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unreadable(shown, reason.lower()) from None
    mode = os.fstat(descriptor).st_mode
    for is_special, reason in _SPECIAL:
        if is_special(mode):
            os.close(descriptor)
            raise _unreadable(shown, reason, "name a file")
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        try:
            yield file
        except OSError as error:
            raise _unreadable(shown, (error.strerror or str(error)).lower()) from None


_BINARY = getattr(os, "O_BINARY", 0)


def _read_text(file: BinaryIO, digest: hashlib._Hash, encoding: str, shown: str) -> TextFacts:
    decoder, count, start = line_decoder(encoding), LineCount(), 0
    while True:
        chunk = file.read(CHUNK)
        digest.update(chunk)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # The decoder may have kept some bytes of the chunk before.
            offset = start - (len(error.object) - len(chunk)) + error.start
            raise _undecodable(file, offset, encoding, shown) from None
        if "\0" in text:
            count.feed(text[: text.index("\0")])
            raise _nul(count, encoding, shown)
        count.feed(text)
        start += len(chunk)
        if not chunk:
            break
    if count.lines == count.blank_lines:
        raise _empty(shown)
    ends = decoder.newlines or ()
    return TextFacts(
        encoding=encoding,
        line_ends=(ends,) if isinstance(ends, str) else tuple(ends),
        lines=count.lines,
        blank_lines=count.blank_lines,
        quotes=count.quotes,
        closed=count.closed,
    )


def _undecodable(file: BinaryIO, offset: int, encoding: str, shown: str) -> ExportError:
    """Find the place of a byte by decoding all that stands before it."""
    decoder, count = line_decoder(encoding), LineCount()
    file.seek(0)
    while (left := offset - file.tell()) > 0:
        count.feed(decoder.decode(file.read(min(CHUNK, left))))
    count.feed(decoder.decode(b"", final=True))
    file.seek(offset)
    byte = file.read(1)[0]
    return ExportError(
        f"the byte 0x{byte:02x} is not text in {encoding}",
        slug="undecodable",
        where=count.place(shown),
        hint="declare the encoding that the file has, for instance --encoding cp1252",
    )


def _nul(count: LineCount, encoding: str, shown: str) -> ExportError:
    hint = "the file is damaged, or no text; export it again"
    if encoding.startswith("utf-8"):
        hint = "if the file is UTF-16, say so: --encoding utf-16-le (or utf-16-be)"
    return ExportError(
        "the file holds a NUL character", slug="nul-character", where=count.place(shown), hint=hint
    )


def _empty(shown: str) -> ExportError:
    return ExportError(
        "the file is empty", slug="empty-file", where=Where(shown), hint="export it again"
    )


def _unreadable(shown: str, reason: str, hint: str = "") -> PathError:
    return PathError(
        f"cannot read {shown!r}: {reason}",
        slug="path-unreadable",
        hint=hint or "check the name and the permissions",
    )
