"""What the entries about one case come to: claims, escalations, votes, and what does not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from auditor.ledger.authentic import SERVICE
from auditor.ledger.reading import moment
from auditor.review.authority import (
    record_objections,
    reviewing_roles,
    settling_objections,
    time_objections,
)
from auditor.review.bars import Bars
from auditor.review.claims import last_day
from auditor.review.needs import need_objections
from auditor.review.passing import NOTHING_WAITS, waiting_parts, why_not_to
from auditor.review.reasons import reason_objections
from auditor.review.requests import replaced, unanswerable
from auditor.review.settling import DecisionStanding, Escalation, RuleStanding, Vote, standing
from auditor.review.statements import unread

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.authority import Person
    from auditor.review.case import Case, Demands, FlaggedDecision, FlaggedRule
    from auditor.signing.keyring import Keyring

SAYS_NOTHING = "its rationale says nothing"
REPEATED = "its id was said before: a repeated signature says nothing new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry about a case, and why it counts for nothing, or for less than it says.

    ``person`` is None where nobody stands behind it. ``objections`` are against all of it,
    ``limits`` against parts; ``settles`` are the decisions and rules that it speaks for.
    """

    entry: Entry
    person: Person | None
    objections: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    settles: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it does anything."""
        return not self.objections


@dataclass(slots=True, kw_only=True)
class Story:
    """A case as its entries are told one after the other.

    ``empty`` are the ids of reviews whose rationale is at hand, and says nothing, ``gone`` those
    of entries whose statement was erased or lost up to here.
    """

    case: Case
    demands: Demands
    keyring: Keyring | None = None
    empty: frozenset[str] = frozenset()
    gone: set[str] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)
    claimed_by: Person | None = None
    claimed_on: date | None = None
    votes: dict[tuple[str, str], dict[str, Vote]] = field(default_factory=dict)
    escalations: dict[tuple[str, str], Escalation] = field(default_factory=dict)
    _said: list[tuple[Entry, Person]] = field(default_factory=list)
    _bars: Bars = field(default_factory=Bars)
    _ids: set[str] = field(default_factory=set)

    def tell(self, entry: Entry, person: Person | None, why_not: str | None = None) -> Record:
        """Take in one entry; ``why_not`` says why it is nobody's word."""
        if entry.draft.kind == "requested":
            self._bars.asked(entry)
        if entry.draft.kind == "requested" and why_not is not None:
            # it opens something, so nobody has to stand behind it
            limit = f"nobody stands behind it, and it is in the queue all the same: {why_not}"
            record = Record(entry=entry, person=None, limits=(limit,))
            self._bars.unsound.add(entry.seq)
        elif person is None or why_not is not None:
            record = Record(
                entry=entry, person=None, objections=(why_not or "nobody is known to have said it",)
            )
        elif entry.draft.id in self._ids:
            record = Record(entry=entry, person=person, objections=(REPEATED,))
        else:
            record = self._taken(entry, person)
        self.records.append(record)
        if person is not None and record.person is not None:
            self._ids.add(entry.draft.id)
            self._said.append((entry, person))
            if entry.draft.body.get("conflict"):
                first = entry.draft.kind == "first-judgement"
                when = "at the first judgement" if first else "in an earlier review"
                self._bars.declared(person, when=when)
        return record

    @property
    def decisions(self) -> tuple[DecisionStanding, ...]:
        """Every decision of the case, under each of its rules."""
        found: dict[str, list[RuleStanding]] = {one.identity: [] for one in self.case.decisions}
        for decision, rule in self._parts():
            at = (decision.identity, rule.name)
            found[decision.identity].append(
                standing(
                    rule,
                    self.votes.get(at, {}),
                    self.escalations.get(at),
                    self.demands,
                    barred=self._barred(decision, rule),
                    decided=self._bars.before(decision.identity),
                    nobody=unanswerable(rule, self._bars.unsound),
                )
            )
        return tuple(
            DecisionStanding(decision=one, rules=tuple(found[one.identity]))
            for one in self.case.decisions
        )

    def holder_on(self, day: date) -> Person | None:
        """Who works on the case on a day: a claim that was not followed up gives it back."""
        if self.claimed_on is None or day > last_day(self.claimed_on):
            return None
        return self.claimed_by

    @property
    def escalated_to(self) -> str | None:
        """Role that the case went to last."""
        last = max(self.escalations.values(), key=lambda told: told.seq, default=None)
        return None if last is None else last.to_role

    def _parts(self) -> Iterator[tuple[FlaggedDecision, FlaggedRule]]:
        """Every rule of every decision; a sound request takes the place of unsound ones."""
        for decision in self.case.decisions:
            gone = replaced(decision, self._bars.unsound)
            yield from ((decision, rule) for rule in decision.rules if rule.asked not in gone)

    def _taken(self, entry: Entry, person: Person) -> Record:
        match entry.draft.kind:
            case "reviewed":
                return self._reviewed(entry, person)
            case "claimed":
                objections = list(self._claim(entry, person))
            case "released":
                objections = list(self._release(person))
            case "escalated":
                objections = list(self._escalate(entry, person))
            case "requested":
                limits = tuple(self._bars.entered(entry, person, self.demands))
                return Record(entry=entry, person=person, limits=limits)
            case "first-judgement":
                objections = list(time_objections(entry.draft.body))
            case _:
                objections = []
        return Record(entry=entry, person=person, objections=tuple(objections))

    def _reviewed(self, entry: Entry, person: Person) -> Record:
        objections = list(record_objections(entry, person, self._said))
        objections += unread(entry, (one.entry for one in self.records), self.gone)
        objections += [SAYS_NOTHING] if entry.draft.id in self.empty else []
        conflicts = self._bars.conflicts
        objections += [conflicts[person.self]] if person.self in conflicts else []
        if objections:
            return Record(entry=entry, person=person, objections=tuple(objections))
        limits: list[str] = []
        settled: list[tuple[str, str]] = []
        for part in entry.draft.body["settles"]:
            for name in part["rules"]:
                found = list(self._settle(entry, person, part, name))
                limits += found
                if not found:
                    settled.append((part["identity"], name))
        if settled:
            self.claimed_by = self.claimed_on = None
        limits = list(dict.fromkeys(limits))
        return Record(
            entry=entry,
            person=person,
            objections=() if settled else tuple(limits),
            limits=tuple(limits) if settled else (),
            settles=tuple(settled),
        )

    def _settle(self, entry: Entry, person: Person, part: Any, name: str) -> Iterator[str]:
        decision = self.case.decision(part["identity"])
        if decision is None:
            yield "it is about a decision that is not in this case, or was made anew since"
            return
        rule = next((rule for rule in decision.rules if rule.name == name), None)
        if rule is None:
            yield f"{name} did not flag this decision"
            return
        at, role = (decision.identity, name), entry.draft.body["role"]
        to = self._to_role(at)
        found = list(settling_objections(part, decision, rule, role, person, to, self.demands))
        found += self._answers_not(entry, decision, rule, person)
        found += reason_objections(
            entry.draft.body["reason_codes"], part["outcome"], rule, self.demands
        )
        found += need_objections(entry.draft.body, rule, self.demands)
        yield from found
        if found:
            return
        self._bars.decided(decision.identity, person, entry.seq)
        votes = self.votes.setdefault(at, {})
        before, day = votes.get(person.self), moment(entry.at).date()
        votes[person.self] = Vote(
            name=person.name,
            role=role,
            final=part["final"],
            outcome=part["outcome"],
            on=before.on if before and before.final == part["final"] else day,
            seq=entry.seq,
        )

    def _answers_not(
        self, entry: Entry, decision: FlaggedDecision, rule: FlaggedRule, person: Person
    ) -> Iterator[str]:
        """Why a review cannot answer a request, if the rule is one."""
        nobody = unanswerable(rule, self._bars.unsound)
        if nobody:
            yield nobody
        if self._bars.said_before(rule, entry):
            yield f"it was said before {rule.name} was asked for"
        barred = self._barred(decision, rule)
        if person.self in barred:
            yield barred[person.self]

    def _barred(self, decision: FlaggedDecision, rule: FlaggedRule) -> dict[str, str]:
        """Those whose review cannot settle a decision under a rule any more, and why."""
        passed_on = self.escalations.get((decision.identity, rule.name))
        return self._bars.of(decision.identity, rule, None if passed_on is None else passed_on.seq)

    def _claim(self, entry: Entry, person: Person) -> Iterator[str]:
        yield from self._not_a_reader(entry.draft.body["role"], person)
        day = moment(entry.at).date()
        holder = self.holder_on(day)
        if holder is not None and holder.self != person.self:
            yield "somebody else works on the case"
        elif self._reads(entry.draft.body["role"], person):
            self.claimed_by, self.claimed_on = person, day

    def _release(self, person: Person) -> Iterator[str]:
        """Whoever claimed it gives it back, or another one of its readers when they are away."""
        mine = self.claimed_by is not None and self.claimed_by.self == person.self
        if mine or any(self._reads(role, person) for role in person.roles):
            self.claimed_by = self.claimed_on = None
        else:
            yield "it is not theirs to give back"

    def _escalate(self, entry: Entry, person: Person) -> Iterator[str]:
        body = entry.draft.body
        yield from self._not_a_reader(body["role"], person)
        role, to_role, day = body["role"], body["to_role"], moment(entry.at).date()
        why_not: list[str] = []
        moves: list[tuple[str, str]] = []
        for decision, rule in waiting_parts(self.decisions):
            why = why_not_to(rule, role, to_role, person, self.demands, self.keyring, day)
            why_not += [why] if why else []
            moves += [] if why else [(decision.decision.identity, rule.rule.name)]
        if not moves:
            yield why_not[0] if why_not else NOTHING_WAITS
        elif role in person.roles:
            for at in moves:
                self.escalations[at] = Escalation(to_role=to_role, seq=entry.seq)
                self._bars.passed_on(*at, person)
            self.claimed_by = self.claimed_on = None

    def _to_role(self, at: tuple[str, str]) -> str | None:
        found = self.escalations.get(at)
        return None if found is None else found.to_role

    def _reads(self, role: str, person: Person) -> bool:
        return (
            role in person.roles
            and role != SERVICE
            and any(
                role
                in reviewing_roles(rule, self._to_role((one.identity, rule.name)), self.demands)
                for one, rule in self._parts()
            )
        )

    def _not_a_reader(self, role: str, person: Person) -> Iterator[str]:
        if role not in person.roles:
            yield f"its reviewer did not hold the role {role!r} on that day"
        elif not self._reads(role, person):
            yield f"no rule of this case asks for {role}"
