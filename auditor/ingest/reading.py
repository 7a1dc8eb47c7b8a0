"""The front of the room: an export and its profile in, decisions out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError
from auditor.ingest.group_counts import GroupCounts
from auditor.ingest.mapping import map_table
from auditor.ingest.raw import Request
from auditor.ingest.whole import check_rows

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.ingest.profile.model import Profile


def read(source: Any, profile: Profile, *, rows: bool, encoding: str | None = None) -> Decisions:
    """Read an export as its profile says.

    Parameters
    ----------
    source : path, pandas, Polars or Arrow frame, or GroupCounts
    profile : Profile
    rows : bool
        Whether single decisions are needed: with ids, features and masks of missing values.
        Without, lines may be distinct combinations.
    encoding : str, optional
        Of a text file that is not UTF-8.

    Raises
    ------
    UsageError
        When the source is nothing that can be read, or an encoding is given for data in memory.
    ExportError, DecisionError, PathError
    """
    is_path = isinstance(source, str | os.PathLike)
    if encoding is not None and not is_path:
        raise UsageError(
            f"the encoding {encoding!r} is given for data that are no file",
            slug="encoding-without-file",
            hint="leave it out",
        )
    if isinstance(source, GroupCounts):
        return source.decisions
    request = request_of(profile, rows=rows, encoding=encoding)
    if is_path:
        from auditor.ingest.opening import read_file

        raw = read_file(Path(source), request)
    else:
        from auditor.ingest.frames.opening import read_frame

        raw = read_frame(source, request)
    check_rows(raw.file, profile.expected_rows)
    return map_table(raw, profile, request)


def request_of(profile: Profile, *, rows: bool, encoding: str | None = None) -> Request:
    """Ask a reader for what a profile needs; features and final decisions only of single rows."""
    entries = (profile.outcome, *profile.groups.values(), profile.label, profile.takers)
    if rows:
        entries = (*entries, profile.final)
    texts = [entry.column for entry in (*entries, profile.date) if entry is not None]
    texts += [*profile.strata.values(), *([profile.model_version] if profile.model_version else [])]
    numbers = [profile.score.column] if profile.score else []
    numbers += [*([profile.count] if profile.count else []), *(profile.features if rows else ())]
    return Request(
        texts=tuple(dict.fromkeys(texts)),
        numbers=tuple(dict.fromkeys(numbers)),
        ids=profile.ids,
        rows=rows,
        duplicates=profile.duplicates,
        encoding=encoding,
        person=profile.person,
    )
