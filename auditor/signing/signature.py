"""One signature, and the statement that it stands under."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditor.signing.canonical import canonical, policy_digest
from auditor.signing.ed25519 import is_signed, key_of, key_text, public_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.rules.bound import BoundPolicy

FORMAT = "signatures/1"
_DOMAIN = b"auditor policy signature\n"
"""Begins every statement, so that a signature made for anything else is none of a policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What one key says about one policy: this digest, in this role, on this day.

    ``key`` is the text of the public key, ``signature`` 64 bytes.
    """

    policy: str
    version: str
    digest: str
    role: str
    key: str
    signed_on: date
    signature: bytes

    @property
    def statement(self) -> bytes:
        """Bytes that are signed: every field but the signature itself, in canonical form."""
        return _DOMAIN + canonical(
            {
                "format": FORMAT,
                "policy": self.policy,
                "version": self.version,
                "digest": self.digest,
                "role": self.role,
                "key": self.key,
                "signed_on": self.signed_on.isoformat(),
            }
        )

    @property
    def genuine(self) -> bool:
        """Whether the key that it names signed exactly this statement."""
        public = key_of(self.key)
        if public is None:
            return False
        try:
            return is_signed(public, self.signature, self.statement)
        except UnicodeEncodeError:
            return False

    @property
    def signature_text(self) -> str:
        """Signature in base64."""
        return base64.b64encode(self.signature).decode()


def sign(
    bound: BoundPolicy, private: Ed25519PrivateKey, *, role: str, signed_on: date
) -> Signature:
    """Sign a policy in a role.

    Raises
    ------
    SignatureError
        When the policy has no canonical form.
    """
    fields = {
        "policy": bound.policy.id,
        "version": bound.policy.version,
        "digest": policy_digest(bound),
        "role": role,
        "key": key_text(public_bytes(private)),
    }
    unsigned = Signature(**fields, signed_on=signed_on, signature=b"")
    return Signature(**fields, signed_on=signed_on, signature=private.sign(unsigned.statement))
