from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.rules.bind import BoundPolicy, bind
from auditor.signing.ed25519 import key_text, public_bytes
from auditor.signing.keyring import Holder, Keyring
from auditor.signing.signature import Signature, sign

POLICY = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01,
  signed_by: SIGNED_BY}
basis: [{id: b, cite: c, says: s}]
gates:
  - {id: unknown, kind: unknown-share, says: s, because: [b], options: {limit: 1/4}}
"""
DAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Signer:
    """A person with a key that a name gives."""

    name: str
    private: Ed25519PrivateKey

    @property
    def key(self) -> str:
        return key_text(public_bytes(self.private))

    def holds(self, *roles: str, start=date(2026, 1, 1), until=None, name=None) -> Holder:
        return Holder(name=name or self.name, key=self.key, roles=roles, start=start, until=until)

    def signs(self, bound: BoundPolicy, role: str, day: date = DAY) -> Signature:
        return sign(bound, self.private, role=role, signed_on=day)


@pytest.fixture
def signer() -> Callable[[str], Signer]:
    def signer(name: str) -> Signer:
        seed = name.encode().ljust(32, b"\0")
        return Signer(name=name, private=Ed25519PrivateKey.from_private_bytes(seed))

    return signer


@pytest.fixture
def policy(tmp_path) -> Callable[..., BoundPolicy]:
    def policy(*roles: str, text: str = POLICY, name: str = "ours.yaml") -> BoundPolicy:
        content = text.replace("SIGNED_BY", f"[{', '.join(roles)}]")
        (tmp_path / name).write_text(content, encoding="utf-8")
        (bound,) = bind([tmp_path / name])
        return bound

    return policy


@pytest.fixture
def keyring() -> Callable[..., Keyring]:
    return lambda *holders: Keyring(path="ring.yaml", holders=holders)
