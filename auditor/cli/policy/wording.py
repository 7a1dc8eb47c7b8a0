"""What a policy says, in the words of every face of it: the console and the copy to sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from auditor.policy.ancestors import first_in_force
from auditor.policy.needs import NEED_WORDS
from auditor.report.words import attribute_label, many, plain
from auditor.rules.decision_rights import RIGHT_WORDS
from auditor.rules.group_rule import GroupRule
from auditor.rules.record_rule import RecordRule
from auditor.rules.resolve import flow
from auditor.vocabulary import attributes_of

if TYPE_CHECKING:
    from datetime import date

    from auditor.policy import Policy
    from auditor.rules.base import Rule

_SEVERITIES = {
    "block": "block: it moves the verdict",
    "warn": "warn: it is printed and moves nothing",
    "info": "info: it is printed and moves nothing",
}


def about_groups(rule: Rule) -> Iterator[str]:
    """Say which groups a gate looks at, and what its severity means."""
    where, *absent = groups_of(rule)
    yield " ".join((where, f"Severity {_SEVERITIES[rule.entry.severity.value]}.", *absent))


def groups_of(rule: Rule) -> Iterator[str]:
    """Say what a gate looks at, and what becomes of groups that the export lacks."""
    every = rule.entry.for_each
    if isinstance(rule, RecordRule):
        yield "For the system record."
    elif not isinstance(rule, GroupRule):
        yield "For the whole export."
    elif isinstance(every, tuple):
        yield f"For {listed(every)}."
    elif rule.policy.intersections:
        crossed = listed(rule.policy.intersections)
        yield f"For every attribute that the profile declares, and for {crossed}."
    else:
        yield "For every attribute that the profile declares."
    if rule.entry.when_present:
        lacks = "record" if isinstance(rule, RecordRule) else "export"
        yield f"What the {lacks} does not have is listed."


def about_review(rule: Rule) -> Iterator[str]:
    """Say who looks, by when."""
    entry = rule.entry
    due = "" if entry.due_days is None else f", due within {many(entry.due_days, 'day')}"
    two = "; two people have to agree" if entry.readers == 2 else ""
    yield f"{'Mandatory' if entry.mandatory else 'Advised'}; reviewer: {entry.reviewer}{due}{two}."


def cited(rule: Rule) -> Iterator[str]:
    """Name the texts that a rule rests on, each with its status."""
    known = {basis.id: basis for basis in rule.policy.basis}
    for name in rule.entry.because:
        yield f"{known[name].cite} ({plain(known[name].status)})"


def value_text(value: Any) -> str:
    """Write one value of an option."""
    return "none" if value is None else str(value) if isinstance(value, str) else flow(value)


def listed(attributes: Sequence[str]) -> str:
    """Write names of attributes one after the other."""
    return ", ".join(
        attribute_label(name) if len(attributes_of(name)) > 1 else name for name in attributes
    )


def standing(policy: Policy, as_of: date) -> str:
    """Say whether a policy moves the verdict on a day."""
    if policy.in_force(as_of):
        return f"in force since {policy.effective_from}"
    through = first_in_force(policy, as_of)
    if through is not None:
        return (
            f"in force through {through.id} {through.version} since {through.effective_from}, "
            f"by itself from {policy.effective_from}"
        )
    if policy.status == "in-force":
        return f"not yet in force, advises only until {policy.effective_from}"
    return f"{plain(policy.status)}, advises only"


def parent_of(policy: Policy) -> str:
    """Name the policy that one tightens."""
    parent = policy.parent
    return f"{parent.id} {parent.version}" if parent else ""


def rights_of(policy: Policy) -> Iterator[str]:
    """Say what a model may do in which kind of decision."""
    for kind, right in policy.decision_rights.items():
        yield f"In decisions of the kind {plain(kind)} the policy lets {RIGHT_WORDS[right]}."


def duties_of(policy: Policy) -> Iterator[str]:
    """Say which role may do what, what nobody may do together, and what nobody looks at."""
    for name, may in policy.roles.items():
        yield f"The role {name} may {', '.join(map(plain, may))}."
    for asked in policy.requests:
        yield (
            f"{asked.says} A request for {plain(asked.kind)} is decided within "
            f"{many(asked.due_days, 'day')}; reviewer: {asked.reviewer}."
        )
    for one, other in policy.keep_apart:
        yield f"No role and no person may both {plain(one)} and {plain(other)}."
    for code in policy.reason_codes:
        yield f"Reason code {code.id}: {code.says}"
    if policy.reason_codes:
        yield (
            "A review that does not keep the model's outcome names one of these codes, and no "
            "review names others."
        )
    for need in policy.reviews_need:
        yield f"A review that does not say {NEED_WORDS[need]} settles nothing."
    if policy.missing_values == "skip":
        yield (
            "Where a rule says nothing else, a decision that a missing value leaves open is not "
            "looked at."
        )


def waivers_of(policy: Policy) -> Iterator[str]:
    """Name the waivers in a policy and how long they hold."""
    for waiver in policy.waivers:
        yield f"Waiver {waiver.id} of {waiver.rule}, from {waiver.start} until {waiver.until}."


def beside_rules(policy: Policy) -> Iterator[str]:
    """Say what stands in a policy beside its rules."""
    if policy.parent:
        yield f"Tightens {parent_of(policy)}, whose rules are among these."
    yield from (*rights_of(policy), *duties_of(policy), *waivers_of(policy))
    if policy.signed_by:
        yield f"To be signed by: {', '.join(policy.signed_by)}."


def days_of(policy: Policy) -> str:
    """Say when a policy was checked, and when it has to be looked at again."""
    parts = [f"Checked on {policy.verified_on}." if policy.verified_on else "Never checked."]
    if policy.review_by:
        parts.append(f"To be reviewed by {policy.review_by}.")
    return " ".join(parts)


def contents(policy: Policy) -> str:
    """Count what a policy holds."""
    gates = sum(rule.section == "gates" for rule in policy.rules)
    return ", ".join(
        (
            many(gates, "gate"),
            many(len(policy.rules) - gates, "review"),
            many(len(policy.examples), "example"),
        )
    )


def sentence(text: str) -> str:
    """Make a text a sentence."""
    return f"{text[:1].upper()}{text[1:]}."
