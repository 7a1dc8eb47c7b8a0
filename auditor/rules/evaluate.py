from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditor.findings import Finding, Flag, NotEvaluated
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.rules.base import Evidence, Rule
    from auditor.rules.waiving import Waived

_FLAG_NOTHING = frozenset(
    {"values-missing", "no-protected-feature", "not-decided-yet", "no-review-records"}
)
"""Reasons by which a review leaves out nothing that it could flag: the policy says what becomes of
a missing value, and of the others there is nothing to flag in an audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Everything the rules said, in the order of the policies."""

    findings: tuple[Finding, ...]
    flags: tuple[Flag, ...]
    not_evaluated: tuple[NotEvaluated, ...]
    waivers: tuple[Waived, ...] = ()


def evaluate(rules: Iterable[Rule], evidence: Evidence, in_force: Iterable[str]) -> Judged:
    """Judge group rules, then single decisions, then how many decisions were flagged.

    A gate rule that says nothing at all is recorded as not evaluated: silence is never a pass.
    The rules on single decisions learn which block rules of policies in force failed, and nothing
    else about groups; those that say so learn which features are protected as well.
    """
    rules = list(rules)
    active = set(in_force)
    findings: list[Finding] = []
    flags: list[Flag] = []
    not_evaluated: list[NotEvaluated] = []

    def run(rule: Rule, seen: Evidence) -> None:
        if not rule.reads_protected:
            seen = replace(seen, protected=None)
        said = list(rule.check(seen))
        findings.extend(item for item in said if isinstance(item, Finding))
        flags.extend(item for item in said if isinstance(item, Flag))
        not_evaluated.extend(item for item in said if isinstance(item, NotEvaluated))
        if rule.section == "gates" and not said:
            not_evaluated.append(silent(rule))

    for rule in rules:
        if rule.section == "gates" and not rule.counts_flags:
            run(rule, evidence)
    failed = tuple(
        f"{f.policy}/{f.rule}"
        for f in findings
        if f.verdict == FindingVerdict.FAIL and f.severity == Severity.BLOCK and f.policy in active
    )
    informed = replace(evidence, failed_block_rules=tuple(dict.fromkeys(failed)))
    for rule in rules:
        if rule.section == "reviews":
            run(rule, informed)
    looked = any(rule.section == "reviews" for rule in rules)
    flagged = len({flag.line for flag in flags}) if looked else None
    counted = replace(evidence, flagged=flagged, unlooked=_unlooked(rules, not_evaluated))
    for rule in rules:
        if rule.counts_flags:
            run(rule, counted)
    return Judged(findings=tuple(findings), flags=tuple(flags), not_evaluated=tuple(not_evaluated))


def _unlooked(rules: Iterable[Rule], said: Iterable[NotEvaluated]) -> tuple[str, ...]:
    """Reviews that could not look at every decision, so that more may have to be flagged."""
    reviews = {(r.policy.id, r.entry.id) for r in rules if r.section == "reviews"}
    names = [
        f"{one.policy}/{one.rule}"
        for one in said
        if (one.policy, one.rule) in reviews and one.reason not in _FLAG_NOTHING
    ]
    return tuple(dict.fromkeys(names))


def silent(rule: Rule) -> NotEvaluated:
    """Record of a gate rule that found nothing to judge."""
    return NotEvaluated(
        policy=rule.policy.id,
        rule=rule.entry.id,
        reason="nothing-to-judge",
        says=f"Rule {rule.entry.id} of {rule.policy.id} found nothing to judge in this export.",
        severity=rule.entry.severity,
        required=not rule.entry.when_present,
    )
