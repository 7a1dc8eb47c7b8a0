"""Whose turn a case is, and what keeps somebody from deciding it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from auditor.ledger.authentic import SERVICE
from auditor.review.authority import duty_objections, unable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.review.authority import Person
    from auditor.review.case import Case
    from auditor.review.page.board import Board
    from auditor.review.queue import Item
    from auditor.review.records import Record
    from auditor.review.settling import RuleStanding

Stage = Literal["free", "taken", "judge", "barred", "decide", "done"]
"""Where somebody stands with a case. Only ``decide`` may see the model's answer."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One person before one case, as the board stands."""

    board: Board
    item: Item
    person: Person

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles in which there is something left for this person to decide."""
        demands = self.board.desk.demands
        left = [rule for rule in self._waiting if not rule.why_not(self.me)]
        able = [one for one in left if not any(duty_objections(one.rule, self.person, demands))]
        return tuple(sorted({role for rule in able or left for role in rule.turn} & self._held))

    @property
    def asked(self) -> tuple[str, ...]:
        """Roles of this person whose turn it is, whether they themselves may decide or not."""
        return tuple(sorted({role for rule in self._waiting for role in rule.turn} & self._held))

    @property
    def me(self) -> str:
        """What this person is called in votes and bars."""
        return self.person.self

    @property
    def stage(self) -> Stage:
        """Where this person stands; everything is read from the ledger, and nothing from a form."""
        holder = self.item.claimed_by
        if not self.roles:
            barred = any(self.me in rule.barred for rule in self._waiting)
            return "barred" if barred and holder and holder.self == self.me else "done"
        if holder is None:
            return "free"
        if holder.self != self.me:
            return "taken"
        return "judge" if self.unjudged.decisions else "decide"

    @property
    def role(self) -> str:
        """Role in which this person claimed the case, where it is theirs."""
        claimed = [r.entry.draft.body["role"] for r in self.item.own(self.me, "claimed")]
        return next((role for role in reversed(claimed) if role in self.roles), self.roles[0])

    @property
    def first(self) -> Mapping[str, Record]:
        """Own first judgements by decision, made before the model's answer was shown."""
        return self.item.first_judgements(self.me)

    @property
    def unjudged(self) -> Case:
        """Give the case with the decisions alone that this person did not judge yet."""
        first = self.first
        left = tuple(one for one in self.item.case.decisions if one.identity not in first)
        return replace(self.item.case, decisions=left)

    @property
    def reviewed(self) -> Record | None:
        """Last own review that counts."""
        found = self.item.own(self.me, "reviewed")
        return found[-1] if found else None

    @property
    def hindrances(self) -> tuple[str, ...]:
        """Why nothing that this person decides about the case would count."""
        demands = self.board.desk.demands
        by_rule = [
            rule.why_not(self.me) or next(duty_objections(rule.rule, self.person, demands), "")
            for rule in self._waiting
            if self._held & set(rule.turn)
        ]
        reasons = () if "" in by_rule else by_rule
        return tuple(dict.fromkeys((*unable(self.person, self.board.day), *reasons)))

    @property
    def _waiting(self) -> tuple[RuleStanding, ...]:
        return tuple(rule for one in self.item.decisions for rule in one.waiting)

    @property
    def _held(self) -> frozenset[str]:
        return self.person.roles - {SERVICE}
