"""What a policy file says, word for word; rule kinds are bound to it on a higher floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, TypeAlias, get_args

from auditor.documents import PathKey
from auditor.errors import Where
from auditor.policy.needs import Need
from auditor.vocabulary import Outcome, Severity

EVERY_ATTRIBUTE = "every-attribute"
Status = Literal["draft", "in-force", "proposed", "stayed", "retired"]
Right = Literal["automate", "assist", "human_only"]
"""What a model may do in a kind of decision: take it, help the person who takes it, nothing."""

RIGHTS: tuple[Right, ...] = get_args(Right)
"""From the loosest to the tightest."""

MissingValues = Literal["review", "skip"]
"""Whether a decision that a missing value leaves open is looked at."""

Duty = Literal[
    "run-audits",
    "own-the-model",
    "review",
    "second-review",
    "request-waivers",
    "approve-waivers",
    "sign-policies",
]
"""What a role may do; ``keep_apart`` names pairs that no role and no person may have together."""

RequestKind = Literal["appeal", "reconsideration"]
"""What the person concerned may ask for: that somebody else decides, or that one looks again."""

Expected = Literal["fail", "warning", "no_verdict", "pass", "descriptive"]
"""What a rule about groups says of a table; a fail that moves no verdict is a warning."""


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
    below options (path tuples such as ``("options", "threshold")``). ``readers`` is the number of
    people who have to agree on a review: one, or two.
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
    readers: int = 1
    places: Mapping[tuple[Any, ...], Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableExample:
    """Considered and favorable people by group, and what each named rule says of them.

    ``decision_kind`` and ``taken_by`` hold for all of them, None where nobody said so;
    ``features`` are the names of what the model reads; ``means`` is the mean of a number by group,
    ``within`` the level of each stratum that all of them are in; ``left_out`` are the groups that
    every rule named lists without a ratio, None where the example says nothing of that.
    """

    name: str
    attribute: str
    counts: Mapping[str, tuple[int, int]]
    expect: Mapping[str, Expected]
    decision_kind: str | None = None
    taken_by: str | None = None
    features: tuple[str, ...] = ()
    means: Mapping[str, Fraction] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] | None = None
    places: Mapping[tuple[Any, ...], Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowExample:
    """One decision, and the reviews that pick it: these and no others.

    ``values`` holds the score and the features that the row has, ``versions`` the version of the
    model and ``finals`` what people decided, where it has that; None where it is missing.
    """

    name: str
    outcome: Outcome
    values: Mapping[str, Fraction | None]
    versions: tuple[str | None, ...]
    cut_score: Fraction | None
    better: Literal["high", "low"]
    scale: tuple[Fraction, Fraction] | None
    expect: tuple[str, ...]
    finals: tuple[str | None, ...] = ()
    decision_kind: str | None = None
    taken_by: str | None = None
    places: Mapping[tuple[Any, ...], Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExample:
    """A system record on one day, and what each named rule says of it.

    ``record`` are the plain values of the file, without the line that names the format; None where
    no record is given. ``versions`` are those of the model in the export, one a decision; None
    where it has no such column.
    """

    name: str
    record: Mapping[str, Any] | None
    as_of: date
    versions: tuple[str | None, ...] | None
    expect: Mapping[str, Expected]
    places: Mapping[tuple[Any, ...], Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who asked for a waiver or approved it."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Justification:
    """Why a difference between groups is accepted: ``alternatives`` are (tried, why not)."""

    job_related: str
    validation_study: str
    alternatives: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One fail that does not move the verdict from ``start`` to ``until``, both days included.

    ``value`` is what was measured when it was granted, ``half`` half a unit of its last place.
    """

    id: str
    finding: str
    rule: str
    attribute: str | None
    group: str | None
    value: Fraction
    half: Fraction
    value_text: str
    because: str
    instead: str
    requested_by: Person
    approved_by: tuple[Person, ...]
    start: date
    until: date
    justification: Justification | None
    stratum: str | None = None
    feature: str | None = None
    version: str | None = None
    places: Mapping[tuple[Any, ...], Where] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverLimits:
    """How far a waiver may go: days, people who approve, rules that are never waived."""

    longest: int
    approvals: int
    never_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClock:
    """How long a request of the person concerned may take, and who looks at it."""

    id: str
    kind: RequestKind
    says: str
    because: tuple[str, ...]
    due_days: int
    reviewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCode:
    """One reason on the list that reviews choose from."""

    id: str
    says: str


Example: TypeAlias = TableExample | RowExample | RecordExample


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy as read; ``sha256`` is of the file's bytes, ``places`` of every value in it.

    With a ``parent`` it holds the parent's rules as well, those that it tightens in their place.
    ``signed_by`` are the roles that have to sign it, each by a person of its own.
    """

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
    signed_by: tuple[str, ...] = ()
    decision_rights: Mapping[str, Right] = field(default_factory=dict)
    roles: Mapping[str, tuple[Duty, ...]] = field(default_factory=dict)
    keep_apart: tuple[tuple[Duty, Duty], ...] = ()
    requests: tuple[RequestClock, ...] = ()
    reason_codes: tuple[ReasonCode, ...] = ()
    reviews_need: tuple[Need, ...] = ()
    missing_values: MissingValues = "review"
    waiver_limits: WaiverLimits = WaiverLimits(longest=90, approvals=1, never_for=())
    waivers: tuple[Waiver, ...] = ()
    examples: tuple[Example, ...] = ()
    parent: Policy | None = None
    places: Mapping[PathKey, Where] = field(default_factory=dict, repr=False)

    def in_force(self, as_of: date) -> bool:
        """Whether the policy moves the verdict on that day; all others advise only."""
        return self.status == "in-force" and self.effective_from <= as_of

    def cite(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Citations of basis entries."""
        known = {entry.id: entry.cite for entry in self.basis}
        return tuple(known[i] for i in ids)
