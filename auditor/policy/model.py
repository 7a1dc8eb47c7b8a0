"""What a policy file says, word for word; rule kinds are bound to it on a higher floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from auditor.errors import Where
from auditor.vocabulary import Severity

EVERY_ATTRIBUTE = "every-attribute"
Status = Literal["draft", "in-force", "proposed", "stayed", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One text that rules rest on; ``cite`` is printed in every finding that names it."""

    id: str
    cite: str
    says: str
    status: str = "in-force"
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One entry of ``gates`` or ``reviews`` before its options are bound to a rule kind.

    ``options`` are the plain values of the file, numbers still as their source text; ``places``
    gives line and column of the entry (``()``), of each key (``("key", name)``) and of each value
    below options (path tuples such as ``("options", "threshold")``).
    """

    section: Literal["gates", "reviews"]
    id: str
    kind: str
    says: str
    because: tuple[str, ...]
    for_each: str | tuple[str, ...]
    options: Mapping[str, Any]
    severity: Severity
    when_present: bool
    mandatory: bool
    reviewer: str
    due_days: int | None
    places: Mapping[tuple[Any, ...], Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy as read; ``sha256`` is of the file's bytes."""

    id: str
    title: str
    version: str
    status: Status
    owner: str
    effective_from: date
    review_by: date | None
    verified_on: date | None
    notice: str
    basis: tuple[Basis, ...]
    intersections: tuple[str, ...]
    rules: tuple[RuleEntry, ...]
    path: str
    sha256: str

    def in_force(self, as_of: date) -> bool:
        """Whether the policy moves the verdict on that day; all others advise only."""
        return self.status == "in-force" and self.effective_from <= as_of

    def cite(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Citations of basis entries."""
        known = {entry.id: entry.cite for entry in self.basis}
        return tuple(known[i] for i in ids)
