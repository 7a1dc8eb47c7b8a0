"""What the reviews that count come to, under one rule: settled, or what is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from auditor.review.authority import reviewing_roles

if TYPE_CHECKING:
    from auditor.ledger.bodies import Done, Final
    from auditor.review.case import Demands, FlaggedDecision, FlaggedRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one person decided last about one decision under one rule.

    ``on`` is the day on which they first came to this outcome, ``seq`` numbers their last word.
    """

    name: str
    role: str
    final: Final
    outcome: Done
    on: date
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The role that a decision went to, and with which entry."""

    to_role: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStanding:
    """One decision under one rule: its final outcome and who gave it, or what is missing.

    ``may`` are the roles in which a review of it counts, ``turn`` those of them that are next.
    ``to`` is the role that it was passed on to, empty where it was not, and ``begun`` whether
    somebody whose turn it was has decided about it since. ``voted`` are people whose
    vote stands, ``decided`` those who decided about the decision at any time, and ``barred`` those
    whose vote cannot count any more with the reason, by what `Person.self` calls them; ``nobody``
    says why nobody's can.
    """

    rule: FlaggedRule
    final: Final | None
    outcome: Done | None
    role: str | None
    on: date | None
    missing: str
    may: tuple[str, ...]
    turn: tuple[str, ...]
    to: str
    begun: bool
    voted: frozenset[str]
    decided: frozenset[str]
    barred: Mapping[str, str]
    nobody: str

    @property
    def settled(self) -> bool:
        """Whether enough people decided, and agree."""
        return self.final is not None

    @property
    def in_time(self) -> bool:
        """Whether it was settled by its day."""
        return self.on is not None and (self.rule.due is None or self.on <= self.rule.due)

    def why_not(self, person: str) -> str:
        """Say why somebody is not asked to decide it; empty when their vote would count."""
        if self.nobody or person in self.barred:
            return self.nobody or self.barred[person]
        return "this person has decided it, and another one has to" if person in self.voted else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStanding:
    """One decision under all of its rules.

    ``pending`` is True while a mandatory review of it is open, or the people who looked at it
    under several rules came to different outcomes: then nobody can say what was decided.
    ``final`` is what people decided; None where they did not, or have not yet.
    """

    decision: FlaggedDecision
    rules: tuple[RuleStanding, ...]

    @property
    def finals(self) -> frozenset[Final]:
        """Outcomes that people came to; that of the last request goes before others."""
        settled = [one for one in self.rules if one.final is not None]
        asked = [one for one in settled if one.rule.asked is not None]
        last = max(asked, key=lambda one: one.rule.asked or 0, default=None)
        return frozenset(one.final for one in ([last] if last else settled) if one.final)

    @property
    def pending(self) -> bool:
        """Whether it waits for a person."""
        return len(self.finals) > 1 or any(rule.rule.mandatory for rule in self.waiting)

    @property
    def waiting(self) -> tuple[RuleStanding, ...]:
        """Rules that somebody still has to look at; advised ones where none is mandatory."""
        if len(self.finals) > 1:
            return self.rules
        mandatory = [one for one in self.rules if one.rule.mandatory]
        return tuple(one for one in mandatory or self.rules if not one.settled)

    @property
    def due(self) -> date | None:
        """Day by which the first of them is due."""
        return min((one.rule.due for one in self.waiting if one.rule.due), default=None)

    @property
    def final(self) -> Final | None:
        """What people decided."""
        return next(iter(self.finals)) if len(self.finals) == 1 and not self.pending else None

    @property
    def role(self) -> str | None:
        """Role of whoever decided last, on the last request where there was one."""
        settled = [one for one in self.rules if one.on is not None]
        by = max(settled, key=lambda one: (one.rule.asked or 0, one.on or date.min), default=None)
        return None if by is None else by.role

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, mandatory reviews first."""
        waiting = sorted(
            (r for r in self.rules if not r.settled), key=lambda r: not r.rule.mandatory
        )
        said = [one.missing + ("" if one.rule.mandatory else " (advised)") for one in waiting]
        if len(self.finals) > 1:
            said.insert(0, "its rules were settled with different outcomes")
        return tuple(said)


def standing(
    rule: FlaggedRule,
    votes: Mapping[str, Vote],
    escalation: Escalation | None,
    demands: Demands,
    *,
    barred: Mapping[str, str],
    decided: frozenset[str] = frozenset(),
    nobody: str = "",
) -> RuleStanding:
    """Settled by as many people as the rule asks for who agree, and outnumber those who do not.

    After an escalation the people of the role that it went to decide; earlier votes only count
    towards the number of readers.

    Parameters
    ----------
    rule : FlaggedRule
    votes : mapping of a person to their vote
        Of reviews that count.
    escalation, demands
    barred, decided, nobody : see `RuleStanding`
    """
    to, since = ("", -1) if escalation is None else (escalation.to_role, escalation.seq)
    after = {person: vote for person, vote in votes.items() if vote.seq > since}
    deciding = {person: vote for person, vote in after.items() if not to or vote.role == to}
    final = _most(deciding)
    agree = {person: vote for person, vote in votes.items() if final and vote.final == final}
    missing = nobody or _missing(rule, agree, demands, decided=bool(deciding), to=to)
    may = reviewing_roles(rule, to or None, demands)
    settled = None if final is None or missing else _settled(rule, final, deciding, agree)
    return RuleStanding(
        rule=rule,
        final=None if settled is None else settled.final,
        outcome=None if settled is None else settled.outcome,
        role=None if settled is None else settled.role,
        on=None if settled is None else settled.on,
        missing=f"{rule.name}: {missing}" if missing else "",
        may=may,
        # those whom it went to decide first; only then somebody else can agree with them
        turn=() if nobody else (to,) if to and final is None else may,
        to=to,
        begun=bool(deciding),
        voted=frozenset(after),
        decided=decided,
        barred=barred,
        nobody=nobody,
    )


def _settled(
    rule: FlaggedRule, final: Final, deciding: Mapping[str, Vote], agree: Mapping[str, Vote]
) -> Vote:
    """Last vote for the outcome, with the day on which there were enough of them."""
    days = sorted(vote.on for vote in agree.values())
    chose = [vote for vote in deciding.values() if vote.final == final]
    day = max(days[rule.readers - 1], min(vote.on for vote in chose))
    return replace(max(chose, key=lambda vote: vote.seq), on=day)


def _most(votes: Mapping[str, Vote]) -> Final | None:
    """Outcome that more people came to than to any other."""
    counted = Counter(vote.final for vote in votes.values()).most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]


def _missing(
    rule: FlaggedRule, agree: Mapping[str, Vote], demands: Demands, *, decided: bool, to: str
) -> str:
    if not decided:
        went = f"it was escalated to {to}, and none of them has decided"
        return went if to else "nobody has reviewed it"
    if not agree:
        return "its reviewers disagree, and another one has to decide"
    if len(agree) < rule.readers:
        return "a second person has to come to the same outcome"
    second = demands.may(rule.policy, "second-review")
    if rule.readers > 1 and second:
        seconders = {person for person, vote in agree.items() if vote.role in second}
        firsts = {
            person
            for person, vote in agree.items()
            if vote.role not in second or vote.role == rule.reviewer
        }
        if not seconders or not firsts or len(seconders | firsts) < rule.readers:
            return "one reader and one second reader have to come to the same outcome"
    return ""
