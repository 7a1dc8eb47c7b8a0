"""One entry of a ledger: what somebody said, and the number and time that the ledger gave it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from auditor.ledger.bodies import Kind
from auditor.signing.canonical import canonical, plain_text
from auditor.signing.ed25519 import is_signed, key_of, key_text, public_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "ledger-entry/1"
_DOMAIN = b"auditor ledger entry\n"
"""Begins every statement, so that a signature made for anything else is none of an entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Free words beside the chain: the entry holds only their salted digest.

    Without the salt a short text could be found by trying; it goes away together with the text.
    """

    text: str
    salt: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def digest(self) -> str:
        """SHA-256 of salt and text, as ``sha256:`` and 64 hexadecimal digits."""
        pair = f"[{plain_text(self.salt)},{plain_text(self.text)}]"  # the canonical form of both
        return f"sha256:{hashlib.sha256(pair.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody says to a ledger.

    Parameters
    ----------
    id : str
        32 hexadecimal digits, new for each draft: said twice it is stored once.
    ledger : str
        Name of the ledger that it is meant for, so that it means nothing in another one.
    kind, body : see `auditor.ledger.bodies`
    said_at : str
        The sayer's clock, ``2026-11-25T09:30:00Z``.
    by : str or None
        Public key of the person who says it, as it stands in the keyring; names stand only there.
        None when nobody proved who they are: such an entry is kept and clears nothing.
    signed_with : str or None
        Key of the signature: the person's own, or that of a service that let the person in.
    words : mapping of str to str
        Digests of the words beside the chain, by field.
    signature : bytes or None
    """

    id: str
    ledger: str
    kind: Kind
    said_at: str
    body: Mapping[str, Any]
    by: str | None = None
    signed_with: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    signature: bytes | None = None

    @property
    def statement(self) -> bytes:
        """Bytes that are signed: everything but the signature, in canonical form."""
        return _DOMAIN + canonical(self.plain())

    @property
    def genuine(self) -> bool:
        """Whether the key that it names signed exactly this."""
        public = None if self.signed_with is None else key_of(self.signed_with)
        if public is None or self.signature is None:
            return False
        return is_signed(public, self.signature, self.statement)

    def signed(self, private: Ed25519PrivateKey) -> Draft:
        """Sign it; by the person of that key when it names nobody yet."""
        key = key_text(public_bytes(private))
        named = replace(self, by=self.by or key, signed_with=key)
        return replace(named, signature=private.sign(named.statement))

    def plain(self) -> dict[str, Any]:
        """Everything but the signature, as JSON values."""
        return {
            "format": FORMAT,
            "id": self.id,
            "ledger": self.ledger,
            "kind": self.kind,
            "said_at": self.said_at,
            "by": self.by,
            "signed_with": self.signed_with,
            "body": dict(self.body),
            "words": dict(self.words),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A draft with its number (from 0), the ledger's time and the digest of the entry before it."""

    seq: int
    at: str
    previous: str
    draft: Draft

    @property
    def content(self) -> bytes:
        """Bytes that are stored, and that the tree is made of."""
        signature = self.draft.signature
        return canonical(
            {
                "seq": self.seq,
                "at": self.at,
                "previous": self.previous,
                "said": self.draft.plain(),
                "signature": None if signature is None else signature.hex(),
            }
        )


def statement_in(content: bytes) -> bytes:
    """Give the statement of an entry, cut out of the entry's own stored bytes.

    Only for bytes that `auditor.ledger.reading.read_entry` takes: names are in their order there,
    so what was said is one piece, between texts that cannot hold these names.
    """
    start = content.index(b'"said":') + len(b'"said":')
    return _DOMAIN + content[start : content.rindex(b',"seq":')]


def gone_in(entry: Entry) -> Iterator[tuple[str, str]]:
    """Words that are gone as an entry of kind ``erased`` or ``salvaged`` says: id and field."""
    for one in entry.draft.body["entries"]:
        yield from ((one["id"], field) for field in one["fields"])


def new_draft(
    ledger: str,
    kind: Kind,
    body: Mapping[str, Any],
    *,
    words: Mapping[str, Words] | None = None,
    now: datetime | None = None,
) -> Draft:
    """Make a draft, not signed yet, that says something now."""
    return Draft(
        id=secrets.token_hex(16),
        ledger=ledger,
        kind=kind,
        said_at=time_text(now or datetime.now(UTC)),
        body=body,
        words={name: said.digest for name, said in (words or {}).items()},
    )


def time_text(moment: datetime) -> str:
    """Text of a time in UTC, to the second.

    Examples
    --------
    >>> time_text(datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    '2026-11-25T09:30:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
