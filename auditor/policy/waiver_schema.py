"""The grammar of waivers: one fail, for a while, with reasons and names under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from auditor.documents import DateText, Id, Listed, NumberText, Text, Written, no_repeats, shown
from auditor.documents.scalars import to_fraction
from auditor.policy.days import Days

LONGEST = 90
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A number as it was written: ``0.667`` stands for everything that rounds to it."""

    text: str
    value: Fraction
    half: Fraction


def _written(value: object) -> WrittenValue:
    if isinstance(value, WrittenValue):
        return value
    number = to_fraction(value)
    text = str(value)
    places = len(text.partition(".")[2]) if "/" not in text else 0
    half = Fraction(1, 2 * 10**places) if places else Fraction(0)
    return WrittenValue(text=text, value=number, half=half)


def _fingerprint(value: str) -> str:
    if not _FINGERPRINT.fullmatch(value):
        raise PydanticCustomError(
            "bad-fingerprint",
            "must be the fingerprint of one finding, got {value}",
            {"value": shown(value), "hint": "16 letters and digits, as the report prints them"},
        )
    return value


def _as_text(value: object) -> object:
    # Sixteen digits without a letter are a number to YAML.
    is_number = isinstance(value, NumberText | int) and not isinstance(value, bool)
    return str(value) if is_number else value


class PersonEntry(Written):
    """Who asked or approved, and in which role."""

    name: Text
    role: Text


class AlternativeEntry(Written):
    """Another way that was compared, and why it is not used."""

    tried: Text
    why_not: Text


class JustificationEntry(Written):
    """Why a difference between groups is accepted for a while."""

    job_related: Text
    validation_study: Text
    alternatives: Annotated[Listed[AlternativeEntry], Field(min_length=1)]


Fingerprint = Annotated[Text, AfterValidator(_fingerprint), BeforeValidator(_as_text)]
Value = Annotated[
    WrittenValue, PlainValidator(_written), WithJsonSchema({"type": ["number", "string"]})
]
People = Annotated[Listed[PersonEntry], Field(min_length=1)]


class WaiverParts(Written):
    """A waiver as far as it can be read: one mistake in it hides no other one."""

    id: Id | None = None
    finding: Fingerprint | None = None
    rule: Id | None = None
    attribute: Text | None = None
    group: Text | None = None
    stratum: Text | None = None
    feature: Text | None = None
    version: Text | None = None
    value: Value | None = None
    because: Text | None = None
    instead: Text | None = None
    requested_by: PersonEntry | None = None
    approved_by: People | None = None
    start: DateText | None = Field(alias="from", default=None)
    until: DateText | None = None
    justification: JustificationEntry | None = None


class WaiverEntry(WaiverParts):
    """One waiver of one finding."""

    id: Id
    finding: Fingerprint
    rule: Id
    value: Value
    because: Text
    instead: Text
    requested_by: PersonEntry
    approved_by: People
    start: DateText = Field(alias="from")
    until: DateText


class LimitsEntry(Written):
    """How far a waiver may go at all."""

    longest: Days = LONGEST
    approvals: Annotated[int, Field(ge=1, le=9)] = 1
    never_for: Annotated[Listed[Id], AfterValidator(no_repeats)] = ()


class WaiversEntry(Written):
    """Waivers of this policy, and their limits."""

    limits: LimitsEntry = LimitsEntry()
    granted: Listed[WaiverEntry] = ()
