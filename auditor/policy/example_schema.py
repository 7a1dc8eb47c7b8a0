"""The grammar of the examples in a policy: a small case each, and what its rules say of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from auditor.documents import DateText, FractionText, Listed, Text, Written, no_repeats, shown
from auditor.policy.attribute_names import Attribute
from auditor.policy.model import Expected
from auditor.vocabulary import DECISION_KINDS, TAKERS

MOST_PEOPLE = 1_000_000_000
MOST_MEASURED = 100_000
"""Of a table with means: each of these people gets the number of their group."""

_AS_GOOD_AS_THE_KEY = 0.85
"""A key of a row this much like one of its own keys is a slip of the pen, not a feature."""


def _pair(counts: tuple[int, ...]) -> tuple[int, ...]:
    if len(counts) != 2:
        raise PydanticCustomError(
            "bad-counts",
            "must have two counts, considered and favorable, got {found}",
            {"found": len(counts), "hint": "such as [100, 60]"},
        )
    considered, favorable = counts
    if favorable > considered:
        raise PydanticCustomError(
            "bad-counts",
            "has {favorable} favorable of {considered} considered",
            {
                "favorable": favorable,
                "considered": considered,
                "hint": "the first count is everybody considered, the second those selected",
            },
        )
    return counts


def _ascending(scale: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    if len(scale) != 2 or scale[0] >= scale[1]:
        raise PydanticCustomError(
            "bad-scale", "must be the lowest and the highest score, such as [0, 1]"
        )
    return scale


People: TypeAlias = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
Pair: TypeAlias = Annotated[
    Listed[People],
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
    AfterValidator(_pair),
]


DecisionKind: TypeAlias = Literal[DECISION_KINDS]  # type: ignore[valid-type] # the words stand once
Taker: TypeAlias = Literal[TAKERS]  # type: ignore[valid-type]


class DecisionSaid(Written):
    """What kind of decision all of a table are, and who took them."""

    kind: DecisionKind
    taken_by: Taker | None = None


class TableExampleEntry(Written):
    """People considered and selected by group, and what rules about groups say of them.

    ``means`` is the mean of a number, such as pay, by group; ``within`` a level of each stratum
    that all of them are in; ``left_out`` the groups that every rule named lists without a ratio.
    """

    name: Text
    decision: DecisionSaid | None = None
    features: Annotated[Listed[Text], AfterValidator(no_repeats)] = ()
    table: Annotated[
        dict[Attribute, Annotated[dict[Text, Pair], Field(min_length=1)]], Field(min_length=1)
    ]
    means: dict[Text, FractionText] = Field(default_factory=dict)
    within: dict[Text, Text] = Field(default_factory=dict)
    left_out: Annotated[Listed[Text], AfterValidator(no_repeats)] | None = None
    expect: Annotated[dict[Text, Expected], Field(min_length=1)]

    @model_validator(mode="after")
    def _means_of_its_groups(self) -> Self:
        groups = {name: pair for table in self.table.values() for name, pair in table.items()}
        if self.means and set(self.means) != set(groups):
            wrong = sorted(set(self.means) ^ set(groups))
            raise PydanticCustomError(
                "bad-means",
                "must name the groups of the table, every one once; not so: {wrong}",
                {"at": "means", "wrong": ", ".join(wrong), "hint": "such as {F: 94, M: 100}"},
            )
        if self.means and sum(pair[0] for pair in groups.values()) > MOST_MEASURED:
            raise PydanticCustomError(
                "bad-means",
                "can be of {most} people at most",
                {"at": "means", "most": f"{MOST_MEASURED:,}", "hint": "take smaller groups"},
            )
        return self


class Row(Written):
    """One decision; every key that is not one of these is a feature, null where it is missing."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, FractionText | None]

    outcome: Literal["favorable", "unfavorable", "withdrawn", "not_considered", "open"]
    score: FractionText | None = None
    cut_score: FractionText | None = None
    better: Literal["high", "low"] = "high"
    scale: Annotated[Listed[FractionText], AfterValidator(_ascending)] | None = None
    model_version: Text | None = None
    final: Literal["favorable", "unfavorable"] | None = None
    decision_kind: DecisionKind | None = None
    taken_by: Taker | None = None

    @model_validator(mode="after")
    def _no_slip(self) -> Self:
        for key in self.__pydantic_extra__:
            near = difflib.get_close_matches(key, type(self).model_fields, 1, _AS_GOOD_AS_THE_KEY)
            if near:
                raise PydanticCustomError(
                    "not-a-feature",
                    "is no feature: a row says {near} itself",
                    {"at": key, "near": shown(near[0]), "hint": f"did you mean {near[0]!r}?"},
                )
        return self

    @model_validator(mode="after")
    def _cut_score_on_the_scale(self) -> Self:
        if self.cut_score is None or self.scale is None:
            return self
        low, high = self.scale
        if not low <= self.cut_score <= high:
            raise PydanticCustomError(
                "out-of-range",
                "must be from {low} to {high}, as the scale says",
                {"at": "cut_score", "low": str(low), "high": str(high)},
            )
        return self


class RowExpectation(Written):
    """Every review that picks the decision; an empty list says that none does."""

    reviews: Annotated[Listed[Text], AfterValidator(no_repeats)]


class RowExampleEntry(Written):
    """One decision, and which reviews pick it."""

    name: Text
    row: Row
    expect: RowExpectation


class RecordExampleEntry(Written):
    """What is on record about a system on one day, and what rules about that say.

    The record stays plain here: its grammar belongs to another room, and is checked when the rules
    are bound.
    """

    name: Text
    record: dict[str, Any] | None
    as_of: DateText
    model_versions: Listed[Text | None] | None = None
    expect: Annotated[dict[Text, Expected], Field(min_length=1)]


Shape: TypeAlias = type[TableExampleEntry] | type[RowExampleEntry] | type[RecordExampleEntry]

_SHAPES: Mapping[str, Shape] = {"row": RowExampleEntry, "record": RecordExampleEntry}


def _shape(value: object) -> str:
    for name, kind in _SHAPES.items():
        if isinstance(value, kind) or (isinstance(value, Mapping) and name in value):
            return f"<{name}>"
    return "<table>"


ExampleEntry: TypeAlias = Annotated[
    Annotated[TableExampleEntry, Tag("<table>")]
    | Annotated[RowExampleEntry, Tag("<row>")]
    | Annotated[RecordExampleEntry, Tag("<record>")],
    Discriminator(_shape),
]


def shape_of(item: Mapping[str, Any]) -> Shape:
    """Grammar that an entry is read with: that of a row or a record when it has one."""
    return _SHAPES.get(_shape(item).strip("<>"), TableExampleEntry)
