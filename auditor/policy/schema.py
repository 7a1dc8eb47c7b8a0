"""The grammar of a policy file. Options stay plain here: their meaning belongs to rule kinds."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import DateText, Id, Listed, Text, Written, no_repeats, shown
from auditor.policy.attribute_names import Attribute, Crossed
from auditor.policy.days import Days
from auditor.policy.example_schema import DecisionKind, ExampleEntry
from auditor.policy.model import (
    EVERY_ATTRIBUTE,
    Duty,
    MissingValues,
    ReasonCode,
    RequestKind,
    Right,
    Status,
)
from auditor.policy.needs import Need
from auditor.policy.waiver_schema import WaiversEntry

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOR_EACH_SCHEMA = {
    "anyOf": [
        {"const": EVERY_ATTRIBUTE},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ]
}


def _for_each(value: object) -> object:
    if value == EVERY_ATTRIBUTE:
        return (EVERY_ATTRIBUTE,)
    if isinstance(value, list | tuple) and EVERY_ATTRIBUTE not in value:
        return value
    raise PydanticCustomError(
        "bad-for-each",
        "must be every-attribute or a list of attributes, got {value}",
        {"value": shown(value), "hint": "such as [sex, race, sex*race]"},
    )


def _digest(value: str) -> str:
    if not _SHA256.fullmatch(value):
        raise PydanticCustomError(
            "bad-digest",
            "must be a SHA-256 of 64 letters and digits, got {value}",
            {"value": shown(value), "hint": "'auditor policy show' prints it"},
        )
    return value


class Head(Written):
    """Who says it, since when, and how it may be used."""

    id: Id
    title: Text
    version: Text
    status: Status
    owner: Text
    effective_from: DateText
    review_by: DateText | None = None
    verified_on: DateText | None = None
    notice: str = ""
    signed_by: Annotated[Listed[Text], AfterValidator(no_repeats)] = ()


class BasisEntry(Written):
    """One text that rules rest on."""

    id: Id
    cite: Text
    says: Text
    status: Text = "in-force"
    source: Text | None = None


class Groups(Written):
    """Groups to look at beside the single attributes that a profile declares."""

    intersections: Annotated[Listed[Crossed], AfterValidator(no_repeats)] = ()


class Entry(Written):
    """What rules about groups and about single decisions have in common."""

    id: Id
    kind: Text
    says: Text
    because: Annotated[Listed[Text], Field(min_length=1), AfterValidator(no_repeats)]
    options: dict[str, Any] = Field(default_factory=dict)


class GateEntry(Entry):
    """A rule about groups."""

    for_each: Annotated[
        Listed[Attribute],
        Field(min_length=1),
        AfterValidator(no_repeats),
        BeforeValidator(_for_each),
        WithJsonSchema(_FOR_EACH_SCHEMA),
    ] = (EVERY_ATTRIBUTE,)
    severity: Literal["block", "warn", "info"] = "block"
    when_present: bool = False


class ReviewEntry(Entry):
    """A rule about one decision."""

    mandatory: bool = True
    reviewer: Text = "reviewer"
    due: Days | None = None
    readers: Annotated[int, Field(ge=1, le=2)] = 1


class RequestEntry(Written):
    """A request of the person concerned, and its clock."""

    id: Id
    kind: RequestKind
    says: Text
    because: Annotated[Listed[Text], Field(min_length=1), AfterValidator(no_repeats)]
    due: Days
    reviewer: Text = "reviewer"


class ReasonCodeEntry(Written):
    """One reason on the list that reviews choose from."""

    id: Id
    says: Text

    def meant(self) -> ReasonCode:
        """Give what it means."""
        return ReasonCode(id=self.id, says=self.says)


class ExtendsEntry(Written):
    """The policy that this one tightens, pinned by version and digest."""

    pack: Text | None = None
    file: Text | None = None
    version: Text
    sha256: Annotated[Text, AfterValidator(_digest)]

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.pack is None) == (self.file is None):
            raise PydanticCustomError(
                "bad-extends",
                "needs either 'pack' or 'file'",
                {"hint": "pack is the name of a shipped pack, file a path beside this file"},
            )
        return self


class RoleEntry(Written):
    """What people of one role may do."""

    may: Annotated[Listed[Duty], Field(min_length=1), AfterValidator(no_repeats)]


def _two(pair: tuple[Duty, ...]) -> tuple[Duty, ...]:
    if len(set(pair)) != 2 or len(pair) != 2:
        raise PydanticCustomError(
            "bad-pair",
            "must name two duties that one person may not have together",
            {"hint": "such as [request-waivers, approve-waivers]"},
        )
    return pair


Pair: TypeAlias = Annotated[
    Listed[Duty],
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
    AfterValidator(_two),
]


class PolicyFile(Written):
    """The whole file."""

    auditor: Literal["policy/1"]
    policy: Head
    extends: ExtendsEntry | None = None
    basis: Listed[BasisEntry] = ()
    groups: Groups = Groups()
    decision_rights: dict[DecisionKind, Right] = Field(default_factory=dict)
    roles: dict[Text, RoleEntry] = Field(default_factory=dict)
    keep_apart: Listed[Pair] = ()
    requests: Listed[RequestEntry] = ()
    reason_codes: Listed[ReasonCodeEntry] = ()
    reviews_need: Annotated[Listed[Need], AfterValidator(no_repeats)] = ()
    missing_values: MissingValues = "review"
    waivers: WaiversEntry = WaiversEntry()
    gates: Listed[GateEntry] = ()
    reviews: Listed[ReviewEntry] = ()
    examples: Listed[ExampleEntry] = ()
