"""Two people on one case, forms sent twice, conflicts, pauses, and what a review lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.ledger.sqlite import SqliteLedger
from auditor.review.erasing import erase_words
from auditor.review.page.clocks import MOST_BETWEEN, Clocks
from auditor.review.page.forms import LONGEST, Form
from auditor.review.requesting import Asked, checked_request
from tests.unit.review.front import (
    WORDS,
    Front,
    decision,
    flagged,
    judgement,
    place,
    reveal,
    text,
)
from tests.unit.review.office import ADA, BEN, LEA, NOW, PAGE, case, demands, ring, rule

MARKUP = "</textarea></title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.fixture
def front(tmp_path):
    return Front(tmp_path)


def test_the_second_of_two_people_is_told_who_works_on_a_case(front):
    one = front.cases[0]
    ada, ben = front.logged_in(ADA), front.logged_in(BEN)
    free = ben.get(place(one))
    assert "Work on it" in free.text
    ada.post(place(one, "claim"), role="recruiter")

    late = ben.post(place(one, "claim"), role="recruiter")
    assert (late.status_code, "somebody else works on the case" in text(late)) == (409, True)
    assert "Ada works on this case." in text(late)
    assert "Ada works on it" in ben.get("/").text
    refused = ben.post(place(one, "judge"), **judgement(one))
    assert refused.status_code == 409
    assert front.kinds() == ["claimed"]


def test_who_lost_a_case_while_working_keeps_the_words(front):
    one = front.cases[0]
    ada, ben = front.logged_in(ADA), front.logged_in(BEN)
    reveal(front, ada, one)
    ben.post(place(one, "release"))
    reveal(front, ben, one)
    late = ada.post(place(one, "decide"), **decision(one))

    assert (late.status_code, "Ben works on this case" in text(late)) == (409, True)
    assert front.service.drafts.of("ada", one.id)["rationale"] == (WORDS,)
    assert ben.post(place(one, "decide"), **decision(one, "kept")).status_code == 303
    settled = ada.post(place(one, "decide"), **decision(one))
    assert settled.status_code == 409
    assert "Other people settled this case in the meantime." in text(settled)
    assert front.kinds().count("reviewed") == 1


def test_a_step_that_was_not_shown_is_not_recorded(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    first = ada.post(place(one, "judge"), unseen=True, **judgement(one))
    assert (first.status_code, front.kinds()) == (409, ["claimed"])
    assert "This page was not shown to you as it stands now." in text(first)

    assert ada.post(place(one, "judge"), unseen=True, **judgement(one)).status_code == 303
    second = ada.post(place(one, "decide"), unseen=True, **decision(one))
    assert (second.status_code, "The model said" in text(second)) == (409, True)
    assert WORDS in text(second)
    assert front.kinds() == ["claimed", "first-judgement"]

    front.later(seconds=41)
    assert ada.post(place(one, "decide"), unseen=True, **decision(one)).status_code == 303
    assert front.entries[-1].draft.body["seconds"] == 41


def test_what_another_login_was_shown_is_not_shown_to_this_one(front):
    one = front.cases[0]
    reveal(front, front.logged_in(), one)
    again = front.logged_in()
    late = again.post(place(one, "decide"), unseen=True, **decision(one))

    assert (late.status_code, front.kinds()[-1]) == (409, "first-judgement")


def test_what_changed_since_it_was_shown_is_shown_again(tmp_path):
    front = Front(tmp_path, cases=(flagged(1),))
    (one,) = front.cases
    ada = front.logged_in()
    reveal(front, ada, one)
    front.cases = (flagged(1, evidence="margin wider"),)
    late = ada.post(place(one, "decide"), unseen=True, **decision(one))

    assert (late.status_code, "margin wider" in text(late)) == (409, True)
    assert ada.post(place(one, "decide"), unseen=True, **decision(one)).status_code == 303


def test_more_letters_than_can_be_recorded_are_given_back_whole(front):
    one = front.cases[0]
    ada = front.logged_in()
    reveal(front, ada, one)
    words = "w" * LONGEST
    late = ada.post(place(one, "decide"), **decision(one, rationale=words + "end"))

    assert (late.status_code, words + "end" in late.text) == (422, True)
    assert "More than 20,000 letters cannot be recorded" in text(late)
    assert ada.post(place(one, "decide"), **decision(one, rationale=words)).status_code == 303


def test_a_decision_that_joins_a_case_later_is_judged_alone_and_first(front):
    """What was judged before the reveal stays the first judgement, whatever comes after it."""
    one = case(1, rule())
    both = replace(one, decisions=(*one.decisions, *case(2, rule()).decisions))
    front.cases = (one,)
    ada = front.logged_in()
    reveal(front, ada, one)
    front.cases = (both,)
    (old,), (new,) = one.decisions, case(2, rule()).decisions
    again = ada.get(place(one))

    assert "Step 1 of 2" in text(again)
    assert (f"judged-{new.identity}" in again.text, f"judged-{old.identity}" in again.text) == (
        True,
        False,
    )
    said = judgement(both, "unfavorable")
    ada.post(place(one, "judge"), **said)
    assert [j["identity"] for j in front.entries[-1].draft.body["judgements"]] == [new.identity]
    shown = text(ada.get(place(one)))
    assert shown.count("Your first judgement favorable") == 1
    assert shown.count("Your first judgement unfavorable") == 1
    assert ada.post(place(one, "decide"), **decision(both)).status_code == 303


def test_a_conflict_once_declared_is_not_asked_away_when_a_decision_joins(front):
    one = case(1, rule())
    front.cases = (one,)
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    ada.post(place(one, "judge"), **judgement(one, conflict="yes"))
    front.cases = (replace(one, decisions=(*one.decisions, *case(2, rule()).decisions)),)
    shown = ada.get(place(one))

    assert "You are not shown what the model said" in text(shown)
    late = ada.post(place(one, "judge"), unseen=True, **judgement(front.cases[0]))
    assert front.kinds() == ["claimed", "first-judgement"]
    assert late.status_code == 303
    ada.post(place(one, "release"))
    assert "0 wait for you" in text(ada.get("/")) or place(one) not in ada.get("/").text


def test_a_form_sent_twice_is_recorded_once(front):
    one, other = front.cases
    ada = front.logged_in()
    for _ in range(2):
        ada.post(place(one, "claim"), role="recruiter")
    for _ in range(2):
        ada.post(place(one, "judge"), **judgement(one))
    for _ in range(2):
        answer = ada.post(place(one, "decide"), **decision(one))

    assert front.kinds() == ["claimed", "first-judgement", "reviewed"]
    assert "was not recorded twice" in text(ada.follow(answer))
    ada.post(place(other, "claim"), role="recruiter")
    for says in ("The case is given back.", "Nobody works on this case now."):
        shown = ada.follow(ada.post(place(other, "release")))
        assert says in text(shown)
        assert says not in text(ada.get("/"))
        ada.post(place(other, "escalate"), role="recruiter", to_role="lead")
    assert front.kinds()[3:] == ["claimed", "released"]


def test_a_claim_sent_twice_or_in_another_role_is_refused(front):
    one = front.cases[0]
    ada = front.logged_in()
    refused = ada.post(place(one, "claim"), role="lead")

    assert (refused.status_code, front.kinds()) == (409, [])
    assert "did not hold the role" in text(refused)
    assert ada.post("/case/none/claim", role="recruiter").status_code == 404


def test_whoever_has_a_conflict_is_not_shown_the_answer(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    shown = ada.follow(ada.post(place(one, "judge"), **judgement(one, conflict="yes")))

    assert "Your review would not count its reviewer declared a conflict" in text(shown)
    assert "Step 2" not in shown.text
    ada.post(place(one, "decide"), **decision(one))
    assert front.kinds() == ["claimed", "first-judgement"]
    assert "given back" in text(ada.follow(ada.post(place(one, "release"))))
    assert front.logged_in(BEN).post(place(one, "claim"), role="recruiter").status_code == 303


def test_a_case_that_is_passed_on_is_somebody_elses(front):
    one = front.cases[0]
    ada, lea = front.logged_in(ADA), front.logged_in(LEA)
    assert "0 wait for you" in text(lea.get("/"))
    reveal(front, ada, one)
    said = {"role": "recruiter", "to_role": "lead", "why": "A hard one."}
    assert ada.post(place(one, "escalate"), **said | {"to_role": "recruiter"}).status_code == 409
    assert "passed on to lead" in text(ada.follow(ada.post(place(one, "escalate"), **said)))

    assert "1 wait for you" in text(ada.get("/"))
    assert "1 wait for you" in text(lea.get("/"))
    lea.post(place(one, "claim"), role="lead")
    lea.get(place(one))
    lea.post(place(one, "judge"), **judgement(one))
    assert lea.post(place(one, "decide"), **decision(one, "kept")).status_code == 303
    assert front.entries[-1].draft.body["role"] == "lead"
    with front.sitting() as (board, _):
        assert board.items[one.id].state == "resolved"


def test_a_second_reader_has_the_role_that_the_policy_gives_second_readers(tmp_path):
    roles = {"recruiter": ("review",), "lead": ("second-review",)}
    front = Front(tmp_path, cases=(flagged(1, readers=2),), demands=demands(roles))
    one = front.cases[0]
    for who, role, waits in ((ADA, "recruiter", 1), (LEA, "lead", 0)):
        browser = front.logged_in(who)
        browser.post(place(one, "claim"), role=role)
        browser.post(place(one, "judge"), **judgement(one))
        assert browser.post(place(one, "decide"), **decision(one)).status_code == 303
        assert f"{waits} wait for you" in text(front.logged_in(LEA).get("/"))


def decided(browser, one, role, becomes="changed"):
    """Take a case through both steps; the answer to the last one."""
    browser.post(place(one, "claim"), role=role)
    browser.post(place(one, "judge"), **judgement(one))
    return browser.post(place(one, "decide"), **decision(one, becomes))


def test_after_a_case_was_passed_on_its_second_reader_may_be_of_any_role(tmp_path):
    front = Front(tmp_path, cases=(flagged(1, readers=2),))
    one = front.cases[0]
    ada, ben, lea = map(front.logged_in, (ADA, BEN, LEA))
    ada.post(place(one, "claim"), role="recruiter")
    ada.post(place(one, "escalate"), role="recruiter", to_role="lead")
    assert "0 wait for you" in text(ben.get("/"))
    assert "still waits" in text(lea.follow(decided(lea, one, "lead")))
    assert "1 wait for you" in text(ben.get("/"))
    assert "is settled" in text(ben.follow(decided(ben, one, "recruiter")))


def test_a_case_that_was_passed_on_is_for_others_than_those_who_decided_before(tmp_path):
    both = replace(ADA, roles=("recruiter", "lead"))
    front = Front(tmp_path, cases=(flagged(1, readers=2),), keyring=ring(both, BEN, LEA, PAGE))
    one = front.cases[0]
    ada, ben, lea = (front.logged_in(who) for who in (ADA, BEN, LEA))
    decided(ada, one, "recruiter")
    ben.post(place(one, "claim"), role="recruiter")
    ben.post(place(one, "escalate"), role="recruiter", to_role="lead")

    assert "0 wait for you" in text(ada.get("/"))
    assert "Work on it" not in ada.get(place(one)).text
    assert "Work on it as lead" in lea.get(place(one)).text
    assert decided(lea, one, "lead").status_code == 303
    assert front.kinds()[-1] == "reviewed"


def test_a_page_offers_a_case_only_to_roles_of_others_who_may_decide(tmp_path):
    both = replace(BEN, roles=("recruiter", "lead"))
    kim = replace(LEA, name="Kim", roles=("checkpoint",), trained_on=None)
    front = Front(tmp_path, cases=(flagged(1),), keyring=ring(ADA, both, kim, PAGE))
    one = front.cases[0]
    ben = front.logged_in(BEN)
    ben.post(place(one, "claim"), role="recruiter")
    assert f'action="{place(one)}/escalate"' not in ben.get(place(one)).text
    refused = ben.post(place(one, "escalate"), role="recruiter", to_role="lead")
    assert (refused.status_code, "nobody else in the keyring" in text(refused)) == (409, True)

    ben.post(place(one, "release"))
    ada = front.logged_in(ADA)
    ada.post(place(one, "claim"), role="recruiter")
    shown = ada.get(place(one)).text  # negative control: Ben did nothing yet
    assert 'value="lead"' in shown
    assert 'value="checkpoint"' not in shown


def test_a_decision_that_joins_a_case_is_judged_before_its_answer_is_shown(front):
    one = front.cases[0]
    ada = front.logged_in()
    assert "Step 2" in reveal(front, ada, one).text
    ask(front, one, "I was ill.", identity="e" * 32)
    shown = ada.get(place(one))

    assert "Step 1" in shown.text
    assert f"judged-{'e' * 32}" in shown.text


def test_an_appeal_is_for_another_person_than_the_one_who_decided(front):
    one = front.cases[0]
    ada, ben = front.logged_in(ADA), front.logged_in(BEN)
    reveal(front, ada, one)
    ada.post(place(one, "decide"), **decision(one, "kept"))
    ask(front, one, "I was ill.")

    assert one.decisions[0].decision not in ada.get("/").text
    assert "nothing for you to decide" not in text(ada.get(place(one)))
    assert one.decisions[0].decision in ben.get("/").text
    reveal(front, ben, one)
    said = decision(one, statement="considered")
    assert "is settled" in text(ben.follow(ben.post(place(one, "decide"), **said)))


def test_everything_that_a_form_lacks_is_said_at_its_field(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    empty = ada.post(place(one, "judge"))
    fields = [f"judged-{one.decisions[0].identity}", "confidence", "conflict"]
    assert empty.status_code == 422
    for field in fields:
        assert f'href="#{field}"' in empty.text
        assert f'id="{field}"' in empty.text
        assert f'id="{field}-wrong"' in empty.text

    ada.post(place(one, "judge"), **judgement(one))
    past = ada.post(place(one, "decide"), takes_effect="2020-01-01", rationale="Kept words.")
    for field in (f"final-{one.decisions[0].identity}", "considered", "statement", "takes_effect"):
        assert f'href="#{field}"' in past.text
    assert "Kept words." in past.text
    assert "a review comes before it" in past.text
    assert front.kinds() == ["claimed", "first-judgement"]


@pytest.mark.parametrize(
    ("judged", "becomes", "why"),
    [
        ("favorable", "changed", "the final outcome is not the model"),
        ("favorable", "kept", "the final outcome is not that of the first judgement"),
        ("unfavorable", "kept", "Say why, in your words."),
    ],
)
def test_words_are_asked_for_with_the_reason(front, judged, becomes, why):
    one = front.cases[0]
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    ada.post(place(one, "judge"), **judgement(one, judged))
    answer = ada.post(place(one, "decide"), **decision(one, becomes, rationale="  "))

    assert (answer.status_code, why in text(answer)) == (422, True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"statement": "not-considered"}, "had to say was not considered"),
        ({"considered_other": "x" * 81}, "longer than 80 letters"),
        ({"reason_codes": ",".join(map(str, range(50)))}, "lists more than 40 labels"),
    ],
)
def test_what_would_not_count_is_said_and_not_stored(front, said, why):
    one = front.cases[0]
    ada = front.logged_in()
    reveal(front, ada, one)
    answer = ada.post(place(one, "decide"), **decision(one, **said))

    assert (answer.status_code, why in text(answer)) == (422, True)
    assert "reviewed" not in front.kinds()


def test_who_was_not_trained_is_told_before_any_work(front):
    front.keyring = ring(replace(ADA, trained_on=None, may_change=False), *(BEN, LEA), PAGE)
    shown = text(front.logged_in().get(place(front.cases[0])))

    assert "Your review would not count" in shown
    assert "does not say that its reviewer was trained by that day" in shown
    assert "decide otherwise than the model" in shown


def test_duties_that_are_kept_apart_are_said_before_any_work(tmp_path):
    roles = {"recruiter": ("review", "release"), "lead": ("review",)}
    front = Front(tmp_path, demands=demands(roles, ("review", "release")))

    shown = text(front.logged_in().get(place(front.cases[0])))
    assert "may both release and review" in shown


def test_a_pause_stops_the_clock_and_hides_the_case(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.follow(ada.post(place(one, "claim"), role="recruiter"))
    front.later(seconds=20)
    typed = judgement(one, confidence="low")
    paused = ada.follow(ada.post(place(one, "pause"), **typed))
    assert "The clock stands" in paused.text
    assert one.decisions[0].decision not in text(ada.get(place(one)))
    front.later(minutes=20)
    shown = ada.follow(ada.post(place(one, "go-on")))
    assert 'value="low" checked' in shown.text
    front.later(seconds=5)
    ada.post(place(one, "judge"), **typed)

    assert front.entries[-1].draft.body["seconds"] == 25


def test_signs_of_life_count_and_silence_does_not(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.follow(ada.post(place(one, "claim"), role="recruiter"))
    for _ in range(3):
        front.later(minutes=20)
        ada.get(place(one))
    ada.post(place(one, "judge"), **judgement(one))

    assert front.entries[-1].draft.body["seconds"] == 3600


def test_who_walks_away_does_not_look():
    clocks = Clocks()
    clocks.start("ada", "c", NOW)
    assert clocks.seconds("ada", "c", NOW.replace(hour=23)) == MOST_BETWEEN
    assert clocks.seconds("ben", "c", NOW) is None
    clocks.start("ada", "c", NOW)
    assert clocks.paused("ada", "c") is False
    clocks.drop("ada", "c")
    assert clocks.seconds("ada", "c", NOW) is None


def test_markup_in_every_text_is_only_shown(tmp_path):
    factors = f"a raised the score by {MARKUP}"
    one = case(1, rule(f"p/{MARKUP}", reason=MARKUP, evidence=MARKUP, factors=factors, due=None))
    hostile = replace(one.decisions[0], decision=MARKUP, model_version=MARKUP)
    one = replace(one, decisions=(hostile,))
    mean = replace(ADA, same_as=MARKUP)
    front = Front(
        tmp_path,
        cases=(one,),
        keyring=ring(mean, PAGE),
        evidence={hostile.identity: ((MARKUP, MARKUP),)},
    )
    ada = front.logged_in()
    pages = [ada.get("/"), ada.get(place(one))]
    ada.post(place(one, "claim"), role="recruiter")
    pages += [ada.get(place(one)), ada.post(place(one, "judge"), confidence=MARKUP)]
    ada.post(place(one, "judge"), **judgement(one))
    pages.append(ada.get(place(one)))
    said = decision(one, rationale=MARKUP, statement="", considered_other=MARKUP, considered=MARKUP)
    pages.append(ada.post(place(one, "decide"), **said))
    pages.append(ada.get(f"/enter?invite={front.invite(mean)}"))
    assert "script" not in ada.get(f"/enter?invite={MARKUP}").text

    assert sum("&lt;script&gt;" in page.text for page in pages) == len(pages)
    for page in pages:
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "{{ 7*7 }}" in page.text
        assert page.text.count("</textarea>") == page.text.count("<textarea")


def test_words_come_back_as_they_were_typed(front):
    one = front.cases[0]
    ada = front.logged_in()
    reveal(front, ada, one)
    words = "\n  First line\u202e.\r\nSecond & <third>.\x00\x1b"
    answer = ada.post(place(one, "decide"), rationale=words)

    assert "First line\u202e.\nSecond &amp; &lt;third&gt;.</textarea>" in answer.text
    ada.post(place(one, "decide"), **decision(one, rationale=words))
    with SqliteLedger(front.path) as ledger:
        (kept,) = [w.text for (_, field), w in ledger.words().items() if field == "rationale"]
    assert kept == "First line\u202e.\nSecond & <third>."


def ask(front, one, statement, identity=""):
    """Appeal against the decision of a case."""
    clock = {"id": "appeal", "kind": "appeal", "reviewer": "recruiter", "due_days": 30}
    with front.sitting() as (board, ledger):
        asked = Asked(
            case=one.id,
            identity=identity or one.decisions[0].identity,
            decision="A-1",
            outcome="unfavorable",
            model_version="v1",
        )
        made = checked_request(
            board.desk, asked, clock, policy="p", received=front.now.date(),
            statement=statement, private=LEA.private, now=front.now,
        )  # fmt: skip
        ledger.append([made.draft], made.words)


def test_what_the_person_wrote_is_shown_after_the_reveal_and_has_to_be_considered(front):
    one = front.cases[0]
    ask(front, one, "I was ill on <b>that</b> day.")
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    assert "I was ill" not in ada.get(place(one)).text
    ada.post(place(one, "judge"), **judgement(one))
    assert "I was ill on <b>that</b> day." in text(ada.get(place(one)))
    refused = ada.post(place(one, "decide"), **decision(one))
    assert "The person gave a statement" in text(refused)
    said = decision(one, statement="considered")
    assert "is settled" in text(ada.follow(ada.post(place(one, "decide"), **said)))


def test_where_a_statement_was_erased_its_words_are_asked_for_again(front):
    one = front.cases[0]
    ask(front, one, "I was ill on <b>that</b> day.")
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    ada.post(place(one, "judge"), **judgement(one))
    with front.sitting() as (board, ledger):
        erase_words(board.desk, ledger, one.id, private=LEA.private, now=front.now)
    assert "A statement was given, and erased." in text(ada.get(place(one)))
    said = decision(one, statement="considered")
    refused = ada.post(place(one, "decide"), **said)
    assert "a statement that was erased before" in text(refused)
    said |= {"statement_words": "Ill, she says again."}
    assert "is settled" in text(ada.follow(ada.post(place(one, "decide"), **said)))


def test_a_case_of_several_decisions_is_judged_one_by_one(tmp_path):
    a, b = flagged(1), flagged(2)
    one = replace(a, decisions=(*a.decisions, *b.decisions))
    front = Front(tmp_path, cases=(one,))
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    half = judgement(one)
    half.pop(f"judged-{b.decisions[0].identity}")
    assert "about A-2" in text(ada.post(place(one, "judge"), **half))
    ada.post(place(one, "judge"), **judgement(one))
    said = decision(one)
    said[f"final-{b.decisions[0].identity}"] = "not-used-unfavorable"
    ada.post(place(one, "decide"), **said)

    parts = front.entries[-1].draft.body["settles"]
    assert [(p["outcome"], p["final"]) for p in parts] == [
        ("changed", "favorable"), ("not-used", "unfavorable"),
    ]  # fmt: skip


def test_a_long_list_comes_in_parts(tmp_path):
    front = Front(tmp_path, cases=tuple(flagged(n) for n in range(1, 121)))
    ada = front.logged_in()

    assert "120 wait for you" in text(ada.get("/"))
    counts = [ada.get(f"/?from={n}").text.count("/case/") for n in (0, 50, 100, "x", "-1", "9" * 9)]
    assert counts == [50, 50, 20, 50, 50, 50]


def test_a_form_is_read_within_limits():
    assert Form.of(b"a=1&a=2&b=%ff").many("a") == ("1", "2")
    assert Form.of(b"a=1&a=2").one("a") == ""
    assert Form.of(b"a=" + b"x" * LONGEST).too_long == ()
    assert Form.of(b"a=" + b"x" * (LONGEST + 1)).too_long == ("a",)
    assert Form.of(b"&".join(b"a=1" for _ in range(2000))).fields == {}
    assert Form.of(b"\xff\xfe").fields != {"a": ("1",)}
    assert WORDS
