"""The page as people open it: headless Chromium, wide and narrow, without scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor.demo import audit_demo

pytestmark = pytest.mark.system

WIDTHS = [1280, 390]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("demo")
    audit_demo(place)
    return place / "result"


@pytest.fixture(params=WIDTHS)
def page(request, browser, demo):
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    requests: list[str] = []
    opened.on("request", lambda r: requests.append(r.url))
    opened.goto((demo / "report.html").as_uri())
    yield opened, requests
    context.close()


def test_the_page_asks_for_nothing_but_itself(page):
    opened, requests = page

    assert requests == [opened.url]
    assert opened.locator("script").count() == 0


def test_the_page_does_not_scroll_sideways(page):
    opened, _ = page

    wide = opened.evaluate("document.documentElement.scrollWidth")
    assert wide <= opened.viewport_size["width"]


def test_the_first_screen_holds_what_to_read_first_and_the_verdict(page):
    opened, _ = page
    height = opened.viewport_size["height"]

    assert opened.get_by_text("Read first").bounding_box()["y"] < height
    verdict = opened.locator("#verdict").bounding_box()
    assert verdict["y"] < 2 * height


def test_every_chart_has_a_table_twin_with_the_numbers_of_the_result(page, demo):
    opened, _ = page
    result = json.loads((demo / "audit.json").read_text())
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    text = re.sub(r"\s+", " ", opened.locator("main").inner_text())

    assert opened.locator("svg").count() >= len({m["attribute"] for m in result["measurements"]})
    for rate in result["measurements"]:
        assert f"{rate['n']:,}" in text
        assert f"{rate['favorable']:,}" in text
    for finding in result["findings"]:
        assert re.sub(r"\s+", " ", finding["says"]) in text
    assert f"{result['flags']['count']:,} decisions" in text


def test_the_answers_to_the_five_questions_are_in_view_and_the_rest_unfolds(page):
    opened, _ = page
    record = opened.locator("#system")

    shown = record.locator("dt", has_text=re.compile("^answer$")).all()
    assert [term.is_visible() for term in shown] == [True] * 5
    retention = record.locator("details", has_text="kept?").first
    assert not retention.locator("dl").is_visible()
    retention.locator("summary").click()
    assert retention.locator("dl").is_visible()


def test_the_page_reads_by_keyboard(page):
    opened, _ = page

    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the verdict"
    opened.keyboard.press("Enter")
    assert opened.url.endswith("#verdict")
