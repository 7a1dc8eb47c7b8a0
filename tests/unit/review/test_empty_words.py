"""Words and labels that say nothing are none, in whatever script they are written."""

from __future__ import annotations

import pytest

from auditor.ledger import Words, new_draft
from auditor.review import checked_review
from auditor.review.wording import says_something
from tests.unit.review.office import ADA, BEN, LEDGER, Office, said

BLANK = [
    "", " ", ".", "\u200b", "\u2060", "\u3164", "x", "7", "- 7 -", "\u0301\u0301", "\U0001f44d",
    "x\n\n1",
]  # fmt: skip
FULL_WIDTH_OK, GREEK_YES = "\uff4f\uff4b", "\u03bd\u03b1\u03b9"
SAYS = [
    "ok", "CV", "Nein.", "不", "经验丰富", "はい", "네", "हाँ", "да", "نعم", "כן", "ใช่", "é b",
    "3 years of it", FULL_WIDTH_OK, GREEK_YES,
]  # fmt: skip


@pytest.mark.parametrize("text", BLANK)
def test_a_text_without_two_letters_says_nothing(text):
    assert not says_something(text)


@pytest.mark.parametrize("text", SAYS)
def test_a_short_text_of_any_script_says_something(text):
    assert says_something(text)


def with_words(office: Office, text: str) -> None:
    """A review with an own program: the digest of its rationale fits, whatever it is."""
    words = {"rationale": Words(text=text, salt="0" * 32)}
    draft = new_draft(LEDGER, "reviewed", office.body(), words=words, now=office.now)
    office.put(draft.signed(ADA.private))
    office.words[draft.id, "rationale"] = words["rationale"]


@pytest.mark.parametrize("text", BLANK)
def test_a_rationale_that_is_at_hand_and_says_nothing_counts_for_nothing(office, text):
    with_words(office, text)
    assert office.why() == ("its rationale says nothing",)
    assert office.item().state == "open"


@pytest.mark.parametrize("text", SAYS)
def test_a_rationale_that_says_something_counts(office, text):
    """Negative control."""
    with_words(office, text)
    assert office.item().state == "resolved"


def test_a_rationale_that_was_erased_counts_as_before(office):
    with_words(office, "Looked at the work sample.")
    office.words.clear()
    assert office.item().state == "resolved"


def test_words_beside_the_chain_that_are_not_those_of_the_entry_take_nothing_away(office):
    with_words(office, "Looked at the work sample.")
    (place,) = office.words
    office.words[place] = Words(text="", salt="0" * 32)
    assert office.item().state == "resolved"


@pytest.mark.parametrize("text", BLANK)
def test_no_door_takes_a_rationale_that_says_nothing(office, text):
    told = said(office.cases[0], rationale=text)
    made = checked_review(office.desk, told, private=ADA.private, now=office.now)
    assert made.reasons == ("it gives no rationale",)


FULL_WIDTH_SCORE = "\uff33\uff23\uff2f\uff32\uff25"
NO_LABELS = [
    "the  score", "the score!", "Score: 0.51", "SCORES", "0.51", "-1", "a", "x", "n/a", "none",
    "Nothing", "model's score", FULL_WIDTH_SCORE, "the\u00a0score", "AI prediction", "score only",
    "score\u200b", "the_score",
]  # fmt: skip
LABELS = [
    "CV",
    "test score",
    "work sample",
    "reasons for and against",
    "model outcome",
    "简历",
    "证",
]


@pytest.mark.parametrize("label", NO_LABELS)
@pytest.mark.parametrize("field", ["considered", "explanation_shown"])
def test_a_label_that_names_nothing_or_the_score_alone_is_none(office, label, field):
    office.review(**{field: [label]})
    assert office.item().state == "open"
    assert office.why()[0].startswith("it names no ")


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("field", ["considered", "explanation_shown"])
def test_a_label_that_names_something_is_one(office, label, field):
    """Negative control; and one of several is enough."""
    office.review(**{field: ["the score", label]})
    assert office.item().state == "resolved"


def test_a_review_that_took_less_than_no_time_is_none(office):
    office.review(seconds=-5)
    assert office.why() == ("it says that it took less than no time",)
    office.review(who=BEN, seconds=0)
    assert office.item().state == "resolved"


@pytest.mark.parametrize(("seconds", "counts"), [(-1, False), (0, True), (None, True)])
def test_neither_is_a_first_judgement(office, seconds, counts):
    one = office.cases[0]
    judged = [{"identity": one.decisions[0].identity, "judged": "favorable"}]
    body = {
        "case": one.id, "result": "a" * 64, "role": "recruiter", "judgements": judged,
        "confidence": "low", "conflict": False, "seconds": seconds,
    }  # fmt: skip
    office.put(office.draft("first-judgement", body, words=False).signed(ADA.private))
    assert office.item().records[-1].counts == counts
