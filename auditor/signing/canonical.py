"""The one form of bytes that a policy, or a statement about it, has."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from auditor.documents import NumberText
from auditor.errors import SignatureError, Where
from auditor.rules.resolve import resolved

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy

_NOT_JUDGED = frozenset(("examples",))
"""Sections that change no verdict; all others are signed."""

_LARGEST = 2**53 - 1

plain_text = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode
"""RFC 8785 of plain values, and nothing else: it would order keys and write fractions otherwise."""


def canonical_policy(bound: BoundPolicy) -> bytes:
    """RFC 8785 form of the resolved policy without its examples.

    Every default is spelled out, so a policy that means the same has the same bytes whatever its
    comments, its order of keys and its ways of writing a number. A number that is no plain whole
    number stands as ``{"number": "0.8"}``: a binary fraction would not be exact, and a bare text
    could be taken for the text of the same signs.

    Raises
    ------
    SignatureError
        When a text holds half a character, which no bytes can stand for.
    """
    policy = bound.policy
    said = {key: value for key, value in resolved(bound).items() if key not in _NOT_JUDGED}
    try:
        return canonical(said)
    except UnicodeEncodeError:
        raise SignatureError(
            "a text of this policy holds half a character (a lone surrogate), so it has no "
            "canonical form",
            slug="no-canonical-form",
            where=Where(policy.path),
            hint="look for \\ud800 to \\udfff in the file and write the character itself",
        ) from None


def policy_digest(bound: BoundPolicy) -> str:
    """Digest of a policy: ``sha256:`` and 64 hexadecimal digits of its canonical form."""
    return f"sha256:{hashlib.sha256(canonical_policy(bound)).hexdigest()}"


def canonical(value: Any) -> bytes:
    r"""RFC 8785 bytes of plain data.

    Examples
    --------
    >>> canonical({"b": [1, True], "a": NumberText("0.80"), "big": 2**60})
    b'{"a":{"number":"0.80"},"b":[1,true],"big":{"number":"1152921504606846976"}}'
    """
    return plain_text(value).encode() if _is_plain(value) else canonical_by_rfc8785(value)


def canonical_by_rfc8785(value: Any) -> bytes:
    """Bytes of plain data from the library of that RFC: the long way, for every value."""
    import rfc8785

    try:
        return rfc8785.dumps(_exact(value))
    except rfc8785.CanonicalizationError as cause:
        if isinstance(cause.__cause__, UnicodeEncodeError):
            raise cause.__cause__ from None
        raise


def _is_plain(value: Any) -> bool:
    """Whether the encoder of the standard library writes a value as RFC 8785 does.

    Both write texts alike, and whole numbers that are exact; keys have the same order in both
    where they are ASCII (elsewhere one sorts by characters, the other by their UTF-16).
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if kind is list:
        return all(map(_is_plain, value))
    return kind is dict and all(
        type(key) is str and key.isascii() and _is_plain(inner) for key, inner in value.items()
    )


def _exact(value: Any) -> Any:
    match value:
        case NumberText():
            return {"number": str(value)}
        case bool() | None:
            return value
        case int() if abs(value) > _LARGEST:
            return {"number": str(value)}
        case dict():
            return {_whole(key): _exact(inner) for key, inner in value.items()}
        case list():
            return [_exact(inner) for inner in value]
        case str():
            return _whole(value)
        case int():
            return value
    raise TypeError(f"{type(value).__name__} has no exact canonical form")


def _whole(text: str) -> str:
    text.encode()  # half a character raises here, also where it is the name of a key
    return str(text)
