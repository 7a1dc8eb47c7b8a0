"""Whose key is whose, which roles it may sign for, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from auditor.documents import DateText, Document, Listed, Text, Written, no_repeats
from auditor.errors import Problem, SignatureError
from auditor.signing.reading import PublicKey, read_written

FORMAT = "keyring/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A person's key, with the roles it may sign for and its first and last day.

    ``trained_on`` is the day on which the person was trained (on which system, whoever keeps the
    keyring knows); ``may_change`` whether the person may decide otherwise than the model. A review
    needs both.
    """

    name: str
    key: str
    roles: tuple[str, ...]
    start: date
    until: date | None
    trained_on: date | None = None
    may_change: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the key may be used on a day; both ends count."""
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Keys that are trusted; whoever may change this file decides who counts."""

    path: str
    holders: tuple[Holder, ...]

    @property
    def roles(self) -> frozenset[str]:
        """Roles that anybody in it holds or held."""
        return frozenset(role for holder in self.holders for role in holder.roles)

    def holder(self, key: str) -> Holder | None:
        """Person who holds a key."""
        return next((holder for holder in self.holders if holder.key == key), None)


class HolderEntry(Written):
    """One key of one person."""

    name: Text
    key: PublicKey
    roles: Annotated[Listed[Text], Field(min_length=1), AfterValidator(no_repeats)]
    start: DateText = Field(alias="from")
    until: DateText | None = None
    trained_on: DateText | None = None
    may_change: bool = False


class KeyringFile(Written):
    """The whole file."""

    auditor: Literal["keyring/1"]
    people: Annotated[Listed[HolderEntry], Field(min_length=1)]


def read_keyring(path: str | Path) -> Keyring:
    """Read a keyring.

    Raises
    ------
    PathError
        When it cannot be opened.
    SignatureError
        With everything that is wrong in it, line and column.
    """
    file, document = read_written(Path(path), FORMAT, KeyringFile)
    problems = list(_problems(file, document))
    if problems:
        raise SignatureError.of(problems)
    return Keyring(
        path=str(path),
        holders=tuple(
            Holder(
                name=p.name,
                key=p.key,
                roles=p.roles,
                start=p.start,
                until=p.until,
                trained_on=p.trained_on,
                may_change=p.may_change,
            )
            for p in file.people
        ),
    )


def _problems(file: KeyringFile, document: Document) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for n, person in enumerate(file.people):
        if person.key in first:
            line = document.where(("people", first[person.key], "key")).line
            yield Problem(
                message=f"the key of {person.name!r} stands in this keyring already (line {line})",
                slug="key-twice",
                where=document.where(("people", n, "key")),
                hint="one key is one person's; list all of its roles in one entry",
            )
        first.setdefault(person.key, n)
        if person.until is not None and person.until < person.start:
            yield Problem(
                message=f"ends on {person.until}, before it begins",
                slug="key-dates",
                where=document.where(("people", n, "until")),
                hint="the first day is 'from', the last one 'until'",
            )
