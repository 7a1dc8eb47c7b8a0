"""Whether a review counts: each demand lets a good record through, and stops one without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.unit.review.office import (
    ADA,
    BEN,
    EVE,
    FIRST,
    LEA,
    NOW,
    PAGE,
    Member,
    Office,
    demands,
    ring,
)


def test_a_record_in_which_nothing_is_missing_counts(office):
    office.review()

    assert office.why() == ()
    assert office.item().state == "resolved"
    assert office.queue().reviews_open == 1  # the other case


@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        ({"role": "lead"}, "did not hold the role 'lead'"),
        ({"trained_on": None}, "does not say on which day its reviewer was trained"),
        ({"trained_on": "2026-03-02"}, "does not say on which day its reviewer was trained"),
        ({"may_change": False}, "does not say that its reviewer may decide otherwise"),
        ({"considered": []}, "no information that was considered beyond the score"),
        ({"considered": [" "]}, "no information that was considered beyond the score"),
        ({"explanation_shown": []}, "no explanation of the model's answer"),
        ({"takes_effect": None}, "does not say on which day the decision takes effect"),
        ({"takes_effect": "soon"}, "does not say on which day the decision takes effect"),
        ({"takes_effect": "2026-11-24"}, "made after the decision took effect on 2026-11-24"),
        ({"statement": "not-considered"}, "had to say was not considered"),
        ({"conflict": True}, "declared a conflict of interest"),
        ({"settles": []}, "settles nothing"),
        ({"corrects": "f" * 32}, "corrects a review that is not its reviewer's own"),
        ({"first": "f" * 32}, "first judgement that is not its reviewer's own"),
        ({"outcome": "changed", "final": "unfavorable"}, "says changed"),
        ({"final": "favorable"}, "says kept, and its outcome is not the model's"),
        ({"rules": ["p/other"]}, "p/other did not flag this decision"),
        ({"considered": "CV"}, "no entry of its kind: considered is a text, not a list"),
    ],
)
def test_a_record_that_lacks_something_counts_for_nothing(office, lacks, says):
    office.review(**lacks)

    (why,) = office.why()
    assert says in why
    assert office.item().state == "open"
    assert office.queue().reviews_open == 2


def test_a_record_on_the_day_of_its_effect_is_in_time(office):
    office.review(takes_effect=NOW.date().isoformat())

    assert office.why() == ()


def test_a_record_without_a_rationale(office):
    office.put(office.draft("reviewed", office.body(), words=False).signed(ADA.private))

    assert office.why() == ("it gives no rationale",)


def test_a_record_settles_one_decision_once(office):
    body = office.body()
    twice = body | {"settles": body["settles"] * 2}
    office.put(office.draft("reviewed", twice).signed(ADA.private))

    assert office.why() == ("it settles one decision twice",)


def test_a_record_about_another_outcome_of_the_model(office):
    body = office.body()
    body["settles"][0] |= {"model": "favorable", "final": "unfavorable"}
    office.put(office.draft("reviewed", body).signed(ADA.private))

    assert office.why() == ("it is about another outcome of the model",)


@pytest.mark.parametrize(
    ("ada", "says"),
    [
        (replace(ADA, trained_on=None), "not say that its reviewer was trained by that day"),
        (
            replace(ADA, trained_on=date(2026, 11, 26)),
            "not say that its reviewer was trained by that day",
        ),
        (replace(ADA, may_change=False), "may not decide otherwise"),
        (replace(ADA, until=date(2026, 11, 24)), "its key holds from 2026-01-01 to 2026-11-24"),
        (replace(ADA, start=date(2026, 11, 26)), "its key holds from 2026-11-26"),
        (replace(ADA, roles=("lead", "clerk")), "asks for recruiter, not lead"),
    ],
)
def test_the_keyring_decides_and_not_the_record(ada, says):
    office = Office(keyring=ring(ada, BEN, LEA))
    office.review(who=ada, may_change=True)

    assert [why for why in office.why() if says in why]
    assert office.item().state == "open"


def test_nobody_counts_who_is_not_known(office):
    office.review(who=EVE)
    assert office.why() == ("its key is not in the keyring",)

    office.put(replace(office.draft("reviewed", office.body()), by=ADA.key))
    assert office.why() == ("nobody signed it",)

    forged = office.draft("reviewed", office.body()).signed(EVE.private)
    office.put(replace(forged, by=ADA.key, signed_with=ADA.key))
    assert office.why() == ("its signature is not genuine",)

    named = replace(office.draft("reviewed", office.body()), by=ADA.key)
    office.put(named.signed(BEN.private))
    assert "without the role 'review-service'" in office.why()[0]
    assert office.queue().reviews_open == 2


def test_without_a_keyring_nothing_counts(office):
    office.review()
    office.keyring = None

    assert office.why() == ("no keyring says whose key is whose",)
    assert office.queue().reviews_open == 2


def test_a_service_signs_for_whom_it_let_in_and_is_no_reviewer_itself():
    office = Office(keyring=ring(ADA, replace(PAGE, trained_on=ADA.trained_on, may_change=True)))
    named = replace(office.draft("reviewed", office.body()), by=ADA.key)
    office.put(named.signed(PAGE.private))
    assert office.why() == ()
    assert office.item().records[-1].person.name == "Ada"

    office.review(1, who=PAGE, trained_on="2026-03-01", may_change=True)
    assert "did not hold the role 'review-service'" in office.why(1)[0]


def test_a_signature_over_another_case_clears_nothing(office):
    entry = office.review(0)
    moved = {**entry.draft.body, "case": office.cases[1].id}
    office.put(replace(entry.draft, body=moved))
    assert office.why(1) == ("its signature is not genuine",)

    body = office.body(0) | {"case": office.cases[1].id}
    office.put(office.draft("reviewed", body).signed(ADA.private))
    assert office.why(1) == (
        "it is about a decision that is not in this case, or was made anew since",
    )


def test_a_repeated_signature_takes_no_correction_back(office):
    first = office.review(outcome="kept")
    office.review(outcome="changed", corrects=first.draft.id)
    office.put(first.draft)

    assert "repeated signature" in office.why()[0]
    assert office.item().decisions[0].final == "favorable"


def test_an_entry_of_another_ledger_says_nothing_here(office):
    other = replace(office.draft("reviewed", office.body()), ledger="other").signed(ADA.private)
    office.put(other)

    assert office.why() == ("it was said to another ledger",)


def test_times_that_cannot_be(office):
    draft = office.draft("reviewed", office.body()).signed(ADA.private)
    office.put(draft, at=NOW - timedelta(minutes=6))
    assert office.why() == ("it was said after the time at which the ledger took it",)

    office = Office(keyring=ring(replace(ADA, start=date(2026, 11, 25))))
    office.now -= timedelta(days=1)
    draft = office.draft("reviewed", office.body()).signed(ADA.private)
    office.later(days=1)
    office.put(draft)
    assert "on the day on which it was said" in office.why()[0]

    office.entries[-1] = replace(office.entries[-1], at="2026-11-25 09:00")
    assert office.why() == ("it has no time",)


def test_nobody_has_two_duties_that_are_kept_apart():
    owner = replace(ADA, roles=("recruiter", "owner"))
    roles = {"recruiter": ("review",), "owner": ("own-the-model",)}
    office = Office(demands=demands(roles, ("review", "own-the-model")), keyring=ring(owner, BEN))
    office.review(who=owner)
    assert "may both own-the-model and review" in office.why()[0]
    office.review(who=BEN)
    assert office.why() == ()

    # a second key does not make a second person
    key = Member("Ada's other key", ("owner",), same_as="ADA")
    office = Office(demands=demands(roles, ("review", "own-the-model")), keyring=ring(ADA, key))
    office.review()
    assert "may both own-the-model and review" in office.why()[0]

    apart = demands(roles, ("run-audits", "own-the-model"))
    office = Office(demands=apart, keyring=ring(owner))
    office.review(who=owner)
    assert office.why() == ()


def test_the_first_judgement_is_ones_own_and_without_conflict(office):
    body = {
        "case": office.cases[0].id,
        "result": "a" * 64,
        "role": "recruiter",
        "judgements": [],
        "confidence": "low",
        "conflict": True,
        "seconds": None,
    }
    mine = office.put(office.draft("first-judgement", body).signed(ADA.private))
    office.review(first=mine.draft.id)
    assert office.why() == ("its reviewer declared a conflict of interest at the first judgement",)

    office.review(who=BEN, first=mine.draft.id)
    assert "not its reviewer's own" in office.why()[0]

    freed = body | {"conflict": False}  # once declared it stays; somebody else decides
    mine = office.put(office.draft("first-judgement", freed).signed(ADA.private))
    office.review(first=mine.draft.id)
    assert office.why() == ("its reviewer declared a conflict of interest at the first judgement",)
    office.review(who=BEN)
    assert office.why() == ()


def test_a_decision_made_anew_opens_again(office):
    office.review()
    (decision,) = office.cases[0].decisions
    anew = replace(decision, identity="e" * 32, score="0.52")
    office.cases = (replace(office.cases[0], decisions=(anew,)), office.cases[1])

    assert decision.identity == FIRST
    assert office.item().state == "open"
    assert "made anew since" in office.why()[0]


def test_a_clock_of_any_zone_is_read_as_utc():
    east = datetime.fromisoformat("2026-11-26T03:30:00+05:00")
    office = Office(now=east)
    office.review(takes_effect="2026-11-25")

    assert office.why() == ()


def test_a_conflict_that_was_declared_is_not_forgotten(office):
    office.review(conflict=True)
    office.review()

    assert office.why() == ("its reviewer declared a conflict of interest in an earlier review",)
    assert office.item().state == "open"

    office.review(who=BEN)  # the conflict is Ada's alone

    assert office.item().state == "resolved"


@pytest.mark.parametrize("label", [".", "\u200b", " Score ", "model score"])
def test_a_label_that_names_nothing_beyond_the_score_is_none(office, label):
    office.review(considered=[label])

    assert office.why() == ("it names no information that was considered beyond the score",)


def test_an_entry_of_an_earlier_day_than_the_one_in_front_brings_no_key_back(office):
    gone = replace(ADA, until=date(2026, 6, 30))
    office.keyring = ring(gone, BEN)
    draft = office.draft("reviewed", office.body())
    early = datetime(2026, 6, 1, 12, tzinfo=NOW.tzinfo)
    backdated = replace(draft, said_at="2026-06-01T12:00:00Z").signed(ADA.private)
    office.put(backdated, at=early)

    assert "its time lies before that of entry 0 in front of it" in office.why()[0]
    assert office.item().state == "open"


def test_a_clock_that_was_put_right_by_hours_costs_nothing(office):
    office.put(office.draft("reviewed", office.body()).signed(ADA.private), at=NOW)
    office.now -= timedelta(hours=3)
    office.put(office.draft("reviewed", office.body(1)).signed(ADA.private))

    assert office.why(1) == ()
