"""What a person calls a ledger: a file, or a place on a server; shown without its password."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SERVER = re.compile(
    r"postgres(?:ql)?://"
    r"(?:(?P<user>[^:/?#@&=\s]*)(?::(?P<password>[^:/?#@&=\s]*))?@)?"
    r"(?P<hosts>(?:[A-Za-z0-9._~%\[\],-]|:[0-9:.\]]|::)*)"
    r"(?:/(?P<database>[^:/?#@&=\s]*))?"
    r"(?:\?(?P<query>[a-z_]+=[^&=?#\s]*(?:&[a-z_]+=[^&=?#\s]*)*))?"
)
"""The addresses of libpq, written so that no part can be taken for another one: a character that
ends a part stands as ``%`` and two digits in it."""

_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
"""What libpq would refuse with a message that holds it."""

_SHOWN = frozenset(("host", "port", "user", "dbname", "schema", "service", "sslmode"))
_HIDDEN = "\N{HORIZONTAL ELLIPSIS}"

_SECRETS = (
    (re.compile(r"(postgres(?:ql)?:/+[^\s:/?#@]*):.*@", re.IGNORECASE), rf"\1:{_HIDDEN}@"),
    (re.compile(r"([?&](?:ssl)?password)=[^&\s]*", re.IGNORECASE), rf"\1={_HIDDEN}"),
)
"""Rather too much than too little: somebody wrote an address where something else belongs."""


def scheme_of(address: str | Path) -> str | None:
    """Give what an address begins with, such as ``postgresql://``; None for the name of a file."""
    found = None if isinstance(address, Path) else _SCHEME.match(address)
    return None if found is None else found[0]


def is_server(address: str | Path) -> bool:
    """Whether an address is that of a PostgreSQL server."""
    return scheme_of(address) in {"postgresql://", "postgres://"}


def server_parts(address: str) -> dict[str, str] | None:
    """Parts of the address of a server, as they are written in it; None when they are not clear."""
    found = _SERVER.fullmatch(address)
    if found is None or _BROKEN.search(address):
        return None
    return {name: part for name, part in found.groupdict().items() if part is not None}


def shown_address(address: str | Path) -> str:
    """Text of an address for messages: as it is for a file, without any secret for a server.

    Examples
    --------
    >>> shown_address("postgresql://ada:secret@db.example/hr?sslmode=verify-full&sslpassword=x")
    'postgresql://ada@db.example/hr?sslmode=verify-full'
    >>> shown_address("postgresql://ada:half@a:secret@db.example/hr")
    'postgresql://…'
    """
    scheme = scheme_of(address)
    if scheme is None:
        return str(address)
    parts = server_parts(str(address)) if is_server(address) else None
    if parts is None:
        return f"{scheme}{_HIDDEN}"
    user = f"{parts['user']}@" if parts.get("user") else ""
    database = f"/{parts['database']}" if "database" in parts else ""
    kept = [
        setting
        for setting in parts.get("query", "").split("&")
        if setting.partition("=")[0] in _SHOWN and "@" not in unquote(setting)
    ]
    query = f"?{'&'.join(kept)}" if kept else ""
    return f"{scheme}{user}{parts['hosts']}{database}{query}"


def without_passwords(line: str) -> str:
    """Text of a line in which an address of a server may stand anywhere, without its password.

    Examples
    --------
    >>> without_passwords("Got unexpected extra argument (postgresql://ada:secret@db/hr)")
    'Got unexpected extra argument (postgresql://ada:…@db/hr)'
    """
    for secret, shown in _SECRETS:
        line = secret.sub(shown, line)
    return line
