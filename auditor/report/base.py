"""Who owns the file: a report appears under its name complete, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from auditor.documents import write_whole
from auditor.errors import PathError, UsageError, Where


def write(path: Path, text: str, *, what: str = "report") -> None:
    """Write a text: beside its place first, then renamed over it, readable by its owner only.

    Parameters
    ----------
    path : Path
        Missing directories above it are made.
    text : str
        Encoded as UTF-8, line ends as they are.
    what : str
        What it is, for the message.

    Raises
    ------
    PathError
        When it cannot be written; a half-written file is removed and an earlier one kept.
    """
    write_bytes(path, text.encode("utf-8", "replace"), what=what)


def write_bytes(path: Path, content: bytes, *, what: str, never: Iterable[str | Path] = ()) -> None:
    """Write bytes as `write` writes a text; never over one of these files.

    Raises
    ------
    UsageError
        When it would be.
    PathError
        When it cannot be written.
    """
    if any(path.resolve() == Path(other).resolve() for other in never):
        raise UsageError(
            f"the {what} would be written over a file that it is made of",
            slug="out-is-an-input",
            where=Where(str(path)),
            hint="name another file with --out",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(21, "it is a directory")
        write_whole(path, content)
    except OSError as cause:
        raise PathError(
            f"the {what} cannot be written: {cause.strerror}",
            slug="path-unwritable",
            where=Where(str(path)),
            hint="name a file you may write",
        ) from cause
