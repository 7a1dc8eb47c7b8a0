"""The review page in headless Chromium: by keyboard, without scripts, with axe, in two browsers."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.review.page.listening import server_of
from auditor.signing import make_key
from tests.system.markup import PAYLOADS
from tests.unit.review.front import WORDS, Front, flagged
from tests.unit.review.office import ADA, BEN, PAGE, ring

pytestmark = pytest.mark.system

LATER = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()
SEVERE = ("serious", "critical")


@contextmanager
def listening(front: Front) -> Iterator[str]:
    """Run the page of a front on a free port; ends with the test."""
    started, address = threading.Event(), []

    def ready(where: str) -> None:
        address.append(where)
        started.set()

    server = server_of(front.service, host="127.0.0.1", port=0, ready=ready)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(10)
        yield address[0]
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def front(tmp_path):
    evidence = {f"{n:032x}": (("skills", "70"), ("years", "4")) for n in (1, 2, 3)}
    cases = tuple(flagged(n) for n in (1, 2, 3))
    return Front(tmp_path, cases=cases, evidence=evidence)


@pytest.fixture
def at(front):
    with listening(front) as address:
        yield address


def log_in(front, page, at, who=ADA):
    page.goto(f"{at}/enter?invite={front.invite(who, address=at)}")
    page.get_by_role("button", name="Log in").click()


def pick(page, group, label):
    page.get_by_role("group", name=group).get_by_label(label, exact=True).check()


def judge(page, judged="favorable"):
    pick(page, "Your own judgement", judged)
    pick(page, "How sure", "very sure")
    pick(page, "Do you have a conflict", "no")
    page.get_by_role("button", name="Put it on record").click()


def decide(page, becomes="change it to: favorable", words=WORDS, *, send=True):
    pick(page, "What becomes", becomes)
    pick(page, "A statement", "they gave none")
    page.get_by_label("work sample").check()
    page.get_by_label("takes effect").fill(LATER)
    page.get_by_label("Why, in your words").fill(words)
    if send:
        page.get_by_role("button", name="Put the decision").click()


def open_first(page):
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Work on it").click()


def reach(page, selector: str) -> None:
    """Press Tab until the focus is there, and see that it can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none"
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def choose(page, name: str, value: str) -> None:
    reach(page, f"input[name^='{name}']")
    page.keyboard.press("Space")
    for _ in range(6):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} cannot be chosen by keyboard")


def test_a_whole_blind_review_by_keyboard_alone(browser, front, at):
    page = browser.new_page()
    page.goto(f"{at}/enter?invite={front.invite(address=at)}")
    reach(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{at}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    reach(page, "tbody a")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Decision A-1')")
    reach(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Step 1')")
    assert "unfavorable (model" not in page.content()
    choose(page, "judged-", "cannot-say")
    choose(page, "confidence", "medium")
    choose(page, "conflict", "no")
    reach(page, ".send button")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Step 2')")
    choose(page, "final-", "changed")
    choose(page, "statement", "none-given")
    reach(page, "input[name='considered']")
    page.keyboard.press("Space")
    reach(page, "#takes_effect")
    year, month, day = LATER.split("-")
    page.keyboard.type(f"{month}{day}{year}")
    reach(page, "#rationale")
    page.keyboard.type(WORDS)
    reach(page, ".send button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]:has-text('The case is settled')")
    page.close()

    assert front.kinds() == ["claimed", "first-judgement", "reviewed"]
    body = front.entries[-1].draft.body
    assert (body["settles"][0]["final"], body["takes_effect"]) == ("favorable", LATER)


WHY = "I had read the sample of another person."


def test_an_own_review_is_corrected_by_keyboard_alone_and_by_nobody_else(browser, front, at):
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    log_in(front, page, at)
    open_first(page)
    judge(page)
    decide(page)
    page.wait_for_selector("[role=status]:has-text('The case is settled')")
    reach(page, "main a[href='/decided']")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('What you decided')")
    reach(page, "tbody a")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('What you put on record')")
    reach(page, ".history a")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Correct your review')")
    assert page.get_by_label("change it to: favorable", exact=True).is_checked()
    assert page.get_by_label("Why you correct it").input_value() == ""
    reach(page, "input[name^='final-']")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("document.activeElement.value == 'kept'")
    reach(page, ".send button")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('Nothing was recorded yet')")
    reach(page, ".wrong a[href='#rationale']")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    reach(page, "#rationale")
    page.keyboard.type(WHY)
    reach(page, ".send button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]:has-text('Your correction is on record as entry 4')")
    assert page.get_by_text(WHY).is_visible()
    assert page.get_by_text("entry 4 stands in its place").is_visible()
    form = page.locator(".history a").get_attribute("href")
    case = page.url
    context.close()

    other = browser.new_context(java_script_enabled=False)
    page = other.new_page()
    log_in(front, page, at, BEN)
    page.goto(case)
    assert page.get_by_text("the person alone who said it").is_visible()
    assert page.get_by_text(WHY).count() == 0
    page.goto(f"{at}{form}")
    assert page.get_by_text("only whoever said it can correct it").is_visible()
    other.close()
    assert front.kinds() == ["claimed", "first-judgement", "reviewed", "reviewed"]
    with front.sitting() as (board, _):
        assert board.items[front.cases[0].id].decisions[0].final == "unfavorable"


def audited(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] in SEVERE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_serious_findings_or_scrolls_sideways(browser, front, at, scheme):
    context = browser.new_context(
        viewport={"width": 320, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = audited(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[name] += [f"{wide} wide"] if wide > 320 else []

    page.goto(f"{at}/enter?invite={front.invite(address=at)}")
    look("enter")
    page.get_by_role("button", name="Log in").click()
    look("list")
    page.locator("tbody a").first.click()
    look("case")
    page.get_by_role("button", name="Work on it").click()
    look("judge")
    page.get_by_role("button", name="Put it on record").click()
    page.locator("summary").click()
    look("judge, with what is wrong")
    page.get_by_role("button", name="Pause").click()
    look("paused")
    page.get_by_role("button", name="Go on").click()
    judge(page)
    look("decide")
    page.get_by_role("button", name="Put the decision").click()
    look("decide, with what is wrong")
    decide(page)
    look("done")
    page.get_by_role("link", name="What you decided").click()
    look("decided")
    page.locator("tbody a").click()
    look("history")
    page.get_by_role("link", name="Correct entry").click()
    look("correct")
    page.get_by_role("button", name="Put the correction").click()
    look("correct, with what is wrong")
    page.get_by_label("Why you correct it").fill(WHY)
    page.get_by_role("button", name="Put the correction").click()
    look("corrected")
    page.goto(f"{at}/none")
    look("message")
    page.goto(f"{at}/enter")
    look("enter by hand")
    log_in(front, page, at)
    open_first(page)
    pick(page, "Do you have a conflict", "yes")
    front.later(minutes=31)
    page.get_by_role("button", name="Put it on record").click()
    look("ended")
    log_in(front, page, at)
    page.locator("tbody a").first.click()
    pick(page, "Your own judgement", "I cannot say")
    pick(page, "How sure", "not very")
    page.get_by_role("button", name="Put it on record").click()
    look("conflict")
    log_in(front, page, at, BEN)
    page.locator("tbody a").first.click()
    look("taken")
    front.later(days=6)
    log_in(front, page, at)
    assert page.get_by_role("heading", name="About the ledger").is_visible()
    look("list, with what is the matter with the ledger")
    context.close()

    assert {name: what for name, what in found.items() if what} == {}
    assert len(found) == 20


def test_axe_sees_a_planted_fault(browser, at):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{at}/enter")
    page.evaluate("document.querySelector('label').remove()")
    found = audited(page)
    context.close()

    assert any(one.startswith("label") for one in found)


def test_two_people_in_two_browsers_on_one_case(browser, front, at):
    ada, ben = browser.new_context(), browser.new_context()
    one, two = ada.new_page(), ben.new_page()
    log_in(front, one, at)
    log_in(front, two, at, BEN)
    for page in (one, two):
        page.locator("tbody a").first.click()
    one.get_by_role("button", name="Work on it").click()
    two.get_by_role("button", name="Work on it").click()
    assert two.get_by_text("Ada works on this case.").is_visible()
    judge(one)
    two.get_by_role("button", name="Give it back for them").click()
    decide(one)
    assert one.get_by_text("what you typed is kept").is_visible()
    one.get_by_role("button", name="Work on it").click()
    assert one.get_by_label("Why, in your words").input_value() == WORDS
    one.get_by_role("button", name="Put the decision").click()
    assert one.get_by_text("The case is settled").is_visible()
    ada.close()
    ben.close()

    assert front.kinds() == ["claimed", "first-judgement", "released", "claimed", "reviewed"]


def test_a_login_that_ends_in_the_middle_of_a_case_loses_nothing(browser, front, at):
    context = browser.new_context()
    page = context.new_page()
    log_in(front, page, at)
    open_first(page)
    judge(page)
    words = f"{WORDS}\n\nAnd <more> & more."
    decide(page, words=words, send=False)
    front.later(minutes=31)
    page.get_by_role("button", name="Put the decision").click()
    assert page.get_by_text("What you typed is kept").is_visible()
    page.get_by_label("Your link").fill(f"{at}/enter?invite={front.invite(address=at)}")
    page.get_by_role("button", name="Log in").click()
    page.locator("tbody a", has_text="A-1").click()
    assert page.get_by_label("Why, in your words").input_value() == words
    assert page.get_by_label("change it to: favorable", exact=True).is_checked()
    page.get_by_role("button", name="Put the decision").click()
    assert page.get_by_text("The case is settled").is_visible()
    context.close()

    with front.sitting() as (_, ledger):
        assert ledger.words()[front.entries[-1].draft.id, "rationale"].text == words


def hostile(folder: Path, text: str) -> Front:
    """A page on which every text that somebody wrote is this one; one element for each."""
    one = flagged(
        1, name=f"p/{text}", reason=text, evidence=text, factors=f"x raised the score by {text}"
    )
    decision = replace(one.decisions[0], decision=text, model_version=text)
    front = Front(
        folder,
        cases=(replace(one, decisions=(decision,)),),
        keyring=ring(replace(ADA, same_as=text), PAGE),
        evidence={decision.identity: ((text, text),)},
    )
    front.plain = text
    return front


def elements(page) -> list[str]:
    """Names of all elements, and of attributes that could run something or ask for it."""
    return page.evaluate(
        """[...document.querySelectorAll('*')].map(e => e.localName + [...e.attributes]
        .filter(a => a.name.startsWith('on') || ['src', 'srcdoc', 'autofocus'].includes(a.name))
        .map(a => ' ' + a.name).join(''))"""
    )


def walked(browser, folder: Path, text: str) -> tuple[list[list[str]], list[str]]:
    """Elements of every page of a review in which everything is called by a text; what it did."""
    front = hostile(folder, text)
    pages, did = [], []
    with listening(front) as at:
        context = browser.new_context(bypass_csp=True)  # so that only escaping protects
        page = context.new_page()
        page.on("dialog", lambda box: (did.append(box.message), box.dismiss()))
        page.on("request", lambda sent: did.append(sent.url) if at not in sent.url else None)
        log_in(front, page, at)
        pages.append(elements(page))
        open_first(page)
        pages.append(elements(page))
        judge(page)
        pages.append(elements(page))
        page.get_by_label("Something else").fill(text)
        page.get_by_label("Why, in your words").fill(text)
        page.get_by_role("button", name="Put the decision").click()
        pages.append(elements(page))
        assert page.get_by_label("Why, in your words").input_value() == text
        page.get_by_label("Something else").fill("")
        decide(page, words=text)
        page.goto(f"{at}/decided")
        pages.append(elements(page))
        page.locator("tbody a").click()
        pages.append(elements(page))
        page.get_by_role("link", name="Correct entry").click()
        page.get_by_role("button", name="Put the correction").click()
        pages.append(elements(page))
        context.close()
    return pages, did


def test_120_texts_that_are_markup_run_nothing_and_add_nothing(browser, tmp_path):
    """All in one walk: each field holds all of them, one after the other."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "markup").mkdir()
    harmless, _ = walked(browser, tmp_path / "plain", "plain")
    found, did = walked(browser, tmp_path / "markup", " ".join(PAYLOADS))

    assert len(set(PAYLOADS)) == 120
    assert did == []
    assert found == harmless


def test_a_text_that_is_not_escaped_would_be_seen(browser):
    page = browser.new_page()
    did: list[str] = []
    page.on("dialog", lambda box: (did.append(box.message), box.dismiss()))
    page.set_content(f"<p>{PAYLOADS[0]}{PAYLOADS[12]}</p>")
    page.wait_for_timeout(200)
    names = elements(page)
    page.close()

    assert did
    assert any("onerror" in name or name == "script" for name in names)


PROFILE = """\
auditor: profile/1
profile: {id: applicants, decisions: taken}
columns:
  id: id
  outcome: {column: status, favorable: [Advanced], unfavorable: [Rejected]}
  groups: {sex: {column: gender, values: {F: [F], M: [M]}}}
  score: {column: score, cut_score: 0.5, scale: [0, 1]}
  features: [skills]
  job_related: [skills]
"""
POLICY = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: unknown, kind: unknown-share, says: s, because: [b], options: {limit: 0.5}}]
reviews: [{id: near, kind: near-cut-score, says: Look., because: [b], options: {band: 0.004},
  reviewer: recruiter, due: 3 days}]
"""


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A result, a ledger, a keyring and keys, made by the command line itself."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with (tmp_path / "applicants.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "gender", "status", "score", "skills"])
        for n in range(200):
            status = "Advanced" if n % 100 >= 50 else "Rejected"
            writer.writerow([f"{n:04d}", "FM"[n % 2], status, f"0.{n % 100:02d}", n % 7])
    (tmp_path / "profile.yaml").write_text(PROFILE)
    (tmp_path / "ours.yaml").write_text(POLICY)
    people = ""
    for name, role in (("ada", "recruiter"), ("page", "review-service")):
        key = make_key(tmp_path / f"{name}.key", None)
        people += (
            f"  - {{name: {name.title()}, key: {key}, roles: [{role}], from: 2026-01-01,"
            f" trained_on: 2026-02-01, may_change: true}}\n"
        )
    (tmp_path / "ring.yaml").write_text(f"auditor: keyring/1\npeople:\n{people}")
    run(tmp_path, "audit", "applicants.csv", "--profile", "profile.yaml", "--policy", "ours.yaml",
        "--out", "out")  # fmt: skip
    run(tmp_path, "ledger", "init", "reviews.db", "--name", "ours")
    return tmp_path


def run(office: Path, *words: str, code: int = 0) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "auditor", *words],
        cwd=office,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    return ran.stdout


PLACE = ("--ledger", "reviews.db", "--keyring", "ring.yaml")


@contextmanager
def served(office: Path, *words: str) -> Iterator[str]:
    """Run 'auditor review serve' on a free port, and end it as Ctrl-C does."""
    export = ("--export", "applicants.csv", "--profile", "profile.yaml")
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", "review", "serve", "out", *PLACE, *export,
         "--sign-with", "page.key", "--port", "0", *words],
        cwd=office, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            first = process.stderr.readline()
            assert "the review page is at http://127.0.0.1:" in first
            yield first.split()[-1]
        finally:
            process.send_signal(2)
            _, rest = process.communicate(timeout=20)
            assert process.returncode == 0, rest
            assert "Traceback" not in rest


def test_the_command_serves_a_review_without_scripts_that_opens_the_gate(browser, office):
    waiting = json.loads(run(office, "review", "list", "out", *PLACE, "--format", "json"))
    assert len(waiting) > 1
    run(office, "gate", "out", *PLACE, code=5)
    with served(office) as at:
        link = run(office, "review", "invite", "Ada", "--keyring", "ring.yaml",
                   "--sign-with", "page.key", "--url", at)  # fmt: skip
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(link.strip())
        page.get_by_role("button", name="Log in").click()
        for n in range(len(waiting)):
            assert page.get_by_text(re.compile(f"{len(waiting) - n} wait for you")).is_visible()
            open_first(page)
            assert page.get_by_text("skills").is_visible()
            judge(page, "unfavorable")
            decide(page, "set the model aside and decide: unfavorable")
        assert page.get_by_text("0 wait for you").is_visible()
        context.close()
    run(office, "gate", "out", *PLACE)
    run(office, "ledger", "verify", "reviews.db")
