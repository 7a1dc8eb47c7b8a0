"""First judgements as drafts, and when a reviewer needs words."""

from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.review.departing import words_needed
from auditor.review.judging import Judgement, checked_judgement
from tests.unit.review.office import ADA, EVE, FIRST, LEA, PAGE


def checked(office, *, who=ADA, by=None, judged=None, role="recruiter"):
    told = Judgement(
        case=office.cases[0].id,
        role=role,
        judged={FIRST: "favorable"} if judged is None else judged,
        confidence="low",
    )
    private = None if who is None else who.private
    return checked_judgement(office.desk, told, private=private, by=by, now=office.now)


def test_a_first_judgement_is_signed_and_counts(office):
    made = checked(office)
    office.put(made.must_count().draft)

    assert made.draft.genuine
    assert made.draft.by == ADA.key
    assert office.item().records[-1].counts
    assert office.item().state == "open"  # it settles nothing


def test_a_service_records_one_for_somebody(office):
    made = checked(office, who=PAGE, by=ADA.key)

    assert (made.reasons, made.draft.by, made.draft.signed_with) == ((), ADA.key, PAGE.key)


@pytest.mark.parametrize(
    ("who", "by", "reason"),
    [
        (None, None, "nobody signed it"),
        (EVE, None, "its key is not in the keyring"),
        (LEA, None, "did not hold the role 'recruiter'"),
        (PAGE, None, "did not hold the role 'recruiter'"),
        (LEA, ADA.key, "without the role 'review-service'"),
    ],
    ids=["nobody", "unknown", "another-role", "a-service-itself", "for-somebody-else"],
)
def test_what_does_not_count_says_why(office, who, by, reason):
    made = checked(office, who=who, by=by)

    assert any(reason in one for one in made.reasons), made.reasons
    with pytest.raises(UsageError, match="count for nothing"):
        made.must_count()


def test_a_decision_that_is_not_in_the_case_is_refused(office):
    with pytest.raises(UsageError, match="has no decision") as caught:
        checked(office, judged={FIRST: "favorable", "x" * 32: "cannot-say"})
    assert [p.slug for p in caught.value.problems] == ["unknown-decision"]


@pytest.mark.parametrize("model", ["favorable", "unfavorable", "", "withdrawn"])
@pytest.mark.parametrize("final", ["favorable", "unfavorable"])
@pytest.mark.parametrize("first", ["favorable", "unfavorable", "cannot-say", None])
def test_words_are_needed_exactly_where_somebody_departs(model, final, first):
    departs = model in ("favorable", "unfavorable") and final != model
    switches = first in ("favorable", "unfavorable") and final != first

    assert bool(words_needed(model=model, final=final, first=first)) == (departs or switches)
