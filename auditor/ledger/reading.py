"""An entry from the bytes that were stored, and everything that keeps them from being one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from json import JSONDecoder
from typing import Any, Literal, TypedDict, get_type_hints, is_typeddict

from auditor.ledger.bodies import BODIES, Kind
from auditor.ledger.entry import FORMAT, Draft, Entry
from auditor.ledger.forms import TEXT, WHOLE, form
from auditor.result.shape import faults, read_json
from auditor.signing.canonical import plain_text
from auditor.signing.ed25519 import SIGNATURE_BYTES, key_of

NO_PREVIOUS = "0" * 64
"""What the first entry says about the one before it."""

MOST_BYTES = 1 << 20
"""No entry is larger: it holds digests and short words, no texts."""

TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_IS_TIME = re.compile(TIME).fullmatch


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

    A fifth of the long way. None is no refusal: `strict_entry` has to look then, and says why.
    """
    if len(content) > MOST_BYTES:
        return None
    try:
        text = content.decode()
        end = text.rindex(',"by":')
        head, tail = _HEAD(text), _TAIL(text, end)
        if head is None or tail is None:
            return None
        at, previous, start = head[1], head[2], head.end()
        by, said_id, kind, ledger, said_at, signed_with, words, seq, signature = tail.groups()
        if kind not in _BODIES or not _BODIES[kind](text, start, end):
            return None
        moment(at)
        moment(said_at)
        return Entry(
            seq=int(seq),
            at=at,
            previous=previous,
            draft=Draft(
                id=said_id,
                ledger=_once_read(ledger),
                kind=kind,
                said_at=said_at,
                body=_value_at(text, start)[0],
                by=_quick_key(by),
                signed_with=_quick_key(signed_with),
                words=_quick_words(words) if words else {},
                signature=None if signature is None else bytes.fromhex(signature),
            ),
        )
    except (ValueError, RecursionError):
        return None


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


def in_form(kind: Kind, body: dict[str, Any]) -> bool:
    """Whether a body is beyond doubt one of its kind: then `faults` finds nothing in it."""
    try:
        return _BODIES[kind](plain_text(body)) is not None
    except (TypeError, ValueError, RecursionError):
        return False


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
    if not _IS_TIME(text):
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


def _quick_key(said: str) -> str | None:
    if said == "null":
        return None
    key = said[1:-1]
    if key_of(key) is None:
        raise ValueError(key)
    return key


def _quick_words(said: str) -> dict[str, str]:
    """Digests by their fields, which stand in order and once."""
    words: dict[str, str] = _value_at(f"{{{said}}}")[0]
    if said.count('":"') > len(words) or list(words) != sorted(words):
        raise ValueError(said)
    return words


def _hex(text: str, length: int) -> bool:
    return len(text) == length and not text.strip("0123456789abcdef")


_value_at = JSONDecoder().raw_decode
_once_read = lru_cache(maxsize=1 << 6)(json.loads)
_BODIES = {kind: re.compile(form(body)).fullmatch for kind, body in BODIES.items()}
_KEY = r'(null|"ed25519:[A-Za-z0-9+/]{43}=")'
_WORD = r'"[ !#-\[\]-~]*":"sha256:[0-9a-f]{64}"'
_HEAD = re.compile(rf'\{{"at":"({TIME})","previous":"([0-9a-f]{{64}})","said":\{{"body":').match
_TAIL = re.compile(
    rf',"by":{_KEY},"format":"{re.escape(FORMAT)}","id":"([0-9a-f]{{32}})","kind":"([a-z-]+)",'
    rf'"ledger":({TEXT}),"said_at":"({TIME})","signed_with":{_KEY},'
    rf'"words":\{{((?:{_WORD}(?:,{_WORD})*)?)\}}\}},'
    rf'"seq":({WHOLE}),"signature":(?:null|"([0-9a-f]{{128}})")\}}'
).fullmatch
