"""The parts of an .xlsx file: what kind of archive it is, and which part holds which sheet."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from xml.parsers import expat

from auditor.errors import ExportError, Where
from auditor.ingest.files.guard import Guarded

MAX_MEMBERS = 1_000
MAX_BYTES = 1 << 30
MAX_RATIO = 200
"""Unpacked to packed; worksheets stay far below."""

_SMALL = 10 << 20
_PIECE = 1 << 16
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, UnicodeDecodeError)
"""What zipfile raises of an archive with wrong bytes: offsets before its start, odd names."""

_WORKBOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_OTHER_KINDS = (
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("content.xml", "an OpenDocument file (.ods)"),
    ("word/document.xml", "a Word document"),
    ("Index/Document.iwa", "a Numbers document"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One worksheet: its name, the part that holds it, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@contextmanager
def workbook_archive(guarded: Guarded) -> Iterator[zipfile.ZipFile]:
    """Open the archive of a workbook, within limits that no honest workbook meets.

    Raises
    ------
    ExportError
        When it is another kind of archive, damaged, encrypted, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(guarded.path) as archive:
            _check(archive, guarded)
            yield archive
    except (*_DAMAGE, EOFError, KeyError, NotImplementedError):
        raise _damaged(guarded) from None


def sheet_parts(archive: zipfile.ZipFile, guarded: Guarded) -> list[SheetPart]:
    """Worksheets in the order of the workbook; chart sheets are none.

    Raises
    ------
    ExportError
        When the workbook is damaged.
    """
    sheets: list[dict[str, str]] = []
    links: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        kind, plain = local(name), {local(key): value for key, value in attributes.items()}
        if kind == "sheet":
            sheets.append(plain)
        elif kind == "Relationship" and plain.get("Type", "").endswith("/worksheet"):
            links[plain["Id"]] = plain["Target"]

    for part in (_WORKBOOK, _LINKS):
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        parse(archive, part, parser, guarded)
    return [
        SheetPart(
            name=sheet["name"],
            part=posixpath.normpath(posixpath.join("/xl", links[sheet["id"]])).lstrip("/"),
            hidden=sheet.get("state", "visible") != "visible",
        )
        for sheet in sheets
        if sheet.get("id") in links
    ]


def local(name: str) -> str:
    """Name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


def parse(
    archive: zipfile.ZipFile, part: str, parser: expat.XMLParserType, guarded: Guarded
) -> None:
    """Parse one part piece by piece; its declared size bounds what is unpacked.

    Raises
    ------
    ExportError
        When it is no well-formed XML, or declares a document type, which may hold entities.
    """

    def refuse(*_: object) -> None:
        raise ExportError(
            f"the part {part!r} of the workbook declares a document type",
            slug="workbook-limits",
            where=Where(guarded.shown),
            hint="no spreadsheet program writes that; do not open the file",
        )

    parser.StartDoctypeDeclHandler = refuse
    try:
        with archive.open(part) as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)  # noqa: FBT003 - expat takes it by position only
            parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError:
        raise _damaged(guarded) from None


def _check(archive: zipfile.ZipFile, guarded: Guarded) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if _WORKBOOK not in names:
        what = next((kind for name, kind in _OTHER_KINDS if name in names), "a zip archive")
        raise ExportError(
            f"the file is {what}, whatever its name says",
            slug="file-kind",
            where=Where(guarded.shown),
            hint="save it as .xlsx, CSV or Parquet; unpack archives first",
        )
    if any(member.flag_bits & 0x1 for member in members) or len(names) < len(members):
        raise _damaged(guarded)
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    broken = (
        f"has {len(members):,} parts, more than {MAX_MEMBERS:,}"
        if len(members) > MAX_MEMBERS
        else f"unpacks to {size:,} bytes, more than {MAX_BYTES:,}"
        if size > MAX_BYTES
        else f"unpacks to more than {MAX_RATIO} times its size"
        if size > _SMALL and size > MAX_RATIO * packed
        else None
    )
    if broken:
        raise ExportError(
            f"the workbook {broken}",
            slug="workbook-limits",
            where=Where(guarded.shown),
            hint="save it as CSV or Parquet",
        )


def _damaged(guarded: Guarded) -> ExportError:
    return ExportError(
        "the workbook is damaged",
        slug="damaged-workbook",
        where=Where(guarded.shown),
        hint="open it in a spreadsheet program and save it again",
    )
