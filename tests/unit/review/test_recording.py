"""From what a reviewer says to a draft: checked before it is stored, the same for every door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.errors import UsageError
from auditor.ledger import Words
from auditor.review import Answer, answers, checked_review, checked_step
from tests.unit.review.office import ADA, BEN, FIRST, LEA, NOW, PAGE, Office, case, rule, said


def checked(office, *, who=ADA, by=None, **rest):
    private = None if who is None else who.private
    told = said(office.cases[0], **rest)
    return checked_review(office.desk, told, private=private, by=by, now=office.now)


def test_what_counts_is_stored_and_settles(office):
    made = checked(office)
    office.put(made.must_count().draft)

    assert office.item().state == "resolved"
    assert (made.reasons, made.limits) == ((), ())
    ((key, words),) = made.words.items()
    assert key == (made.draft.id, "rationale")
    assert words.text == "Looked at the work sample."
    assert made.draft.words == {"rationale": words.digest}
    assert "work sample" not in str(made.draft.plain())


def test_the_record_repeats_what_the_keyring_says(office):
    body = checked(office).draft.body

    assert (body["trained_on"], body["may_change"]) == ("2026-03-01", True)
    assert (body["result"], body["takes_effect"]) == ("a" * 64, "2026-11-30")


@pytest.mark.parametrize(
    ("outcome", "final"), [("kept", "unfavorable"), ("changed", "favorable")]
)  # fmt: skip
def test_the_final_outcome_follows(office, outcome, final):
    (settled,) = checked(office, outcome=outcome).draft.body["settles"]

    assert settled == {
        "identity": FIRST,
        "rules": ["p/near"],
        "model": "unfavorable",
        "final": final,
        "outcome": outcome,
    }


def test_all_reasons_are_named_at_once(office):
    made = checked(office, rationale=" ", considered=(), takes_effect=date(2026, 11, 1))

    assert len(made.reasons) == 3
    with pytest.raises(UsageError, match="count for nothing") as caught:
        made.must_count()
    assert [p.slug for p in caught.value.problems] == ["record-counts-for-nothing"] * 3


def test_an_unsigned_record_says_that_it_clears_nothing(office):
    made = checked(office, who=None)

    assert made.reasons == ("nobody signed it",)
    assert made.draft.by is None


def test_a_service_records_for_somebody(office):
    made = checked(office, who=PAGE, by=ADA.key)

    assert made.reasons == ()
    assert (made.draft.by, made.draft.signed_with) == (ADA.key, PAGE.key)
    assert made.draft.body["trained_on"] == "2026-03-01"


def test_a_record_lists_the_rules_of_its_role_only():
    office = Office(cases=(case(1, rule(), rule("p/legal", reviewer="lead")),))

    assert checked(office).draft.body["settles"][0]["rules"] == ["p/near"]
    assert checked(office).limits == ()
    lead = checked(office, who=LEA, role="lead")
    assert lead.draft.body["settles"][0]["rules"] == ["p/legal"]
    other = checked(office, role="clerk")
    assert "did not hold the role 'clerk'" in other.reasons[0]


@pytest.mark.parametrize(
    ("rest", "slug"),
    [
        ({"answers": (Answer(identity="f" * 32, outcome="kept"),)}, "unknown-decision"),
        ({"answers": (Answer(identity=FIRST, outcome="not-used"),)}, "no-final"),
        ({"answers": (Answer(identity=FIRST, outcome="kept"),) * 2}, "answered-twice"),
        ({"considered": ("x" * 81,)}, "label-unusable"),
        ({"considered": ("",)}, "label-unusable"),
        ({"reason_codes": ("a\nb",)}, "label-unusable"),
        ({"explanation_shown": ("x",) * 41}, "label-unusable"),
        ({"case": "d"}, "unknown-case"),
        ({"case": "c0"}, "unknown-case"),
    ],
)
def test_what_cannot_be_recorded_is_refused(office, rest, slug):
    with pytest.raises(UsageError, match=r"\w") as caught:
        checked(office, **rest)

    assert [p.slug for p in caught.value.problems] == [slug]


def test_one_answer_for_every_decision_of_a_case(office):
    one = replace(
        office.cases[0],
        decisions=(*office.cases[0].decisions, *office.cases[1].decisions),
    )

    assert answers(one, "not-used", "favorable") == tuple(
        Answer(identity=f"{n:032x}", outcome="not-used", final="favorable") for n in (1, 2)
    )


def test_steps_of_a_case_are_checked_alike(office):
    one = office.cases[0]

    def step(kind, who=ADA, **rest):
        return checked_step(office.desk, kind, one, private=who.private, now=NOW, **rest)

    office.put(step("claimed", role="recruiter").must_count().draft)
    assert step("claimed", BEN, role="recruiter").reasons == ("somebody else works on the case",)
    made = step("escalated", role="recruiter", to_role="lead", why="A hard one.")
    (words,) = made.words.values()
    assert isinstance(words, Words)
    assert words.text == "A hard one."
    office.put(made.must_count().draft)
    assert office.item().state == "escalated"
    assert step("released", LEA).reasons == ()


def test_whoever_answers_an_appeal_does_not_vote_on_what_it_is_against(office):
    office.review(0, ADA)
    office.request()
    made = checked(office, who=BEN, outcome="changed")
    (settled,) = made.must_count().draft.body["settles"]
    office.put(made.draft)

    assert settled["rules"] == ["p/appeal-clock"]
    assert [(one.pending, one.final) for one in office.item().decisions] == [(False, "favorable")]


def test_a_correction_changes_what_the_same_person_said_before(office):
    """The negative control: nothing waits, and the rule is settled anew."""
    office.review(0, ADA)
    made = checked(office, outcome="changed")
    office.put(made.must_count().draft)

    assert made.draft.body["settles"][0]["rules"] == ["p/near"]
    assert [one.final for one in office.item().decisions] == ["favorable"]


def test_a_first_judgement_on_record_is_named_whatever_door_the_review_comes_through(office):
    body = {
        "case": office.cases[0].id, "result": "a" * 64, "role": "recruiter",
        "judgements": [{"identity": FIRST, "judged": "favorable"}],
        "confidence": "low", "conflict": False, "seconds": None,
    }  # fmt: skip
    first = office.put(office.draft("first-judgement", body, words=False).signed(ADA.private))
    mine = checked_review(office.desk, said(office.cases[0]), private=ADA.private, now=NOW)
    other = checked_review(office.desk, said(office.cases[0]), private=BEN.private, now=NOW)

    assert mine.draft.body["first"] == first.draft.id
    assert other.draft.body["first"] is None


def test_words_without_a_letter_are_none(office):
    told = said(office.cases[0], rationale=" . \u200b")
    made = checked_review(office.desk, told, private=ADA.private, now=NOW)

    assert made.reasons == ("it gives no rationale",)


def test_a_case_goes_to_nobody_whom_the_keyring_does_not_know(office):
    with pytest.raises(UsageError) as refused:
        checked_step(
            office.desk, "escalated", office.cases[0], role="recruiter", to_role="leed",
            private=ADA.private, now=NOW,
        )  # fmt: skip

    assert refused.value.problems[0].slug == "role-held-by-nobody"


def test_a_correction_speaks_for_what_it_corrects_and_what_waits_for_it():
    two = replace(case(1).decisions[0], rules=(rule(), rule("p/far", readers=2)))
    office = Office(cases=(replace(case(1), decisions=(two,)),))
    first = office.review(rules=["p/near"])
    (part,) = checked(office, outcome="changed", corrects=first.draft.id).draft.body["settles"]
    assert part["rules"] == ["p/near", "p/far"]
    (part,) = checked(office, outcome="changed").draft.body["settles"]
    assert part["rules"] == ["p/far"]


def test_a_correction_says_nothing_of_what_an_appeal_is_about(office):
    """Whoever decided before an appeal changes nothing about it any more, and is told so."""
    first = office.review()
    office.request()
    made = checked(office, outcome="changed", corrects=first.draft.id)
    (part,) = made.draft.body["settles"]
    assert part["rules"] == ["p/appeal-clock"]
    assert any("another person" in reason for reason in made.reasons)
