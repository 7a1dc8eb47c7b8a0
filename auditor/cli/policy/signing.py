"""A policy as the copy that people sign: everything that decides, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from auditor.cli.policy.example_words import example_words
from auditor.cli.policy.wording import (
    cited,
    days_of,
    duties_of,
    groups_of,
    listed,
    parent_of,
    rights_of,
    sentence,
    standing,
)
from auditor.documents import NumberText
from auditor.policy.ancestors import first_in_force
from auditor.report.signing_copy import BasisCopy, RuleCopy, SigningCopy
from auditor.report.spelling import spelled
from auditor.report.words import attribute_label, group_label, many, plain
from auditor.rules.bind import bind
from auditor.rules.condition_words import condition_words
from auditor.rules.entry_words import entries_words, value_words
from auditor.rules.filled import filled_options
from auditor.rules.group_rule import GroupRule
from auditor.rules.kinds.coverage import Coverage
from auditor.rules.kinds.record_present import RecordPresent
from auditor.rules.option_words import option_sentence
from auditor.rules.record_rule import DatedRule, RecordRule
from auditor.rules.tightened import tightened
from auditor.signing import policy_digest

if TYPE_CHECKING:
    from datetime import date

    from auditor.policy import Policy
    from auditor.policy.model import Waiver
    from auditor.rules.base import Rule
    from auditor.rules.bound import BoundPolicy
    from auditor.system import Kind


_EVERY_DECISION = "For every decision, favorable or unfavorable."
_NO_SHARES = ("effect_size", "deviations", "unknown_factor")


def signing_copy(bound: BoundPolicy, *, as_of: date) -> SigningCopy:
    """Say a whole policy in plain words, as it holds on a day."""
    policy = bound.policy
    active = first_in_force(policy, as_of) is not None
    rules = {
        section: tuple(_rule(rule, active) for rule in bound.rules if rule.section == section)
        for section in ("gates", "reviews")
    }
    return SigningCopy(
        id=policy.id,
        version=policy.version,
        title=policy.title,
        status=_status(policy, as_of),
        as_of=as_of.isoformat(),
        facts=tuple(_facts(bound)),
        notice=policy.notice,
        covered=tuple(_covered(bound)),
        duties=tuple(duties_of(policy)),
        waivers=tuple(_waivers(policy)),
        gates=rules["gates"],
        reviews=rules["reviews"],
        basis=tuple(
            BasisCopy(
                cite=b.cite, status=plain(b.status), says=b.says, source=b.source or "none given"
            )
            for b in policy.basis
        ),
        examples=tuple((example.name, example_words(example)) for example in policy.examples),
        digest=policy_digest(bound),
        signers=policy.signed_by,
    )


def _status(policy: Policy, as_of: date) -> str:
    meaning = (
        "Its gates move the verdict of an audit and its mandatory reviews have to be done."
        if first_in_force(policy, as_of)
        else "It blocks nothing on this day, and no review of it is mandatory."
    )
    return f"{sentence(standing(policy, as_of))} {meaning}"


def _facts(bound: BoundPolicy) -> Iterator[tuple[str, str]]:
    policy = bound.policy
    yield "Owner", policy.owner
    yield "Status in the file", plain(policy.status)
    yield "Effective from", str(policy.effective_from)
    yield "Checked", days_of(policy)
    if policy.parent:
        changed = tightened(bound, bind([policy.parent])[0])
        yield "Tightens", "; ".join((parent_of(policy), *changed))
    if policy.signed_by:
        yield "To be signed by", ", ".join(policy.signed_by)


def _covered(bound: BoundPolicy) -> Iterator[str]:
    """Say who is looked at."""
    policy = bound.policy
    gates = [rule for rule in bound.rules if rule.section == "gates"]
    on_groups = [rule for rule in gates if isinstance(rule, GroupRule | Coverage)]
    on_record = [rule for rule in gates if isinstance(rule, RecordRule)]
    if on_groups:
        yield (
            "Gates that compare groups look at everybody in the export who was selected or "
            "rejected, or scored where a gate compares scores, by the attributes that each names."
        )
    if on_record:
        yield "Gates about the record look at what the system record says on the audited day."
    if len(gates) > len(on_groups) + len(on_record):
        yield "Gates about the whole export compare no groups: each says what it looks at."
    if policy.intersections:
        yield f"Groups are crossed as well: {listed(policy.intersections)}."
    if any(rule.section == "reviews" for rule in bound.rules):
        some = any(rule.reads_protected for rule in bound.rules)
        yield (
            "The reviews look at single decisions, favorable and unfavorable alike, and read no "
            f"group{', but for those that say so' if some else ''}."
        )
    yield from rights_of(policy)


def _waivers(policy: Policy) -> Iterator[str]:
    limits = policy.waiver_limits
    yield (
        f"One fail may be waived for at most {_counted(limits.longest, 'day')}, with "
        f"{_counted(limits.approvals, 'approval')} by somebody other than who asks."
    )
    if limits.never_for:
        yield f"Never waived: {', '.join(limits.never_for)}."
    for waiver in policy.waivers:
        yield _waiver(waiver)


def _waiver(waiver: Waiver) -> str:
    where = f" on {attribute_label(waiver.attribute)}" if waiver.attribute else ""
    whom = f", {group_label(waiver.group)}" if waiver.group else ""
    whom += f" in {waiver.stratum}" if waiver.stratum else ""
    whom += "".join(f", {name}" for name in (waiver.feature, waiver.version) if name)
    approved = ", ".join(f"{p.name} ({p.role})" for p in waiver.approved_by)
    return (
        f"Waived from {waiver.start} until {waiver.until}: the fail of {waiver.rule}{where}{whom} "
        f"at {waiver.value_text}. Because: {waiver.because} Instead: {waiver.instead} Asked for "
        f"by {waiver.requested_by.name} ({waiver.requested_by.role}), approved by {approved}."
        f"{_justification(waiver)}"
    )


def _justification(waiver: Waiver) -> str:
    why = waiver.justification
    if why is None:
        return ""
    others = "; ".join(f"{tried}, not used: {why_not}" for tried, why_not in why.alternatives)
    return (
        f" Justification on record: {why.job_related} Validation study: {why.validation_study}. "
        f"Compared with: {others}"
    )


def _rule(rule: Rule, active: bool) -> RuleCopy:
    entry, gate = rule.entry, rule.section == "gates"
    return RuleCopy(
        id=entry.id,
        kind=plain(entry.kind),
        says=entry.says,
        looks_at=tuple(groups_of(rule)) if gate else (_EVERY_DECISION,),
        options=tuple(filter(None, _options(rule))),
        follows=tuple(_after_gate(rule, active) if gate else _after_review(rule, active)),
        because=tuple(cited(rule)),
    )


def _options(rule: Rule) -> Iterator[str]:
    """Say every option; entries of a system record by their questions."""
    kind: Kind = "date" if isinstance(rule, DatedRule) else "number"
    for name, value in filled_options(rule).items():
        shown = _shown(name, value)
        if isinstance(rule, RecordRule) and name in ("entries", "any_of", "says_yes"):
            shown = entries_words(value)
        elif name == "unless" and value:
            shown = entries_words([value])
        elif isinstance(rule, RecordRule) and name in ("entry", "before") and value:
            shown = value_words(value, kind)
        yield option_sentence(rule.kind, name, value, shown)


def _after_gate(rule: Rule, active: bool) -> Iterator[str]:
    severity = rule.entry.severity.value
    if rule.kind == Coverage.kind:
        yield "It never fails. Where a table is missing there is no verdict on it."
    elif rule.kind == RecordPresent.kind:
        yield "It never fails. What is not on record gives no verdict."
    elif severity == "block" and active:
        yield "On a breach the verdict is fail, and the gate blocks the release."
    elif severity == "block":
        yield "On a breach a warning is printed: the policy advises only, so nothing is blocked."
    else:
        word = "a warning" if severity == "warn" else "a note"
        yield f"On a breach {word} is printed. Nothing is blocked."
    if severity == "block" and active:
        yield "No verdict is not a pass: the gate does not let the release through either."


def _after_review(rule: Rule, active: bool) -> Iterator[str]:
    entry = rule.entry
    due = "" if entry.due_days is None else f", within {_counted(entry.due_days, 'day')}"
    yield f"A person looks at each decision that is flagged: {entry.reviewer}{due}."
    if entry.readers == 2:
        yield "Two people look at it, and both have to come to the same outcome."
    if entry.mandatory and active:
        yield "It is mandatory: until then the gate does not let the release through."
    elif entry.mandatory:
        yield "The policy advises only, so the release does not wait for it."
    else:
        yield "It is advised: the release does not wait for it."


def _shown(name: str, value: Any) -> str:
    """Value of an option as it is read aloud."""
    match value:
        case dict():
            if name == "when":
                return condition_words(value, spelled)
            ranges = {key: [spelled(str(end)) for end in ends] for key, ends in value.items()}
            return "; ".join(f"{key} from {' to '.join(ends)}" for key, ends in ranges.items())
        case list():
            return ", ".join(_name(str(item)) for item in value)
        case NumberText() | int():
            return spelled(str(value), share=name not in _NO_SHARES)
    return _name(str(value))


def _name(name: str) -> str:
    """Name of an attribute, a rate or a column: crossed attributes are spaced, rates are words."""
    return plain(name) if name.endswith(("-rate", "-known")) else attribute_label(name)


def _counted(number: int, what: str) -> str:
    figure, _, word = many(number, what).partition(" ")
    return f"{spelled(figure.replace(',', ''))} {word}"
