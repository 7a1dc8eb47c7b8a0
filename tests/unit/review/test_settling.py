"""How many people settle a decision, and whose word stands when they disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.review.office import (
    ADA,
    BEN,
    CLEO,
    EVE,
    LEA,
    TEAM,
    Member,
    Office,
    case,
    ring,
    rule,
)
from tests.unit.review.office import demands as asked

LEO = replace(LEA, name="Leo")


def two_readers(*members: Member, roles: dict[str, tuple[str, ...]] | None = None) -> Office:
    return Office(cases=(case(1, rule(readers=2)),), demands=asked(roles), keyring=ring(*members))


def test_the_last_word_of_one_person_stands(office):
    first = office.review(outcome="kept")
    office.review(outcome="changed", corrects=first.draft.id)

    assert office.item().state == "resolved"
    assert office.item().decisions[0].final == "favorable"
    office.review(outcome="kept", conflict=True)
    assert office.item().decisions[0].final == "favorable"


def test_two_people_who_disagree_leave_it_open_until_a_third_decides(office):
    office.review(outcome="kept")
    office.review(who=BEN, outcome="changed")
    assert office.item().missing == (
        "p/near: its reviewers disagree, and another one has to decide",
    )

    office.review(who=CLEO, outcome="changed")
    assert office.item().decisions[0].final == "favorable"


def test_two_readers_are_two_people_who_agree():
    office = two_readers()
    office.review()
    office.review()
    assert office.item().missing == ("p/near: a second person has to come to the same outcome",)

    office.review(who=BEN, outcome="changed")
    assert "disagree" in office.item().missing[0]
    office.review(who=CLEO, outcome="not-used", final="unfavorable")
    assert office.item().state == "resolved"
    assert office.item().decisions[0].final == "unfavorable"


def test_two_keys_of_one_person_are_one_reader():
    twin = Member("Ada at home", ("recruiter",), same_as="ada")
    office = two_readers(ADA, twin)
    office.review()
    office.review(who=twin)

    assert office.item().state == "open"


def test_a_policy_that_names_second_readers_wants_one():
    roles = {"recruiter": ("review",), "lead": ("second-review",)}
    office = two_readers(roles=roles)
    office.review()
    office.review(who=BEN)
    assert "one reader and one second reader" in office.item().missing[0]
    office.review(who=LEA)
    assert office.item().state == "resolved"

    office = two_readers(*TEAM, LEO, roles=roles)
    office.review(who=LEA)
    office.review(who=LEO)
    assert office.item().state == "open"


def test_after_an_escalation_its_people_decide(office):
    office.review(outcome="kept")
    office.escalate(who=BEN)
    assert office.item().state == "escalated"
    assert office.item().roles == ("lead",)
    assert "escalated to lead, and none of them has decided" in office.item().missing[0]

    office.review(who=CLEO, outcome="kept")
    assert office.item().state == "escalated"
    office.review(who=LEA, outcome="changed")
    assert office.item().state == "resolved"
    assert office.item().decisions[0].final == "favorable"
    assert office.item().decisions[0].role == "lead"


@pytest.mark.parametrize(
    ("to", "roles", "moves"),
    [
        ("lead", {}, True),
        ("lead", {"recruiter": ("review",), "lead": ("review",)}, True),
        ("lead", {"recruiter": ("review",), "lead": ("run-audits",)}, False),
        ("review-service", {}, False),
        ("recruiter", {}, False),
    ],
)
def test_a_case_goes_to_people_who_may_review(to, roles, moves):
    office = Office(demands=asked(roles))
    office.escalate(to=to)

    assert office.item().escalated_to == (to if moves else None)
    assert bool(office.why()) != moves


def test_nobody_escalates_in_a_role_that_they_do_not_hold(office):
    office.escalate(role="lead", to="board")
    assert "did not hold the role 'lead'" in office.why()[0]
    office.escalate(who=LEA, to="recruiter")
    assert "no rule of this case asks for lead" in office.why()[0]
    office.escalate(who=EVE)

    assert office.item().escalated_to is None


def test_readers_of_an_escalated_case_still_are_two():
    office = two_readers()
    office.review(outcome="kept")
    office.escalate()
    office.review(who=LEA, outcome="changed")
    assert "second person" in office.item().missing[0]
    office.review(who=BEN, outcome="changed")

    assert office.item().state == "resolved"
    assert office.item().decisions[0].final == "favorable"


def test_rules_of_one_decision_that_were_settled_differently_leave_it_open():
    office = Office(cases=(case(1, rule(), rule("p/legal", reviewer="lead")),))
    office.review(outcome="kept", rules=["p/near"])
    assert office.item().missing == ("p/legal: nobody has reviewed it",)

    office.review(who=LEA, outcome="changed", rules=["p/legal"])
    assert office.item().missing == ("its rules were settled with different outcomes",)
    assert office.queue().reviews_open == 1
    office.review(outcome="changed", rules=["p/near"])
    assert office.queue().reviews_open == 0


def test_a_record_settles_only_the_rules_of_its_role():
    office = Office(cases=(case(1, rule(), rule("p/legal", reviewer="lead")),))
    office.review()

    assert office.why() == ("p/legal asks for lead, not recruiter",)
    assert office.item().records[-1].counts
    assert office.item().state == "open"
