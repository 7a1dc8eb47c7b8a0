"""What only the kinds of the rules can see about the waivers of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.findings import fingerprint_of
from auditor.rules.waiving import waived_thing

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.policy.model import Waiver
    from auditor.rules.base import Rule


def waiver_objections(policy: Policy, rules: Iterable[Rule]) -> Iterator[Problem]:
    """Problems of a policy's waivers that only the kinds of its rules can see."""
    by_id = {rule.entry.id: rule for rule in rules}
    for waiver in policy.waivers:
        rule = by_id.get(waiver.rule)
        wanted = fingerprint_of(
            policy.id,
            waiver.rule,
            waiver.attribute,
            waiver.feature or waiver.version or waiver.group,
            waiver.stratum,
        )
        if waiver.finding != wanted:
            yield _problem(
                waiver,
                "finding",
                f"the fingerprint of {waived_thing(waiver)} is {wanted}, not {waiver.finding}",
                "a waiver is about one finding; copy rule, attribute, group and fingerprint of it",
            )
        if rule is None:
            continue
        if not rule.can_be_waived:
            yield _problem(waiver, "rule", f"a fail of the kind {rule.kind} cannot be waived")
        elif rule.needs_justification and waiver.justification is None:
            yield _problem(
                waiver,
                "rule",
                f"a waiver of the kind {rule.kind} needs a justification",
                "under justification: job_related, validation_study, and alternatives with "
                "tried and why_not each",
            )
        yield from _not_what_it_names(waiver, rule)


def _not_what_it_names(waiver: Waiver, rule: Rule) -> Iterator[Problem]:
    """Find a waiver that names something else than fails of its kind are about."""
    said = {"feature": waiver.feature, "version": waiver.version}
    by = rule.waived_by
    if by != "group" and said[by] is None:
        yield _problem(
            waiver,
            "rule",
            f"a waiver of the kind {rule.kind} names one {by}",
            f"such as '{by}: ...', with the fingerprint that the report prints for it; each "
            f"further {by} needs a waiver of its own",
        )
    for key, name in said.items():
        if name is not None and key != by:
            yield _problem(waiver, key, f"a waiver of the kind {rule.kind} names no {key}")
        elif name is not None and (waiver.group or waiver.attribute):
            yield _problem(
                waiver, key, f"a waiver of the kind {rule.kind} names one {key} and no group"
            )


def _problem(waiver: Waiver, key: str, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=waiver.places.get((key,)), hint=hint)
