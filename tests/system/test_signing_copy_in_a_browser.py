"""The copy to sign as people open and print it: headless Chromium, wide, narrow and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import main

pytestmark = pytest.mark.system

A4 = (594.96, 841.92)
POLICIES = ["us-adverse-impact", str(Path(__file__).parents[2] / "fixtures/policies/acme.yaml")]


@pytest.fixture(params=POLICIES)
def copy(request, tmp_path) -> Path:
    out = tmp_path / "copy.html"
    ran = CliRunner().invoke(main, ["policy", "print", request.param, "--out", str(out)])
    assert ran.exit_code == 0
    return out


@pytest.mark.parametrize("width", [1280, 390])
def test_the_copy_asks_for_nothing_and_does_not_scroll_sideways(browser, copy, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    page.on("request", lambda r: requests.append(r.url))
    page.goto(copy.as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert requests == [copy.as_uri()]
    assert wide <= width


def test_the_copy_prints_on_a4(browser, copy):
    page = browser.new_page()
    page.goto(copy.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)

    assert box is not None
    assert [float(side) for side in box.groups()] == pytest.approx(A4, abs=1)


def test_the_signatures_stay_on_one_page(browser, copy):
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(copy.as_uri())
    kept = page.locator("footer").evaluate("e => getComputedStyle(e).breakInside")
    height = page.locator("footer").bounding_box()["height"]
    page.close()

    assert kept == "avoid"
    assert height < 900
