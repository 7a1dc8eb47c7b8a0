"""What rules say: findings about groups, flags about one decision, and what was not evaluated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.vocabulary import FindingVerdict, Severity

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """One group or feature that a fail is about: what a waiver is granted for.

    ``about`` is its name, or None for a fail about a whole. ``value`` is the number that counts, of
    several the worst; None where there is none. ``waiver`` is the one in use for it.
    """

    about: str | None
    stratum: str | None
    fingerprint: str
    value: float | None = None
    waiver: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return " in ".join(part for part in (self.about, self.stratum) if part) or "the whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about a group or the whole export, under one rule of one policy.

    ``says`` is what people read first, ``detail`` the numbers beside it, ``next`` what to do,
    ``because`` the citations of the rule's basis. ``must_pass`` tells the gate whether the run can
    pass without this one passing. ``evidence`` holds plain JSON values only. ``fingerprint`` names
    the finding across runs: it depends on what is judged, not on the numbers. ``failing`` are all
    groups or features that a fail is about; ``waiver`` names the waivers in use for them once each
    of them has one.
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
    failing: tuple[Failing, ...] = ()
    waiver: str | None = None

    @property
    def fingerprint(self) -> str:
        """First 16 hex digits of SHA-256 over what identifies the finding."""
        return fingerprint_of(self.policy, self.rule, self.attribute, self.group, self.stratum)


def with_waivers(finding: Finding, waivers: Sequence[str | None]) -> Finding:
    """Give a finding with the waivers in use for everything that it is about, in that order.

    Only when each part has one is the fail waived; else its sentence says which have and which not.
    """
    said = finding.says.removesuffix(_coverage(finding.failing))
    failing = tuple(
        replace(one, waiver=waiver) for one, waiver in zip(finding.failing, waivers, strict=True)
    )
    names = [one.waiver for one in failing if one.waiver]
    whole = bool(failing) and len(names) == len(failing)
    return replace(
        finding,
        says=said + _coverage(failing),
        failing=failing,
        waiver=", ".join(sorted(set(names))) if whole else None,
    )


def in_a_row(names: Sequence[str]) -> str:
    """Names with commas, the last after "and"; of many the first and how many more.

    Examples
    --------
    >>> in_a_row(["Asian"]), in_a_row(["A", "B", "C"]), in_a_row(list("ABCDEFGH"))
    ('Asian', 'A, B and C', 'A, B, C, D, E and 3 more')
    """
    shown = list(names[:_NAMED])
    left = len(names) - len(shown)
    shown += [f"{left} more"] if left else []
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _coverage(failing: Sequence[Failing]) -> str:
    """Say who is waived and who is not, where only some are."""
    waived = [f"{one.name} ({one.waiver})" for one in failing if one.waiver]
    standing = [one.name for one in failing if not one.waiver]
    if not waived or not standing:
        return ""
    return f" Waived for {in_a_row(waived)}; not waived for {in_a_row(standing)}."


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
