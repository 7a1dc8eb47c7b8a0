"""Measures of oversight: a team that only confirms shows, and one that reads does not."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from auditor.ledger import Words
from auditor.review.oversight import readings_of
from auditor.review.oversight.measures import answers, by_rule, normal, overrides, texts
from auditor.review.oversight.measuring import measured
from auditor.review.oversight.numbers import middle, share
from auditor.review.oversight.pacing import busiest_day, pace
from auditor.review.oversight.readers import agreement
from tests.unit.review.office import ADA, BEN, CLEO, EVE, NOW, Office, case, ring, rule

DOCUMENT = {
    "as_of": "2026-11-20",
    "flags": {"count": 30, "share": 0.1},
    "findings": [{"kind": "flag-budget", "says": "30 of 300 are flagged.", "detail": ""}],
}
OTHER = {"favorable": "unfavorable", "unfavorable": "favorable"}


def crowd(n: int = 30, **said) -> Office:
    """An office with as many cases, every second one favorable."""
    outcomes = ("unfavorable", "favorable")
    return Office(
        cases=tuple(case(i, rule(**said), outcome=outcomes[i % 2]) for i in range(1, n + 1))
    )


def first(office: Office, n: int, judged: str, who=ADA) -> str:
    """What somebody thinks before the model's answer is shown; gives its id."""
    one = office.cases[n]
    body = {
        "case": one.id,
        "result": "a" * 64,
        "role": who.roles[0],
        "judgements": [{"identity": one.decisions[0].identity, "judged": judged}],
        "confidence": "high",
        "conflict": False,
        "seconds": None,
    }
    return office.put(
        office.draft("first-judgement", body, words=False).signed(who.private)
    ).draft.id


def beside(office: Office, text=None) -> dict:
    """Words of every review, the same or one of its own."""
    reviews = [entry.draft for entry in office.entries if entry.draft.kind == "reviewed"]
    return {
        (draft.id, "rationale"): Words(text=text or f"Case {n} on its own merits.")
        for n, draft in enumerate(reviews)
    }


def rubber_stamp() -> tuple[Office, dict]:
    office = crowd()
    for n, one in enumerate(office.cases):
        judged = first(office, n, OTHER[one.decisions[0].outcome])
        office.review(n, seconds=4, first=judged, reason_codes=["ok"])
        office.later(seconds=5)
    return office, beside(office, "Checked.  OK!")


def careful(seed: int = 1) -> tuple[Office, dict]:
    office, draw = crowd(), np.random.default_rng(seed)
    for n, one in enumerate(office.cases):
        thought = ("favorable", "unfavorable")[draw.integers(2)]
        judged = first(office, n, thought)
        changed = thought != one.decisions[0].outcome and draw.random() < 0.7
        office.review(
            n, seconds=int(draw.integers(60, 900)), first=judged,
            outcome="changed" if changed else "kept", reason_codes=[f"r{draw.integers(6)}"],
        )  # fmt: skip
        office.later(minutes=12)
    return office, beside(office)


def all_of(office: Office, words: dict, **more):
    queue = office.desk.queue(date(2026, 11, 27))
    return measured(office.desk, queue, DOCUMENT, words, **more)


def test_a_team_that_only_confirms_shows_in_every_measure():
    team = all_of(*rubber_stamp()).team

    assert (team.reviews, team.decisions) == (30, 30)
    assert (team.overrides.changed.count, team.overrides.changed.value) == (0, 0.0)
    assert team.overrides.changed.high == pytest.approx(1 - 0.025 ** (1 / 30), abs=1e-9)
    assert team.overrides.deferred.value == 1.0
    assert (team.pace.seconds.value, team.pace.fast.value) == (4.0, 1.0)
    assert (team.pace.bursts, team.pace.in_bursts.value) == (1, 1.0)
    assert (team.texts.identical.value, team.texts.most_alike) == (1.0, 30)
    assert (team.texts.concentration, team.texts.most_common_reason.value) == (1.0, 1.0)


def test_a_team_that_reads_shows_none_of_it():
    team = all_of(*careful()).team

    assert team.overrides.changed.count > 3
    assert team.overrides.deferred.value < 0.8
    assert team.pace.seconds.value > 60
    assert (team.pace.fast.count, team.pace.bursts, team.pace.in_bursts.count) == (0, 0, 0)
    assert (team.texts.identical.count, team.texts.most_alike) == (0, 1)
    assert team.texts.concentration < 0.5


def test_overrides_are_counted_by_rule_and_direction():
    office = Office(
        cases=(
            case(1, rule("p/a"), rule("p/b")),
            case(2, rule("p/a"), outcome="favorable"),
            case(3, rule("p/a"), outcome="favorable"),
        )
    )
    office.review(0, outcome="changed", rules=["p/a"])
    office.review(1, outcome="changed")
    office.review(2, outcome="not-used", final="favorable")
    found = by_rule(readings_of(office.queue()))

    assert list(found) == ["p/a"]
    assert (found["p/a"].changed.count, found["p/a"].changed.of) == (2, 3)
    assert (found["p/a"].raised.count, found["p/a"].raised.of) == (1, 1)
    assert (found["p/a"].lowered.count, found["p/a"].lowered.of) == (1, 2)
    assert math.isnan(found["p/a"].deferred.value)
    assert "before the model's answer" in (found["p/a"].deferred.undefined or "")


def test_what_the_model_did_not_answer_is_no_override():
    office = Office(cases=(case(1, outcome="open"),))
    office.review(0, outcome="not-used", final="favorable")
    readings = readings_of(office.queue())

    assert len(readings) == 1
    assert overrides(readings).changed.undefined == "no review counts"


def test_only_reviews_that_count_are_measured_and_the_others_are_counted_apart():
    office = crowd(4)
    office.review(0, outcome="changed")
    office.put(office.draft("reviewed", office.body(1, outcome="changed")))
    office.review(2, who=EVE, outcome="changed")
    office.review(3, outcome="changed", considered=[])
    found = all_of(office, {})

    assert found.team.reviews == 1
    assert (found.reviews["records"], found.reviews["unauthenticated"]) == (4, 2)
    assert found.reviews["not_counting"] == 1
    office.keyring = None
    assert all_of(office, {}).team.reviews == 0


def test_a_later_word_of_the_same_person_stands_in_the_place_of_the_first():
    office = crowd(1)
    office.review(0, outcome="changed")
    office.later(hours=1)
    office.review(0, outcome="kept")
    readings = readings_of(office.queue())

    assert [one.outcome for one in readings] == ["kept"]


def test_two_keys_of_one_person_are_not_two_readers():
    from tests.unit.review.office import Member

    twin = Member("Ada2", ("recruiter",), same_as="Ada")
    office = Office(keyring=ring(ADA, twin))
    office.review(0)
    office.review(0, who=twin)

    assert agreement(readings_of(office.queue())).kappa.undefined == "no case was read twice"


def read_twice(n: int, *, order: int) -> tuple[Office, list[tuple[str, str]]]:
    """Ada is lenient and Ben strict; who records first is drawn anew for each order."""
    office = crowd(n, readers=2)
    answers, who_first = np.random.default_rng(1), np.random.default_rng(order)
    said = []
    for i in range(n):
        lenient = "favorable" if answers.random() < 0.7 else "unfavorable"
        strict = lenient if answers.random() < 0.4 else "unfavorable"
        both = [(ADA, lenient), (BEN, strict)]
        for who, final in both if who_first.random() < 0.5 else both[::-1]:
            one = office.cases[i].decisions[0]
            kept = "kept" if final == one.outcome else "changed"
            office.review(i, who=who, outcome=kept)
        said.append((lenient, strict))
    return office, said


def test_kappa_is_of_two_people_whoever_recorded_first():
    from statsmodels.stats.inter_rater import cohens_kappa

    office, said = read_twice(60, order=1)
    other, _ = read_twice(60, order=2)
    found, again = (agreement(readings_of(one.queue())).kappa for one in (office, other))
    both = ("favorable", "unfavorable")
    theirs = cohens_kappa(np.array([[said.count((a, b)) for b in both] for a in both]))

    assert found == again
    assert found.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((theirs.kappa_low, theirs.kappa_upp), abs=1e-9)


def test_with_three_people_alpha_is_of_all_and_kappa_is_none():
    office, _ = read_twice(20, order=1)
    office.review(0, who=CLEO)
    found = agreement(readings_of(office.queue()))

    assert (found.kappa.cases, found.alpha.cases) == (20, 20)
    assert "3 people" in (found.kappa.undefined or "")
    assert math.isnan(found.kappa.value)
    assert -1 <= found.alpha.value <= 1
    assert found.favorable.of == 41


def test_answers_to_requests_are_counted_apart():
    """Ada kept 12 and 3 people asked; that Ben answers one of them is no second read."""
    office = crowd(12)
    for n in range(12):
        office.review(n)
    before = all_of(office, {}).team
    for n in range(3):
        office.request(n, kind="reconsideration")
        outcome = "changed" if n else "kept"
        who = BEN if n == 2 else ADA
        office.review(n, who=who, outcome=outcome, rules=["p/reconsideration-clock"])
    found = all_of(office, {})

    assert (before.answers.undefined, before.reviews) == ("no request was answered", 12)
    assert (found.team.answers.count, found.team.answers.of) == (2, 3)
    assert found.team.overrides == before.overrides
    assert found.team.by_rule == before.by_rule
    assert found.final.kappa.undefined == found.final.alpha.undefined == "no case was read twice"
    assert (found.team.reviews, found.team.pace.seconds.of) == (15, 15)


def test_an_answer_is_compared_with_what_people_had_decided_before_it():
    """Ada departed and Ben went back: as the model said, and changed all the same."""
    office = crowd(2)
    office.review(1, outcome="changed")
    for n in (1, 0):
        office.request(n)
        office.review(n, who=BEN, outcome="kept", rules=["p/appeal-clock"])
    found = answers(readings_of(office.queue()))
    office.request(1)
    office.review(1, who=CLEO, outcome="kept", rules=["p/appeal-clock/2"])
    again = answers(readings_of(office.queue()))

    assert (found.count, found.of) == (1, 2)
    assert (again.count, again.of) == (1, 3)


def test_what_people_thought_before_is_compared_apart():
    office = crowd(6, readers=2)
    for n, one in enumerate(office.cases):
        outcome = one.decisions[0].outcome
        for who, judged in ((ADA, outcome), (BEN, OTHER[outcome])):
            id_ = first(office, n, judged, who)
            office.review(n, who=who, first=id_)
    readings = readings_of(office.queue())

    assert agreement(readings).kappa.value == 1.0
    assert agreement(readings, before_the_model=True).kappa.value == -1.0


@pytest.mark.parametrize(("reviews", "apart", "bursts"), [(10, 1, 0), (11, 6, 1), (11, 7, 0)])
def test_a_burst_is_more_than_ten_within_sixty_seconds(reviews, apart, bursts):
    office = crowd(reviews)
    for n in range(reviews):
        office.review(n)
        office.later(seconds=apart)
    found = pace(readings_of(office.queue()))

    assert (found.bursts, found.in_bursts.count) == (bursts, reviews * bursts)
    assert found.in_bursts.no_interval


def test_bursts_of_two_people_are_not_one():
    office = crowd(12)
    for n in range(12):
        office.review(n, who=(ADA, BEN)[n % 2])

    assert pace(readings_of(office.queue())).bursts == 0


def test_two_bursts_an_hour_apart_are_two():
    office = crowd(24)
    for n in range(24):
        office.review(n)
        office.later(seconds=3 if n != 11 else 3600)

    assert pace(readings_of(office.queue())).bursts == 2


def taken_in(n: int, *, seconds, apart: int = 0) -> Office:
    """Reviews of one person as a worksheet stores them: signed at one time, stored right after.

    ``apart`` milliseconds, if they are signed one by one.
    """
    office = crowd(n)
    for i in range(n):
        draft = office.draft("reviewed", office.body(i, seconds=seconds)).signed(ADA.private)
        # the store reads its clock for each row, so a large worksheet takes some seconds
        office.put(draft, at=office.now + timedelta(milliseconds=20 * i))
        office.later(milliseconds=apart)
    return office


def test_a_worksheet_is_no_burst_when_it_says_how_long_each_case_took():
    found = pace(readings_of(taken_in(300, seconds=180).queue()))

    assert (found.bursts, found.in_bursts.count, found.in_bursts.of) == (0, 0, 300)
    assert (found.seconds.value, found.undated) == (180, 0)


def test_a_worksheet_that_says_six_seconds_a_case_is_a_burst():
    found = pace(readings_of(taken_in(300, seconds=6).queue()))

    assert (found.bursts, found.in_bursts.value, found.undated) == (1, 1.0, 0)


def test_rows_of_a_worksheet_without_a_time_are_left_out_and_counted():
    office = taken_in(30, seconds=None)
    found = pace(readings_of(office.queue()))

    assert (found.undated, found.bursts, found.in_bursts.of) == (30, 0, 0)
    assert found.in_bursts.undefined == "no review says when it was made"


@pytest.mark.parametrize("apart", [1000, 250, 110])
@pytest.mark.parametrize("seconds", [180, None])
def test_a_program_that_resolves_one_case_after_the_other_is_a_burst(apart, seconds):
    """Whatever it says about its time: up to nine a second."""
    found = pace(readings_of(taken_in(60, seconds=seconds, apart=apart).queue()))

    assert found.bursts >= 1
    assert found.in_bursts.value > 0.15


def test_the_busiest_day_is_the_one_on_which_cases_were_read():
    """300 cases of five minutes are 25 hours, whenever the worksheet came back."""
    assert busiest_day(readings_of(taken_in(300, seconds=300).queue())) < 300
    assert busiest_day(readings_of(taken_in(300, seconds=None).queue())) == 300


def test_texts_are_compared_without_case_signs_and_spaces_and_erased_ones_are_said():
    office = crowd(4)
    for n in range(4):
        office.review(n)
    drafts = [entry.draft for entry in office.entries if entry.draft.kind == "reviewed"]
    said = ["Looks OK.", "looks  ok", "Strong work sample."]
    words = {(d.id, "rationale"): Words(text=t) for d, t in zip(drafts, said, strict=False)}
    found = texts(readings_of(office.queue(), words))

    assert (found.identical.count, found.identical.of, found.erased) == (2, 3, 1)
    assert normal("straße ①") == normal("STRASSE 1")


def test_persons_appear_only_when_asked_for():
    office, words = careful()

    assert all_of(office, words).persons is None
    assert "persons" in all_of(office, words).document()
    found = all_of(office, words, by_person=True)
    assert list(found.persons) == [ADA.key]
    assert dict(found.names) == {ADA.key: "Ada"}
    assert "Ada" not in str(found.document())


def test_load_says_how_long_open_cases_have_waited():
    office = crowd(3)
    office.review(0)
    found = all_of(office, {}).load

    assert (found.open_cases, found.longest, found.busiest_day) == (2, 7, 1)
    assert found.budgets == ("30 of 300 are flagged.",)


def test_nothing_read_is_no_number_with_a_reason():
    found = all_of(crowd(2), {})

    assert found.team.overrides.changed.undefined == "no review counts"
    assert found.team.pace.seconds.undefined
    assert found.final.kappa.undefined == "no case was read twice"
    document = found.document()
    assert document["team"]["overrides"]["changed"]["value"] is None
    assert document["coverage"]["done"]["value"] == 0.0


def test_the_interval_of_a_median_covers_it():
    """95 % at least, for values without ties: a draw of 400 samples of 25, seed 7."""
    draw = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        found = middle([int(draw.random() * 1e9) for _ in range(25)], "none")
        held += found.low <= 0.5e9 <= found.high

    assert held >= 370
    assert middle([1, 2, 3, 4, 5], "none").no_interval
    assert middle(list(range(2001)), "none").low == pytest.approx(956, abs=1)


def test_share_agrees_with_the_closed_form_at_the_ends():
    assert share(10, 10, "none").low == pytest.approx(0.025 ** (1 / 10))
    assert math.isnan(share(0, 0, "none").low)


def test_times_are_those_of_the_ledger():
    office = crowd(1)
    office.review(0)

    assert readings_of(office.queue())[0].at == NOW
