"""A profile: which column of an export plays which role, and what its raw values mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from auditor.ingest.values import Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMap:
    """What the raw values of one column stand for: targets such as ``favorable`` or ``F``.

    ``as_is`` makes a target of every value that is not listed.
    """

    column: str
    values: Mapping[str, tuple[Declared, ...]]
    as_is: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreColumn:
    """Where the score stands and how it selects: at the cut score or on its better side."""

    column: str
    cut_score: float | None
    better: Literal["high", "low"]
    scale: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionKind:
    """Which kind, and who takes it: ``model``, ``person``, ``both``, or as ``takers`` says."""

    kind: str | None
    taken_by: str | None = None
    takers: ValueMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateColumn:
    """Where the day of the decision stands, how it is written, and between which days it lies.

    ``format`` is in the notation of ``strptime``; ``start`` and ``until`` are ISO days, both of
    them inside.
    """

    column: str
    format: str
    start: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile as read.

    ``sha256`` is of the file's bytes; of a profile from Python it is of its content.
    ``job_related`` are those of the features that the job asks for; None where nobody said which.
    """

    id: str
    path: str
    sha256: str
    unit: str
    decisions: Literal["taken", "test"]
    duplicates: Literal["refuse", "drop-identical"]
    expected_rows: int | None
    ids: tuple[str, ...]
    groups: Mapping[str, ValueMap]
    outcome: ValueMap | None
    score: ScoreColumn | None
    label: ValueMap | None
    final: ValueMap | None
    strata: Mapping[str, str]
    features: tuple[str, ...]
    job_related: tuple[str, ...] | None
    model_version: str | None
    count: str | None
    person: str | None
    date: DateColumn | None
    decision: DecisionKind | None

    @property
    def attributes(self) -> tuple[str, ...]:
        """Protected attributes in the order of the profile."""
        return tuple(self.groups)

    @property
    def takers(self) -> ValueMap | None:
        """Column that says row by row who took the decision."""
        return self.decision.takers if self.decision else None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the profile names, once."""
        named = (self.outcome, self.score, self.label, self.final, self.date)
        names = [
            *self.ids,
            *(entry.column for entry in self.groups.values()),
            *(entry.column for entry in named if entry),
            *self.strata.values(),
            *self.features,
            self.model_version,
            self.count,
            self.person,
            self.takers.column if self.takers else None,
        ]
        return tuple(dict.fromkeys(name for name in names if name is not None))
