"""The shape of ``audit.json``, format ``auditor-result/1``: the contract with the outside world.

``docs/audit.schema.json`` is generated from these typed dictionaries. Fields may be added within a
version, never renamed. Numbers are unrounded, counts integers, undefined numbers null.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from auditor.result.lineage import ExtendsDoc
from auditor.result.reviews import ReasonCodeDoc, RequestClockDoc, ReviewRuleDoc, ReviewsDoc
from auditor.result.waived import FailingDoc, WaiverDoc

FORMAT = "auditor-result/1"


class Tool(TypedDict):
    version: str


class PolicyRef(TypedDict):
    id: str
    version: str
    status: str
    effective_from: str
    in_force: bool
    title: str
    notice: str
    sha256: str
    digest: str
    extends: ExtendsDoc | None
    signed_by: list[str]
    signed: list[str] | None
    roles: dict[str, list[str]]
    keep_apart: list[list[str]]
    requests: list[RequestClockDoc]
    reason_codes: list[ReasonCodeDoc]
    reviews_need: list[str]


class ProfileRef(TypedDict):
    id: str
    sha256: str
    decisions: Literal["taken", "test"]
    unit: str


class InputRef(TypedDict):
    path: str
    sha256: str
    rows: int


class PersonsDoc(TypedDict):
    """People who stand in several of the rows counted; None of them by name."""

    rows: int
    people: int
    repeated: int
    repeated_rows: int
    nameless: int


class PeriodDoc(TypedDict):
    """First and last day of the decisions, and rows without one."""

    column: str
    first: str | None
    last: str | None
    missing: int


class RowAccountDoc(TypedDict):
    read: int
    used: int
    buckets: dict[str, int]
    people: int
    persons: PersonsDoc | None
    period: PeriodDoc | None
    absent_groups: dict[str, list[str]]
    notes: list[str]


class MeasurementDoc(TypedDict):
    metric: str
    attribute: str
    group: str
    stratum: str | None
    n: int
    favorable: int
    value: float | None
    low: float | None
    high: float | None
    method: str
    undefined: str | None


class BoundsDoc(TypedDict):
    low: float | None
    high: float | None


class ComparisonDoc(TypedDict):
    metric: str
    attribute: str
    group: str
    reference: str
    stratum: str | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    below_four_fifths: bool | None
    p_value: float | None
    p_mid: float | None
    p_adjusted: float | None
    test: str
    family_size: int
    z: float | None
    shortfall: float | None
    shortfall_to_reference: float | None
    selections_to_reverse: int | None
    detectable_ratio: float | None
    bounds: BoundsDoc | None
    method: str
    undefined: str | None


class FindingDoc(TypedDict):
    policy: str
    rule: str
    kind: str
    verdict: Literal["pass", "fail", "no_verdict", "descriptive"]
    severity: Literal["block", "warn", "info"]
    attribute: str | None
    group: str | None
    reference: str | None
    stratum: str | None
    says: str
    detail: str
    next: str
    because: list[str]
    must_pass: bool
    evidence: dict[str, Any]
    fingerprint: str
    failing: list[FailingDoc]
    waiver: str | None


class NotEvaluatedDoc(TypedDict):
    policy: str
    rule: str
    reason: str
    says: str
    severity: Literal["block", "warn", "info"]
    required: bool


class SystemEntryDoc(TypedDict):
    """One entry of the checklist: what it answers, since when, and what of it is missing."""

    entry: str
    asks: str
    state: Literal["answered", "incomplete", "missing"]
    since: str | None
    missing: list[str]
    values: list[dict[str, str]]


class SystemDoc(TypedDict):
    """What is on record about the audited system."""

    id: str
    name: str
    vendor: str | None
    version: str | None
    model_digest: str | None
    openness: str | None
    sha256: str
    entries: list[SystemEntryDoc]


class FlagsDoc(TypedDict):
    count: int
    share: float | None
    by_rule: dict[str, int]
    mandatory_open: int
    file: str | None
    sha256: str | None


class GapFeatureDoc(TypedDict):
    feature: str
    share: float
    low: float | None
    high: float | None


class GapDoc(TypedDict):
    attribute: str
    group: str
    reference: str
    gap: float
    residual: float
    features: list[GapFeatureDoc]


class BackgroundDoc(TypedDict):
    rows: int
    method: str


class ScoreCheckDoc(TypedDict):
    """How the model's output compares with the exported score."""

    compared: int
    differing: int
    largest: float | None
    says: str


class ExplanationsDoc(TypedDict):
    unit: str
    method: str
    background: BackgroundDoc
    rows: int
    additivity: float
    score_check: ScoreCheckDoc | None
    gap: list[GapDoc]
    file: str | None
    sha256: str | None


class VerdictDoc(TypedDict):
    state: Literal["pass", "fail", "no_verdict"]
    reviews_open: int
    exit_code: int
    says: str


class AuditDocument(TypedDict):
    format: Literal["auditor-result/1"]
    tool: Tool
    created: str
    as_of: str
    seed: int
    versions: dict[str, str]
    policies: list[PolicyRef]
    profile: ProfileRef
    inputs: list[InputRef]
    row_account: RowAccountDoc
    measurements: list[MeasurementDoc]
    comparisons: list[ComparisonDoc]
    notes: list[str]
    findings: list[FindingDoc]
    not_evaluated: list[NotEvaluatedDoc]
    waivers: list[WaiverDoc]
    system: SystemDoc | None
    flags: FlagsDoc
    review_rules: list[ReviewRuleDoc]
    reviews: ReviewsDoc | None
    explanations: ExplanationsDoc | None
    verdict: VerdictDoc
