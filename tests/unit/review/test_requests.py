"""Requests of people concerned: each opens a review of its own, and its answer is the last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.review.office import ADA, BEN, CLEO, Office, case, rule

APPEAL = "p/appeal-clock"


def only(office: Office, n: int = 0):
    (one,) = office.item(n).decisions
    return one


def test_a_request_about_a_decision_that_nobody_flagged_is_a_case_of_its_own(office):
    office.request(case="f" * 32, identity="e" * 32)
    item = office.item(2)
    assert (item.case.id, item.state, item.due) == ("f" * 32, "open", date(2027, 1, 9))
    assert [one.rule.name for one in only(office, 2).rules] == [APPEAL]
    assert only(office, 2).pending


def test_a_request_reopens_what_was_settled_and_its_answer_is_the_last_word(office):
    office.review(0, ADA)
    assert only(office).final == "unfavorable"
    office.request()
    assert only(office).pending
    office.review(0, BEN, outcome="changed", rules=[APPEAL])
    assert (only(office).pending, only(office).final) == (False, "favorable")


def test_two_rules_that_end_differently_without_a_request_stay_open():
    """The negative control: only a request goes before other rules."""
    office = Office(cases=(case(1, rule("p/near"), rule("p/drawn")),))
    office.review(0, ADA, rules=["p/near"])
    office.review(0, BEN, outcome="changed", rules=["p/drawn"])
    assert only(office).pending


def test_an_appeal_is_for_another_person_than_the_one_who_decided(office):
    office.review(0, ADA)
    office.request()
    office.review(0, ADA, outcome="changed", rules=[APPEAL])
    assert office.why() == (f"{APPEAL} is for another person than those who decided before",)
    assert only(office).pending


def test_a_reconsideration_may_be_answered_by_the_same_person(office):
    office.review(0, ADA)
    office.request(kind="reconsideration")
    office.review(0, ADA, outcome="changed", rules=["p/reconsideration-clock"])
    assert only(office).final == "favorable"


def test_whoever_decides_for_the_first_time_may_answer_flag_and_appeal_at_once(office):
    office.request()
    office.review(0, ADA, rules=["p/near", APPEAL])
    assert only(office).final == "unfavorable"


def test_each_request_is_answered_by_itself(office):
    office.request()
    office.review(0, ADA, rules=["p/near", APPEAL])
    office.request()
    assert only(office).pending
    assert [one.rule.name for one in only(office).rules] == ["p/near", APPEAL, f"{APPEAL}/2"]
    office.review(0, ADA, rules=[f"{APPEAL}/2"])
    assert only(office).pending
    office.review(0, CLEO, outcome="changed", rules=[f"{APPEAL}/2"])
    assert (only(office).final, only(office).role) == ("favorable", "recruiter")


def test_a_clock_whose_name_begins_like_another_is_not_counted_with_it(office):
    office.request(rule="appeal")
    office.request(rule="appeal-late")
    assert [one.rule.name for one in only(office).rules][1:] == ["p/appeal", "p/appeal-late"]


def test_the_id_of_the_decision_lies_beside_the_chain_and_may_be_gone(office):
    entry = office.request(case="f" * 32, identity="e" * 32)
    named = replace(office.desk, ids={entry.draft.id: "A-99"})
    assert named.all_cases[2].decisions[0].decision == "A-99"
    assert office.desk.all_cases[2].decisions[0].decision == ""


@pytest.mark.parametrize("kind", ["appeal", "reconsideration"])
def test_an_unsigned_request_opens_and_settles_nothing(office, kind):
    entry = office.request(kind=kind)
    office.entries[-1] = replace(entry, draft=replace(entry.draft, signature=None, by=None))
    assert only(office).pending
