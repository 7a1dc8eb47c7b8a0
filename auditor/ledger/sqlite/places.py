"""Where a ledger may lie: in a file of its own, on a disk that keeps what it confirms."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import EEXIST
from pathlib import Path

from auditor.errors import PathError, Where
from auditor.signing.files import reason

_MOUNTS = Path("/proc/self/mountinfo")

_NETWORK = frozenset(
    (
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "glusterfs", "gpfs", "lustre", "ncpfs"),
        *("nfs", "nfs4", "orangefs", "smb3", "smbfs", "fuse.ceph", "fuse.cifs"),
        *("fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
        *("fuse.gcsfuse", "fuse.goofys", "fuse.blobfuse", "fuse.blobfuse2", "fuse.mount-s3"),
        *("fuse.juicefs", "fuse.ceph-fuse", "davfs", "gfs2", "ocfs2", "pvfs2", "vboxsf"),
    )
)
"""Several machines at once, or locks that hold nothing: SQLite keeps no promise there."""


def make_file(path: Path) -> None:
    """Make an empty file that only its owner may read, never over another, never through a link.

    What an earlier ledger left beside it counts too: SQLite would take it for its own.

    Raises
    ------
    PathError
        When something of that name is there, or it cannot be made.
    """
    try:
        _must_be_free(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except (OSError, ValueError) as cause:
        there = isinstance(cause, FileExistsError)
        raise PathError(
            "a file of that name exists, and a ledger is never written over one"
            if there
            else f"the ledger cannot be made: {reason(cause)}",
            slug="ledger-exists" if there else "ledger-unwritable",
            where=Where(str(getattr(cause, "filename", None) or path)),
            hint="name a new file in a folder that you may write",
        ) from None


def _must_be_free(path: Path) -> None:
    for place in files_of(path):
        if os.path.lexists(place):
            raise FileExistsError(EEXIST, "it exists", str(place))


def files_of(path: Path) -> tuple[Path, ...]:
    """Files that a ledger lies in: its own, and those that SQLite keeps beside it for a while."""
    if not path.name:
        return (path,)
    return tuple(path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal"))


def remove_files(path: Path) -> None:
    """Take away a ledger that could not be made to its end."""
    for place in files_of(path):
        with suppress(OSError):
            place.unlink()


def sync_folder(path: Path) -> None:
    """Bring the names in the folder of a file to the disk."""
    with suppress(OSError):  # systems that cannot open a folder have no need of it
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def must_be_usable(path: Path) -> None:
    """Refuse what is no regular file of one name, or lies on a network.

    Raises
    ------
    PathError
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise PathError(
            "there is no ledger",
            slug="ledger-missing",
            where=Where(str(path)),
            hint=f"check the name, or make one: auditor ledger init {path.name}",
        ) from None
    except (OSError, ValueError) as cause:
        raise _unusable(path, reason(cause)) from None
    if not stat.S_ISREG(found.st_mode):
        what = "a link" if stat.S_ISLNK(found.st_mode) else "no regular file"
        raise _unusable(path, f"it is {what}")
    if found.st_nlink > 1:
        raise PathError(
            "this file has more than one name (hard links), and what is added under one is not "
            "seen under the other while it is open",
            slug="ledger-of-two-names",
            where=Where(str(path)),
            hint="take the other name away, or copy the file (cp) and verify the copy",
        )
    must_be_local(path, found.st_dev)


def must_be_local(path: Path, device: int) -> None:
    """Refuse a network file system, where the system tells.

    Raises
    ------
    PathError
    """
    mounts = ""
    with suppress(OSError):
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    kind = file_system(mounts, device)
    if kind in _NETWORK:
        raise PathError(
            f"a ledger cannot lie on a network file system ({kind}): two machines could write "
            "it at once, and what is confirmed could be lost",
            slug="ledger-on-a-network",
            where=Where(str(path)),
            hint="keep it on a disk of this machine",
        )


def file_system(mounts: str, device: int) -> str | None:
    """Kind of the file system of a device, from the text of ``/proc/self/mountinfo``.

    Examples
    --------
    >>> file_system("36 35 0:42 / /mnt rw,noatime master:1 - nfs4 host:/home rw", 42)
    'nfs4'
    """
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        fields = place.split()
        if len(fields) > 2 and fields[2] == wanted and kind:
            return kind.split()[0]
    return None


def _unusable(path: Path, how: str) -> PathError:
    return PathError(
        f"the ledger cannot be opened: {how}",
        slug="ledger-unusable",
        where=Where(str(path)),
        hint="name the file itself, one that you may read",
    )
