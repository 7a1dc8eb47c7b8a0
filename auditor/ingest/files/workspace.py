"""A private place for one export: a directory that others cannot read, and a DuckDB in memory."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from auditor.errors import PathError

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "500MB"
"""What DuckDB may hold before it writes to the private directory; the rest of 1 GiB is numpy's."""

DISK_LIMIT = "50GB"
"""What it may write there: many times any honest export, and no full disk by a hostile one."""


class Workspace:
    """Private directory (0700) and DuckDB connection; both go when the last user lets go of them.

    Raises
    ------
    PathError
        When no temporary directory can be made.
    """

    def __init__(self) -> None:
        import duckdb

        with _room():
            self.directory = Path(tempfile.mkdtemp(prefix="auditor-"))
        self.con: duckdb.DuckDBPyConnection = duckdb.connect(
            ":memory:",
            config={
                # Nothing is fetched: what DuckDB cannot read by itself is refused.
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(self.directory / "spill"),
                "max_temp_directory_size": DISK_LIMIT,
            },
        )
        self.con.execute("set TimeZone = 'UTC'")
        self.con.execute("set preserve_insertion_order = true")
        self.close = weakref.finalize(self, _close, self.con, self.directory)

    @contextmanager
    def text_file(self, name: str) -> Iterator[TextIO]:
        r"""Open a new private text file for writing: UTF-8, line ends as they are written."""
        with _room(), (self.directory / name).open("x", encoding="utf-8", newline="") as file:
            yield file

    def drop_copies(self) -> None:
        """Remove the files written here; the connection keeps working."""
        for path in self.directory.iterdir():
            if path.is_file():
                path.unlink()


def _close(con: duckdb.DuckDBPyConnection, directory: Path) -> None:
    con.close()
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PathError(
            f"cannot write a temporary copy: {(error.strerror or str(error)).lower()}",
            slug="no-temporary-room",
            hint="set TMPDIR to a directory with room",
        ) from None
