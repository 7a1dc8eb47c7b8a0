"""Small files, opened so that none of them can be waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from auditor.errors import PathError, Where


def small_file(path: str | Path, most: int) -> tuple[bytes, int]:
    """Content of a regular file, one byte more than ``most`` at most, and its permissions.

    Raises
    ------
    PathError
        When it cannot be opened or is no regular file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(handle).st_mode
            _must_be_regular(mode)
            return file.read(most + 1), stat.S_IMODE(mode)
    except (OSError, ValueError) as cause:
        raise PathError(
            f"the file cannot be read: {reason(cause)}",
            slug="path-unreadable",
            where=Where(str(path)),
            hint="check the name and the permissions",
        ) from None


def reason(cause: Exception) -> str:
    """Why the system refused something, in its own words."""
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return text.lower()


def _must_be_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no regular file")
