"""Who a flag is about, without saying it: a keyed hash that survives a rerun.

The key lies outside the output, so that a result that leaves the house cannot be joined back to
people by hashing guessed ids.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from auditor.errors import PathError, UsageError, Where

KEY_BYTES = 32


def default_key_path() -> Path:
    """``$XDG_CONFIG_HOME/auditor/key``, or the same below ``~/.config``."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "auditor" / "key"


def load_key(path: Path | None = None) -> bytes:
    """Key of identities; made on first use with permissions 0600.

    Raises
    ------
    UsageError
        When a file of that name holds no key of this product.
    PathError
        When it cannot be read or made.
    """
    place = path or default_key_path()
    try:
        if not place.exists():
            _make(place)
        text = place.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except (UnicodeDecodeError, ValueError) as cause:
        raise _not_a_key(place) from cause
    except OSError as cause:
        raise PathError(
            f"the key of identities cannot be read or made: {cause.strerror}",
            slug="key-unreadable",
            where=Where(str(place)),
            hint="name a file you may write with --key",
        ) from cause
    if len(key) != KEY_BYTES:
        raise _not_a_key(place)
    return key


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


def _make(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another run made it in the meantime
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def _not_a_key(place: Path) -> UsageError:
    return UsageError(
        "the key file does not hold 64 hexadecimal digits",
        slug="key-invalid",
        where=Where(str(place)),
        hint="name another file with --key; a new one is made where none exists",
    )
