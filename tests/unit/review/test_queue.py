"""The queue: what is open, whose turn it is, and what is late."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.review import cases_of
from auditor.review.claims import last_day
from tests.unit.review.office import ADA, BEN, EVE, FIRST, LEA, Office, case, rule


def test_every_case_has_one_state():
    office = Office(cases=tuple(case(n) for n in range(1, 6)))
    office.claim(1)
    office.escalate(2)
    office.review(3)

    found = office.queue()
    assert [item.state for item in found.items] == [
        "open", "claimed", "escalated", "resolved", "open",
    ]  # fmt: skip
    late = office.queue(date(2026, 11, 28))
    assert late.states == {"open": 0, "claimed": 0, "escalated": 0, "overdue": 4, "resolved": 1}
    assert (late.reviews_open, late.reviews_overdue) == (4, 4)
    assert office.queue(date(2026, 11, 27)).reviews_overdue == 0


def test_whoever_claims_a_case_first_has_it_until_it_is_given_back(office):
    office.claim()
    office.claim(who=BEN)
    assert office.why() == ("somebody else works on the case",)
    assert office.item().claimed_by.name == "Ada"

    office.claim(who=EVE)
    office.release(who=LEA)
    assert office.why() == ("it is not theirs to give back",)
    office.release()
    assert office.item().claimed_by is None
    office.claim(who=BEN)
    office.release()
    assert office.item().state == "open"


@pytest.mark.parametrize(
    ("claimed", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),  # a Monday
        (date(2026, 11, 25), date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 27), date(2026, 12, 2)),
        (date(2026, 11, 28), date(2026, 12, 2)),  # a Saturday
        (date(9999, 12, 30), date.max),
    ],
)
def test_a_claim_holds_for_three_working_days(claimed, last):
    assert last_day(claimed) == last


def test_a_claim_that_is_not_followed_up_gives_the_case_back():
    office = Office(cases=(case(1, rule(due=None)),))
    office.claim()

    assert office.item(as_of=date(2026, 11, 30)).claimed_by.name == "Ada"
    after = office.item(as_of=date(2026, 12, 1))
    assert (after.state, after.claimed_by) == ("open", None)
    office.later(days=5)
    office.claim(who=BEN)
    assert office.why() == ("somebody else works on the case",)
    office.later(days=1)
    office.claim(who=BEN)
    assert (office.why(), office.item().claimed_by.name) == ((), "Ben")
    office.claim()
    assert office.why() == ("somebody else works on the case",)


def test_a_claim_that_is_said_again_begins_anew():
    office = Office(cases=(case(1, rule(due=None)),))
    office.claim()
    office.later(days=5)
    office.claim()

    assert office.item(as_of=date(2026, 12, 3)).state == "claimed"
    assert office.item(as_of=date(2026, 12, 4)).state == "open"


def test_a_claim_needs_a_role_that_the_case_asks_for(office):
    office.claim(who=LEA)
    assert office.why() == ("no rule of this case asks for lead",)
    office.claim(role="lead")

    assert "did not hold the role 'lead'" in office.why()[0]
    assert office.item().claimed_by is None


def test_entries_of_a_later_day_are_not_seen_yet(office):
    office.later(days=1)
    office.review()

    assert office.item().state == "resolved"
    assert office.item(as_of=date(2026, 11, 25)).state == "open"


def test_a_review_after_its_day_is_late(office):
    office.review(0)
    office.later(days=3)
    office.review(1)

    assert [item.late for item in office.queue().items] == [False, True]
    assert office.queue().reviews_overdue == 0


def test_a_case_that_is_only_advised_closes_no_gate():
    office = Office(cases=(case(1, rule(mandatory=False)),))

    assert (office.item().state, office.queue().reviews_open) == ("open", 0)
    assert office.item().missing == ("p/near: nobody has reviewed it (advised)",)
    office.review()
    assert office.item().state == "resolved"


def test_people_who_disagree_about_an_advised_review_leave_nothing_decided():
    office = Office(cases=(case(1, rule(mandatory=False)),))
    office.review(outcome="kept")
    office.review(who=BEN, outcome="changed")

    assert office.item().decisions[0].final is None


@pytest.mark.parametrize(("kept", "open_"), [(0, 2), (1, 1), (2, 0)])
def test_any_beginning_of_a_ledger_gives_its_own_queue(office, kept, open_):
    office.review(0)
    office.review(1)
    del office.entries[1 + kept :]

    assert office.queue().reviews_open == open_


def test_a_ledger_of_nothing_and_a_result_without_flags(office):
    office.entries.clear()
    assert office.queue().reviews_open == 2
    office.cases = ()

    assert office.queue().items == ()


def document(**rules: int) -> dict:
    return {
        "policies": [{"id": "p", "roles": {"lead": ["review"]}, "keep_apart": []}],
        "review_rules": [{"policy": "p", "rule": name, "readers": n} for name, n in rules.items()],
    }  # fmt: skip


def line(**said: str) -> dict[str, str]:
    plain = dict.fromkeys(
        ("decision", "reason", "evidence", "factors", "outcome", "score", "model_version"), ""
    )
    return plain | {
        "identity": FIRST, "case": "c1", "policy": "p", "rule": "near", "mandatory": "yes",
        "reviewer": "recruiter", "due": "2026-11-27",
    } | said  # fmt: skip


def test_lines_of_one_case_are_merged():
    rows = [line(), line(rule="far", mandatory="no", due="", reviewer="lead"),
            line(identity="f" * 32), line(case="c2", identity="e" * 32)]  # fmt: skip
    first, second = cases_of(document(near=2, far=1), rows)

    assert [len(one.rules) for one in first.decisions] == [2, 1]
    assert first.roles == ("recruiter", "lead")
    assert first.mandatory
    assert [one.readers for one in first.decisions[0].rules] == [2, 1]
    assert first.decisions[0].rules[1].due is None
    assert second.id == "c2"


def test_a_line_of_a_rule_that_the_result_does_not_list():
    with pytest.raises(ValueError, match="names p/near"):
        cases_of(document(), [line()])


def test_a_record_that_counts_says_how_much_it_settled(office):
    office.review(who=ADA)
    record = office.item().records[-1]

    assert (record.counts, len(record.settles), record.person.name) == (True, 1, "Ada")
    assert office.item().not_counting == ()
