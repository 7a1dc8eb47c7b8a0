"""Ed25519 (RFC 8032) over raw bytes, and keys and signatures as texts."""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "ed25519:"
KEY_BYTES, SIGNATURE_BYTES = 32, 64

_P = 2**255 - 19
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL = frozenset((0, 1, _P - 1, _ORDER_8, _P - _ORDER_8))
"""The y of every point of order 1, 2, 4 or 8: such a key would accept signatures of nobody."""

_GENUINE: set[bytes] = set()
"""Digests of key, signature and message that belong together, as this process has computed."""

_MOST_REMEMBERED = 1 << 18


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """Public half of a key, 32 bytes."""
    return private.public_key().public_bytes_raw()


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature is this key's over exactly this message.

    One that was found genuine is not computed again in the same process: the same three texts give
    the same answer for ever, and what is asked for again and again costs a hundredth.

    Parameters
    ----------
    public : 32 bytes
    signature : bytes
    message : bytes
    """
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    asked = hashlib.sha256(public + signature + message).digest()
    if asked in _GENUINE:
        return True
    if not _is_signed(public, signature, message):
        return False
    if len(_GENUINE) < _MOST_REMEMBERED:
        _GENUINE.add(asked)
    return True


def _is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_weak(public: bytes) -> bool:
    """Whether a public key is no key that anybody could hold alone: small order, or not reduced."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return y >= _P or y in _SMALL


def key_text(public: bytes) -> str:
    """Public key as one word.

    Examples
    --------
    >>> key_text(bytes(range(32)))
    'ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
    """
    return PREFIX + base64.b64encode(public).decode()


@lru_cache(maxsize=1 << 10)
def key_of(text: str) -> bytes | None:
    """Public key of its text; None when it is not written exactly as `key_text` writes it."""
    if not text.startswith(PREFIX):
        return None
    found = exact_bytes(text.removeprefix(PREFIX))
    return found if found is not None and len(found) == KEY_BYTES else None


def exact_bytes(text: str) -> bytes | None:
    """Bytes of base64 in its only form; None for any other spelling of them."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None
