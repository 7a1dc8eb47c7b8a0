"""What a worksheet's XML says and a reader of cells does not: errors, formulas, hidden parts."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from auditor.errors import ExportError, Where
from auditor.ingest.files.guard import Guarded
from auditor.ingest.workbook.parts import SheetPart, local, parse

MAX_CELLS = 40_000_000
"""Of the rectangle around all cells, which is held in memory while it is read."""

LISTED = 100

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def letters(column: int) -> str:
    """Name of a column (from 1) as spreadsheets write it.

    Examples
    --------
    >>> letters(1), letters(26), letters(27), letters(16384)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def position(address: str) -> tuple[int, int]:
    """Row and column (from 1) of an address such as ``B12``.

    Examples
    --------
    >>> position("B12"), position("XFD1")
    ((12, 2), (1, 16384))
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"{address!r} is no address of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


@dataclass(slots=True, kw_only=True)
class SheetScan:
    """What was found in one worksheet. Rows and columns count from 1.

    Parameters
    ----------
    part : SheetPart
    last_row, last_column : of the cells that hold something; 0 when none does
    errors, unfinished : places of error cells, and of formulas without a stored result; at most
        ``LISTED`` of each
    formulas : places of cells with a formula, whatever its result; at most ``LISTED``
    merged : first and last place of each merged range
    hidden_rows, hidden_columns : how many there are
    """

    part: SheetPart
    last_row: int = 0
    last_column: int = 0
    errors: list[tuple[int, int]] = field(default_factory=list)
    unfinished: list[tuple[int, int]] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0


def scan_sheet(archive: zipfile.ZipFile, part: SheetPart, guarded: Guarded) -> SheetScan:
    """Read the XML of a worksheet once.

    Raises
    ------
    ExportError
        When it is damaged, or its cells span more than ``MAX_CELLS``.
    """
    parser = expat.ParserCreate()
    handler = _Handler(SheetScan(part=part), parser)
    try:
        parse(archive, part.part, parser, guarded)
    except ValueError as error:
        raise ExportError(
            f"the sheet {part.name!r} is damaged: {error}",
            slug="damaged-workbook",
            where=Where(guarded.shown),
            hint="open it in a spreadsheet program and save it again",
        ) from None
    scan = handler.scan
    if scan.last_row * scan.last_column > MAX_CELLS:
        last = f"{letters(scan.last_column)}{scan.last_row}"
        raise ExportError(
            f"the cells of sheet {part.name!r} reach to {last}, an area of more than "
            f"{MAX_CELLS:,} cells",
            slug="workbook-limits",
            where=Where(guarded.shown),
            hint="delete what stands far away from the table, or save it as CSV or Parquet",
        )
    return scan


class _Handler:
    """Expat's callbacks. Ends and texts are only listened to inside of formulas."""

    def __init__(self, scan: SheetScan, parser: expat.XMLParserType) -> None:
        self.scan = scan
        self._parser = parser
        self._row = self._column = 0
        self._kind = ""
        self._formula = self._has_result = False
        parser.buffer_text = True
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name) if ":" in name else name
        if kind == "c":
            self._open_cell(attributes)
        elif kind == "v":
            self._fill()
            if self._formula:
                # An empty text is a result that a formula may have; an empty number is none.
                self._has_result = self._kind == "str"
                self._parser.CharacterDataHandler = self._text
        elif kind == "f":
            self._fill()
            self._formula, self._has_result = True, False
            if len(self.scan.formulas) <= LISTED:
                self.scan.formulas.append((self._row, self._column))
            self._parser.EndElementHandler = self._end
        elif kind == "is":
            self._fill()
        else:
            self._layout(kind, attributes)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        if address := attributes.get("r"):
            self._row, self._column = position(address)
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._formula = False
        if self._kind == "e" and len(self.scan.errors) <= LISTED:
            self.scan.errors.append((self._row, self._column))

    def _fill(self) -> None:
        scan = self.scan
        if self._row > scan.last_row:
            scan.last_row = self._row
        if self._column > scan.last_column:
            scan.last_column = self._column

    def _text(self, text: str) -> None:
        self._has_result = self._has_result or bool(text)

    def _end(self, name: str) -> None:
        kind = local(name)
        if kind == "v":
            self._parser.CharacterDataHandler = None
        elif kind == "c":
            self._parser.EndElementHandler = None
            if not self._has_result and len(self.scan.unfinished) <= LISTED:
                self.scan.unfinished.append((self._row, self._column))

    def _layout(self, kind: str, attributes: dict[str, str]) -> None:
        if kind == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            self.scan.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif kind == "col" and attributes.get("hidden") in ("1", "true"):
            self.scan.hidden_columns += int(attributes["max"]) - int(attributes["min"]) + 1
        elif kind == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            self.scan.merged.append((position(first), position(last or first)))
