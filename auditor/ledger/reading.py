"""An entry from the bytes that were stored, and everything that keeps them from being one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from json import JSONDecoder
from typing import Any, Literal, TypedDict, get_type_hints, is_typeddict

from auditor.ledger.bodies import BODIES, Kind
from auditor.ledger.entry import Draft, Entry
from auditor.result.fitting import fits
from auditor.result.shape import faults, read_json
from auditor.signing.canonical import plain_text
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
    return quick_entry(content) or strict_entry(content)


def quick_entry(content: bytes) -> Entry | None:
    """Entry of bytes that are beyond doubt in the one form that an entry has.

    A tenth of the long way. None is no refusal: `strict_entry` has to look then, and says why.
    """
    if len(content) > MOST_BYTES or (not content.isascii() and _BEYOND_UTF_16.search(content)):
        return None
    try:
        value = _decode(content.decode())
        if not _IS_STORED(value):
            return None
        said = value["said"]
        if not _BODY_OF[said["kind"]](said["body"]) or not _is_marked(value, said):
            return None
        if plain_text(value).encode() != content:
            return None
    except (ValueError, RecursionError):
        return None
    return _entry_of(value)


def strict_entry(content: bytes) -> Entry:
    """Entry of its stored bytes the long way, which knows what is wrong; as `read_entry`."""
    if len(content) > MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    value = read_json(content.decode())  # a UnicodeDecodeError is a ValueError
    wrong = list(faults(value, _Stored)) or list(_marks(value))
    if wrong:
        raise ValueError(wrong[0])
    entry = _entry_of(value)
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


@lru_cache(maxsize=1 << 10)
def moment(text: str) -> datetime:
    """Time of its text; a ValueError for any other way of writing it."""
    if not _TIME.fullmatch(text):
        raise ValueError("no time such as 2026-11-25T09:30:00Z")
    return datetime.fromisoformat(text)


def _entry_of(value: Any) -> Entry:
    said, signature = value["said"], value["signature"]
    return Entry(
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


def _is_marked(value: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether `_marks` finds nothing."""
    signature, words = value["signature"], said["words"]
    moment(value["at"])
    moment(said["said_at"])
    return (
        _ID(said["id"]) is not None
        and _HASH(value["previous"]) is not None
        and (signature is None or _SIGNATURE(signature) is not None)
        and (said["by"] is None or key_of(said["by"]) is not None)
        and (said["signed_with"] is None or key_of(said["signed_with"]) is not None)
        and all(map(_DIGEST, words.values()))
    )


def _short(digits: str) -> int:
    """Whole number that is exact everywhere; longer ones are left to the long way."""
    if len(digits) > len("999999999999999"):
        raise ValueError(digits)
    return int(digits)


def _no_fraction(text: str) -> Any:
    raise ValueError(text)


def _hex(text: str, length: int) -> bool:
    return len(text) == length and not text.strip("0123456789abcdef")


_IS_STORED = fits(_Stored)
_BODY_OF = {kind: fits(body) for kind, body in BODIES.items()}
_ID, _HASH = re.compile("[0-9a-f]{32}").fullmatch, re.compile("[0-9a-f]{64}").fullmatch
_SIGNATURE = re.compile("[0-9a-f]{128}").fullmatch
_DIGEST = re.compile("sha256:[0-9a-f]{64}").fullmatch
_BEYOND_UTF_16 = re.compile(rb"[\xf0-\xf4]")
"""First bytes of characters whose order in RFC 8785 is not that of their numbers."""

_decode = JSONDecoder(
    parse_int=_short, parse_float=_no_fraction, parse_constant=_no_fraction
).decode
