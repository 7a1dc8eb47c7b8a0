"""A case that is passed on is decided by others: not by whoever passed it on or decided before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.review.office import (
    ADA,
    BEN,
    CLEO,
    LEA,
    PAGE,
    Member,
    Office,
    case,
    demands,
    ring,
    rule,
)

BOTH = Member("Ben", ("recruiter", "lead"))
KIM = Member("Kim", ("checkpoint",), trained_on=None, may_change=False)
LEO = replace(LEA, name="Leo")
NOTHING_WAITS = "nothing of this case waits for a person, so there is nothing to pass on"


def office_of(*members: Member, readers: int = 1) -> Office:
    return Office(cases=(case(1, rule(readers=readers)), case(2)), keyring=ring(*members))


def disagreeing(*members: Member) -> Office:
    office = office_of(*members)
    office.review(who=ADA, outcome="kept")
    office.review(who=BOTH, outcome="changed")
    return office


def test_one_of_two_who_disagree_does_not_decide_in_a_second_role():
    office = disagreeing(ADA, BOTH, LEA)
    office.escalate(who=BOTH)
    office.review(who=BOTH, outcome="changed", role="lead")

    assert office.why() == (
        "p/near was passed on, and is for another person than whoever passed it on",
    )
    assert office.item().state == "escalated"
    office.review(who=LEA, outcome="changed")  # negative control: somebody else does
    assert office.item().decisions[0].final == "favorable"


def test_whoever_decided_before_does_not_decide_after_somebody_else_passed_it_on():
    office = disagreeing(ADA, BOTH, CLEO, LEA)
    office.escalate(who=CLEO)
    office.review(who=BOTH, outcome="changed", role="lead")

    assert office.why() == (
        "p/near was passed on, and is for another person than those who decided before",
    )
    assert office.item().state == "escalated"


@pytest.mark.parametrize("readers", [1, 2])
def test_what_is_settled_is_not_passed_on(readers):
    office = office_of(ADA, BEN, LEA, readers=readers)
    for who in (ADA, BEN)[:readers]:
        office.review(who=who)
    office.escalate(who=BEN)

    assert office.why() == (NOTHING_WAITS,)
    assert (office.item().state, office.item().escalated_to) == ("resolved", None)


def test_of_several_rules_what_waits_goes_on_and_what_is_settled_stays():
    one = case(1, rule(), rule("p/drawn"))
    office = Office(cases=(one,), keyring=ring(ADA, BEN, LEA))
    office.review(who=ADA, rules=["p/near"])
    office.escalate(who=BEN)

    near, drawn = office.item().decisions[0].rules
    assert (near.settled, near.may, drawn.turn) == (True, ("recruiter",), ("lead",))


def test_rules_that_were_settled_differently_are_passed_on():
    office = Office(cases=(case(1, rule(), rule("p/drawn")),), keyring=ring(ADA, BEN, CLEO, LEA))
    office.review(who=ADA, outcome="kept", rules=["p/near"])
    office.review(who=BEN, outcome="changed", rules=["p/drawn"])
    office.escalate(who=CLEO)

    assert office.why() == ()
    office.review(who=LEA, outcome="changed")
    assert office.item().decisions[0].final == "favorable"


def test_nobody_passes_a_case_on_to_themselves_alone():
    office = office_of(ADA, BOTH)
    office.escalate(who=BOTH)
    assert office.why() == (
        "nobody else in the keyring holds the role 'lead' and may decide about it on this day",
    )
    office.escalate(who=ADA)  # negative control: to Ben, who has not decided
    assert office.item().escalated_to == "lead"


def test_a_case_goes_to_nobody_who_decided_before():
    office = disagreeing(ADA, BOTH, CLEO)
    office.escalate(who=CLEO)

    assert "nobody else in the keyring holds the role 'lead'" in office.why()[0]


@pytest.mark.parametrize("to", ["checkpoint", "review-service", "board"])
def test_a_case_goes_to_no_role_in_which_nobody_may_decide(to):
    office = office_of(ADA, BEN, KIM, PAGE)
    office.escalate(to=to)

    assert office.item().escalated_to is None
    assert office.why()
    office.review(who=BEN)
    assert office.item().state == "resolved"


@pytest.mark.parametrize(
    "lea",
    [
        replace(LEA, trained_on=None),
        replace(LEA, trained_on=date(2026, 11, 26)),
        replace(LEA, may_change=False),
        replace(LEA, until=date(2026, 11, 24)),
        replace(LEA, start=date(2026, 11, 26)),
    ],
)
def test_a_role_is_held_by_somebody_able_on_that_day(lea):
    office = office_of(ADA, BEN, lea)
    office.escalate()
    assert "nobody else in the keyring" in office.why()[0]

    office = office_of(ADA, BEN, lea, LEO)  # negative control
    office.escalate()
    assert office.item().escalated_to == "lead"


def test_duties_that_are_kept_apart_count_where_a_case_is_passed_on():
    owner = replace(LEA, roles=("lead", "owner"))
    roles = {"recruiter": ("review",), "lead": ("review",), "owner": ("own-the-model",)}
    apart = demands(roles, ("review", "own-the-model"))
    office = Office(demands=apart, keyring=ring(ADA, owner))
    office.escalate()
    assert "nobody else in the keyring" in office.why()[0]


@pytest.mark.parametrize("roles", [{}, {"recruiter": ("review",), "lead": ("review",)}])
def test_a_case_is_passed_back_to_its_reviewers(roles):
    office = Office(demands=demands(roles), keyring=ring(ADA, BEN, LEA))
    office.escalate(who=ADA)
    office.escalate(who=LEA, to="recruiter")
    assert office.item().roles == ("recruiter",)

    office.review(who=LEA)
    assert "asks for recruiter, not lead" in " ".join(office.why())
    office.review(who=ADA)
    assert "than whoever passed it on" in office.why()[0]
    office.review(who=BEN)
    assert office.item().state == "resolved"


def test_reviewers_take_a_case_back_that_waits_for_nobody_any_more():
    lea = replace(LEA, until=date(2026, 11, 25))
    office = office_of(ADA, BEN, CLEO, lea)
    office.escalate(who=ADA)
    office.later(days=2)
    office.review(who=BEN)  # not their turn: it is as if nobody had decided
    office.escalate(who=BEN, to="recruiter")
    office.review(who=CLEO)

    assert office.item().state == "resolved"


def test_a_case_is_not_passed_on_to_where_it_is():
    """Else the vote of whoever decided there first would be one from before."""
    office = office_of(ADA, BEN, CLEO, LEA, LEO, readers=2)
    office.escalate(who=ADA)
    office.review(who=LEA, outcome="changed")
    office.escalate(who=BEN)
    assert office.why() == ("lead is no role that the case can go to",)

    office.escalate(who=BEN, to="recruiter")
    assert office.why() == ("people of lead have decided about it, and only they pass it on",)
    office.review(who=BEN, outcome="changed")
    assert office.item().decisions[0].final == "favorable"


def test_a_vote_from_before_still_counts_towards_the_number_of_readers():
    office = office_of(ADA, BEN, LEA, readers=2)
    office.review(who=ADA, outcome="changed")
    office.escalate(who=BEN)
    office.review(who=LEA, outcome="changed")

    assert office.item().decisions[0].final == "favorable"
