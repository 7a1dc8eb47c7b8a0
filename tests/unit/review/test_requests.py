"""Requests of people concerned: each opens a review of its own, and its answer is the last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditor.ledger import Draft, Words, new_draft
from tests.unit.review.office import ADA, BEN, CLEO, LEA, LEDGER, Office, case, rule

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


def test_whoever_decided_does_not_answer_the_appeal_with_their_second_word_on_the_flag(office):
    office.review(0, ADA)
    office.request()
    office.review(0, ADA, rules=["p/near", APPEAL])
    assert only(office).pending
    assert office.item(0).records[-1].limits == (
        f"{APPEAL} is for another person than those who decided before",
    )
    office.review(0, BEN, rules=[APPEAL])
    assert only(office).final == "unfavorable"


@pytest.mark.parametrize("forged", [{"policy": "none"}, {"rule": "x"}, {"reviewer": "lead"}])
def test_a_request_under_no_clock_of_the_result_waits_and_cannot_be_answered(office, forged):
    office.review(0, ADA)
    office.request(**forged)
    name = only(office).rules[-1].rule.name
    office.review(0, LEA if "reviewer" in forged else BEN, outcome="changed", rules=[name])
    assert only(office).pending
    assert "has to be entered again, signed" in office.why()[0]
    office.request()
    office.review(0, BEN, outcome="changed", rules=[only(office).rules[-1].rule.name])
    assert only(office).final == "favorable"


def test_nobody_answers_a_request_that_nobody_stands_behind_until_somebody_enters_it(office):
    entry = office.request()
    office.entries[-1] = replace(entry, draft=replace(entry.draft, signature=None, by=None))
    office.review(0, ADA, outcome="changed", rules=[APPEAL])
    assert only(office).pending
    office.review(0, ADA, rules=["p/near"])
    assert only(office).pending
    office.request()
    assert [one.rule.name for one in only(office).rules] == ["p/near", f"{APPEAL}/2"]
    office.review(0, BEN, rules=[f"{APPEAL}/2"])
    assert only(office).final == "unfavorable"


def test_an_answer_from_before_the_request_answers_nothing(office):
    office.review(0, ADA, rules=["p/near", APPEAL])
    office.request()
    assert only(office).pending


def test_a_request_about_what_two_people_decided_is_answered_by_two():
    office = Office(cases=(case(1, rule(readers=2)),))
    office.review(0, ADA)
    office.review(0, BEN)
    assert only(office).final == "unfavorable"
    office.request(kind="reconsideration")
    office.review(0, CLEO, outcome="changed", rules=["p/reconsideration-clock"])
    assert only(office).pending
    office.review(0, ADA, outcome="changed", rules=["p/reconsideration-clock"])
    assert only(office).final == "favorable"


def test_a_statement_that_was_given_is_not_passed_over(office):
    asked_in_words(office, "I was ill.")
    office.review(0, ADA, rules=["p/near", APPEAL])
    assert office.why() == (
        "the person concerned gave a statement, and it says that they gave none",
    )
    office.review(0, ADA, rules=["p/near", APPEAL], statement="considered")
    assert only(office).final == "unfavorable"


def test_a_decision_has_one_case_whatever_its_requests_say(office):
    """Else Ada, who decided in one of them, would answer the appeal in the other."""
    office.review(0, ADA)
    office.request(0, case="f" * 32)
    assert len(office.queue().items) == 2
    assert only(office).pending
    office.review(0, ADA, outcome="changed", rules=[APPEAL])
    assert only(office).pending

    for _ in range(2):
        office.request(0, case="d" * 32, identity="e" * 32)
        office.request(0, case="c" * 32, identity="e" * 32)
    assert [one.case.id for one in office.queue().items][2:] == ["d" * 32]
    assert len(only(office, 2).rules) == 4
    for desk in (office.desk, office.desk.apart(office.now.date())["d" * 32]):
        assert desk.item("d" * 32, office.now.date()) == office.item(2)
    assert [one.case.id for one in office.desk.queue(office.now.date(), only="d" * 32).items] == [
        "d" * 32
    ]


def test_every_id_that_requests_gave_a_decision_is_known(office):
    first = office.request(case="f" * 32, identity="e" * 32)
    second = office.request(case="f" * 32, identity="e" * 32)
    named = replace(office.desk, ids={first.draft.id: "A-98", second.draft.id: "A-99"})
    assert named.all_cases[2].decisions[0].named == ("A-98", "A-99")


def unsigned(office: Office, kind: str) -> None:
    entry = office.request(0, kind)
    office.entries[-1] = replace(entry, draft=replace(entry.draft, signature=None, by=None))


@pytest.mark.parametrize(
    ("forged", "signed", "replaces"),
    [
        ("appeal", "appeal", True),
        ("reconsideration", "appeal", True),
        ("reconsideration", "reconsideration", True),
        ("appeal", "reconsideration", False),  # that one could answer who decided before
    ],
)
def test_a_signed_request_replaces_an_unsigned_one_that_asks_for_no_more(
    office, forged, signed, replaces
):
    unsigned(office, forged)
    office.request(0, signed)
    name = only(office).rules[-1].rule.name
    office.review(0, ADA, rules=["p/near", name])
    assert only(office).pending != replaces


def test_an_unsigned_request_after_one_that_was_answered_waits(office):
    office.request()
    office.review(0, ADA, rules=["p/near", APPEAL])
    assert not only(office).pending
    unsigned(office, "appeal")
    assert only(office).pending
    office.request()
    office.review(0, BEN, rules=[f"{APPEAL}/3"])
    assert not only(office).pending


def test_an_answer_that_was_signed_before_the_request_answers_nothing(office):
    body = office.body(0, ADA, rules=["p/near", APPEAL])
    early = office.draft("reviewed", body).signed(ADA.private)
    office.later(hours=1)
    office.request()
    office.put(early)
    assert only(office).pending
    assert office.why() == (f"it was said before {APPEAL} was asked for",)
    office.review(0, BEN, rules=[APPEAL])
    assert only(office).final == "unfavorable"


def asked_in_words(office: Office, text: str) -> Draft:
    said = {"statement": Words(text=text, salt="1" * 32)}
    body = office.request().draft.body
    office.entries.pop()
    draft = new_draft(LEDGER, "requested", body, words=said, now=office.now).signed(BEN.private)
    office.put(draft)
    return draft


@pytest.mark.parametrize(
    ("kind", "signed", "body", "days"),
    [
        ("erased", True, {"case": ""}, 0),
        ("erased", False, {"case": ""}, 0),
        ("erased", True, {"case": "d" * 32}, 0),  # another case: it is gone all the same
        ("erased", True, {"case": ""}, 36500),  # whatever its day
        ("salvaged", False, {"size": 2, "root": "", "damaged": ""}, 0),
    ],
    ids=["erased", "by nobody", "another case", "dated ahead", "lost in a salvage"],
)
def test_a_statement_that_is_gone_is_considered_only_in_words_of_the_review(
    office, kind, signed, body, days
):
    asked = asked_in_words(office, "I was ill.")
    body = body | {"entries": [{"id": asked.id, "fields": ["statement"]}]}
    if body.get("case") == "":
        body["case"] = office.cases[0].id
    draft = new_draft(LEDGER, kind, body, now=office.now)
    at = office.now + timedelta(days=days)
    erased = office.put(draft.signed(LEA.private) if signed else draft, at)
    rules = ["p/near", APPEAL]
    office.review(0, ADA, rules=rules, statement="considered")
    (why,) = office.why()
    assert "a statement that was erased before" in why
    assert only(office).pending
    alone = office.desk.apart(office.now.date())[office.cases[0].id]
    for desk in (alone, office.desk):
        (item,) = [one for one in desk.queue(office.now.date()).items if one.pending][:1]
        assert (item.unread, item.records[-1].objections) == ({asked.id}, (why,))
    told = new_draft(
        LEDGER,
        "reviewed",
        office.body(0, ADA, rules=rules, statement="considered"),
        words={"rationale": Words(text="r"), "statement": Words(text="I was ill.")},
        now=office.now,
    )
    office.put(told.signed(ADA.private))
    assert only(office).final == "unfavorable"
    office.entries[:] = [one for one in office.entries if one is not erased]
    assert office.why() == ()


def test_a_review_that_considered_a_statement_counts_after_it_was_erased(office):
    asked = asked_in_words(office, "I was ill.")
    office.review(0, ADA, rules=["p/near", APPEAL], statement="considered")
    body = {"case": office.cases[0].id, "entries": [{"id": asked.id, "fields": ["statement"]}]}
    office.put(new_draft(LEDGER, "erased", body, now=office.now).signed(LEA.private))
    assert only(office).final == "unfavorable"


def test_a_request_without_a_time_waits_and_has_no_answer(office):
    office.request()
    office.entries[-1] = replace(office.entries[-1], at="soon")
    office.review(0, CLEO, rules=["p/near", APPEAL])
    assert only(office).pending


def test_a_request_that_is_dated_ahead_can_be_answered_today(office):
    office.now += timedelta(days=400)
    office.request()
    office.now -= timedelta(days=400)
    office.review(0, CLEO, rules=["p/near", APPEAL])
    assert only(office).final == "unfavorable"
