"""The grammar of a profile file. What its parts mean together is checked elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
)
from pydantic_core import PydanticCustomError

from auditor.documents import (
    Id,
    Listed,
    NumberText,
    Text,
    Written,
    no_repeats,
    shown,
)
from auditor.ingest.profile.date_entry import DateEntry
from auditor.ingest.values import NUMBER, Declared, declared, trimmed
from auditor.vocabulary import DECISION_KINDS, INTERSECTION, TAKERS, UNKNOWN

AS_IS = "as-is"

_RESERVED_ATTRIBUTES = {
    UNKNOWN: "people whose value is not known",
    "outcome": "what was decided",
    "label": "what later turned out",
    "every-attribute": "policies, for all attributes at once",
}


def _attribute(value: str) -> str:
    if INTERSECTION in value or value != trimmed(value):
        raise PydanticCustomError(
            "bad-attribute",
            "cannot be an attribute: {value} is no single word such as sex",
            {"value": shown(value), "hint": "intersections are declared in the policy or the call"},
        )
    meaning = _RESERVED_ATTRIBUTES.get(value.casefold())
    if meaning:
        raise PydanticCustomError(
            "reserved-attribute",
            "cannot be an attribute: {value} is kept for {meaning}",
            {"value": shown(value), "meaning": meaning},
        )
    return value


def reserved_label(label: str) -> str | None:
    """Why a text cannot name a group; None when it can.

    Examples
    --------
    >>> reserved_label("F*M"), reserved_label("F")
    ("holds '*', which joins the groups of an intersection", None)
    """
    if INTERSECTION in label:
        return "holds '*', which joins the groups of an intersection"
    if label.casefold() == UNKNOWN:
        return "is the word for people whose value is not known"
    return None


def _label(value: str) -> str:
    label = trimmed(value)
    reason = "is empty" if not label else reserved_label(label)
    if reason:
        raise PydanticCustomError(
            "bad-label",
            "cannot name a group: {value} {reason}",
            {"value": shown(value), "reason": reason, "hint": "give the group another name"},
        )
    return label


def _value(value: object) -> Declared:
    if isinstance(value, Declared):
        return value
    try:
        return declared(value)
    except TypeError:
        raise PydanticCustomError(
            "bad-value", "must be a single value, got {value}", {"value": shown(value)}
        ) from None


def _label_of_value(value: Declared) -> Declared:
    _label(value.text)
    return value


def to_number(value: object) -> float:
    """Finite number of a YAML source text or of a Python number.

    Raises
    ------
    PydanticCustomError
        A ValueError, of type ``not-a-number``.

    Examples
    --------
    >>> to_number(NumberText("0.50")), to_number(np.float32(0.7))
    (0.5, 0.7)
    """
    number = math.nan
    if isinstance(value, NumberText):
        number = float(value) if NUMBER.fullmatch(value) else math.nan
    elif isinstance(value, np.floating):
        # The text of a short float is what a person wrote: float32 0.7 is 0.7.
        number = float(str(value))
    elif isinstance(value, Real | Decimal) and not isinstance(value, bool):
        number = _finite(value)
    if not math.isfinite(number):
        raise PydanticCustomError(
            "not-a-number", "must be a number such as 0.5, got {value}", {"value": shown(value)}
        )
    return number


def _finite(value: Real | Decimal) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.nan


def _ascending(scale: tuple[float, ...]) -> tuple[float, ...]:
    if len(scale) != 2 or scale[0] >= scale[1]:
        raise PydanticCustomError(
            "bad-scale", "must be the lowest and the highest score, such as [0, 1]"
        )
    return scale


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _bare_column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _shape(value: object) -> str:
    if isinstance(value, Mapping):
        return "<keys>"
    return "<list>" if isinstance(value, list | tuple) else "<word>"


Attribute: TypeAlias = Annotated[Text, AfterValidator(_attribute)]
Label: TypeAlias = Annotated[str, AfterValidator(_label)]
Number: TypeAlias = Annotated[float, BeforeValidator(to_number)]
Value: TypeAlias = Annotated[Declared, PlainValidator(_value)]
Kept: TypeAlias = Annotated[Value, AfterValidator(_label_of_value)]
Values: TypeAlias = Listed[Value]
SomeValues: TypeAlias = Annotated[Values, Field(min_length=1)]
Columns: TypeAlias = Annotated[
    Listed[Text], Field(min_length=1), AfterValidator(no_repeats), BeforeValidator(_one_or_more)
]


Taker: TypeAlias = Literal[TAKERS]  # type: ignore[valid-type] # the words stand in TAKERS once


class Head(Written):
    """Which export this is, and what one of its rows stands for."""

    id: Id
    unit: Text = "application"
    decisions: Literal["taken", "test"] = "taken"
    duplicates: Literal["refuse", "drop-identical"] = "refuse"
    expected_rows: Annotated[int, Field(ge=1)] | None = None


class TakersEntry(Written):
    """A column that says row by row who took the decision, and with which words."""

    column: Text
    model: SomeValues = (declared("model"),)
    person: SomeValues = (declared("person"),)
    both: SomeValues = (declared("both"),)


class DecisionEntry(Written):
    """What kind of decision it is and who takes it."""

    kind: Literal[DECISION_KINDS] | None = None  # type: ignore[valid-type] # the words stand once
    taken_by: (
        Annotated[
            Annotated[Taker, Tag("<word>")] | Annotated[TakersEntry, Tag("<keys>")],
            Discriminator(_shape),
        ]
        | None
    ) = None


class OutcomeEntry(Written):
    """What every raw value of the outcome column means."""

    column: Text
    favorable: SomeValues
    unfavorable: SomeValues
    withdrawn: Values = ()
    not_considered: Values = ()
    open: Values = ()


class GroupEntry(Written):
    """Which raw values of a column make which group."""

    column: Text
    values: Annotated[
        Annotated[Literal["as-is"], Tag("<word>")]
        | Annotated[dict[Label, SomeValues], Field(min_length=1), Tag("<keys>")]
        | Annotated[Listed[Kept], Field(min_length=1), Tag("<list>")],
        Discriminator(_shape),
    ] = "as-is"
    unknown: Values = ()


class ScoreEntry(Written):
    """The model's score and how it selects."""

    column: Text
    cut_score: Number | None = None
    better: Literal["high", "low"] = "high"
    scale: Annotated[Listed[Number], AfterValidator(_ascending)] | None = None


class LabelEntry(Written):
    """What later turned out."""

    column: Text
    positive: SomeValues
    negative: SomeValues


class FinalEntry(Written):
    """The decision that stood at the end, after people looked."""

    column: Text
    favorable: SomeValues
    unfavorable: SomeValues


class ColumnsEntry(Written):
    """Which column plays which role."""

    id: Columns | None = None
    outcome: OutcomeEntry | None = None
    groups: dict[Attribute, Annotated[GroupEntry, BeforeValidator(_bare_column)]] = Field(
        default_factory=dict
    )
    score: ScoreEntry | None = None
    label: LabelEntry | None = None
    final: FinalEntry | None = None
    strata: dict[Text, Text] = Field(default_factory=dict)
    features: Annotated[Listed[Text], AfterValidator(no_repeats)] = ()
    job_related: Annotated[Listed[Text], AfterValidator(no_repeats)] | None = None
    model_version: Text | None = None
    count: Text | None = None
    person: Text | None = None
    date: DateEntry | None = None


class ProfileFile(Written):
    """The whole file."""

    auditor: Literal["profile/1"]
    profile: Head
    decision: DecisionEntry | None = None
    columns: ColumnsEntry
