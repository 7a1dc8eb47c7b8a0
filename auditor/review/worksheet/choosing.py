"""Which decisions stand in a worksheet: those whose turn it is, for one role and one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.policy.people import same_name
from auditor.review.authority import reviewing_roles
from auditor.review.worksheet.known import Known, known

if TYPE_CHECKING:
    from auditor.review.case import Case, Demands, FlaggedDecision, FlaggedRule
    from auditor.review.desk import Desk
    from auditor.review.queue import Item, Queue
    from auditor.review.worksheet.columns import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One decision for a worksheet; ``judged`` is its reader's first judgement, for the reveal."""

    case: Case
    decision: FlaggedDecision
    judged: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Lines of a worksheet, and how many decisions were left out for which reason."""

    lines: tuple[Line, ...]
    left_out: Mapping[str, int]


def chosen(desk: Desk, queue: Queue, step: Step, role: str, reader: str | None) -> Chosen:
    """Choose the decisions that wait for a role, in an order that says nothing of the model.

    Cases and identities are keyed hashes, so their order tells neither score nor rule.

    Parameters
    ----------
    desk : Desk
    queue : of that desk
    step : Step
    role : str
    reader : str or None
        Name of the person who will fill it in, as the keyring has it. A reveal needs one.

    Raises
    ------
    UsageError
        When nothing in the queue asks for this role.
    """
    _must_be_asked_for(queue, role, desk.demands)
    lines: list[Line] = []
    left_out: Counter[str] = Counter()
    for item in sorted(queue.items, key=lambda item: item.case.id):
        said = None if reader is None else known(item, reader)
        for decision, rules in of_role(item, role, desk.demands):
            why = why_not(item, decision, rules, said, step, reader)
            if why:
                left_out[why] += 1
                continue
            judged = None if said is None or step == "first" else said.judged(decision.identity)
            lines.append(Line(case=item.case, decision=decision, judged=judged))
    return Chosen(lines=tuple(lines), left_out=left_out)


def of_role(
    item: Item, role: str, demands: Demands
) -> Iterator[tuple[FlaggedDecision, tuple[FlaggedRule, ...]]]:
    """Decisions of a case that wait for a role, each with the rules under which they do."""
    for one in sorted(item.decisions, key=lambda one: one.decision.identity):
        rules = tuple(
            standing.rule
            for standing in one.waiting
            if role in _roles(item, standing.rule, demands)
        )
        if rules:
            yield one.decision, rules


def _roles(item: Item, rule: FlaggedRule, demands: Demands) -> frozenset[str]:
    """Roles whose turn it is under a rule; after an escalation no more that of its reviewer."""
    may = frozenset(reviewing_roles(rule, item.escalated_to, demands))
    second = demands.may(rule.policy, "second-review") if rule.readers > 1 else frozenset()
    return may & (second | frozenset(item.roles))


def why_not(
    item: Item,
    decision: FlaggedDecision,
    rules: tuple[FlaggedRule, ...],
    said: Known | None,
    step: Step,
    reader: str | None,
) -> str:
    """Say why a decision that waits for a role is in no worksheet of a person; empty when it is."""
    claimed = item.claimed_by
    if claimed is not None and (reader is None or claimed.self != same_name(reader)):
        return "somebody works on it" if reader is None else "somebody else works on it"
    if said is None:
        return ""
    at = decision.identity
    if all((at, rule.name) in said.settles for rule in rules):
        return "this person has decided it, and another one has to"
    decided = any(identity == at for identity, _ in said.settles)
    if decided and all(rule.another_person for rule in rules):
        return "it is an appeal against what this person decided"
    if step == "first":
        return "this person has judged it" if at in said.first else ""
    if at not in said.first:
        return "this person has not judged it yet"
    return "this person declared a conflict of interest" if at in said.conflicted else ""


def _must_be_asked_for(queue: Queue, role: str, demands: Demands) -> None:
    asked = {
        name
        for item in queue.items
        for one in item.decisions
        for rule in one.rules
        for name in reviewing_roles(rule.rule, item.escalated_to, demands)
    }
    if role not in asked:
        raise UsageError(
            f"nothing in this queue asks for the role {role!r}",
            slug="role-not-asked-for",
            hint=f"it asks for {', '.join(sorted(asked))}" if asked else "no decision was flagged",
        )
