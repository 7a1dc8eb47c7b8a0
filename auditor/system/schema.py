"""The grammar of a system record: what is on record about a model before anybody relies on it.

Only who the record is about is asked for. What else is missing is a gap that rules find: a record
is written step by step, by several people.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from auditor.documents import DateText, FractionText, Id, Listed, Text, Written, shown

FORMAT = "system/1"
MOST_STEPS, MOST_MONTHS, MOST_DAYS, MOST_ITEMS = 99, 1200, 9999, 200
_DIGEST = re.compile(r"[0-9a-f]{64}")

Audience: TypeAlias = Literal["candidates", "employees", "workers-representatives"]
YesNo: TypeAlias = Literal["yes", "no"]


def _digest(value: str) -> str:
    if not _DIGEST.fullmatch(value):
        raise PydanticCustomError(
            "bad-digest",
            "must be the SHA-256 of the model's file, got {value}",
            {
                "value": shown(value),
                "hint": "64 digits and letters from a to f, as sha256sum prints them; null when "
                "nobody outside the vendor has the file",
            },
        )
    return value


def _not_endless(value: object) -> object:
    # before its items are looked at: a problem for each of thousands helps nobody
    if isinstance(value, list | tuple) and len(value) > MOST_ITEMS:
        raise PydanticCustomError(
            "too-many-items",
            "must have at most {most} items, got {found}",
            {"most": MOST_ITEMS, "found": len(value), "hint": "keep those that hold now"},
        )
    return value


T = TypeVar("T")
Some: TypeAlias = Annotated[Listed[T], BeforeValidator(_not_endless)]
"""A list that a person can read."""

Digest: TypeAlias = Annotated[Text, AfterValidator(_digest)]
DaysNumber: TypeAlias = Annotated[int, Field(ge=0, le=MOST_DAYS)]
Months: TypeAlias = Annotated[int, Field(ge=0, le=MOST_MONTHS)]


class Head(Written):
    """Which system the record is about."""

    id: Id
    name: Text
    vendor: Text | None = None
    version: Text | None = None
    model_digest: Digest | None = None
    openness: Literal["open", "closed", "unknown"] | None = None


class Answer(Written):
    """An answer, where it comes from, and the day it was given."""

    answer: Text | None = None
    source: Text | None = None
    answered_on: DateText | None = None


class ExplanationAnswer(Answer):
    """How outcomes are explained, and how many steps lie between the model and the person."""

    steps_to_person: Annotated[int, Field(ge=0, le=MOST_STEPS)] | None = None


class Questions(Written):
    """The five questions that need an answer before anybody relies on a model."""

    model: Answer = Answer()
    training: Answer = Answer()
    data: Answer = Answer()
    explanation: ExplanationAnswer = ExplanationAnswer()
    verification: Answer = Answer()


class Use(Written):
    """What the system is for, since when it is used, and the framework it is managed under."""

    purpose: Text | None = None
    since: DateText | None = None
    framework: Text | None = None


class Owners(Written):
    """Who answers for the system: teams or roles."""

    hr: Text | None = None
    it: Text | None = None


class Training(Written):
    """What reviewers were trained in, and when last."""

    what: Text | None = None
    last_on: DateText | None = None


class Reviewers(Written):
    """What the people know and may do who look at decisions."""

    training: Training = Training()
    authority: Text | None = None


class Notice(Written):
    """Who was told about the system: where the text lies, when, and what asks for it."""

    to: Audience
    reference: Text | None = None
    given_on: DateText | None = None
    law: Text | None = None


class Consultation(Written):
    """Whom the employer talked with before the system was used."""

    with_: Text | None = Field(default=None, alias="with")
    on: DateText | None = None
    reference: Text | None = None


class HealthData(Written):
    """Whether health data are used, and on which basis."""

    used: YesNo | None = None
    basis: Text | None = None


class SpecialData(Written):
    """Why protected attributes are processed for the audit, who sees them, when they go."""

    necessity: Text | None = None
    access: Text | None = None
    delete_on: DateText | None = None


class Kept(Written):
    """How long something is kept, and where that is written."""

    months: Months | None = None
    reference: Text | None = None


class Dated(Written):
    """A document and its day."""

    reference: Text | None = None
    on: DateText | None = None


class AuditBy(Written):
    """The last audit from outside, and where its summary was published."""

    by: Text | None = None
    independent: YesNo | None = None
    on: DateText | None = None
    published_on: DateText | None = None
    published_at: Text | None = None


class Testing(Written):
    """The six things that testing is weighed by; ``recency`` is the day of the last test.

    ``before_use`` is the day of the test before the system was first used.
    """

    quality: Text | None = None
    efficacy: Text | None = None
    recency: DateText | None = None
    scope: Text | None = None
    results: Text | None = None
    response: Text | None = None
    before_use: DateText | None = None


class Target(Written):
    """What the system was meant to reach, fixed before it was measured."""

    says: Text | None = None
    measure: Text | None = None
    at_least: FractionText | None = None


class Alternative(Written):
    """Another way that was compared, and why it is not used."""

    tried: Text | None = None
    why_not: Text | None = None


class Route(Written):
    """Where people turn to, and within how many days they get an answer."""

    route: Text | None = None
    days: DaysNumber | None = None


class Appeal(Route):
    """Where people object, when they hear that it has come, and when they get an answer."""

    acknowledged_in: DaysNumber | None = None


class OptOutException(Written):
    """Why nobody may opt out: what the system is used for alone, and the two proofs."""

    solely_for: Text | None = None
    works: Text | None = None
    no_discrimination: Text | None = None


class Told(Written):
    """What people are told after an adverse outcome, and within how many days."""

    reference: Text | None = None
    days: DaysNumber | None = None


class Disclosure(Written):
    """What a person is told of the logic, its significance and its consequences."""

    logic: Text | None = None
    significance: Text | None = None
    consequences: Text | None = None


class RecordBody(Written):
    """Everything but the line that names the format."""

    system: Head
    questions: Questions = Questions()
    use: Use = Use()
    owners: Owners = Owners()
    reviewers: Reviewers = Reviewers()
    notices: Some[Notice] = ()
    consultation: Consultation = Consultation()
    health_data: HealthData = HealthData()
    special_data: SpecialData = SpecialData()
    retention: Kept = Kept()
    logs: Kept = Kept()
    dpia: Dated = Dated()
    risk_assessment: Dated = Dated()
    audit: AuditBy = AuditBy()
    testing: Testing = Testing()
    targets: Some[Target] = ()
    alternatives: Some[Alternative] = ()
    appeal: Appeal = Appeal()
    opt_out: Route = Route()
    opt_out_exception: OptOutException = OptOutException()
    requests: Route = Route()
    correction: Route = Route()
    adverse_outcome: Told = Told()
    disclosure: Disclosure = Disclosure()


class SystemFile(RecordBody):
    """The whole file."""

    auditor: Literal["system/1"]
