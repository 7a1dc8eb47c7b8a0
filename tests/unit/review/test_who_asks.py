"""Who enters a request: somebody with a part in the policy, who does not answer it themselves."""

from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.review.requesting import checked_request, flagged
from tests.unit.review.office import (
    ADA,
    BEN,
    CLEO,
    PAGE,
    Member,
    Office,
    case,
    demands,
    ring,
    rule,
)

KIM = Member("Kim", ("checkpoint",), trained_on=None, may_change=False)
PAT = Member("Pat", ("payroll",))
DESK = Member("Dora", ("hr-desk",), trained_on=None, may_change=False)
KINDS = pytest.mark.parametrize("kind", ["appeal", "reconsideration"])
CLOCK = {"id": "appeal-clock", "kind": "appeal", "due_days": 45, "reviewer": "recruiter"}


def asked(office: Office, who: Member, kind: str = "reconsideration") -> str:
    """Name of the rule of a request that somebody entered."""
    office.request(kind=kind, by=who)
    return office.item().decisions[0].rules[-1].rule.name


@KINDS
def test_whoever_entered_a_request_does_not_answer_it(kind):
    office = Office(keyring=ring(ADA, BEN, CLEO))
    office.review(who=ADA)
    name = asked(office, BEN, kind)
    office.review(who=BEN, outcome="changed", rules=[name])

    assert office.why() == (f"{name} is for another person than whoever entered it",)
    assert office.item().decisions[0].pending
    office.review(who=CLEO, outcome="changed", rules=[name])  # negative control
    assert office.item().decisions[0].final == "favorable"


def test_a_second_key_of_whoever_entered_it_answers_it_no_more():
    twin = Member("Ben at home", ("recruiter",), same_as="BEN")
    office = Office(keyring=ring(ADA, BEN, twin))
    office.review(who=ADA)
    office.review(who=twin, outcome="changed", rules=[asked(office, BEN)])

    assert office.item().decisions[0].pending


def test_a_request_of_two_readers_is_answered_by_two_others():
    office = Office(cases=(case(1, rule(readers=2)),), keyring=ring(ADA, BEN, CLEO))
    office.review(who=ADA)
    office.review(who=BEN)
    name = asked(office, CLEO)
    for who in (CLEO, ADA):
        office.review(who=who, outcome="changed", rules=[name])
    assert office.item().decisions[0].pending

    office.review(who=BEN, outcome="changed", rules=[name])
    assert office.item().decisions[0].final == "favorable"


@pytest.mark.parametrize("who", [KIM, PAGE, PAT])
def test_a_request_of_a_key_without_a_part_in_the_policy_opens_and_is_answered_by_nobody(who):
    office = Office(keyring=ring(ADA, BEN, KIM, PAGE, PAT))
    office.review(who=ADA)
    name = asked(office, who)
    assert "holds no role of p, so it is open and cannot be answered" in office.why()[0]

    office.review(who=ADA, outcome="changed", rules=[name])
    assert office.item().decisions[0].pending
    office.review(who=ADA, outcome="changed", rules=[asked(office, BEN)])  # entered again
    assert office.item().decisions[0].final == "favorable"


def test_any_role_that_the_policy_names_may_enter_requests():
    roles = {"recruiter": ("review",), "hr-desk": ("run-audits",)}
    office = Office(demands=demands(roles), keyring=ring(ADA, DESK))
    office.review(who=ADA)
    office.review(who=ADA, outcome="changed", rules=[asked(office, DESK)])

    assert office.item().decisions[0].final == "favorable"


@pytest.mark.parametrize("who", [KIM, PAGE, PAT])
def test_the_command_refuses_a_request_that_nobody_could_answer(who):
    office = Office(keyring=ring(ADA, BEN, KIM, PAGE, PAT))
    about = flagged(office.desk, "A-1")
    said = {"policy": "p", "received": office.now.date(), "now": office.now}
    with pytest.raises(UsageError) as caught:
        checked_request(office.desk, about, CLOCK, private=who.private, **said)
    assert {one.slug for one in caught.value.problems} == {"requested-by-nobody"}

    made = checked_request(office.desk, about, CLOCK, private=BEN.private, **said)
    assert (made.reasons, made.limits) == ((), ())
