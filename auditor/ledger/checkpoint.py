"""Checkpoints of a ledger as signed notes (C2SP tlog-checkpoint): a few lines of text.

Whoever keeps one outside of the ledger can later tell whether what it covers was changed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from auditor.errors import SignatureError, Where
from auditor.ledger.entry import time_text
from auditor.ledger.reading import moment
from auditor.signing.ed25519 import exact_bytes, is_signed, key_of, public_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.signing.keyring import Holder, Keyring

ROLE = "checkpoint"
"""Role in the keyring of those whose checkpoints count."""

MOST_CHARACTERS = 1 << 14
_KEY_ID_BYTES, _ROOT_BYTES = 4, 32
_ED25519 = b"\1"
DASH = "\N{EM DASH} "
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME = re.compile(r"[^\s+]+")
_MADE = "made "
"""Begins the line below the root that says when (an extension line, in the words of C2SP)."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200b\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One line below a note: whose, the first bytes of a digest of name and key, the signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A ledger at one moment: its name, how many entries, the root of the tree over them.

    ``text`` is what is signed, ``note`` the whole with its signatures.
    """

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[NoteSignature, ...]
    note: str

    @property
    def made(self) -> datetime | None:
        """When its signer says that it was made; None where it does not say."""
        said = [line for line in self.text.split("\n")[3:] if line.startswith(_MADE)]
        try:
            return moment(said[0].removeprefix(_MADE)) if len(said) == 1 else None
        except ValueError:
            return None

    def signed_by(self, public: bytes) -> bool:
        """Whether a key signed it in the name of its ledger."""
        wanted = key_id(self.origin, public)
        return any(
            one.name == self.origin
            and one.key_id == wanted
            and is_signed(public, one.signature, self.text.encode())
            for one in self.signatures
        )

    def signer(self, keyring: Keyring, *, since: date, as_of: date) -> Holder | None:
        """Person with the role ``checkpoint`` who signed it.

        Nobody but its signer says on which day: the key has to hold on some day from that of the
        last entry that it covers (``since``) to today.
        """
        for holder in keyring.holders:
            held = holder.start <= as_of and (holder.until is None or since <= holder.until)
            public = key_of(holder.key)
            if ROLE in holder.roles and held and public and self.signed_by(public):
                return holder
        return None


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that say which key a line of a signed note is about."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_ID_BYTES]


def sign_checkpoint(
    origin: str,
    size: int,
    root: bytes,
    private: Ed25519PrivateKey,
    *,
    made: datetime | None = None,
) -> Checkpoint:
    """Sign the root of a ledger at a size, in the ledger's name; and when, so that its age shows.

    Without a time nobody can tell later whether there could have been a newer one.
    """
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    if made is not None:
        text += f"{_MADE}{time_text(made)}\n"
    line = base64.b64encode(
        key_id(origin, public_bytes(private)) + private.sign(text.encode())
    ).decode()
    return read_checkpoint(f"{text}\n{DASH}{origin} {line}\n", origin)


def read_checkpoint(note: str, path: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Parameters
    ----------
    note : str
    path : str
        Where it stands, for messages.

    Raises
    ------
    SignatureError
        When it is none.
    """
    try:
        return _checkpoint(note)
    except ValueError as cause:
        raise SignatureError(
            f"this is no checkpoint: {cause}",
            slug="checkpoint-malformed",
            where=Where(path),
            hint="the file has to hold the lines that 'auditor ledger checkpoint' printed, its "
            "blank line among them, and no others",
        ) from None


def _checkpoint(note: str) -> Checkpoint:
    if len(note) > MOST_CHARACTERS:
        raise ValueError("it is longer than 16 KiB")
    if "\r" in note:
        raise ValueError(r"its lines end with \r\n, and its signature is over lines that end in \n")
    if _CONTROL.search(note):
        raise ValueError("it holds a control character")
    if not note.endswith("\n"):
        raise ValueError("its last line does not end")
    head, blank, below = note.rpartition("\n\n")
    text = head + "\n"
    lines = head.split("\n")
    if not blank or not below:
        raise ValueError("a blank line and a signature have to follow its text")
    if len(lines) < 3 or not _NAME.fullmatch(lines[0]):
        raise ValueError("its first three lines have to be a name, a number of entries and a root")
    origin, size, root = lines[0], lines[1], exact_bytes(lines[2])
    if not _SIZE.fullmatch(size):
        raise ValueError("its second line is no number of entries")
    if root is None or len(root) != _ROOT_BYTES:
        raise ValueError("its third line is no root of 32 bytes in base64")
    return Checkpoint(
        origin=origin,
        size=int(size),
        root=root,
        text=text,
        signatures=tuple(_signature(line) for line in below.removesuffix("\n").split("\n")),
        note=note,
    )


def _signature(line: str) -> NoteSignature:
    name, _, coded = line.removeprefix(DASH).partition(" ")
    found = exact_bytes(coded)
    if not line.startswith(DASH) or not _NAME.fullmatch(name) or not found:
        raise ValueError("a line below the blank one is no signature")
    if len(found) <= _KEY_ID_BYTES:  # other lengths: other kinds of keys, which sign beside ours
        raise ValueError("a line below the blank one is no signature")
    return NoteSignature(name=name, key_id=found[:_KEY_ID_BYTES], signature=found[_KEY_ID_BYTES:])
