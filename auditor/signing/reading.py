"""Small YAML files about signatures: their format, and all that is wrong in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from auditor.documents import Document, Text, Written, check, parse_document, shown
from auditor.errors import SignatureError, Where
from auditor.signing.ed25519 import is_weak, key_of
from auditor.signing.files import small_file

MAX_BYTES = 1 << 16
MAX_MARKS = 2_000
"""Lines, commas and brackets: a hundred entries have 800, 64 KiB of them take seconds to parse."""

Model = TypeVar("Model", bound=Written)


def read_written(path: Path, wanted: str, model: type[Model]) -> tuple[Model, Document]:
    """Read a file of one of our small formats.

    Parameters
    ----------
    path : Path
    wanted : str
        What its key ``auditor`` has to say, such as ``keyring/1``.
    model : pydantic model

    Raises
    ------
    PathError
        When it cannot be opened.
    SignatureError
        With everything that is wrong in it.
    """
    document = parse_document(_content(path), str(path), error=SignatureError)
    found = document.data.get("auditor")
    if found != wanted:
        newer = isinstance(found, str) and re.fullmatch(
            rf"{wanted.partition('/')[0]}/[0-9]+", found
        )
        raise SignatureError(
            f"this file is no {wanted}, it says {shown(found)}",
            slug="wrong-format",
            where=document.where(("auditor",)),
            hint="a newer format needs a newer version of auditor"
            if newer
            else f"the first line of this file has to be 'auditor: {wanted}'",
        )
    read, problems = check(document.data, model, document)
    if read is None or problems:
        raise SignatureError.of(problems)
    return read, document


def _content(path: Path) -> bytes:
    content, _ = small_file(path, MAX_BYTES)
    if len(content) > MAX_BYTES:
        raise SignatureError(
            "the file is larger than 64 KiB",
            slug="yaml-too-large",
            where=Where(str(path)),
        )
    if sum(map(content.count, (b"\n", b",", b"[", b"{"))) > MAX_MARKS:
        raise SignatureError(
            f"the file holds more than {MAX_MARKS:,} lines, commas and brackets",
            slug="yaml-too-large",
            where=Where(str(path)),
        )
    return content


def _public_key(value: str) -> str:
    public = key_of(value)
    if public is None or is_weak(public):
        raise PydanticCustomError(
            "bad-public-key",
            "must be a public key such as ed25519:..., got {value}",
            {
                "value": shown(value),
                "hint": "'auditor policy sign --new-key' prints the line to paste",
            },
        )
    return value


PublicKey: TypeAlias = Annotated[
    Text, AfterValidator(_public_key), WithJsonSchema({"type": "string"})
]
"""A public key as the text that `auditor.signing.ed25519.key_text` writes."""
