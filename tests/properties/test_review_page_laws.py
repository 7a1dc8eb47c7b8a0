"""Whatever two people do on the page, nobody sees the answer before they judged themselves."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.ledger.sqlite import SqliteLedger
from auditor.ledger.verification import verify_ledger
from tests.unit.review.front import (
    TELLING,
    WORDS,
    Browser,
    Front,
    decision,
    flagged,
    judgement,
    place,
)
from tests.unit.review.office import ADA, BEN, Member

READERS = (ADA, BEN)
ACTIONS = (
    "look", "list", "claim", "judge", "judge with nothing", "judge with a conflict", "decide",
    "decide with nothing", "release", "escalate", "pause", "go-on", "be late", "replay",
)  # fmt: skip
STEPS = ("claim", "judge", "decide")
"""Drawn more often, so that reviews are finished at all."""

actions = st.lists(
    st.tuples(st.sampled_from(READERS), st.sampled_from((*ACTIONS, *STEPS * 3))),
    min_size=6,
    max_size=14,
)


@dataclass
class Hands:
    """The browser of one person, and the form that they sent last."""

    front: Front
    who: Member
    browser: Browser
    last: tuple[str, dict] | None = None

    def do(self, action: str):
        one = self.front.cases[0]
        match action:
            case "look":
                return self.browser.get(place(one))
            case "list":
                return self.browser.get("/")
            case "claim":
                return self.send("claim", role="recruiter")
            case "judge":
                return self.send("judge", **judgement(one))
            case "judge with a conflict":
                return self.send("judge", **judgement(one, conflict="yes"))
            case "decide":
                return self.send("decide", **decision(one))
            case "escalate":
                return self.send("escalate", role="recruiter", to_role="lead", why="Hard.")
            case "be late":
                self.front.later(minutes=31)
                self.browser.get("/")
                return self.browser.enter(self.front.invite(self.who))
            case "replay" if self.last is not None:
                return self.send(self.last[0], **self.last[1])
            case "judge with nothing" | "decide with nothing":
                return self.send(action.partition(" ")[0])
        return self.send("release" if action == "replay" else action)

    def send(self, step: str, **fields):
        self.last = (step, fields)
        return self.browser.post(place(self.front.cases[0], step), **fields)

    def judged(self) -> bool:
        return any(
            entry.draft.kind == "first-judgement"
            and entry.draft.by == self.who.key
            and not entry.draft.body["conflict"]
            for entry in self.front.entries
        )


def walk(folder: Path, done) -> Front:
    """Do it all, one after the other; after every step look at what its answer tells."""
    front = Front(folder, cases=(flagged(1, readers=2),))
    hands = {who.name: Hands(front, who, front.logged_in(who)) for who in READERS}
    for who, action in done:
        mine = hands[who.name]
        answer = mine.do(action)
        assert answer.status_code in (200, 303, 401, 409, 422), action
        if not mine.judged():
            told = {word for word in (*TELLING, WORDS) if word in answer.text}
            # words that somebody typed without a login are given back to them alone
            assert told <= ({WORDS} if "decide" in action or action == "replay" else set())
    assert front.trouble == []
    return front


def mostly(done, front: Front) -> None:
    """What holds of the ledger in the end."""
    with SqliteLedger(front.path) as ledger:
        assert verify_ledger(ledger, keyring=front.keyring).faults == ()
    claimed: str | None = None
    firsts: dict[str, str] = {}
    for entry in front.entries[1:]:
        draft = entry.draft
        match draft.kind:
            case "claimed":
                assert claimed is None
                claimed = draft.by
            case "released" | "escalated":
                assert claimed is not None
                claimed = None
            case "first-judgement":
                assert claimed == draft.by
                firsts[draft.by] = draft.id
            case "reviewed":
                assert claimed == draft.by
                assert draft.body["first"] == firsts[draft.by]
                claimed = None
    reviewed = [e.draft.by for e in front.entries if e.draft.kind == "reviewed"]
    assert len(reviewed) == len(set(reviewed))


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(actions)
def test_nobody_sees_the_answer_before_they_judged_and_the_ledger_holds(done):
    with tempfile.TemporaryDirectory() as folder:
        mostly(done, walk(Path(folder), done))


def test_the_way_through_is_among_what_people_do(tmp_path):
    """The negative control: the laws are looked at where reviews are finished."""
    done = [(who, action) for who in READERS for action in ("claim", "judge", "decide")]
    front = walk(tmp_path, done)
    mostly(done, front)

    assert front.kinds().count("reviewed") == 2


def test_an_answer_that_is_told_would_be_seen(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2),))
    ada = Hands(front, ADA, front.logged_in(ADA))
    told = [any(word in ada.do(step).text for word in TELLING) for step in ("look", "claim")]
    ada.do("judge")

    assert told == [False, False]
    assert ada.judged()
    assert any(word in ada.do("look").text for word in TELLING)
