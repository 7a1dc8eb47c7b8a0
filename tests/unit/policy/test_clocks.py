"""Clocks of requests in days and in months of the calendar; a month is no number of days."""

from __future__ import annotations

import re
from datetime import date

import pytest

from auditor.cli.policy.wording import duties_of
from auditor.errors import PolicyError
from auditor.policy import load_policy
from auditor.policy.days import Span, due_span
from auditor.review.requesting import checked_request, flagged
from auditor.rules.bind import bind
from auditor.rules.resolve import resolved_text
from auditor.rules.scales import span
from auditor.signing import policy_digest
from tests.unit.policy.test_extends import CHILD, PARENT
from tests.unit.review.office import BEN, Office

TAKES = "reviewer: recruiter"
CLOCK = f"requests: [{{{{id: ask, kind: appeal, says: S., because: [b], due: {{}}, {TAKES}}}}}]\n"
BARE = re.sub(r"requests:.*\n", "", PARENT)


@pytest.fixture
def file(tmp_path):
    def file(name: str, text: str) -> str:
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return file


@pytest.mark.parametrize(
    ("start", "due", "last"),
    [
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),  # a leap year
        ("2028-02-29", "12 months", "2029-02-28"),
        ("2026-02-28", "1 month", "2026-03-28"),
        ("2026-03-31", "1 month", "2026-04-30"),
        ("2026-12-31", "2 months", "2027-02-28"),
        ("2026-12-01", "1 month", "2027-01-01"),  # a holiday: the earlier day all the same
        ("2026-11-28", "1 month", "2026-12-28"),
        ("2026-01-15", "1 month", "2026-02-15"),  # a Sunday
        ("2026-01-31", "30 days", "2026-03-02"),
        ("9999-12-15", "1 month", "9999-12-31"),
        ("9999-12-15", "30 days", "9999-12-31"),
    ],
)
def test_the_last_day_of_a_clock(start, due, last):
    assert due_span(due).after(date.fromisoformat(start)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("due", "fewest", "most"),
    [("1 month", 28, 31), ("2 months", 59, 62), ("12 months", 365, 366), ("45 days", 45, 45)],
)
def test_how_many_days_a_clock_can_be(due, fewest, most):
    found = due_span(due)

    assert found.fewest_and_most == (fewest, most)
    assert found.days == fewest


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        ("1 month", "28 days", "tighter"),
        ("1 month", "29 days", "unclear"),
        ("1 month", "30 days", "unclear"),
        ("1 month", "31 days", "looser"),
        ("28 days", "1 month", "looser"),
        ("31 days", "1 month", "tighter"),
        ("30 days", "1 month", "unclear"),
        ("1 month", "2 months", "looser"),
        ("3 months", "2 months", "tighter"),
        ("1 month", "1 months", "neutral"),
        ("4 weeks", "28 days", "neutral"),
        ("45 days", "30 days", "tighter"),
    ],
)
def test_which_clock_is_shorter_whenever_it_begins(old, new, way):
    assert span(old, new) == way


@pytest.mark.parametrize("due", ["0 months", "13 months", "01 month", "month", "1.5 months", "1 y"])
def test_what_is_no_clock_is_refused(file, due):
    with pytest.raises(PolicyError) as caught:
        load_policy(file("base", BARE + CLOCK.format(f'"{due}"')))

    assert [problem.slug for problem in caught.value.problems] == ["bad-due"]


def test_a_clock_in_months_is_read_said_and_signed_and_reads_back(file):
    months, days = (bind([file("a", BARE + CLOCK.format(d))])[0] for d in ("1 month", "28 days"))
    again = load_policy(file("again", resolved_text(months)))

    assert [(c.due_days, c.due_months) for c in again.requests] == [(28, 1)]
    assert "decided within 1 month;" in " ".join(duties_of(months.policy))
    assert "decided within 28 days;" in " ".join(duties_of(days.policy))
    assert policy_digest(months) != policy_digest(days)


@pytest.mark.parametrize(("own", "holds"), [("28 days", True), ("30 days", False)])
def test_a_child_keeps_within_the_month_of_its_parent(file, own, holds):
    digest = load_policy(file("base", BARE + CLOCK.format("1 month"))).sha256
    ours = file("ours", CHILD.replace("DIGEST", digest) + CLOCK.format(own))

    if holds:
        assert bind([ours])[0].policy.requests[0].due_days == 28
    else:
        with pytest.raises(PolicyError) as caught:
            bind([ours])
        assert {problem.slug for problem in caught.value.problems} == {"loosens-parent"}


@pytest.mark.parametrize(
    ("pack", "clocks"),
    [
        ("eu-gdpr-22", {"appeal": 1, "reconsideration": 1}),
        ("uk-equality", {"appeal": 1, "reconsideration": 1}),
        ("us-ca-cppa", {"appeal": None}),
        ("us-co-admt", {"reconsideration": None}),
    ],
)
def test_the_packs_set_the_clocks_of_their_laws(pack, clocks):
    assert {one.kind: one.due_months for one in load_policy(pack).requests} == clocks


def test_a_span_of_days_alone_has_no_months():
    assert due_span("45 days") == Span(days=45)


@pytest.mark.parametrize(
    ("received", "due"), [("2026-01-31", "2026-02-28"), ("2026-10-31", "2026-11-30")]
)
def test_a_request_is_due_at_the_end_of_its_month(received, due):
    office = Office()
    clock = {"id": "appeal-clock", "kind": "appeal", "due_days": 28, "due_months": 1,
             "reviewer": "recruiter"}  # fmt: skip
    made = checked_request(
        office.desk, flagged(office.desk, "A-1"), clock, policy="p",
        received=date.fromisoformat(received), private=BEN.private, now=office.now,
    )  # fmt: skip

    assert made.draft.body["due"] == due
