"""What rules say: findings about groups, flags about one decision, and what was not evaluated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.vocabulary import FindingVerdict, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about a group or the whole export, under one rule of one policy.

    ``says`` is what people read first, ``detail`` the numbers beside it, ``next`` what to do,
    ``because`` the citations of the rule's basis. ``must_pass`` tells the gate whether the run can
    pass without this one passing. ``evidence`` holds plain JSON values only. ``fingerprint`` names
    the finding across runs: it depends on what is judged, not on the numbers.
    """

    policy: str
    rule: str
    kind: str
    verdict: FindingVerdict
    severity: Severity
    says: str
    detail: str = ""
    next: str = ""
    because: tuple[str, ...] = ()
    attribute: str | None = None
    group: str | None = None
    reference: str | None = None
    stratum: str | None = None
    must_pass: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)
    waiver: str | None = None

    @property
    def fingerprint(self) -> str:
        """First 16 hex digits of SHA-256 over what identifies the finding."""
        return fingerprint_of(self.policy, self.rule, self.attribute, self.group, self.stratum)


def fingerprint_of(
    policy: str, rule: str, attribute: str | None, group: str | None, stratum: str | None
) -> str:
    """First 16 hex digits of SHA-256 over what identifies a finding."""
    parts = [policy, rule, attribute, group, stratum]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEvaluated:
    """A rule that could not be judged, and why. Never the same as a pass.

    ``required`` tells the gate that the run cannot pass without it.
    """

    policy: str
    rule: str
    reason: str
    says: str
    severity: Severity = Severity.INFO
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One decision that a person has to look at, under one rule.

    ``line`` indexes the decisions table; ``evidence`` is a short text without protected
    attributes, such as ``score 0.512, cut score 0.500, band 0.050``.
    """

    line: int
    policy: str
    rule: str
    mandatory: bool
    says: str
    evidence: str
    reviewer: str
    due_days: int | None = None
