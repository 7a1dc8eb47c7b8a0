"""What the column of a law marks in a review is needed under its policy, and under no other."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from auditor.errors import UsageError
from auditor.policy import load_policy
from auditor.review import Demands, checked_review
from tests.unit.review.front import Front, decision, place, reveal
from tests.unit.review.office import ADA, Office, case, demands, rule, said
from tests.unit.review.worksheet.sheets import REVIEWED, export, filled, judge, take

WHY = "it does not say how long it took, which p needs of a review"


def needing(*policies: str) -> Demands:
    return replace(demands(), needs=dict.fromkeys(policies, ("seconds",)))


@pytest.fixture
def office():
    return Office(cases=(case(1), case(2)), demands=needing("p"))


@pytest.mark.parametrize(("seconds", "settles"), [(None, False), (0, False), (1, True)])
def test_a_review_that_says_no_time_settles_nothing_where_a_policy_needs_it(
    office, seconds, settles
):
    office.review(seconds=seconds)

    assert (office.item().state == "resolved") is settles
    assert office.why() == (() if settles else (WHY,))


def test_under_other_policies_it_settles_all_the_same():
    both = case(1, rule("p/near"), rule("q/low"))
    office = Office(cases=(both,), demands=needing("q"))
    office.review(seconds=None)

    assert [one.final is not None for one in office.item().decisions[0].rules] == [True, False]
    office.review(seconds=90)
    assert office.item().state == "resolved"


def test_the_answer_to_a_request_says_its_time_as_well(office):
    office.review(seconds=60)
    office.request(kind="reconsideration")
    office.later(minutes=1)
    office.review(rules=["p/reconsideration-clock"], seconds=None)

    assert office.why() == (WHY,)
    assert office.item().state != "resolved"


def test_it_is_refused_before_it_is_recorded(office):
    told = said(office.cases[0])
    refused = checked_review(office.desk, told, private=ADA.private, now=office.now)
    taken = checked_review(
        office.desk, replace(told, seconds=40), private=ADA.private, now=office.now
    )

    assert (refused.reasons, taken.reasons) == ((WHY,), ())


def test_the_page_measures_it(tmp_path):
    front = Front(tmp_path, demands=needing("p"))
    ada, one = front.logged_in(), front.cases[0]
    reveal(front, ada, one)
    assert WHY in ada.post(place(one, "decide"), **decision(one)).text
    front.later(seconds=40)
    ada.post(place(one, "decide"), **decision(one))

    assert front.kinds()[-1] == "reviewed"
    assert front.entries[-1].draft.body["seconds"] == 40


def test_a_worksheet_asks_for_it_and_names_the_cell(office, tmp_path):
    judge(office, tmp_path)
    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    told = {row[0].value: row[1].value for row in openpyxl.load_workbook(path)["Read me"]}
    assert "May stay blank" not in told["Minutes spent"]

    filled(path, "reveal", lambda n: REVIEWED | ({"seconds": 2} if n else {}))
    with pytest.raises(UsageError) as caught:
        take(office, path)
    (problem,) = caught.value.problems
    assert problem.message == WHY
    assert "reveal!" in str(problem.where)
    filled(path, "reveal", lambda _: REVIEWED | {"seconds": 2})
    take(office, path)
    assert [item.state for item in office.queue().items] == ["resolved", "resolved"]


def test_a_worksheet_of_another_policy_leaves_it_open(tmp_path):
    office = Office(demands=needing("other"))
    judge(office, tmp_path)
    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    told = {row[0].value: row[1].value for row in openpyxl.load_workbook(path)["Read me"]}

    assert "May stay blank" in told["Minutes spent"]
    take(office, filled(path, "reveal", lambda _: REVIEWED))
    assert [item.state for item in office.queue().items] == ["resolved", "resolved"]


@pytest.mark.parametrize(
    ("pack", "needs"),
    [
        ("eu-ai-act", ("seconds",)),
        ("eu-gdpr-22", ("seconds",)),
        ("uk-equality", ("seconds",)),
        # their columns mark the first seven rows, and the statement, which everybody considers
        ("us-ca-cppa", ()),
        ("us-ca-sb947", ()),
        ("us-co-admt", ()),
    ],
)
def test_the_packs_need_what_the_columns_of_their_laws_mark(pack, needs):
    assert load_policy(pack).reviews_need == needs
