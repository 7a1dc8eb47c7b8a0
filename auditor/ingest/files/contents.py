"""What kind of file this is, by its content; the name decides nothing."""

from __future__ import annotations

import struct
from typing import BinaryIO, Literal, TypeAlias

from auditor.errors import ExportError, Where

Kind: TypeAlias = Literal["text", "parquet", "workbook"]

HEAD = 4096
"""Bytes at the start of a file that tell its kind."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEADER = 512
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "save it as .xlsx, CSV or Parquet"

_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"PK\x05\x06", "an empty zip archive", _SAVE_AS),
    (b"%PDF", "a PDF", "export the table itself as CSV, .xlsx or Parquet"),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV or Parquet"),
    (b"ARROW1", "an Arrow file", "save it as Parquet"),
    (b"FEA1", "a Feather file", "save it as Parquet"),
    (b"PARE", "an encrypted Parquet file", "save it without encryption"),
    (b"{\\rtf", "an RTF document", _SAVE_AS),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head", b"<style", b"<div")


def kind_of(head: bytes, file: BinaryIO, shown: str) -> Kind:
    """Tell text, Parquet and zipped workbooks apart, and refuse what is none of them.

    Parameters
    ----------
    head : the first ``HEAD`` bytes
    file : the file; an old workbook says further down that it is encrypted
    shown : the path that messages name

    Raises
    ------
    ExportError
        When the file is of a kind that holds no table to audit.

    Examples
    --------
    >>> import io
    >>> nothing = io.BytesIO()
    >>> kind_of(b"id,sex", nothing, "x.xlsx"), kind_of(b"PAR1", nothing, "x.csv")
    ('text', 'parquet')
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "workbook"
    if head.startswith(_OLE) and len(head) >= _OLE_HEADER:
        if _is_encrypted(head, file):
            raise _refused(shown, "an encrypted workbook", "remove the password and save it again")
        raise _refused(shown, "an old workbook (.xls) or document", _SAVE_AS)
    for magic, what, hint in _REFUSED:
        if head.startswith(magic):
            raise _refused(shown, what, hint)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise _refused(shown, "a web page or XML", f"open it in a spreadsheet and {_SAVE_AS}")
    return "text"


def _is_encrypted(head: bytes, file: BinaryIO) -> bool:
    """Whether the directory of an OLE file names an encrypted package."""
    (sector_bits,) = struct.unpack_from("<H", head, 30)
    (directory,) = struct.unpack_from("<I", head, 48)
    file.seek((directory + 1) << min(sector_bits, 12))
    return _ENCRYPTED in file.read(HEAD)


def _refused(shown: str, what: str, hint: str) -> ExportError:
    return ExportError(
        f"the file is {what}, whatever its name says",
        slug="file-kind",
        where=Where(shown),
        hint=hint,
    )
