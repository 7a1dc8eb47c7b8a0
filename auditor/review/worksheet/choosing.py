"""Which decisions stand in a worksheet: those whose turn it is, for one role and one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.review.authority import duty_objections, unable
from auditor.review.worksheet.known import Known, known

if TYPE_CHECKING:
    from auditor.review.authority import Person
    from auditor.review.case import Case, FlaggedDecision
    from auditor.review.desk import Desk
    from auditor.review.queue import Item, Queue
    from auditor.review.settling import RuleStanding
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


def chosen(desk: Desk, queue: Queue, step: Step, role: str, reader: Person | None) -> Chosen:
    """Choose the decisions that wait for a role, in an order that says nothing of the model.

    Cases and identities are keyed hashes, so their order tells neither score nor rule.

    Parameters
    ----------
    desk : Desk
    queue : of that desk
    step : Step
    role : str
    reader : Person or None
        Who will fill it in. A reveal needs one.

    Raises
    ------
    UsageError
        When nothing in the queue asks for this role.
    """
    _must_be_asked_for(queue, role)
    lines: list[Line] = []
    left_out: Counter[str] = Counter()
    for item in sorted(queue.items, key=lambda item: item.case.id):
        said = None if reader is None else known(item, reader)
        for decision, rules in of_role(item, role):
            why = why_not(item, rules, reader, desk) or _by_step(decision, said, step)
            if why:
                left_out[why] += 1
                continue
            judged = None if said is None or step == "first" else said.judged(decision.identity)
            lines.append(Line(case=item.case, decision=decision, judged=judged))
    return Chosen(lines=tuple(lines), left_out=left_out)


def waiting_for(item: Item, role: str, reader: Person, step: Step, desk: Desk) -> frozenset[str]:
    """Identities of the decisions of a case that belong into a worksheet of a person."""
    said = known(item, reader)
    return frozenset(
        decision.identity
        for decision, rules in of_role(item, role)
        if not (why_not(item, rules, reader, desk) or _by_step(decision, said, step))
    )


def of_role(item: Item, role: str) -> Iterator[tuple[FlaggedDecision, tuple[RuleStanding, ...]]]:
    """Decisions of a case that wait for a role, each with the rules under which they do."""
    for one in sorted(item.decisions, key=lambda one: one.decision.identity):
        rules = tuple(rule for rule in one.waiting if role in rule.turn)
        if rules:
            yield one.decision, rules


def why_not(item: Item, rules: tuple[RuleStanding, ...], reader: Person | None, desk: Desk) -> str:
    """Say why a decision that waits for a role is none for a person; empty when it is."""
    claimed = item.claimed_by
    if claimed is not None and (reader is None or claimed.self != reader.self):
        return "somebody works on it" if reader is None else "somebody else works on it"
    if reader is None:
        return ""
    not_able = next(unable(reader, item.as_of), "")
    reasons = [
        rule.why_not(reader.self) or next(duty_objections(rule.rule, reader, desk.demands), "")
        for rule in rules
    ]
    return not_able or ("" if "" in reasons else reasons[0])


def _by_step(decision: FlaggedDecision, said: Known | None, step: Step) -> str:
    """Say why a decision is not in a worksheet of this step."""
    if said is None:
        return ""
    judged = decision.identity in said.first
    if step == "first":
        return "this person has judged it" if judged else ""
    return "" if judged else "this person has not judged it yet"


def _must_be_asked_for(queue: Queue, role: str) -> None:
    asked = {
        name for item in queue.items for one in item.decisions for rule in one.rules
        for name in rule.may
    }  # fmt: skip
    if role not in asked:
        raise UsageError(
            f"nothing in this queue asks for the role {role!r}",
            slug="role-not-asked-for",
            hint=f"it asks for {', '.join(sorted(asked))}" if asked else "no decision was flagged",
        )
