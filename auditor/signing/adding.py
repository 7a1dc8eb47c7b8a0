from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditor.errors import PathError, Where
from auditor.signing.signature import Signature
from auditor.signing.signature_file import (
    read_signatures,
    unwritable,
    with_signature,
    write_signatures,
)

PATIENCE = 10.0
"""Seconds; whoever holds the file only reads, adds a line and writes."""

_PAUSE = 0.02


def add_signature(path: Path, new: Signature, *, patience: float = PATIENCE) -> None:
    """Add a signature to a file, also while others add theirs.

    Parameters
    ----------
    path : Path
        A file that is not there yet is made.
    new : Signature
        An earlier one by the same key in the same role gives way to it.
    patience : float
        Seconds to wait for somebody else.

    Raises
    ------
    SignatureError
        When what is there is no file of signatures, or it would be too large.
    PathError
        When it cannot be read or written, or somebody else holds it for longer than that.
    """
    with _alone(path, patience):
        write_signatures(path, with_signature(read_signatures(path, optional=True), new))


@contextmanager
def _alone(path: Path, patience: float) -> Iterator[None]:
    """Hold the file for one who reads, adds and writes; the lock beside it is gone afterwards.

    The file itself cannot be locked: it is replaced by another one under its name.
    """
    lock, handle = _held(path, time.monotonic() + patience)
    try:
        yield
    finally:
        # while it is held: who waits for this one sees that its name is gone, and begins anew
        with suppress(OSError):
            lock.unlink()
        os.close(handle)


def _held(path: Path, until: float) -> tuple[Path, int]:
    while True:
        try:
            place = path.resolve()
            lock = place.with_name(f".{place.name}.lock")
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except (OSError, ValueError, RuntimeError) as cause:  # RuntimeError: links in a circle
            raise unwritable(path, cause) from None
        if _locked(handle) and _is_named(lock, handle):
            return lock, handle
        os.close(handle)
        if time.monotonic() > until:
            raise PathError(
                "somebody else is adding a signature to this file",
                slug="signatures-busy",
                where=Where(str(path)),
                hint=f"try again; if nobody signs, delete {lock.name} beside it",
            )
        time.sleep(_PAUSE)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_named(lock: Path, handle: int) -> bool:
    """Whether the lock still has its name: who held it before takes the name away."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(handle))
    except OSError:
        return False
