"""The file beside a policy that holds its signatures."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from auditor.documents import DateText, Id, Listed, Text, Written, shown, write_whole
from auditor.errors import PathError, SignatureError, UsageError, Where
from auditor.policy.packs import packs_root
from auditor.rules.resolve import flow
from auditor.signing.ed25519 import SIGNATURE_BYTES, exact_bytes
from auditor.signing.files import reason
from auditor.signing.reading import MAX_BYTES, PublicKey, read_written
from auditor.signing.signature import FORMAT, Signature

SUFFIX = ".sig"
MOST = 100
_DIGEST = r"sha256:[0-9a-f]{64}"


def _few(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(entries) > MOST:
        raise PydanticCustomError(
            "too-many-signatures",
            "holds {found} signatures, more than {most}",
            {"found": len(entries), "most": MOST, "hint": "delete those of earlier versions"},
        )
    return entries


def _digest(value: str) -> str:
    if not re.fullmatch(_DIGEST, value):
        raise PydanticCustomError(
            "bad-digest",
            "must be sha256: and 64 hexadecimal digits, got {value}",
            {"value": shown(value), "hint": "signing writes this line; do not edit it"},
        )
    return value


def _signature(value: str) -> str:
    found = exact_bytes(value)
    if found is None or len(found) != SIGNATURE_BYTES:
        raise PydanticCustomError(
            "bad-signature-text",
            "must be a signature of 64 bytes in base64, got {value}",
            {"value": shown(value), "hint": "signing writes this line; do not edit it"},
        )
    return value


class SignatureEntry(Written):
    """One signature."""

    policy: Id
    version: Text
    digest: Annotated[Text, AfterValidator(_digest)]
    role: Text
    key: PublicKey
    signed_on: DateText
    signature: Annotated[Text, AfterValidator(_signature)]


class SignaturesFile(Written):
    """The whole file."""

    auditor: Literal["signatures/1"]
    signatures: Annotated[Listed[SignatureEntry], AfterValidator(_few)]


def signatures_path(policy_path: str, named: str | Path | None = None) -> Path:
    """Path of the signatures of a policy: as named, or its own path with ``.sig`` behind it.

    Raises
    ------
    UsageError
        For a shipped pack, beside which nothing is written.
    """
    if named is not None:
        return Path(named)
    place = Path(policy_path)
    if place.parent == packs_root():
        raise UsageError(
            "the signatures of a shipped pack do not stand beside it",
            slug="signatures-of-a-pack",
            where=Where(policy_path),
            hint="name their file with --signatures",
        )
    return place.with_name(place.name + SUFFIX)


def read_signatures(path: Path, *, optional: bool = False) -> tuple[Signature, ...]:
    """Read a file of signatures; with ``optional`` a file that is not there holds none.

    Raises
    ------
    PathError
        When it cannot be opened.
    SignatureError
        With everything that is wrong in it.
    """
    if optional and not os.path.lexists(path):
        return ()
    file, _ = read_written(path, FORMAT, SignaturesFile)
    return tuple(
        Signature(
            policy=entry.policy,
            version=entry.version,
            digest=entry.digest,
            role=entry.role,
            key=entry.key,
            signed_on=entry.signed_on,
            signature=exact_bytes(entry.signature) or b"",
        )
        for entry in file.signatures
    )


def with_signature(held: Sequence[Signature], new: Signature) -> tuple[Signature, ...]:
    """Add a signature; an earlier one by the same key in the same role gives way to it."""
    others = [s for s in held if (s.key, s.role) != (new.key, new.role)]
    return (*others, new)


def write_signatures(path: Path, signatures: Sequence[Signature]) -> None:
    """Write a file of signatures, which appears whole or not at all.

    Raises
    ------
    SignatureError
        When it would be larger than what is read.
    PathError
        When it cannot be written.
    """
    content = _text(signatures).encode()
    if len(signatures) > MOST or len(content) > MAX_BYTES:
        raise SignatureError(
            f"{path.name} would hold {len(signatures)} signatures, more than fit",
            slug="too-many-signatures",
            where=Where(str(path)),
            hint="delete those of earlier versions",
        )
    try:
        # signatures are there to be checked by others
        write_whole(path.resolve(), content, mode=0o644)
    except (OSError, ValueError, RuntimeError) as cause:  # RuntimeError: links in a circle
        raise unwritable(path, cause) from None


def unwritable(path: Path, cause: Exception) -> PathError:
    """Error about a file of signatures that cannot be written."""
    return PathError(
        f"the signatures cannot be written: {reason(cause)}",
        slug="path-unwritable",
        where=Where(str(path)),
        hint="name a file you may write with --signatures",
    )


def _text(signatures: Sequence[Signature]) -> str:
    lines = [f"auditor: {FORMAT}", "signatures:"]
    for one in signatures:
        fields = {
            "policy": one.policy,
            "version": one.version,
            "digest": one.digest,
            "role": one.role,
            "key": one.key,
            "signed_on": one.signed_on.isoformat(),
            "signature": one.signature_text,
        }
        head = "  - "
        for name, value in fields.items():
            lines.append(f"{head}{name}: {flow(value)}")
            head = "    "
    return "\n".join(lines) + "\n"
