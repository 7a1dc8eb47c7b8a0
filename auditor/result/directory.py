"""The result directory: all of it appears, or nothing does."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from auditor.errors import IntegrityError, PathError, UsageError, Where
from auditor.result.value import AuditResult

AUDIT_FILE, FLAGS_FILE = "audit.json", "flags.csv"
EXPLANATIONS_FILE = "explanations.parquet"
READ_BACK = (AUDIT_FILE, FLAGS_FILE, EXPLANATIONS_FILE)
"""What a stored result is read from; its report is only for people."""

OURS = frozenset({*READ_BACK, "report.html"})


def check_target(directory: Path) -> None:
    """Refuse a directory that an audit did not make, before anything is computed.

    Raises
    ------
    UsageError
        When it exists and holds anything but the files of a result, or is only a link to one.
    PathError
        When it is no directory or cannot be looked into.
    """
    place = _by_its_name(directory)
    try:
        if place.is_symlink():
            raise UsageError(
                "a result replaces its directory as a whole, and this is a symbolic link",
                slug="foreign-directory",
                where=Where(str(directory)),
                hint="name the directory itself with --out",
            )
        names = {path.name for path in place.iterdir()}
    except FileNotFoundError:
        return
    except (OSError, ValueError) as cause:
        raise _unwritable(directory, cause) from cause
    if names and (AUDIT_FILE not in names or names - OURS):
        raise UsageError(
            "the directory exists and holds files that an audit did not make",
            slug="foreign-directory",
            where=Where(str(directory)),
            hint="name another directory with --out",
        )


def write_directory(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a result, replacing an earlier result as a whole.

    The directory gets permissions 0700 and its files 0600: they hold small groups and, in
    ``flags.csv``, the export's own ids. Everything is written beside the target first and renamed.

    Raises
    ------
    UsageError, PathError
        As `check_target`, and when writing fails; nothing is left behind then.
    """
    check_target(directory)
    place = _by_its_name(directory)
    fresh: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        for name, content in files.items():
            with (fresh / name).open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _swap(fresh, place)
    except OSError as cause:
        raise _unwritable(directory, cause) from cause
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def load_directory(path: Path) -> tuple[AuditResult, dict[str, bytes]]:
    """Read a result and the files it names: ``flags.csv`` and ``explanations.parquet``.

    Parameters
    ----------
    path : Path
        The directory, or its ``audit.json`` with the other files beside it.

    Raises
    ------
    PathError
        When the result cannot be opened.
    IntegrityError
        When it is no result, or a file that it names is missing or another one.
    """
    try:
        place = path / AUDIT_FILE if path.is_dir() else path
        text = _regular(place).read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        raise IntegrityError(
            "this is not the text of a result",
            slug="result-unreadable",
            where=Where(str(path)),
            hint="name the directory that 'auditor audit --out' wrote, or its audit.json",
        ) from cause
    except (OSError, ValueError) as cause:
        raise PathError(
            f"the result cannot be opened: {_reason(cause)}",
            slug="path-unreadable",
            where=Where(str(path)),
            hint="name the directory that 'auditor audit --out' wrote, or its audit.json",
        ) from cause
    result = AuditResult.from_json(text, str(place))
    named = ((FLAGS_FILE, result.document["flags"]),
             (EXPLANATIONS_FILE, result.document["explanations"]))  # fmt: skip
    return result, {
        name: _content(place.parent / name, entry["sha256"])
        for name, entry in named
        if entry is not None and entry["file"] is not None
    }


def _regular(place: Path) -> Path:
    """Pass a file on; a pipe or a device would be waited for, or read without end."""
    if place.exists() and not place.is_file():
        raise OSError(errno.EINVAL, "it is no regular file")
    return place


def _content(place: Path, digest: str | None) -> bytes:
    try:
        content = _regular(place).read_bytes()
    except OSError as cause:
        raise IntegrityError(
            f"the result names a {place.name} that cannot be read: {_reason(cause)}",
            slug="result-file-missing",
            where=Where(str(place)),
            hint="keep the files of a result together, or make the result anew",
        ) from cause
    if hashlib.sha256(content).hexdigest() != digest:
        raise IntegrityError(
            f"{place.name} is not the file that the result was made with",
            slug="result-file-changed",
            where=Where(str(place)),
            hint="restore the file or make the result anew; decisions are recorded elsewhere",
        )
    return content


def _by_its_name(directory: Path) -> Path:
    """Absolute path without ``..``, so that what is checked is what is replaced."""
    try:
        if directory.name in ("", ".."):
            return directory.resolve()
        return directory.parent.resolve() / directory.name
    except (OSError, ValueError, RuntimeError) as cause:  # RuntimeError: links in a circle
        raise _unwritable(directory, cause) from cause


def _swap(fresh: Path, directory: Path) -> None:
    """Rename into place; an earlier result is gone only when the new one stands there."""
    if not directory.exists():
        fresh.rename(directory)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{directory.name}-old-", dir=directory.parent))
    kept = old / "result"
    try:
        directory.rename(kept)
        if {path.name for path in kept.iterdir()} - OURS:
            raise OSError(errno.ENOTEMPTY, "somebody put a file there in the meantime")
        fresh.rename(directory)
    finally:
        if kept.exists() and not directory.exists():
            kept.rename(directory)
        shutil.rmtree(old, ignore_errors=True)


def _unwritable(directory: Path, cause: Exception) -> PathError:
    return PathError(
        f"the result cannot be written: {_reason(cause)}",
        slug="path-unwritable",
        where=Where(str(directory)),
        hint="name a directory you may write with --out",
    )


def _reason(cause: Exception) -> str:
    return cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
