"""How many people settle a decision, and whose word stands when they disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.review import checked_review
from auditor.review.authority import person_on
from auditor.review.page.board import Board
from auditor.review.page.turns import Turn
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
    said,
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
    office.review(who=BEN, outcome="changed")
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


def test_a_rule_that_did_not_go_on_with_the_others_stays_with_its_reviewer():
    """The policy q lets no case go to a lead, so its rule is still the recruiters' to settle."""
    office = Office(cases=(case(1, rule(), rule("q/near")),))
    roles = {"p": {}, "q": {"recruiter": ("review",)}}
    office.demands = replace(office.demands, roles=roles, keep_apart={})
    office.escalate(who=BEN)
    assert office.item().roles == ("lead", "recruiter")

    told = [said(office.cases[0], role=who.roles[0]) for who in (ADA, LEA)]
    for who, one in zip((ADA, LEA), told, strict=True):
        made = checked_review(office.desk, one, private=who.private, now=office.now)
        assert (made.reasons, made.limits) == ((), ())
        turn = Turn(Board.of(office.desk, office.now.date()), office.item(), person(office, who))
        assert turn.roles == who.roles
        office.put(made.draft)
    assert office.item().state == "resolved"


def person(office: Office, who: Member):
    return person_on(office.now.date(), who.key, office.keyring)


def test_an_unsigned_request_that_a_signed_one_replaced_is_nobodys_turn():
    office = Office()
    entry = office.request(0, reviewer="board")
    office.entries[-1] = replace(entry, draft=replace(entry.draft, signature=None, by=None))
    assert office.item().roles == ("recruiter", "board")  # somebody has to enter it again
    office.request(0)
    assert office.item().roles == ("recruiter",)
    office.review(0, rules=["p/near", "p/appeal-clock/2"])
    assert (office.item().state, office.item().roles) == ("resolved", ("recruiter",))
