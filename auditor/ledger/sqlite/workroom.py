"""A folder beside a new ledger for a copy of a damaged one; gone afterwards, or the next time.

Who is killed cannot clean up, and the words of people lie in a copy. So whoever works in such a
folder holds it locked, and whoever comes next removes those that nobody holds any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

_BEGINS = ".auditor-salvage-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workroom:
    """The folder, and how many of others it was removed with that were left behind."""

    folder: Path
    left_over: int


@contextmanager
def workroom(beside: Path) -> Iterator[Workroom]:
    """Make a folder beside a file that only its owner can look into, and remove it afterwards.

    Raises
    ------
    OSError
        When it cannot be made.
    """
    left_over = sum(_is_removed(one) for one in beside.parent.glob(f"{_BEGINS}*"))
    folder, handle = _locked(beside.parent)
    try:
        yield Workroom(folder=folder, left_over=left_over)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _locked(parent: Path) -> tuple[Path, int]:
    """Make and hold a folder; another one where somebody took it for left behind just then."""
    while True:
        folder = Path(mkdtemp(prefix=_BEGINS, dir=parent))
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                if os.path.samestat(folder.stat(), os.fstat(handle)):
                    return folder, handle
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)


def _is_removed(folder: Path) -> bool:
    """Remove a folder of our own that nobody works in; whether there was one."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if os.fstat(handle).st_uid != os.geteuid():
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return False  # somebody works in it
    finally:
        os.close(handle)
    return not folder.exists()
