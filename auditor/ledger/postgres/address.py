"""The address of a ledger on a server, taken apart: what libpq is told, and the schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from auditor.documents import shown
from auditor.errors import UsageError, Where
from auditor.ledger.addresses import server_parts, shown_address

SCHEMA = "auditor_ledger"
"""Where a ledger lies in a database when its address names no other place."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_UNKNOWN = re.compile(r'invalid URI query parameter: "([a-z_]+)"')


@dataclass(frozen=True, slots=True)
class Address:
    """Where a ledger is; ``shown`` is what may be printed, ``told`` is for libpq only."""

    told: str
    schema: str
    shown: str

    @property
    def where(self) -> Where:
        """Place for messages."""
        return Where(self.shown)

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"


def read_address(text: str) -> Address:
    """Take an address apart.

    Raises
    ------
    UsageError
        When it is none, or its schema has another kind of name.
    """
    parts = server_parts(text)
    if parts is None:
        raise _no_address(text)
    settings = [one for one in parts.get("query", "").split("&") if one]
    named = [one.partition("=")[2] for one in settings if one.startswith("schema=")]
    schema = unquote(named[-1]) if named else SCHEMA
    if not _NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise UsageError(
            f"{shown(schema)} is no name of a schema that a ledger can have",
            slug="ledger-address",
            where=Where(shown_address(text)),
            hint="small letters, digits and _ only, a letter first, 63 at most, and not pg_",
        )
    others = "&".join(one for one in settings if not one.startswith("schema="))
    told = text.partition("?")[0] + (f"?{others}" if others else "")
    _must_be_understood(told, text)
    return Address(told=told, schema=schema, shown=shown_address(text))


def _must_be_understood(told: str, text: str) -> None:
    """Ask libpq now: what it says about an address later repeats it, with the password."""
    try:
        conninfo_to_dict(told)
    except psycopg.ProgrammingError as cause:
        unknown = _UNKNOWN.fullmatch(str(cause).strip())
        why = f": no connection has a setting {shown(unknown[1])}" if unknown else ""
        raise _no_address(text, why) from None


def _no_address(text: str, why: str = "") -> UsageError:
    return UsageError(
        f"this is no address of a ledger on a server{why}",
        slug="ledger-address",
        where=Where(shown_address(text)),
        hint="write it as postgresql://USER@HOST:PORT/DATABASE?schema=NAME, and the characters "
        "of a name or password that are not letters or digits as % and two digits",
    )
