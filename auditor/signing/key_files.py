"""Files with a private key: made once, readable by their owner only, never shown."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import PathError, SignatureError, Where
from auditor.signing.ed25519 import key_text, public_bytes
from auditor.signing.files import reason, small_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_MAX_BYTES = 1 << 14
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_key(path: str | Path, passphrase: bytes | None = None) -> str:
    """Make a private key in a new file with permissions 0600, and give its public text.

    The file is PEM (PKCS 8), which OpenSSL reads as well; with a passphrase it is encrypted.

    Raises
    ------
    PathError
        When the file exists already or cannot be written; nothing is left behind then.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    place, private = Path(path), Ed25519PrivateKey.generate()
    cover = form.BestAvailableEncryption(passphrase) if passphrase else form.NoEncryption()
    content = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, cover)
    try:
        # O_EXCL: neither an earlier key nor what a link points to is ever overwritten
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (OSError, ValueError) as cause:
        raise _unwritable(place, cause) from None
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as cause:
        with suppress(OSError):
            place.unlink()
        raise _unwritable(place, cause) from None
    return key_text(public_bytes(private))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """A file with a private key, as it lies on the disk."""

    path: Path
    content: bytes

    def __repr__(self) -> str:
        return f"KeyFile({str(self.path)!r})"

    @classmethod
    def read(cls, path: str | Path) -> KeyFile:
        """Read a key file.

        Raises
        ------
        PathError
            When it cannot be opened.
        SignatureError
            When others may read it too.
        """
        place = Path(path)
        content, mode = small_file(place, _MAX_BYTES)
        if os.name == "posix" and mode & _OTHERS:
            raise SignatureError(
                "the key file can be read or written by others than its owner",
                slug="key-file-open",
                where=Where(str(place)),
                hint="if nobody has copied it: chmod 600 that file; else make a new key",
            )
        return cls(path=place, content=content)

    @property
    def encrypted(self) -> bool:
        """Whether it takes a passphrase to open it."""
        return self.content.lstrip().startswith(_ENCRYPTED)

    def private_key(self, ask: Callable[[], bytes]) -> Ed25519PrivateKey:
        """Private key inside; ``ask`` gives the passphrase and is called only when one is needed.

        Raises
        ------
        SignatureError
            When the passphrase does not open it, or it holds no Ed25519 key.
        """
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        passphrase = ask() if self.encrypted else None
        found: object = None
        if len(self.content) <= _MAX_BYTES:
            # the library's own message may quote what stands in the file
            with suppress(ValueError, TypeError, UnsupportedAlgorithm):
                found = load_pem_private_key(self.content, passphrase)
        if isinstance(found, Ed25519PrivateKey):
            return found
        if self.encrypted:
            raise SignatureError(
                "the passphrase does not open this key file, or it holds no Ed25519 key",
                slug="key-not-opened",
                where=Where(str(self.path)),
                hint="try again; a passphrase that is lost cannot be replaced, make a new key then",
            )
        raise SignatureError(
            "this file holds no private Ed25519 key",
            slug="not-a-private-key",
            where=Where(str(self.path)),
            hint="make one with 'auditor policy sign --new-key KEYFILE'",
        )


def _unwritable(place: Path, cause: Exception) -> PathError:
    there = isinstance(cause, FileExistsError)
    return PathError(
        "a file of that name exists, and a key is never overwritten"
        if there
        else f"the key file cannot be made: {reason(cause)}",
        slug="key-file-exists" if there else "path-unwritable",
        where=Where(str(place)),
        hint="name another file with --new-key",
    )
