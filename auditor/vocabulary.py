"""The words that every room of the house shares."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    IntArray: TypeAlias = NDArray[np.int64]
    CodeArray: TypeAlias = NDArray[np.int32]
    FloatArray: TypeAlias = NDArray[np.float64]
    BoolArray: TypeAlias = NDArray[np.bool_]

UNKNOWN = "unknown"
"""The visible line of people whose group value is not known."""

INTERSECTION = "*"
"""Joins attributes (``sex*race``) and their values (``F*Black``)."""


LARGEST_SEED = 2**63 - 1
"""Seeds above it do not fit into the integers of a result."""


class Outcome(StrEnum):
    """What a decision meant for the person; every raw value is mapped to one of these."""

    FAVORABLE = "favorable"
    UNFAVORABLE = "unfavorable"
    WITHDRAWN = "withdrawn"
    NOT_CONSIDERED = "not_considered"
    OPEN = "open"


OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
"""Order of the outcome codes in a decisions table and in a cube."""

CONSIDERED: tuple[Outcome, ...] = (Outcome.FAVORABLE, Outcome.UNFAVORABLE)


DECISION_KINDS = (
    "screening",
    "offer",
    "promotion",
    "rating",
    "pay",
    "discipline",
    "termination",
)
"""What kind of decision an export holds."""

TAKERS = ("model", "person", "both")
"""Who takes a decision; ``both`` when a person decides with the model's output in view."""


PENDING_HUMAN = "pending human"
"""Outcome of a decision that a person has to look at first, in exports for other systems."""


class Severity(StrEnum):
    """What a rule does to the verdict: block moves it, warn and info are printed."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class State(StrEnum):
    """The three-valued verdict of a rule or of a run."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NO_VERDICT = "no_verdict"


class FindingVerdict(StrEnum):
    """What one finding says; ``descriptive`` reports and judges nothing."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NO_VERDICT = "no_verdict"
    DESCRIPTIVE = "descriptive"


class Undefined(StrEnum):
    """Why a number does not exist. Never 0, never 1, never skipped."""

    NOBODY_CONSIDERED = "nobody-considered"
    REFERENCE_SELECTS_NOBODY = "reference-selects-nobody"
    NO_REFERENCE = "no-reference"
    NO_SCORES = "no-scores"


def attributes_of(attribute: str) -> tuple[str, ...]:
    """Single attributes of ``sex`` or ``sex*race``.

    Examples
    --------
    >>> attributes_of("sex*race")
    ('sex', 'race')
    """
    return tuple(attribute.split(INTERSECTION))


def is_intersection(attribute: str) -> bool:
    """Whether an attribute name joins several attributes."""
    return INTERSECTION in attribute
