"""A blind review on the page: judge first, see the model's answer then, decide, and on record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.review.front import (
    FACTOR,
    TELLING,
    WORDS,
    Front,
    decision,
    flagged,
    judgement,
    place,
    reveal,
    text,
)
from tests.unit.review.office import ADA, BEN, PAGE


@pytest.fixture
def front(tmp_path):
    return Front(tmp_path)


def test_a_blind_review_from_the_list_to_the_ledger(front):
    one = front.cases[0]
    ada = front.logged_in(ADA)
    assert "2 wait for you" in text(ada.get("/"))

    assert "Work on it as recruiter" in ada.get(place(one)).text
    seen = ada.follow(ada.post(place(one, "claim"), role="recruiter"))
    assert "Step 1 of 2" in seen.text
    front.later(seconds=40)
    seen = ada.follow(ada.post(place(one, "judge"), **judgement(one)))
    assert "Step 2 of 2" in seen.text
    assert FACTOR in text(seen)
    front.later(seconds=50)
    seen = ada.follow(ada.post(place(one, "decide"), **decision(one)))
    assert "Your review is on record as entry 3. The case is settled." in text(seen)

    claimed, first, reviewed = front.entries[1:]
    assert [e.draft.kind for e in (claimed, first, reviewed)] == [
        "claimed", "first-judgement", "reviewed",
    ]  # fmt: skip
    for entry in (claimed, first, reviewed):
        assert (entry.draft.by, entry.draft.signed_with) == (ADA.key, PAGE.key)
        assert entry.draft.genuine
    assert first.draft.body["judgements"] == [
        {"identity": one.decisions[0].identity, "judged": "favorable"}
    ]
    assert first.draft.body["seconds"] == 40
    body = reviewed.draft.body
    assert (body["first"], body["seconds"]) == (first.draft.id, 90)
    assert body["settles"][0]["final"] == "favorable"
    assert WORDS not in str(reviewed.draft.plain())
    with front.sitting() as (board, ledger):
        assert board.items[one.id].state == "resolved"
        assert ledger.words()[reviewed.draft.id, "rationale"].text == WORDS


def test_nothing_tells_the_model_before_the_own_judgement(front):
    one = front.cases[0]
    ada = front.logged_in()
    pages = [ada.get("/"), ada.get(place(one))]
    pages.append(ada.follow(ada.post(place(one, "claim"), role="recruiter")))
    pages.append(ada.post(place(one, "decide"), **decision(one)))
    pages.append(ada.get(place(one)))
    pages.append(ada.post(place(one, "judge"), **judgement(one, judged="perhaps")))
    pages.append(ada.follow(ada.post(place(one, "pause"))))
    pages.append(ada.follow(ada.post(place(one, "go-on"))))
    told = {word for page in pages for word in TELLING if word in page.text}

    assert told == set()
    assert front.kinds() == ["claimed"]
    after = ada.follow(ada.post(place(one, "judge"), **judgement(one)))
    # the score itself is never shown, only its band
    assert {w for w in TELLING if w in after.text} == set(TELLING) - {"0.51", "0.5 to 0.6"}


def blind_pages(folder, outcome, score, **rules):
    """Every page up to the reveal and the one after it, without what differs by chance."""
    folder.mkdir()
    one = flagged(1, **rules)
    answered = replace(one.decisions[0], outcome=outcome, score=score, model_version=score)
    one = replace(one, decisions=(answered,))
    front = Front(folder, cases=(one,), evidence={answered.identity: (("skills", "70"),)})
    ada = front.logged_in()
    pages = [ada.get("/"), ada.get(place(one))]
    pages.append(ada.follow(ada.post(place(one, "claim"), role="recruiter")))
    pages.append(ada.post(place(one, "judge"), confidence="high"))
    pages.append(ada.follow(ada.post(place(one, "pause"), confidence="high")))
    pages.append(ada.follow(ada.post(place(one, "go-on"))))
    after = ada.follow(ada.post(place(one, "judge"), **judgement(one)))
    bare = [re.sub(r'value="[\w-]{43}"', "", page.text) for page in (*pages, after)]
    return bare[:-1], bare[-1]


def test_pages_before_the_reveal_are_the_same_whatever_the_model_said(tmp_path):
    one, told = blind_pages(tmp_path / "a", "unfavorable", "0.51")
    other, told_otherwise = blind_pages(
        tmp_path / "b", "favorable", "0.93", name="p/far", reason="Drawn by chance.",
        evidence="by chance", factors="gap = 3 lowered the score by 0.2 (log-odds)",
    )  # fmt: skip

    assert "skills" in one[2]
    assert one == other
    assert told != told_otherwise


def test_a_review_without_a_first_judgement_is_not_taken(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    answer = ada.post(place(one, "decide"), **decision(one))

    assert "Say first what you think yourself" in text(ada.follow(answer))
    assert front.kinds() == ["claimed"]
    assert "Step 2" in reveal(front, ada, one).text


def test_a_second_reader_sees_nothing_of_the_first(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2),))
    one = front.cases[0]
    ada, ben = front.logged_in(ADA), front.logged_in(BEN)
    reveal(front, ada, one)
    assert "still waits" in text(ada.follow(ada.post(place(one, "decide"), **decision(one))))
    assert "a second person has to come to the same outcome" in ada.get(place(one)).text

    pages = [ben.get("/"), ben.get(place(one))]
    pages.append(ben.follow(ben.post(place(one, "claim"), role="recruiter")))
    for page in pages:
        assert {w for w in (*TELLING, "Ada", WORDS, "second person") if w in page.text} == set()
    reveal(front, ben, one)
    assert "settled" in text(ben.follow(ben.post(place(one, "decide"), **decision(one))))
    assert ben.get("/").text.count("/case/") == 0


def test_the_list_says_what_is_the_matter_with_the_ledger(front):
    one = front.cases[0]
    ada = front.logged_in(ADA)
    assert "About the ledger" not in ada.get("/").text
    ada.post(place(one, "claim"), role="recruiter")
    ada.post(place(one, "release"))
    front.later(days=6)
    ada = front.logged_in(ADA)
    shown = text(ada.get("/"))
    assert "About the ledger Entries of the ledger since" in shown
    front.covered = 3
    assert "About the ledger" not in ada.get("/").text

    front.now = front.now.replace(hour=12)  # so that going back stays in the day
    ada = front.logged_in(ADA)
    ada.post(place(one, "claim"), role="recruiter")
    front.now -= timedelta(minutes=20)
    ada.post(place(one, "release"))
    assert "The clock went back: 1 entry of the ledger is dated" in text(ada.get("/"))
    assert "The clock went back" not in ada.get(place(one)).text
