"""Reason codes of a policy on the review page: asked for at their place, by keyboard, with axe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.system.test_review_page_in_a_browser import (
    SEVERE,
    decide,
    judge,
    listening,
    log_in,
    open_first,
    reach,
)  # fmt: skip
from tests.unit.review.front import Front, flagged
from tests.unit.review.office import demands

pytestmark = pytest.mark.system

LIST = {"value-wrong": "A value that the model read is wrong.", "other": "None of <these>."}


@pytest.fixture
def front(tmp_path):
    wanted = replace(demands(), reasons={"p": LIST})
    return Front(tmp_path, cases=(flagged(1),), demands=wanted)


def test_a_reason_is_ticked_by_keyboard_where_the_page_asks_for_it(browser, front):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    with listening(front) as at:
        log_in(front, page, at)
        open_first(page)
        judge(page)
        decide(page)
        page.get_by_role("link", name="Tick a reason: you do not keep the model's outcome.").click()
        assert page.evaluate("document.activeElement.id || location.hash") in (
            "reason_codes", "#reason_codes",
        )  # fmt: skip
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SEVERE] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        reach(page, "input[name='reason_codes']")
        page.keyboard.press("Space")
        page.get_by_role("button", name="Put the decision").click()
        page.wait_for_url(f"{at}/")

    assert front.kinds()[-1] == "reviewed"
    assert front.entries[-1].draft.body["reason_codes"] == ["value-wrong"]
    page.close()
