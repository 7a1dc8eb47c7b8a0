"""Who owns the file: a report appears under its name complete, or not at all."""

from __future__ import annotations

from errno import EINVAL
from pathlib import Path

from auditor.documents import write_whole
from auditor.errors import PathError, Where


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


def write_bytes(path: Path, content: bytes, *, what: str) -> None:
    """Write bytes as `write` writes a text.

    Raises
    ------
    PathError
        When it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _must_be_replaceable(path)
        write_whole(path, content)
    except OSError as cause:
        raise PathError(
            f"the {what} cannot be written: {cause.strerror}",
            slug="path-unwritable",
            where=Where(str(path)),
            hint="name a file you may write",
        ) from cause


def _must_be_replaceable(path: Path) -> None:
    """Refuse a device or a pipe: a file would stand under its name from then on."""
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is a directory" if path.is_dir() else "it is no regular file")
