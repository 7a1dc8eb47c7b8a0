"""One-time links: who may log in where and until when, signed by the service."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from auditor.ledger.entry import time_text
from auditor.ledger.reading import moment
from auditor.result.shape import faults, read_json
from auditor.signing.canonical import canonical
from auditor.signing.ed25519 import is_signed, key_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "review-invite/1"
_DOMAIN = b"auditor review invite\n"
"""Begins every statement, so that a signature made for anything else is none of an invite."""

_MOST = 2048


class _Plain(TypedDict):
    format: str
    key: str
    address: str
    expires: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Lets the holder of a key log in once.

    ``key`` is the public key of the person, ``address`` that of the page, without a path.
    """

    key: str
    address: str
    expires: datetime
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    def signed(self, private: Ed25519PrivateKey) -> str:
        """Text of it, for a link."""
        content = canonical(
            {
                "format": FORMAT,
                "key": self.key,
                "address": self.address,
                "expires": time_text(self.expires),
                "nonce": self.nonce,
            }
        )
        return f"{_text(content)}.{_text(private.sign(_DOMAIN + content))}"


def read_invite(text: str, service_key: str) -> Invite | None:
    """Invite of its text; None unless this very service signed it."""
    public = key_of(service_key)
    content, _, signature = (_bytes(part) for part in text.partition("."))
    if len(text) > _MOST or public is None or not content or not signature:
        return None
    if not is_signed(public, signature, _DOMAIN + content):
        return None
    try:
        plain: Any = read_json(content.decode())
        if next(faults(plain, _Plain), None) is not None or plain["format"] != FORMAT:
            return None
        return Invite(
            key=plain["key"],
            address=plain["address"],
            expires=moment(plain["expires"]),
            nonce=plain["nonce"],
        )
    except ValueError:
        return None


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Bytes of their only spelling; nothing for any other."""
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
    return found if _text(found) == text else b""
