"""Everything the product refuses, as values with a place and a way to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file; line and column count from 1."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


def in_order(found: Located) -> tuple[int, int]:
    """Line and column of what has a place, to sort by; without a place it comes first."""
    where = found.where
    return (where.line or 0, where.column or 0) if where else (0, 0)


class Located(Protocol):
    """Something said about a place in a file."""

    @property
    def where(self) -> Where | None:
        """The place, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: what, where, how to mend it.

    ``slug`` names the entry in ``docs/messages.md``; ``message`` is lower case without a full stop
    and holds the offending value.
    """

    message: str
    slug: str
    where: Where | None = None
    hint: str | None = None


class AuditorError(Exception):
    """Base of everything this library raises on purpose. Holds one problem or many."""

    exit_code: ClassVar[int] = 70
    problems: tuple[Problem, ...]

    def __init__(
        self, message: str, *, slug: str, where: Where | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.problems = (Problem(message=message, slug=slug, where=where, hint=hint),)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Self:
        """One error that carries all problems of a file."""
        found = tuple(problems)
        first = found[0]
        error = cls(first.message, slug=first.slug, where=first.where, hint=first.hint)
        error.problems = found
        return error

    def __reduce__(self) -> tuple[object, ...]:
        # from another process: a pool of workers waits for ever for an error that it cannot read
        return (type(self).of, (self.problems,))

    def __str__(self) -> str:
        lines = []
        for problem in self.problems:
            place = f"{problem.where}: " if problem.where else ""
            hint = f" ({problem.hint})" if problem.hint else ""
            lines.append(f"{place}{problem.message}{hint}")
        return "\n".join(lines)


class UsageError(AuditorError):
    """The call itself is wrong: an option, an argument, a missing extra."""

    exit_code = 2


class PolicyError(AuditorError):
    """A policy file says something it may not say."""

    exit_code = 2


class SignatureError(AuditorError):
    """A key, a keyring or a file of signatures cannot be used."""

    exit_code = 2


class ProfileError(AuditorError):
    """A profile, or the keyword arguments that stand for one, is wrong."""

    exit_code = 2


class SystemRecordError(AuditorError):
    """A record about the audited system says something it may not say."""

    exit_code = 2


class ExportError(AuditorError):
    """The export cannot be read as what it claims to be."""

    exit_code = 3


class DecisionError(AuditorError):
    """The export was read, but its content cannot be audited as declared."""

    exit_code = 3


class ModelError(AuditorError):
    """The model, its features or its output do not fit what is audited."""

    exit_code = 3


class PathError(AuditorError):
    """A path cannot be opened or written."""

    exit_code = 74


class IntegrityError(AuditorError):
    """A file is not the one that the result was made with."""

    exit_code = 6


class GateFailed(AuditorError):  # noqa: N818 - a state of the gate, named as people say it
    """A gate rule of severity block failed."""

    exit_code = 1


class NoVerdict(AuditorError):  # noqa: N818
    """The evidence does not carry a verdict either way."""

    exit_code = 4


class ReviewsOpen(AuditorError):  # noqa: N818
    """Mandatory reviews of taken decisions are open."""

    exit_code = 5
