"""Who a flag is about, without saying it: a keyed hash that survives a rerun.

The key lies outside the output, so that a result that leaves the house cannot be joined back to
people by hashing guessed ids.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from auditor.errors import PathError, UsageError, Where

KEY_BYTES = 32
_KEY = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}")


def default_key_path() -> Path:
    """``$XDG_CONFIG_HOME/auditor/key`` where that is absolute, or the same below ``~/.config``."""
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".config") / "auditor" / "key"


def load_key(path: Path | None = None) -> bytes:
    """Key of identities; made on first use with permissions 0600.

    Raises
    ------
    UsageError
        When a file of that name holds no key of this product.
    PathError
        When it cannot be read or made.
    """
    try:
        place = path or default_key_path()
    except RuntimeError as cause:
        raise _unreadable(Path("~"), "nobody says where home is") from cause
    try:
        if not place.exists():
            _make(place)
        text = place.read_text(encoding="ascii").strip()
    except UnicodeDecodeError as cause:
        raise _not_a_key(place) from cause
    except (OSError, ValueError) as cause:
        raise _unreadable(place, getattr(cause, "strerror", None) or str(cause)) from cause
    if not _KEY.fullmatch(text):
        raise _not_a_key(place)
    return bytes.fromhex(text)


def identity(key: bytes, decision: str, model_version: str, outcome: str, score: str) -> str:
    """Identity of one decision: 32 hex digits of HMAC-SHA256 over its four parts.

    A changed outcome, score or model version gives another identity, so an old record does not
    settle a new decision.

    Examples
    --------
    >>> a = identity(b"k" * 32, "17", "v1", "favorable", "0.5")
    >>> a == identity(b"k" * 32, "17", "v1", "unfavorable", "0.5")
    False
    """
    message = json.dumps([decision, model_version, outcome, score], ensure_ascii=False)
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:32]


def case_identity(key: bytes, decision: str) -> str:
    """Pseudonym of what one person looks at in one go: 32 hex digits that outlive a rerun.

    ``decision`` is the id of the first decision of a person in a requisition, where the profile
    names persons; else of the decision itself.

    Examples
    --------
    >>> case_identity(b"k" * 32, "17") == case_identity(b"k" * 32, "18")
    False
    """
    message = json.dumps(["case", decision], ensure_ascii=False)
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:32]


def _make(place: Path) -> None:
    """Make a key that appears complete: two runs that start together agree on one."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, half = tempfile.mkstemp(prefix=".key-", dir=place.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another run made it in the meantime
            os.link(half, place)
    finally:
        Path(half).unlink()


def _unreadable(place: Path, why: str) -> PathError:
    return PathError(
        f"the key of identities cannot be read or made: {why}",
        slug="key-unreadable",
        where=Where(str(place)),
        hint="name a file you may write with --key",
    )


def _not_a_key(place: Path) -> UsageError:
    return UsageError(
        "the key file does not hold 64 hexadecimal digits",
        slug="key-invalid",
        where=Where(str(place)),
        hint="name another file with --key; a new one is made where none exists",
    )
