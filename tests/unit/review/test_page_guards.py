"""Who gets in, and from where: forged, reused and late links, other pages, hosts and sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.errors import UsageError
from auditor.review.page.drafts import Drafts
from auditor.review.page.guards import HEADERS, MOST_BYTES
from auditor.review.page.invites import Invite, read_invite
from auditor.review.page.listening import must_be_safe, origin_of
from auditor.review.page.sessions import Sessions
from tests.unit.review.front import (
    HERE,
    WORDS,
    Front,
    decision,
    judgement,
    place,
    reveal,
    text,
)
from tests.unit.review.office import ADA, BEN, EVE, NOW, PAGE


@pytest.fixture
def front(tmp_path):
    return Front(tmp_path)


def test_a_link_lets_one_person_in_once_and_for_good(front):
    link = f"{HERE}/enter?invite={front.invite()}"
    asked = front.browser().get(link.removeprefix(HERE))
    assert "Log in" in asked.text
    first, second = front.browser(), front.browser()

    assert first.enter(link).status_code == 303  # looking at the link used nothing up
    assert second.enter(link).status_code == 403
    front.start()
    assert front.browser().enter(link).status_code == 403
    assert front.browser().enter(front.invite()).status_code == 303


def test_the_cookie_is_for_this_page_alone(front):
    kept = front.browser().post("/enter", invite=front.invite()).headers["set-cookie"]

    assert kept.startswith("auditor-review-8000=")
    for word in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert word in kept
    assert "Secure" not in kept


def swapped(link):
    content, _, signature = link.partition(".")
    return f"{content[:-2]}AA.{signature}"


@pytest.mark.parametrize(
    "made",
    [
        lambda f: f.invite(expires=f.now),
        lambda f: f.invite(address="http://127.0.0.1:9000"),
        lambda f: f.invite(EVE),  # signed, and not in the keyring
        lambda f: Invite(key=ADA.key, address=HERE, expires=f.now + timedelta(hours=1)).signed(
            ADA.private
        ),
        lambda f: swapped(f.invite()),
        lambda f: f.invite() + "=",
        lambda f: f.invite().partition(".")[0] + ".",
        lambda _: "",
        lambda _: "é.é",
        lambda _: "a" * 5000,
    ],
    ids=["late", "elsewhere", "unknown", "forged", "changed",
         "spelled", "bare", "none", "odd", "long"],
)  # fmt: skip
def test_a_link_that_does_not_hold_lets_nobody_in(front, made):
    browser = front.browser()
    answer = browser.post("/enter", invite=made(front))

    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert browser.get("/").status_code == 401
    assert front.logged_in().get("/").status_code == 200


def test_an_invite_is_read_as_it_was_written():
    invite = Invite(key=ADA.key, address=HERE, expires=NOW)

    assert read_invite(invite.signed(PAGE.private), PAGE.key) == invite
    assert read_invite(invite.signed(PAGE.private), BEN.key) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": HERE},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"sec-fetch-site": "", "origin": "http://127.0.0.1:9000"},
    ],
)
def test_a_form_of_another_page_does_nothing(front, headers):
    one = front.cases[0]
    ada = front.logged_in()

    assert ada.post(place(one, "claim"), headers=headers, role="recruiter").status_code == 403
    assert front.kinds() == []
    assert ada.post(place(one, "claim"), role="recruiter").status_code == 303
    assert front.kinds() == ["claimed"]


def test_a_browser_that_says_nothing_of_where_a_form_is_from_is_not_believed(front):
    ada = front.logged_in()
    one = front.cases[0]
    ada.headers = {}
    assert ada.post(place(one, "claim"), role="recruiter").status_code == 403
    ada.headers = {"origin": "null"}
    assert ada.post(place(one, "claim"), role="recruiter").status_code == 403
    ada.headers = {"origin": HERE}
    assert ada.post(place(one, "claim"), role="recruiter").status_code == 303


@pytest.mark.parametrize("token", ["", "x" * 43, None])
def test_a_form_without_the_token_of_its_login_does_nothing(front, token):
    one = front.cases[0]
    ada, ben = front.logged_in(ADA), front.logged_in(BEN)
    answer = ada.post(
        place(one, "claim"), role="recruiter", token=ben.token if token is None else token
    )

    assert "nothing of it was recorded" in text(ada.follow(answer))
    assert front.kinds() == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1", "localhost:80"])
def test_a_name_that_was_led_here_is_not_answered(front, host):
    browser = front.browser()
    assert browser.get("/", headers={"host": host}).status_code == 421
    assert browser.get("/enter", headers={"host": "localhost:8000"}).status_code == 200


def test_every_answer_carries_what_keeps_pages_apart(front):
    ada = front.logged_in()
    answers = [ada.get("/"), ada.get("/page.css"), ada.get("/none"), ada.get("/case/none")]
    answers += [ada.get("/", headers={"host": "evil"}), front.browser().get("/")]

    assert [one.status_code for one in answers] == [200, 200, 404, 404, 421, 401]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "script" not in HEADERS["content-security-policy"]


def test_a_form_too_large_or_of_another_kind_is_refused(front):
    ada = front.logged_in()
    assert ada.post("/leave", filler="x" * MOST_BYTES).status_code == 413
    other = ada.send("POST", "/leave", json={"token": ada.token}, headers=ada.headers)
    assert other.status_code == 415
    assert ada.send("PUT", "/leave", headers=ada.headers).status_code == 405
    assert ada.post("/leave").status_code == 200
    assert ada.get("/").status_code == 401


def test_a_mistake_ends_here_and_shows_nothing(front):
    ada = front.logged_in()
    front.cases = None  # whatever breaks
    answer = ada.get("/")

    assert (answer.status_code, len(front.trouble)) == (500, 1)
    assert "This is a mistake in auditor" in answer.text
    assert "TypeError" not in answer.text
    assert "Traceback" not in answer.text


def test_a_ledger_that_is_gone_is_said_without_its_place(front):
    ada = front.logged_in()
    front.path.rename(front.folder / "away.db")
    answer = ada.get("/")

    assert (answer.status_code, front.trouble) == (503, [])
    assert str(front.folder) not in answer.text


@pytest.mark.parametrize("minutes", [31, 60 * 13])
def test_a_login_that_ends_loses_no_word(front, minutes):
    one = front.cases[0]
    ada = front.logged_in()
    reveal(front, ada, one)
    front.later(minutes=minutes)
    answer = ada.post(place(one, "decide"), **decision(one))

    assert answer.status_code == 401
    assert "What you typed is kept" in text(answer)
    assert front.kinds() == ["claimed", "first-judgement"]
    again = front.logged_in()
    assert "with what you typed" in again.get("/").text
    shown = again.get(place(one))
    assert WORDS in shown.text
    assert 'value="changed" checked' in shown.text
    assert 'value="work sample" checked' in shown.text
    assert again.post(place(one, "decide"), **decision(one)).status_code == 303
    assert front.kinds()[-1] == "reviewed"


def test_what_somebody_typed_is_theirs_alone(front):
    one = front.cases[0]
    ada = front.logged_in()
    reveal(front, ada, one)
    front.later(minutes=31)
    ada.post(place(one, "decide"), **decision(one))

    ben = front.logged_in(BEN)
    assert "with what you typed" not in ben.get("/").text
    ben.post(place(one, "release"))
    assert "Step 2" in reveal(front, ben, one).text
    assert WORDS not in ben.get(place(one)).text


def test_a_form_of_an_earlier_login_is_shown_again_and_not_taken(front):
    one = front.cases[0]
    ada = front.logged_in()
    ada.post(place(one, "claim"), role="recruiter")
    ada.get(place(one))
    old = ada.token
    front.later(minutes=31)
    ada.get("/")
    ada.enter(front.invite())
    shown = ada.follow(ada.post(place(one, "judge"), token=old, **judgement(one)))

    assert "Look at what you typed, then send it" in text(shown)
    assert 'value="favorable" checked' in shown.text
    assert front.kinds() == ["claimed"]


def test_after_a_restart_words_are_given_back_to_copy(front):
    one = front.cases[0]
    ada = front.logged_in()
    reveal(front, ada, one)
    front.start()
    answer = ada.post(place(one, "decide"), **decision(one))

    assert answer.status_code == 401
    assert WORDS in answer.text
    assert "Copy it before you" in answer.text


def test_a_header_names_people_only_where_it_was_asked_for(tmp_path, front):
    said = {"x-remote-user": "ada"}
    assert front.browser(headers=said).get("/").status_code == 401

    (tmp_path / "p").mkdir()
    proxied = Front(tmp_path / "p", proxy_header="X-Remote-User", address="https://r.example")
    at = "https://r.example"
    ada = proxied.browser(at=at, headers=said)
    shown = ada.get("/")
    assert (shown.status_code, "Ada" in shown.text) == (200, True)
    assert "__Host-auditor-review=" in shown.headers["set-cookie"]
    assert "Secure" in shown.headers["set-cookie"]
    assert ada.post(place(proxied.cases[0], "claim"), role="recruiter").status_code == 303
    for other in (
        proxied.browser(at=at, headers=said, peer="10.0.0.7"),
        proxied.browser(at=at, headers={"x-remote-user": "Eve"}),
        proxied.browser(at=at, headers={"x-remote-user": "page"}),
        proxied.browser(at=at),
    ):
        assert other.get("/").status_code == 401
    # whoever logs in at the proxy as somebody else is somebody else, whatever the cookie says
    ada.headers["x-remote-user"] = "Ben"
    assert "Ben" in ada.get("/").text
    invited = proxied.browser(at=at)
    assert invited.enter(proxied.invite(address=at)).status_code == 403


def test_nobody_stays_in_whose_key_holds_no_more(front):
    ada = front.logged_in()
    gone = replace(ADA.holder, until=front.now.date() - timedelta(days=1))
    front.keyring = replace(front.keyring, holders=(gone, *front.keyring.holders[1:]))

    assert ada.get("/").status_code == 401


def test_a_login_ends_after_half_a_day_whatever_happens_in_it():
    sessions = Sessions()
    cookie = sessions.begin("ada", ADA.key, NOW).id
    living = [
        sessions.living(cookie, NOW + timedelta(minutes=n)) is not None
        for n in range(0, 13 * 60, 20)
    ]

    assert living == [True] * 36 + [False] * 3


def test_sessions_of_one_person_do_not_pile_up():
    sessions = Sessions()
    first = sessions.begin("ada", ADA.key, NOW)
    last = [sessions.begin("ada", ADA.key, NOW) for _ in range(20)][-1]

    assert sessions.living(first.id, NOW) is None
    assert sessions.living(last.id, NOW) is last


@pytest.mark.parametrize(
    ("host", "behind", "address", "header"),
    [
        ("0.0.0.0", False, None, None),  # noqa: S104
        ("192.168.1.4", False, "https://r.example", None),
        ("127.0.0.1", True, None, None),
        ("127.0.0.1", False, "https://r.example", None),
        ("127.0.0.1", True, "http://r.example", None),
        ("127.0.0.1", False, None, "X-Remote-User"),
        ("0.0.0.0", True, "https://r.example", "X-Remote-User"),  # noqa: S104
    ],
)
def test_a_page_that_others_could_read_is_not_opened(host, behind, address, header):
    with pytest.raises(UsageError):
        must_be_safe(host, behind_proxy=behind, address=address, proxy_header=header)
    must_be_safe("127.0.0.1", behind_proxy=False, address=None, proxy_header=None)
    must_be_safe("::1", behind_proxy=True, address="https://r.example", proxy_header="X-User")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://R.example/", "https://r.example"),
        ("https://r.example:443", "https://r.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_has_one_spelling(text, origin):
    assert origin_of(text) == origin


@pytest.mark.parametrize(
    "text",
    ["", "r.example", "ftp://r.example", "https://r.example/x", "https://a@r.example",
     "https://r.example?x", "https://r.example:99999", "http://r.example"],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(text):
    with pytest.raises(UsageError):
        origin_of(text)


def test_an_invite_says_whose_it_is_before_it_is_used(tmp_path):
    front = Front(tmp_path)
    browser = front.browser()
    asked = browser.get(f"/enter?invite={front.invite(BEN)}")
    old = browser.get(f"/enter?invite={front.invite(BEN, expires=front.now)}")

    assert "Log in as Ben" in text(asked)
    assert (old.status_code, "Ben" in old.text) == (403, False)


def test_words_are_kept_for_known_cases_and_so_many_of_one_person(tmp_path):
    front = Front(tmp_path)
    ada = front.logged_in()
    ada.post("/leave")
    ada.post("/case/nothing-known/decide", unseen=True, rationale="words")
    ada.post(place(front.cases[0], "decide"), unseen=True, rationale="words")

    assert front.service.drafts.of("ada", "nothing-known") is None
    assert front.service.drafts.of("ada", front.cases[0].id) is not None
    drafts = Drafts()
    for n in range(30):
        drafts.keep("ada", str(n), {"a": ("b",)}, front.now)
    drafts.keep("ben", "0", {"a": ("b",)}, front.now)
    assert [n for n in range(30) if drafts.of("ada", str(n))] == list(range(10, 30))
    assert drafts.of("ben", "0")
