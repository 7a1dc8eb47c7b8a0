"""Passphrases: from a prompt or the first line of a file, never from the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_MAX_BYTES = 1024


def chosen(file: str | None, *, ask: bool) -> bytes | None:
    """Passphrase for a new key; None for a key without one."""
    if file is not None:
        return _of_file(file)
    if not ask:
        return None
    _needs_terminal()
    typed: str = click.prompt(
        "Passphrase of the new key", hide_input=True, confirmation_prompt=True, err=True
    )
    return typed.encode()


def asked(file: str | None) -> bytes:
    """Passphrase of a key that there is."""
    if file is not None:
        return _of_file(file)
    _needs_terminal()
    typed: str = click.prompt("Passphrase of the key", hide_input=True, err=True)
    return typed.encode()


def opened_key(file: str, passphrase_file: str | None) -> Ed25519PrivateKey:
    """Private key of a file, its passphrase asked for where it has one."""
    from auditor.signing import KeyFile

    return KeyFile.read(file).private_key(lambda: asked(passphrase_file))


def _needs_terminal() -> None:
    from auditor.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError(
            "a passphrase is needed, and there is no terminal to ask at",
            slug="passphrase-needed",
            hint="name a file that only you can read with --passphrase-file",
        )


def _of_file(name: str) -> bytes:
    from auditor.errors import UsageError, Where
    from auditor.signing.files import small_file

    content, _ = small_file(name, _MAX_BYTES)
    line = content.split(b"\n", maxsplit=1)[0].removesuffix(b"\r")
    if not line or len(content) > _MAX_BYTES:
        raise UsageError(
            "the first line of this file is no passphrase: it is empty, or the file is larger "
            "than 1 KiB",
            slug="passphrase-file",
            where=Where(name),
            hint="write the passphrase into its first line",
        )
    return line
