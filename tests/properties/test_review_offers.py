"""What is offered to somebody is what a review of theirs would count for, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from hypothesis.stateful import rule as step

from auditor.errors import UsageError
from auditor.review import checked_review
from auditor.review.authority import person_on
from auditor.review.page.board import Board
from auditor.review.page.turns import Turn
from auditor.review.settling import RuleStanding
from auditor.review.worksheet.choosing import of_role, why_not
from tests.properties.test_review_governance import (
    CASES,
    KNOWN,
    OWNER,
    Governance,
    members,
    numbers,
    outcomes,
    run,
)
from tests.unit.review.office import Member, said

kinds = st.sampled_from(["appeal", "reconsideration"])


class Offers(Governance):
    """The same three cases; people ask as well, and what they ask for is answered."""

    def __init__(self):
        super().__init__()
        self.looks = self.offered = 0

    @step(n=numbers, kind=kinds)
    def ask(self, n, kind):
        self.office.request(n, kind)

    @step(n=numbers, kind=kinds)
    def ask_without_a_signature(self, n, kind):
        entry = self.office.request(n, kind)
        self.office.entries[-1] = replace(
            entry, draft=replace(entry.draft, signature=None, by=None)
        )

    @step(n=numbers, who=members, conflict=st.booleans())
    def judge(self, n, who, conflict):
        one = self.office.cases[n]
        judged = [{"identity": one.decisions[0].identity, "judged": "favorable"}]
        body = {
            "case": one.id, "result": "a" * 64, "role": who.roles[0], "judgements": judged,
            "confidence": "low", "conflict": conflict, "seconds": None,
        }  # fmt: skip
        draft = self.office.draft("first-judgement", body, words=False)
        self.office.put(draft.signed(who.private))

    @step(n=numbers, who=st.sampled_from(KNOWN), outcome=outcomes)
    def answer(self, n, who, outcome):
        """Review what waits, as somebody would who is offered it."""
        rules = [rule.rule.name for one in self.office.item(n).decisions for rule in one.waiting]
        self.office.review(n, who, outcome=outcome, rules=rules, takes_effect="2027-12-31")
        self.mark(n, who)

    @invariant()
    def what_is_offered_counts(self):
        """Of one person and one case, another pair after every step."""
        pairs = [(n, who) for n in range(CASES) for who in KNOWN]
        n, who = pairs[len(self.office.entries) * 7 % len(pairs)]
        for role in who.roles:
            self.compare(n, who, role)

    def compare(self, n: int, who: Member, role: str) -> None:
        office, day = self.office, self.office.now.date()
        person = person_on(day, who.key, office.keyring)
        item = office.item(n)
        if person is None:
            return
        wanted = self.counts(n, who, role)
        turn = Turn(Board.of(office.desk, day), item, person)
        assert (role in turn.roles and not turn.hindrances) == wanted
        if item.claimed_by is None or item.claimed_by.self == person.self:
            found = [why_not(item, rules, person, office.desk) for _, rules in of_role(item, role)]
            assert ("" in found) == wanted
        self.looks += 1
        self.offered += wanted
        SEEN[wanted] = SEEN.get(wanted, 0) + 1

    def counts(self, n: int, who: Member, role: str) -> bool:
        """Whether a whole review by somebody would settle what is their role's turn, for them."""
        office, item = self.office, self.office.item(n)
        me = person_on(office.now.date(), who.key, office.keyring).self
        told = said(item.case, role=role, takes_effect=date(2027, 12, 31), statement="considered")
        made = checked_review(office.desk, told, private=who.private, now=office.now)
        after = office.desk.with_entries([office.desk.next_entry(made.draft, office.now)])
        settles = set(after.item(item.case.id, office.now.date()).records[-1].settles)
        return any(
            (one.decision.identity, rule.rule.name) in settles
            for one in item.decisions
            for rule in one.waiting
            if role in rule.turn and me not in rule.voted
        )


SEEN: dict[bool, int] = {}


def test_what_is_offered_counts_and_what_counts_is_offered():
    SEEN.clear()
    run(Offers, steps=20, examples=15)
    assert min(SEEN[True], SEEN[False]) > 10


@pytest.mark.trust
def test_twenty_thousand_steps_offer_nothing_else_either():
    run(Offers, steps=40, examples=500)


def test_a_bar_that_is_forgotten_would_be_seen(monkeypatch):
    """Negative control: people are offered what they may not answer."""
    monkeypatch.setattr(RuleStanding, "why_not", lambda _self, _person: "")
    with pytest.raises((AssertionError, UsageError)):
        run(Offers, steps=25, examples=50, phases=[Phase.generate])


def test_somebody_whose_duties_are_kept_apart_is_offered_nothing():
    machine = Offers()
    machine.compare(0, OWNER, "recruiter")
    assert (machine.looks, machine.offered) == (1, 0)
