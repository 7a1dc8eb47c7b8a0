"""What may be meant and is still worth a second look in a policy that binds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from auditor.documents import check
from auditor.errors import in_order
from auditor.policy.ancestors import first_in_force
from auditor.rules.filled import with_missing
from auditor.rules.kinds.descriptive import Descriptive
from auditor.rules.kinds.impact_ratio import ImpactRatio, ImpactRatioOptions
from auditor.vocabulary import Severity, attributes_of

if TYPE_CHECKING:
    from datetime import date

    from auditor.errors import Where
    from auditor.policy import Policy
    from auditor.rules.base import Rule
    from auditor.rules.bound import BoundPolicy

ALPHA_FOR = 3
"""Up to so many judged attributes, 0.05 each keeps the chance of a false fail of the whole low."""

_FALSE_FAILS = Fraction(ALPHA_FOR, 20)
_GROUP, _RATE = 100, Fraction(3, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to look at; a ``note`` is a matter of taste."""

    level: Literal["warning", "note"]
    message: str
    where: Where | None


def remarks(bound: BoundPolicy, as_of: date) -> list[Remark]:
    """Everything worth a second look, in the order of the file."""
    overdue = list(_review_overdue(bound.policy, as_of))
    found = [
        *_before_its_day(bound.policy, as_of),
        *_unused_basis(bound.policy),
        *_alpha_adds_up(bound),
        *_bare_ratio_blocks(bound),
        *_without_example(bound),
        *_written_defaults(bound),
    ]
    if bound.policy.parent:  # what the parent writes is remarked on where it stands
        found = [one for one in found if one.where is None or one.where.path == bound.policy.path]
    return sorted([*overdue, *found], key=in_order)


def _review_overdue(policy: Policy, as_of: date) -> Iterator[Remark]:
    if policy.review_by is not None and policy.review_by < as_of:
        yield Remark(
            level="warning",
            message=f"the policy was to be reviewed by {policy.review_by}, and it is {as_of}",
            where=policy.places.get(("policy", "review_by")),
        )


def _before_its_day(policy: Policy, as_of: date) -> Iterator[Remark]:
    """Find a child that counts before its own day, because its parent is in force."""
    through = first_in_force(policy, as_of)
    if through is not None and through is not policy:
        yield Remark(
            level="note",
            message=f"until {policy.effective_from} an audit that names this policy alone goes by "
            f"it all the same, as {through.id} {through.version} is in force since "
            f"{through.effective_from}; one that names both goes by {through.id}",
            where=policy.places.get(("policy", "effective_from")),
        )


def _unused_basis(policy: Policy) -> Iterator[Remark]:
    used = {name for rule in policy.rules for name in rule.because}
    used |= {name for clock in policy.requests for name in clock.because}
    for n, basis in enumerate(policy.basis):
        if basis.id not in used:
            yield Remark(
                level="warning",
                message=f"nothing rests on the basis {basis.id!r}",
                where=policy.places.get(("basis", n, "id")),
            )


def _alpha_adds_up(bound: BoundPolicy) -> Iterator[Remark]:
    judged = [(rule, _judged(rule)) for rule in bound.rules if _may_fail(rule)]
    count = sum(number for _, number in judged)
    chance = sum((_alpha(rule) * number for rule, number in judged), Fraction(0))
    if count > ALPHA_FOR and chance > _FALSE_FAILS:
        rule = judged[0][0]
        yield Remark(
            level="warning",
            message=f"{count} judged attributes add up to a chance of {float(chance):g} that a "
            f"gate fails although all groups are selected alike; an alpha of "
            f"{float(_FALSE_FAILS / count):.2g} each would keep it at {float(_FALSE_FAILS):g}",
            where=rule.entry.places.get(("options", "alpha")) or rule.entry.places.get(()),
        )


def _may_fail(rule: Rule) -> bool:
    return isinstance(rule, ImpactRatio) and rule.entry.severity == Severity.BLOCK


def _alpha(rule: Rule) -> Fraction:
    options: ImpactRatioOptions = rule.options
    return options.alpha


def _judged(rule: Rule) -> int:
    """Attributes that a gate judges, as far as the policy names them; at least one."""
    if isinstance(rule.entry.for_each, tuple):
        return len(rule.entry.for_each)
    crossed = rule.policy.intersections
    return max(1, len({*crossed, *(part for name in crossed for part in attributes_of(name))}))


def _bare_ratio_blocks(bound: BoundPolicy) -> Iterator[Remark]:
    from auditor.inference.false_alarm import false_alarm_chance

    for rule in bound.rules:
        if not isinstance(rule, Descriptive) or rule.entry.severity != Severity.BLOCK:
            continue
        threshold: Fraction = rule.options.threshold  # one that blocks has one
        selected = int(2 * _GROUP * _RATE)
        chance = false_alarm_chance([_GROUP, _GROUP], selected, threshold, seed=0)
        yield Remark(
            level="warning",
            message=f"{rule.entry.id} blocks on the bare ratio, which does not weigh chance: two "
            f"groups of {_GROUP} that are selected alike at {float(100 * _RATE):g} % fail it in "
            f"about {round(100 * chance)} of 100 audits, more groups more often",
            where=rule.entry.places.get(("severity",)) or rule.entry.places.get(()),
        )


def _without_example(bound: BoundPolicy) -> Iterator[Remark]:
    """Find the rules that no example is about; a row is about all reviews, so it has to pick."""
    if bound.policy.status != "in-force":
        return
    shown = {name for example in bound.policy.examples for name in example.expect}
    for rule in bound.rules:
        if rule.entry.id not in shown and not rule.is_hidden_from_examples():
            table = rule.section == "gates"
            yield Remark(
                level="warning",
                message=f"no example shows what {rule.entry.id} "
                f"{'says of a table' if table else 'picks'}",
                where=rule.entry.places.get(("id",)),
            )


def _written_defaults(bound: BoundPolicy) -> Iterator[Remark]:
    for rule in bound.rules:
        names = [name for name in rule.entry.options if _is_default(rule, name)]
        if names:
            yield Remark(
                level="note",
                message=f"{rule.entry.id} writes what holds anyway: {', '.join(names)}",
                where=rule.entry.places.get(("key", "options", names[0])),
            )


def _is_default(rule: Rule, name: str) -> bool:
    """Whether leaving an option out changes nothing."""
    rest = {key: value for key, value in rule.entry.options.items() if key != name}
    without, problems = check(with_missing(rest, type(rule), rule.policy), type(rule).Options)
    return not problems and without is not None and without.filled() == rule.options.filled()
