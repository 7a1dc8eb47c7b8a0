"""No step of anybody closes a mandatory flag without the independent signatures that it asks for.

What was signed is kept beside the ledger by the test itself, so that the rules are told a second
time, in other words: a flag is closed only if enough different people, each with the right role,
training and power on that day, themselves made a genuine and whole record of that very decision.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test
from hypothesis.stateful import rule as step

from tests.unit.review.office import (
    ADA,
    BEN,
    CLEO,
    EVE,
    LEA,
    NOW,
    PAGE,
    Member,
    Office,
    case,
    demands,
    ring,
    rule,
)

TWIN = Member("Ada at home", ("recruiter",), same_as="ADA")
NEW = Member("Nia", ("recruiter",), trained_on=None)
WEAK = Member("Wim", ("recruiter",), may_change=False)
GONE = Member("Gus", ("recruiter",), until=NOW.date())
OWNER = Member("Olga", ("recruiter", "owner"))
KNOWN = (ADA, BEN, CLEO, LEA, PAGE, TWIN, NEW, WEAK, GONE, OWNER)
ALL = (*KNOWN, EVE)
ROLES = {"recruiter": ("review",), "lead": ("review",), "owner": ("own-the-model",)}
CASES = 3

members, numbers = st.sampled_from(ALL), st.integers(0, CASES - 1)
outcomes = st.sampled_from(["kept", "changed", "not-used"])
FAULTS = (
    {"considered": []},
    {"explanation_shown": []},
    {"takes_effect": "2026-11-24"},
    {"takes_effect": None},
    {"conflict": True},
    {"trained_on": None},
    {"may_change": False},
    {"statement": "not-considered"},
    {"rules": ["p/other"]},
    {"role": "owner"},
)


class Governance(RuleBasedStateMachine):
    """Three cases: one reader, two readers, and a rule of the lead's."""

    def __init__(self):
        super().__init__()
        self.office = Office(
            cases=(
                case(1),
                case(2, rule(readers=2), outcome="favorable"),
                case(3, rule("p/legal", reviewer="lead")),
            ),
            demands=demands(ROLES, ("review", "own-the-model")),
            keyring=ring(*KNOWN),
        )
        self.whole: list[set[str]] = [set() for _ in range(CASES)]

    def mark(self, n: int, who: Member) -> None:
        """Remember who made a record in which nothing is missing, of those who may."""
        able = {one.name for one in (ADA, BEN, CLEO, LEA, TWIN)}
        if self.office.now.date() <= NOW.date():
            able.add(GONE.name)
        if who.name in able:
            self.whole[n].add((who.same_as or who.name).lower())

    @step(n=numbers, who=members, outcome=outcomes)
    def review(self, n, who, outcome):
        self.office.review(n, who, outcome=outcome, takes_effect="2027-12-31")
        self.mark(n, who)

    @step(n=numbers, who=members, fault=st.sampled_from(FAULTS))
    def review_with_a_fault(self, n, who, fault):
        self.office.review(n, who, **fault)

    @step(n=numbers, who=members)
    def review_without_words(self, n, who):
        office = self.office
        draft = office.draft("reviewed", office.body(n, who), words=False)
        office.put(draft.signed(who.private))

    @step(n=numbers, who=members, by=members)
    def review_in_the_name_of_another(self, n, who, by):
        office = self.office
        body = office.body(n, by, takes_effect="2027-12-31")
        office.put(replace(office.draft("reviewed", body), by=by.key).signed(who.private))
        if who in (PAGE, by):
            self.mark(n, by)

    @step(n=numbers, who=members)
    def forge(self, n, who):
        office = self.office
        draft = office.draft("reviewed", office.body(n, who)).signed(EVE.private)
        office.put(replace(draft, by=who.key, signed_with=who.key))

    @step(n=numbers, who=members)
    def say_without_a_key(self, n, who):
        self.office.put(
            replace(self.office.draft("reviewed", self.office.body(n, who)), by=who.key)
        )

    @step(which=st.integers(0, 200))
    def replay(self, which):
        self.office.put(self.office.entries[which % len(self.office.entries)].draft)

    @step(which=st.integers(0, 200), n=numbers)
    def move_a_signature_to_another_case(self, which, n):
        old = self.office.entries[which % len(self.office.entries)].draft
        if old.kind == "reviewed" and old.body["case"] != self.office.cases[n].id:
            body = self.office.body(n, ADA, takes_effect="2027-12-31")
            self.office.put(replace(old, id="f" * 32, body=body))

    @step(n=numbers, who=members, to=st.sampled_from(["lead", "recruiter", "owner", "board"]))
    def escalate(self, n, who, to):
        self.office.escalate(n, who, to)

    @step(n=numbers, who=members)
    def claim(self, n, who):
        self.office.claim(n, who)

    @step(n=numbers, who=members)
    def release(self, n, who):
        self.office.release(n, who)

    @step(days=st.integers(1, 3))
    def wait(self, days):
        if self.office.now.date() < date(2027, 6, 1):
            self.office.now += timedelta(days=days)

    @invariant()
    def nothing_is_closed_without_independent_signatures(self):
        found = self.office.queue()
        for n, item in enumerate(found.items):
            (decision,) = item.decisions
            if decision.final is not None:
                needed = max(one.rule.readers for one in decision.rules)
                assert len(self.whole[n]) >= needed
        assert found.reviews_open == sum(item.state != "resolved" for item in found.items)


def run(machine, *, steps: int, examples: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=phases,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_steps_close_a_flag_without_the_signatures_that_it_asks_for():
    run(Governance, steps=20, examples=25)


@pytest.mark.trust
def test_a_hundred_thousand_steps_close_no_flag_either():
    run(Governance, steps=50, examples=2_000)


def test_the_steps_do_close_flags_and_the_invariant_would_see_one_too_many():
    """Negative control: with the authority of the keyring taken away, it breaks at once."""

    class Open(Governance):
        def mark(self, n, who):
            pass  # as if nobody had signed anything

    with pytest.raises(AssertionError):
        run(Open, steps=20, examples=50, phases=[Phase.generate])
