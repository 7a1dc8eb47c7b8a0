"""Who may not settle a decision any more, because of what they did in its case before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from auditor.ledger.authentic import SERVICE
from auditor.ledger.clocks import APART
from auditor.ledger.reading import moment
from auditor.review.authority import day_of

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.authority import Person
    from auditor.review.case import Demands, FlaggedRule


@dataclass(slots=True)
class Bars:
    """What people did in one case, by what `Person.self` calls them.

    One person alone must not overturn what another one decided: neither by passing it on to a
    second role of theirs, nor by entering a request that nobody made. ``unsound`` are the numbers
    of requests that nobody can answer.
    """

    unsound: set[int] = field(default_factory=set)
    _decided: dict[tuple[str, str], int] = field(default_factory=dict)
    _passed_on: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _entered: dict[int, str] = field(default_factory=dict)
    _conflicts: dict[str, str] = field(default_factory=dict)
    _asked: dict[int, datetime] = field(default_factory=dict)

    def decided(self, identity: str, person: Person, seq: int) -> None:
        """Take in that somebody decided about a decision, under whichever rule."""
        self._decided.setdefault((identity, person.self), seq)

    def passed_on(self, identity: str, rule: str, person: Person) -> None:
        """Take in that somebody passed a decision on under a rule."""
        self._passed_on.setdefault((identity, rule), set()).add(person.self)

    def asked(self, entry: Entry) -> None:
        """Take in when a request was made, whoever stands behind it."""
        with suppress(ValueError):  # one without a time is nobody's word, and has no answer
            self._asked[entry.seq] = moment(entry.at)

    def said_before(self, rule: FlaggedRule, entry: Entry) -> bool:
        """Whether a review was signed, or stands, before the request that it answers."""
        if rule.asked is None:
            return False
        asked = self._asked.get(rule.asked)
        # a request that is dated ahead of its answer was there before it all the same
        there = None if asked is None else min(asked, moment(entry.at))
        return there is None or there - moment(entry.draft.said_at) > APART

    def entered(self, entry: Entry, person: Person, demands: Demands) -> Iterator[str]:
        """Take in who entered a request, and say why no review can answer it."""
        body = entry.draft.body
        self._entered[entry.seq] = person.self
        limits = []
        if demands.clocks.get((body["policy"], body["rule"])) != (
            body["request"],
            body["reviewer"],
        ):
            limits.append("no policy of this result sets its clock")
        if not person.roles & (demands.part_of(body["policy"]) - {SERVICE}):
            limits.append(f"whoever entered it holds no role of {body['policy']}")
        if day_of(body["due"]) is None:
            limits.append("it does not say on which day it is due")
        for limit in limits:
            self.unsound.add(entry.seq)
            yield f"{limit}, so it is open and cannot be answered"

    def declared(self, person: Person, *, when: str) -> None:
        """Take in that somebody declared a conflict of interest; it stays."""
        says = f"its reviewer declared a conflict of interest {when}"
        self._conflicts.setdefault(person.self, says)

    @property
    def conflicts(self) -> Mapping[str, str]:
        """Those who declared a conflict of interest, and what is said about them."""
        return self._conflicts

    def of(self, identity: str, rule: FlaggedRule, passed_on: int | None) -> dict[str, str]:
        """Those whose review cannot settle a decision under a rule, and why.

        Parameters
        ----------
        identity : of the decision
        rule : FlaggedRule
        passed_on : number of the entry that passed it on last, None where none did
        """
        barred: dict[str, str] = {}
        if passed_on is not None:
            was = f"{rule.name} was passed on, and is for another person than"
            barred |= dict.fromkeys(
                self.before(identity, passed_on), f"{was} those who decided before"
            )
            barred |= dict.fromkeys(
                self._passed_on.get((identity, rule.name), ()), f"{was} whoever passed it on"
            )
        if rule.asked in self._entered:
            says = f"{rule.name} is for another person than whoever entered it"
            barred |= {self._entered[rule.asked]: says}
        if rule.asked is not None and rule.another_person:
            says = f"{rule.name} is for another person than those who decided before"
            barred |= dict.fromkeys(self.before(identity, rule.asked), says)
        return barred | self._conflicts

    def before(self, identity: str, seq: int | None = None) -> frozenset[str]:
        """Those who decided about a decision before an entry, or at all."""
        return frozenset(
            person
            for (about, person), first in self._decided.items()
            if about == identity and (seq is None or first < seq)
        )
