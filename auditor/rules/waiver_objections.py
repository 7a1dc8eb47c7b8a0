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
            waiver.feature or waiver.group,
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
        if rule.about_features and waiver.feature is None:
            yield _problem(
                waiver,
                "rule",
                f"a waiver of the kind {rule.kind} names one feature",
                "such as feature: zip, with the fingerprint that the report prints for it; each "
                "further feature needs a waiver of its own",
            )
        if waiver.feature is not None and (
            not rule.about_features or waiver.group or waiver.attribute
        ):
            yield _problem(
                waiver,
                "feature",
                f"a waiver of the kind {rule.kind} names "
                f"{'a feature and nothing else' if rule.about_features else 'no feature'}",
            )


def _problem(waiver: Waiver, key: str, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=waiver.places.get((key,)), hint=hint)
