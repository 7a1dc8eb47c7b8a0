"""A reviewer corrects their own review on the page, as long as it is theirs alone."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.ledger import new_draft
from auditor.review.recording import checked_review
from tests.unit.review.front import WORDS, Front, decision, flagged, judgement, place, reveal, text
from tests.unit.review.office import ADA, BEN, CLEO, LEA, PAGE, Member, demands, ring, rule, said
from tests.unit.review.test_page_cases import ask

WHY = "I had read the work sample of somebody else."


@pytest.fixture
def front(tmp_path):
    return Front(tmp_path)


def reviewed(front, who=ADA, becomes="kept", n=0, **fields):
    """Browser of somebody with a review on record, and the id of it."""
    browser, one = front.logged_in(who), front.cases[n]
    reveal(front, browser, one)
    answer = browser.post(place(one, "decide"), **decision(one, becomes, **fields))
    assert answer.status_code == 303
    return browser, front.entries[-1].draft.id


def correct(browser, one, review, becomes="changed", **more):
    fields = decision(one, becomes, rationale=WHY) | more
    return browser.post(place(one, "correct"), review=review, **fields)


def form_of(browser, one, review):
    return browser.get(f"{place(one, 'correct')}?review={review}")


def final_of(front, n=0):
    with front.sitting() as (board, _):
        return board.items[front.cases[n].id].decisions[0].final


def test_a_mistake_is_corrected_by_a_new_entry_and_both_are_shown(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    assert final_of(front) == "unfavorable"
    assert 'href="/decided">What you decided' in ada.get("/").text
    assert "can be corrected" in text(ada.get("/decided"))
    done = ada.get(place(one))
    assert f"/correct?review={review}" in done.text
    front.later(seconds=30)
    form = form_of(ada, one, review)
    assert f'value="{review}"' in form.text
    front.later(seconds=20)
    done = ada.follow(correct(ada, one, review))

    assert "Your correction is on record as entry 4; entry 3 stays. The case is settled." in text(
        done
    )
    assert final_of(front) == "favorable"
    before, entry = front.entries[-2:]
    assert (entry.draft.kind, entry.draft.by) == ("reviewed", ADA.key)
    body = entry.draft.body
    assert (body["corrects"], body["first"]) == (review, before.draft.body["first"])
    assert body["settles"][0]["rules"] == before.draft.body["settles"][0]["rules"]
    assert body["seconds"] == before.draft.body["seconds"] + 20
    shown = text(done)
    for told in ("Entry 3", WORDS, "outcome kept: unfavorable", "entry 4 stands in its place",
                 "Entry 4", WHY, "outcome changed to: favorable", "a correction"):  # fmt: skip
        assert told in shown, told


def test_the_form_holds_what_was_said_but_for_the_words(front):
    one = front.cases[0]
    ada, review = reviewed(front, considered_other="a talk", reason_codes="gap, skill")
    form = form_of(ada, one, review)

    assert 'value="kept" checked' in form.text
    assert 'value="work sample" checked' in form.text
    assert 'value="a talk"' in form.text
    assert 'value="gap, skill"' in form.text
    assert WORDS not in form.text


def test_listed_reason_codes_are_ticked_as_before_and_asked_for_again(tmp_path):
    listed = {"gap": "The gap is explained.", "sample": "The sample says more."}
    front = Front(tmp_path, demands=replace(demands(), reasons={"p": listed}))
    one = front.cases[0]
    ada, review = reviewed(front, becomes="changed", reason_codes=["gap", "sample"])
    form = form_of(ada, one, review)
    for code in listed:
        assert f'name="reason_codes" value="{code}" checked' in form.text
    answer = correct(ada, one, review, reason_codes=[])
    assert (answer.status_code, 'id="reason_codes-wrong"' in answer.text) == (422, True)
    assert correct(ada, one, review, reason_codes=["sample"]).status_code == 303
    assert front.entries[-1].draft.body["reason_codes"] == ["sample"]


@pytest.mark.parametrize(
    ("judged", "becomes", "why"),
    [
        ("favorable", "changed", "the final outcome is not the model"),
        ("favorable", "kept", "the final outcome is not that of the first judgement"),
    ],
)
def test_a_correction_without_words_is_not_taken(front, judged, becomes, why):
    one = front.cases[0]
    ada, review = reviewed(front)
    size = len(front.entries)
    answer = correct(ada, one, review, becomes, rationale=" ")

    assert (answer.status_code, why in text(answer)) == (422, True)
    assert 'id="rationale-wrong"' in answer.text
    past = correct(ada, one, review, takes_effect="2020-01-01", considered="")
    assert past.status_code == 422
    assert "a review comes before it" in past.text
    assert len(front.entries) == size


def refused(front, browser, review, why, n=0):
    """A correction that is refused: its form is not shown, and what is sent not recorded."""
    one, size = front.cases[n], len(front.entries)
    for answer in (form_of(browser, one, review), correct(browser, one, review)):
        assert answer.status_code == 409
        assert why in text(answer)
        assert "Step 2" not in answer.text
    assert len(front.entries) == size


def test_nobody_corrects_the_review_of_another(front):
    one, other = front.cases
    ada, review = reviewed(front)
    for who in (BEN, LEA):
        browser = front.logged_in(who)
        shown = browser.get(place(one))
        assert WORDS not in shown.text
        assert "/correct" not in shown.text
        refused(front, browser, review, "only whoever said it can correct it")
    ben, _ = reviewed(front, BEN, n=1)
    refused(front, ben, review, "only whoever said it", n=1)
    refused(front, ada, "f" * 32, "only whoever said it")
    refused(front, ada, "", "only whoever said it")
    assert correct(front.logged_in(), replace(other, id="none"), review).status_code == 404


def test_a_review_that_was_corrected_is_corrected_no_more_but_the_correction_is(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    correct(ada, one, review)
    refused(front, ada, review, "entry 4 stands in its place")
    again = front.entries[-1].draft.id
    assert correct(ada, one, again, "kept").status_code == 303
    assert final_of(front) == "unfavorable"


def test_what_somebody_else_decided_as_well_is_no_more_one_persons_own(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2),))
    one = front.cases[0]
    ada, review = reviewed(front)
    assert correct(ada, one, review, "kept").status_code == 303  # nobody else has decided it yet
    review = front.entries[-1].draft.id
    ben, of_ben = reviewed(front, BEN, "changed")

    refused(front, ada, review, "somebody else has decided it as well")
    refused(front, ben, of_ben, "somebody else has decided it as well")
    shown = text(ada.get(place(one)))
    assert "You cannot correct it here: somebody else has decided it as well" in shown


def test_while_somebody_else_works_on_a_case_it_is_not_taken_from_them(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2),))
    one = front.cases[0]
    ada, review = reviewed(front)
    ben = front.logged_in(BEN)
    ben.post(place(one, "claim"), role="recruiter")

    refused(front, ada, review, "somebody else is at work on the case now")
    ben.post(place(one, "release"))
    assert correct(ada, one, review).status_code == 303


def test_once_the_person_concerned_asked_it_is_for_others(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    ask(front, one, "I was ill.")
    refused(front, ada, review, "the person concerned has asked since")

    ben = front.logged_in(BEN)
    reveal(front, ben, one)
    answered = decision(one, "changed", statement="considered")
    assert ben.post(place(one, "decide"), **answered).status_code == 303
    answer = front.entries[-1].draft.id
    refused(front, ben, answer, "it answers a request of the person concerned")
    refused(front, ada, review, "the person concerned has asked since")
    assert final_of(front) == "favorable"


def test_a_case_that_was_passed_on_since_is_corrected_by_nobody(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2),))
    one = front.cases[0]
    ada, review = reviewed(front)
    cleo = front.logged_in(CLEO)
    cleo.post(place(one, "claim"), role="recruiter")
    cleo.post(place(one, "escalate"), role="recruiter", to_role="lead", why="A hard one.")
    refused(front, ada, review, "the case was passed on since")


def test_a_decision_that_took_effect_is_corrected_no_more(front):
    one = front.cases[0]
    day = front.now.date() + timedelta(days=2)
    ada, review = reviewed(front, takes_effect=day.isoformat())
    front.later(days=2)
    ada = front.logged_in()
    assert form_of(ada, one, review).status_code == 200
    front.later(days=1)
    refused(front, front.logged_in(), review, f"the decision took effect on {day}")


def test_whoever_lost_the_role_corrects_nothing_in_it(tmp_path):
    front = Front(tmp_path)
    today = front.now.date()
    later = Member("Ada as lead", ("lead",), start=today + timedelta(days=1), same_as="Ada")
    front.keyring = ring(replace(ADA, until=today), later, BEN, PAGE)
    _, review = reviewed(front)
    front.later(days=1)
    refused(front, front.logged_in(later), review, "you do not hold the role 'recruiter' today")


def test_a_review_of_another_door_without_a_first_judgement_is_not_corrected_here(front):
    one = front.cases[0]
    with front.sitting() as (board, ledger):
        told = replace(said(one), takes_effect=front.now.date() + timedelta(days=9))
        made = checked_review(board.desk, told, private=ADA.private, now=front.now)
        ledger.append([made.draft], made.words)
    ada = front.logged_in()
    assert "The case is settled." in text(ada.get(place(one)))
    refused(front, ada, made.draft.id, "no first judgement of yours stands before it")


def test_a_correction_speaks_for_all_rules_of_the_review_that_it_corrects(tmp_path):
    """One of two rules waits for a second reader: the other one must not stay behind."""
    plain = flagged(1)
    due = plain.decisions[0].rules[0].due
    rules = (rule("p/near", due=due), rule("p/far", due=due, readers=2))
    one = replace(plain, decisions=(replace(plain.decisions[0], rules=rules),))
    front = Front(tmp_path, cases=(one,))
    ada, review = reviewed(front)
    assert correct(ada, one, review).status_code == 303

    assert sorted(front.entries[-1].draft.body["settles"][0]["rules"]) == ["p/far", "p/near"]
    reviewed(front, BEN, "changed")
    assert final_of(front) == "favorable"


def test_of_a_case_with_several_decisions_only_those_of_the_review_are_corrected(tmp_path):
    plain = flagged(1)
    two = replace(plain.decisions[0], identity="e" * 32, decision="A-9")
    one = replace(plain, decisions=(*plain.decisions, two))
    front = Front(tmp_path, cases=(one,))
    ada, review = reviewed(front)
    assert correct(ada, one, review).status_code == 303
    with front.sitting() as (board, _):
        assert {d.final for d in board.items[one.id].decisions} == {"favorable"}


def test_nobody_else_sends_it_and_no_other_page(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    size = len(front.entries)
    ada.post(place(one, "correct"), **decision(one) | {"token": "t", "review": review})
    other = {"sec-fetch-site": "cross-site"}
    assert ada.post(place(one, "correct"), headers=other, review=review).status_code == 403
    assert front.browser().post(place(one, "correct"), review=review).status_code == 401
    assert front.browser().get(f"{place(one, 'correct')}?review={review}").status_code == 401
    assert len(front.entries) == size


def test_a_login_that_ends_in_a_correction_loses_nothing(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    form_of(ada, one, review)
    front.later(minutes=31)
    assert correct(ada, one, review).status_code == 401
    ada = front.logged_in()
    assert "stands in the form when you correct" in text(ada.get(place(one)))
    form = form_of(ada, one, review)
    assert WHY in form.text
    assert 'value="changed" checked' in form.text
    assert correct(ada, one, review).status_code == 303
    assert "stands in the form" not in text(ada.get(place(one)))


def test_a_form_of_a_correction_sent_twice_is_recorded_once(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    assert correct(ada, one, review).status_code == 303
    size = len(front.entries)
    again = correct(ada, one, review)
    assert (again.status_code, len(front.entries)) == (409, size)


def test_what_another_door_records_at_that_moment_is_not_overlooked(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2), flagged(2)))
    one, other = front.cases
    ada, review = reviewed(front)

    def decide(about) -> None:
        """Ben decides on the command line."""
        front.meanwhile = lambda: None
        told = replace(said(about), takes_effect=front.now.date() + timedelta(days=9))
        with front.sitting() as (board, ledger):
            made = checked_review(board.desk, told, private=BEN.private, now=front.now)
            ledger.append([made.draft], made.words)

    size = len(front.entries)
    form_of(ada, one, review)
    front.meanwhile = lambda: decide(one)
    answer = correct(ada, one, review, unseen=True)
    assert (answer.status_code, len(front.entries)) == (503, size + 1)
    assert "Nothing was recorded" in text(answer)
    assert "at this very moment" in text(answer)
    assert front.service.drafts.of("ada", one.id)["rationale"] == (WHY,)
    refused(front, ada, review, "somebody else has decided it as well")

    ada.post(place(other, "claim"), role="recruiter")
    ada.post(place(other, "judge"), **judgement(other))
    front.meanwhile = lambda: decide(one)  # about another case: that is nothing to this one
    assert ada.post(place(other, "decide"), **decision(other)).status_code == 303


def test_words_that_were_erased_are_not_asked_for(front):
    one = front.cases[0]
    ada, review = reviewed(front)
    with closing(front.opened()) as ledger:
        body = {"case": one.id, "entries": [{"id": review, "fields": ["rationale"]}]}
        ledger.erase(new_draft(ledger.name, "erased", body, now=front.now))
    shown = text(ada.get(place(one)))
    assert "Its words were erased." in shown
    assert WORDS not in shown


def test_what_others_decided_is_on_no_list_of_mine(front):
    reviewed(front)
    shown = text(front.logged_in(BEN).get("/decided"))
    assert "0 cases" in shown
    assert "A-1" not in shown
    assert "/decided" not in front.logged_in(BEN).get("/").text
    assert re.search("A-1 .* settled", text(front.logged_in(ADA).get("/decided")))


def test_a_first_judgement_is_not_corrected(front):
    """It stays as it is, and a correction names the one that stands."""
    one = front.cases[0]
    ada, review = reviewed(front)
    ada.post(place(one, "judge"), **judgement(one, "unfavorable"))
    correct(ada, one, review)
    assert front.kinds().count("first-judgement") == 1
