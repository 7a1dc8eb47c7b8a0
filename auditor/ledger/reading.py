"""An entry from the bytes that were stored, and everything that keeps them from being one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, TypedDict, get_type_hints, is_typeddict

from auditor.ledger.bodies import BODIES, Kind
from auditor.ledger.entry import Draft, Entry
from auditor.result.shape import faults, read_json
from auditor.signing.ed25519 import SIGNATURE_BYTES, key_of

NO_PREVIOUS = "0" * 64
"""What the first entry says about the one before it."""

MOST_BYTES = 1 << 20
"""No entry is larger: it holds digests and short words, no texts."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


class _Said(TypedDict):
    format: Literal["ledger-entry/1"]
    id: str
    ledger: str
    kind: Kind
    said_at: str
    by: str | None
    signed_with: str | None
    body: dict[str, Any]
    words: dict[str, str]


class _Stored(TypedDict):
    seq: int
    at: str
    previous: str
    said: _Said
    signature: str | None


def read_entry(content: bytes) -> Entry:
    """Entry of its stored bytes.

    Raises
    ------
    ValueError
        When they are none, or not written in the one form that an entry has.
    """
    if len(content) > MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    value = read_json(content.decode())  # a UnicodeDecodeError is a ValueError
    wrong = list(faults(value, _Stored)) or list(_marks(value))
    if wrong:
        raise ValueError(wrong[0])
    said, signature = value["said"], value["signature"]
    entry = Entry(
        seq=value["seq"],
        at=value["at"],
        previous=value["previous"],
        draft=Draft(
            id=said["id"],
            ledger=said["ledger"],
            kind=said["kind"],
            said_at=said["said_at"],
            body=said["body"],
            by=said["by"],
            signed_with=said["signed_with"],
            words=said["words"],
            signature=None if signature is None else bytes.fromhex(signature),
        ),
    )
    if _content(entry) != content:
        raise ValueError("it is not in canonical form, or says more than an entry says")
    wrong = list(faults(dict(entry.draft.body), BODIES[entry.draft.kind], "body"))
    if wrong:
        raise ValueError(wrong[0])
    return entry


def unknown_fields(value: object, kind: Any, at: str = "body") -> Iterator[str]:
    """Fields that no version of ours names: read on, but never written."""
    if isinstance(value, list):
        (inner,) = getattr(kind, "__args__", (Any,))
        for place, item in enumerate(value):
            yield from unknown_fields(item, inner, f"{at}[{place}]")
    elif isinstance(value, dict) and is_typeddict(kind):
        hints = get_type_hints(kind)
        for name, item in value.items():
            if name in hints:
                yield from unknown_fields(item, hints[name], f"{at}.{name}")
            else:
                yield f"{at}.{name} is no field of this kind of entry"


def moment(text: str) -> datetime:
    """Time of its text; a ValueError for any other way of writing it."""
    if not _TIME.fullmatch(text):
        raise ValueError("no time such as 2026-11-25T09:30:00Z")
    return datetime.fromisoformat(text)


def _content(entry: Entry) -> bytes | None:
    """Bytes of an entry; None where it holds what has no canonical form, such as a fraction."""
    try:
        return entry.content
    except (TypeError, UnicodeEncodeError):
        return None


def _marks(value: dict[str, Any]) -> Iterator[str]:
    """Texts that are no digest, key or time where one has to stand."""
    said = value["said"]
    if not _hex(said["id"], 32):
        yield "said.id is no 32 hexadecimal digits"
    if not _hex(value["previous"], 64):
        yield "previous is no 64 hexadecimal digits"
    if value["signature"] is not None and not _hex(value["signature"], 2 * SIGNATURE_BYTES):
        yield "signature is no 128 hexadecimal digits"
    for at, text in (("at", value["at"]), ("said.said_at", said["said_at"])):
        try:
            moment(text)
        except ValueError:
            yield f"{at} is no time such as 2026-11-25T09:30:00Z"
    for name in ("by", "signed_with"):
        if said[name] is not None and key_of(said[name]) is None:
            yield f"said.{name} is no public key"
    for name, digest in said["words"].items():
        if not (digest.startswith("sha256:") and _hex(digest.removeprefix("sha256:"), 64)):
            yield f"said.words.{name} is no digest"


def _hex(text: str, length: int) -> bool:
    return len(text) == length and not text.strip("0123456789abcdef")
