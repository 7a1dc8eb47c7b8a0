"""The result directory: all of it appears, or nothing does."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from auditor.errors import IntegrityError, PathError, UsageError, Where
from auditor.result.value import AuditResult

AUDIT_FILE, FLAGS_FILE = "audit.json", "flags.csv"
EXPLANATIONS_FILE = "explanations.parquet"
OURS = frozenset({AUDIT_FILE, FLAGS_FILE, EXPLANATIONS_FILE, "report.html"})


def check_target(directory: Path) -> None:
    """Refuse a directory that an audit did not make, before anything is computed.

    Raises
    ------
    UsageError
        When it exists and holds anything but the files of a result.
    PathError
        When it is no directory or cannot be listed.
    """
    if not directory.exists() and not directory.is_symlink():
        return
    try:
        names = {path.name for path in directory.iterdir()}
    except OSError as cause:
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
    fresh: Path | None = None
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        for name, content in files.items():
            place = fresh / name
            place.write_bytes(content)
            place.chmod(0o600)
        _swap(fresh, directory)
    except OSError as cause:
        raise _unwritable(directory, cause) from cause
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def load_directory(path: Path) -> tuple[AuditResult, str | None]:
    """Read a result and, when it has flags, the text of its ``flags.csv``.

    Parameters
    ----------
    path : Path
        The directory, or its ``audit.json`` with the other files beside it.

    Raises
    ------
    PathError
        When the result cannot be opened.
    IntegrityError
        When it is no result, or ``flags.csv`` is missing or is not the one that the result names.
    """
    place = path / AUDIT_FILE if path.is_dir() else path
    try:
        text = place.read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        raise IntegrityError(
            "this is not the text of a result", slug="result-unreadable", where=Where(str(place))
        ) from cause
    except OSError as cause:
        raise PathError(
            f"the result cannot be opened: {cause.strerror}",
            slug="path-unreadable",
            where=Where(str(place)),
            hint="name the directory that 'auditor audit --out' wrote, or its audit.json",
        ) from cause
    result = AuditResult.from_json(text, str(place))
    wanted = result.document["flags"]
    if wanted["file"] is None:
        return result, None
    return result, _flags_text(place.parent / FLAGS_FILE, wanted["sha256"])


def _flags_text(place: Path, digest: str | None) -> str:
    try:
        content = place.read_bytes()
    except OSError as cause:
        raise IntegrityError(
            f"the result names a flags.csv that cannot be read: {cause.strerror}",
            slug="flags-missing",
            where=Where(str(place)),
            hint="keep flags.csv beside audit.json, or make the result anew",
        ) from cause
    if hashlib.sha256(content).hexdigest() != digest:
        raise IntegrityError(
            "flags.csv is not the file that the result was made with",
            slug="flags-changed",
            where=Where(str(place)),
            hint="restore the file or make the result anew; decisions are recorded elsewhere",
        )
    return content.decode("utf-8")


def _swap(fresh: Path, directory: Path) -> None:
    if not directory.exists():
        fresh.rename(directory)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{directory.name}-old-", dir=directory.parent))
    directory.rename(old / "result")
    try:
        fresh.rename(directory)
    except OSError:
        (old / "result").rename(directory)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _unwritable(directory: Path, cause: OSError) -> PathError:
    return PathError(
        f"the result cannot be written: {cause.strerror}",
        slug="path-unwritable",
        where=Where(str(directory)),
        hint="name a directory you may write with --out",
    )
