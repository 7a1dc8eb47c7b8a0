"""Fails that are waived: which waiver holds on the day of the run, and which does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from auditor.errors import Problem
from auditor.findings import Finding, fingerprint_of
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.policy.model import Waiver
    from auditor.rules.base import Rule

WaiverState: TypeAlias = Literal["in-use", "unused", "expired", "not-yet", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A waiver of the run and what became of it."""

    policy: str
    waiver: Waiver
    state: WaiverState
    says: str


def waiver_objections(policy: Policy, rules: Iterable[Rule]) -> Iterator[Problem]:
    """Problems of a policy's waivers that only the kinds of its rules can see."""
    by_id = {rule.entry.id: rule for rule in rules}
    for waiver in policy.waivers:
        rule = by_id.get(waiver.rule)
        wanted = fingerprint_of(policy.id, waiver.rule, waiver.attribute, waiver.group, None)
        if waiver.finding != wanted:
            yield _problem(
                waiver,
                "finding",
                f"the fingerprint of {_target(waiver)} is {wanted}, not {waiver.finding}",
                "a waiver is about one finding; copy rule, attribute, group and fingerprint of it",
            )
        if rule is not None and not rule.can_be_waived:
            yield _problem(waiver, "rule", f"a fail of the kind {rule.kind} cannot be waived")
        elif rule is not None and rule.needs_justification and waiver.justification is None:
            yield _problem(
                waiver,
                "rule",
                f"a waiver of the kind {rule.kind} needs a justification",
                "under justification: job_related, validation_study, and alternatives with "
                "tried and why_not each",
            )


def waive(
    findings: Iterable[Finding], rules: Iterable[Rule], *, as_of: date, today: date
) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
    """Mark the fails that a waiver covers, and say of every waiver what became of it.

    A waiver has to hold on the day of the audit and today: neither an ``as_of`` in the past nor
    one in the future makes an expired one count. A fail that is worse than the value written down
    when it was waived voids the waiver.
    """
    found = list(findings)
    waived: list[Waived] = []
    by_policy: dict[str, dict[str, Rule]] = {}
    policies: dict[str, Policy] = {}
    for rule in rules:
        by_policy.setdefault(rule.policy.id, {})[rule.entry.id] = rule
        policies[rule.policy.id] = rule.policy
    for name, policy in policies.items():
        for waiver in policy.waivers:
            fails = [
                n
                for n, finding in enumerate(found)
                if finding.fingerprint == waiver.finding and finding.verdict == FindingVerdict.FAIL
            ]
            rule = by_policy[name][waiver.rule]
            state, says = _state(waiver, rule, [found[n] for n in fails], {as_of, today})
            waived.append(Waived(policy=name, waiver=waiver, state=state, says=says))
            if state == "in-use":
                for n in fails:
                    found[n] = replace(found[n], waiver=waiver.id)
    return tuple(found), tuple(waived)


def _state(
    waiver: Waiver, rule: Rule, fails: list[Finding], days: Collection[date]
) -> tuple[WaiverState, str]:
    what = f"Waiver {waiver.id} of {_target(waiver)}"
    if max(days) > waiver.until:
        return "expired", f"{what} ended on {waiver.until} and covers nothing any more."
    if min(days) < waiver.start:
        return "not-yet", f"{what} begins on {waiver.start} and does not hold yet."
    if not fails:
        return "unused", f"{what} covers nothing: there is no such fail. It can be taken out."
    if any(rule.is_worse(finding, waiver) for finding in fails):
        return "void", f"{what} is void: the fail is worse than when it was waived."
    return "in-use", f"{what} holds until {waiver.until}."


def _target(waiver: Waiver) -> str:
    """Name what is waived, as its finding names it."""
    parts = [waiver.rule]
    parts += [f"on {waiver.attribute}"] if waiver.attribute else []
    parts += [f"for {waiver.group}"] if waiver.group else []
    return " ".join(parts)


def _problem(waiver: Waiver, key: str, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=waiver.places.get((key,)), hint=hint)
