"""Column names: what they are, which may not be, and which are missing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from auditor.documents import did_you_mean, shown
from auditor.errors import ExportError, Problem, Where

MAX_COLUMNS = 5_000
"""More columns than any export of decisions has; a file beyond it is something else."""

_LISTED = 60
_NOT_A_NAME = re.compile(r"[+-]?[\d.,]*\d[\d.,]*%?|\d{4}-\d\d-\d\d.*|\d\d?[./]\d\d?[./]\d{2,4}.*")


def clean_name(name: str) -> str:
    r"""Name as it is looked up: composed (NFC), without white space or byte order mark around it.

    Examples
    --------
    >>> clean_name("\ufeff Re\u0301gion ")
    'Région'
    """
    return unicodedata.normalize("NFC", name.strip("\ufeff")).strip()


def column_names(cells: Sequence[str], where: Where, hint: str | None = None) -> tuple[str, ...]:
    """Names of the columns; unnamed ones at the right end stay, as empty names.

    Whether those hold nothing is for the data pass to say.

    Parameters
    ----------
    cells : cells of the header, as they stand there
    where : place of the header
    hint : what may be wrong with the whole header, when there are signs of it

    Raises
    ------
    ExportError
        With every empty name, and every pair that is equal after trimming, without case and in
        compatible form (NFKC): one of the two would be read for the other.

    Examples
    --------
    >>> column_names(["id", " sex ", ""], Where("x.csv", 1))
    ('id', 'sex', '')
    """
    names = tuple(clean_name(cell) for cell in cells)
    problems = list(_name_problems(cells, names, where, hint))
    if problems:
        raise ExportError.of(problems)
    return names


def _name_problems(
    cells: Sequence[str], names: Sequence[str], where: Where, hint: str | None
) -> Iterator[Problem]:
    last = max((n for n, name in enumerate(names) if name), default=-1)
    if last < 0:
        yield Problem(
            message="the line of column names is empty",
            slug="empty-column-name",
            where=where,
            hint=hint or "add a line with the names of the columns",
        )
    if len(names) > MAX_COLUMNS:
        yield Problem(
            message=f"the file has {len(names):,} columns, more than {MAX_COLUMNS:,}",
            slug="too-many-columns",
            where=where,
            hint="export only the columns that the audit reads",
        )
    seen: dict[str, int] = {}
    for n, name in enumerate(names):
        key = unicodedata.normalize("NFKC", name).casefold().strip()
        if not name and n < last:
            yield Problem(
                message=f"column {n + 1} has no name",
                slug="empty-column-name",
                where=where,
                hint=hint or "name it, or leave it out of the export",
            )
        elif name and key in seen:
            first = cells[seen[key]]
            yield Problem(
                message=f"columns {seen[key] + 1} and {n + 1} have the same name: "
                f"{shown(first)} and {shown(cells[n])}",
                slug="duplicate-column",
                where=where,
                hint=hint or "rename one; spaces around a name and its case make no difference",
            )
        elif name:
            seen[key] = n


def looks_like_data(cells: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Whether a header is more likely a row: it holds numbers, dates, or values of rows below.

    Examples
    --------
    >>> looks_like_data(["A1", "F", "0.5"], []), looks_like_data(["id", "sex"], [["A1", "F"]])
    (True, False)
    """
    return any(_NOT_A_NAME.fullmatch(cell.strip()) for cell in cells) or _repeated(cells, rows)


def _repeated(cells: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    return any(
        cell.strip() and cell == below
        for row in rows
        if list(row) != list(cells)  # the header again, of an export that was joined on
        for cell, below in zip(cells, row)  # noqa: B905
    )


def refuse_person_as_header(
    cells: Sequence[str],
    rows: Sequence[Sequence[str]],
    needed: Collection[str],
    where: Where,
    line: str,
) -> str | None:
    """Refuse a row that stands where the names should, before its cells are told as names.

    Parameters
    ----------
    cells : cells of the header, as they stand there
    rows : cells of the first rows below
    needed : names that are asked for; with all of them there, it is a header whatever it looks like
    where : place of the header
    line : what a row is called in this kind of file, ``line`` or ``row``

    Returns
    -------
    str or None
        Hint for messages about a header that could still be one but has signs of a row.

    Raises
    ------
    ExportError
        ``no-column-names``; no cell is in the message.
    """
    found = {clean_name(cell) for cell in cells}
    missing = [name for name in needed if clean_name(name) not in found]
    if (needed and not missing) or not looks_like_data(cells, rows):
        return None
    if _repeated(cells, rows) or (needed and len(missing) == len(needed)):
        raise ExportError(
            f"the first {line} holds no names of columns but what looks like a row",
            slug="no-column-names",
            where=where,
            hint=f"add a {line} with the column names above it",
        )
    return f"the first {line} looks like data: add a {line} with the column names above it"


def require_columns(
    needed: Iterable[str], names: Sequence[str], where: Where, hint: str | None = None
) -> None:
    """Check that an export has the columns that are asked for.

    Raises
    ------
    ExportError
        With every missing column, the nearest name and the names that are there.
    """
    present = [name for name in names if name]
    missing = [name for name in dict.fromkeys(needed) if clean_name(name) not in present]
    problems: list[Problem] = []
    for name in missing:
        nearest = did_you_mean(name, present[:_LISTED])
        parts = [hint] if hint and not problems else []
        parts.append(nearest)
        if nearest.startswith("did you mean") and name == missing[-1]:
            parts.append(f"columns here: {', '.join(present[:_LISTED])}")
        problems.append(
            Problem(
                message=f"the export has no column {shown(name)}",
                slug="missing-column",
                where=where,
                hint="; ".join(parts),
            )
        )
    if problems:
        raise ExportError.of(problems)
