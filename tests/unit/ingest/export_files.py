"""Export files as people have them, and the shortest way to read one or to see it refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.ingest.opening import read_file
from auditor.ingest.raw import RawTable, Request

CLEAN = "id,sex,status\nA1,F,Yes\nA2,M,No\nA3,F,No\n"


def asked(**changes) -> Request:
    given = {"texts": ("sex", "status"), "numbers": (), "ids": ("id",), "rows": True}
    return Request(**(given | changes))


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **changes) -> RawTable:
    return read_file(path, asked(**changes))


def refused(path: Path, **changes) -> AuditorError:
    with pytest.raises(AuditorError, match=r".") as caught:
        read(path, **changes)
    return caught.value


def slugs(error: AuditorError) -> list[str]:
    return [problem.slug for problem in error.problems]


def lines(error: AuditorError) -> list[int | None]:
    return [problem.where.line if problem.where else None for problem in error.problems]


def cells(table: RawTable, name: str) -> list[str | None]:
    column = table.texts[name]
    return [column.levels[code] for code in column.codes]
