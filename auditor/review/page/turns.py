"""Whose turn a case is, and what keeps somebody from deciding it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from auditor.ledger.authentic import SERVICE
from auditor.review.authority import duty_objections, person_on, reviewing_roles
from auditor.review.judging import judged_in

if TYPE_CHECKING:
    from auditor.review.authority import Person
    from auditor.review.case import FlaggedRule
    from auditor.review.page.board import Board
    from auditor.review.queue import Item
    from auditor.review.records import Record
    from auditor.signing.keyring import Keyring

Stage = Literal["free", "taken", "judge", "conflict", "decide", "done"]
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
        mine = sorted(self.person.roles - {SERVICE})
        return tuple(role for role in mine if self._left(role))

    @property
    def stage(self) -> Stage:
        """Where this person stands; everything is read from the ledger, and nothing from a form."""
        if not self.roles:
            return "done"
        if self.item.claimed_by is None:
            return "free"
        if self.item.claimed_by.self != self.person.self:
            return "taken"
        first = self.first
        if first is None:
            return "judge"
        return "conflict" if first.entry.draft.body["conflict"] else "decide"

    @property
    def role(self) -> str:
        """Role in which this person claimed the case, where it is theirs."""
        claimed = [r.entry.draft.body["role"] for r in self.item.own(self.person.self, "claimed")]
        return next((role for role in reversed(claimed) if role in self.roles), self.roles[0])

    @property
    def first(self) -> Record | None:
        """Last own judgement of every decision of this case, made before the model's answer."""
        wanted = {one.identity for one in self.item.case.decisions}
        found = [
            record
            for record in self.item.own(self.person.self, "first-judgement")
            if wanted <= judged_in(record.entry).keys()
        ]
        return found[-1] if found else None

    @property
    def reviewed(self) -> Record | None:
        """Last own review that counts."""
        found = self.item.own(self.person.self, "reviewed")
        return found[-1] if found else None

    @property
    def hindrances(self) -> tuple[str, ...]:
        """Why nothing that this person decides about the case would count."""
        return tuple(dict.fromkeys(self._hindrances()))

    def _hindrances(self) -> Iterator[str]:
        trained = self.person.trained_on
        if trained is None or trained > self.board.day:
            yield "the keyring does not say that you were trained on this system"
        if not self.person.may_change:
            yield "the keyring does not say that you may decide otherwise than the model"
        for one in self.item.decisions:
            for standing in one.waiting:
                yield from duty_objections(standing.rule, self.person, self.board.desk.demands)

    def _left(self, role: str) -> bool:
        escalated, demands = self.item.escalated_to, self.board.desk.demands
        if escalated is not None and role != escalated and not self._went_on():
            return False
        settled = self._settled()
        return any(
            role in reviewing_roles(standing.rule, escalated, demands)
            and (one.decision.identity, standing.rule.name) not in settled
            and not self._decided_before(one.decision.identity, standing.rule)
            for one in self.item.decisions
            for standing in one.waiting
        )

    def _went_on(self) -> bool:
        """Whether those to whom the case was passed on decided, and a second reader is missing."""
        return any(
            record.entry.draft.body["role"] == self.item.escalated_to
            for record in self.item.records
            if record.entry.draft.kind == "reviewed"
            and record.counts
            and record.entry.seq > self._escalated_at()
        )

    def _escalated_at(self) -> int:
        moves = [r for r in self.item.records if r.entry.draft.kind == "escalated" and r.counts]
        return moves[-1].entry.seq if moves else -1

    def _decided_before(self, identity: str, rule: FlaggedRule) -> bool:
        """Whether an appeal is against a decision of this very person."""
        if rule.asked is None or not rule.another_person:
            return False
        return any(
            record.entry.seq < rule.asked and identity in dict(record.settles)
            for record in self.item.own(self.person.self, "reviewed")
        )

    def _settled(self) -> set[tuple[str, str]]:
        """Parts that this person decided, since the case went to another role if it did."""
        return {
            part
            for record in self.item.own(self.person.self, "reviewed")
            if record.entry.seq > self._escalated_at()
            for part in record.settles
        }


def key_of_person(name: str, board_day: date, keyring: Keyring) -> str | None:
    """Key that entries of a person name: one that holds today, trained and free to decide first."""
    from auditor.policy.people import same_name

    found = [
        person
        for holder in keyring.holders
        if same_name(holder.name) == same_name(name)
        and (person := person_on(board_day, holder.key, keyring)) is not None
        and person.roles - {SERVICE}
    ]
    found.sort(key=lambda one: (one.trained_on is None, not one.may_change))
    return found[0].key if found else None
