"""What a server cannot do, in the words and exit codes of every other refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import errors

from auditor.errors import AuditorError, IntegrityError, PathError, UsageError
from auditor.ledger.postgres.address import Address
from auditor.ledger.postgres.tables import NOTHING_TO_ERASE

_BUSY = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.QueryCanceled,
    errors.UniqueViolation,  # somebody added at the same time, without the lock
    errors.RaiseException,
)
_UNUSABLE = (
    errors.InsufficientPrivilege,
    errors.ReadOnlySqlTransaction,
    errors.DiskFull,
    errors.IoError,
    errors.OutOfMemory,
    errors.FeatureNotSupported,
)
_UNSTORABLE = (psycopg.DataError, errors.ProgramLimitExceeded)

_DISTRUST = re.compile(r"certificate|does not support SSL")
"""What libpq says, in no other way, when a server does not show that it is the right one."""


@contextmanager
def refusing(address: Address) -> Iterator[None]:
    """Turn errors of the server, and of the way to it, into refusals about this ledger.

    Raises
    ------
    PathError
        When it cannot be reached, read or written.
    UsageError
        When it cannot hold what is said.
    IntegrityError
        When it is damaged.
    """
    try:
        yield
    except psycopg.Error as cause:
        raise _refusal(address, cause) from None
    except UnicodeEncodeError:
        raise _unstorable(address, "a text holds half a character") from None


def _refusal(address: Address, cause: psycopg.Error) -> AuditorError:
    says = _says(cause)
    if cause.sqlstate == NOTHING_TO_ERASE:
        return UsageError(
            f"{says}",
            slug="nothing-to-erase",
            where=address.where,
            hint="list the words that are still there",
        )
    if isinstance(cause, _UNSTORABLE):
        return _unstorable(address, says)
    if isinstance(cause, _BUSY):
        return PathError(
            f"another program holds this ledger, or wrote to it at the same time: {says}",
            slug="ledger-busy",
            where=address.where,
            hint="say the same again: nothing is stored twice",
        )
    if isinstance(cause, _UNUSABLE):
        return unusable(address, says)
    distrust = _distrust(cause)
    if distrust:
        return PathError(
            f"the server of this ledger is not trusted: {distrust}",
            slug="server-not-trusted",
            where=address.where,
            hint="with sslmode=verify-full the certificate of the server has to name the host of "
            "the address, and to be signed by an authority in the file that sslrootcert=FILE "
            "names (without it ~/.postgresql/root.crt); ask for that file whoever runs the server",
        )
    if cause.sqlstate is None or isinstance(cause, errors.OperationalError):
        return unreachable(address, says)
    return damaged(address, says)


def _says(cause: psycopg.Error) -> str:
    """First line of what the server or the way to it says; no details, which hold values."""
    text = cause.diag.message_primary or str(cause)
    return next(iter(text.strip().splitlines()), type(cause).__name__).rstrip(".")


def _distrust(cause: psycopg.Error) -> str | None:
    """First line about the trust in a server; of several that were tried one is enough."""
    if cause.sqlstate is not None:
        return None
    lines = (line.strip() for line in str(cause).splitlines())
    return next((line for line in lines if _DISTRUST.search(line) and "FATAL" not in line), None)


def unreachable(address: Address, how: str) -> PathError:
    """Error about a server that does not answer, or went away before it confirmed."""
    return PathError(
        f"the server of this ledger cannot be reached, or went away: {how}",
        slug="ledger-unreachable",
        where=address.where,
        hint="check the address, the server, and the password in ~/.pgpass; what was said and not "
        "confirmed may be stored or not: say the same again, nothing is stored twice",
    )


def unusable(address: Address, how: str) -> PathError:
    """Error about a ledger that this role cannot read, or cannot write."""
    return PathError(
        f"the ledger cannot be read or written: {how}",
        slug="ledger-unusable",
        where=address.where,
        hint="connect as a role that 'auditor ledger init' let in with --writer or --reader",
    )


def damaged(address: Address, how: str) -> IntegrityError:
    """Error about a schema that was a ledger."""
    return IntegrityError(
        f"this ledger is damaged: {how}",
        slug="ledger-damaged",
        where=address.where,
        hint="change nothing in it and compare it with a backup; restore the backup, and verify "
        "that with the last checkpoint",
    )


def must_hold(address: Address, row: Sequence[object], kinds: Sequence[type]) -> None:
    """Refuse values of other kinds than the tables allow, which only damage can bring about.

    Raises
    ------
    IntegrityError
    """
    if any(type(value) is not kind for value, kind in zip(row, kinds, strict=True)):
        raise damaged(address, "it holds a value of another kind than its tables allow")


def _unstorable(address: Address, how: str) -> UsageError:
    return UsageError(
        f"this is no draft of a ledger entry: {how}",
        slug="draft-malformed",
        where=address.where,
        hint="make drafts with auditor.ledger.new_draft, and say what its kind says",
    )
