"""Reason codes of a policy: offered everywhere, and what names none of them settles nothing."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from auditor.errors import UsageError
from auditor.review import Demands, checked_review
from auditor.review.reasons import reasons_of
from tests.unit.review.front import Front, decision, place, reveal, text
from tests.unit.review.office import ADA, Office, case, demands, rule, said
from tests.unit.review.test_page_corrections import correct, form_of, reviewed
from tests.unit.review.worksheet.sheets import REVIEWED, export, filled, judge, take

LIST = {"data-wrong": "A value was wrong.", "evidence": "Other evidence says <otherwise>."}


def listing(**lists: dict[str, str]) -> Demands:
    return replace(demands(), reasons=lists or {"p": LIST})


@pytest.fixture
def office():
    return Office(cases=(case(1), case(2)), demands=listing())


@pytest.mark.parametrize(
    ("outcome", "codes", "settles"),
    [
        ("changed", ["data-wrong"], True),
        ("changed", ["data-wrong", "evidence"], True),
        ("changed", [], False),
        ("changed", ["my own label"], False),
        ("changed", ["my own label", "evidence"], True),
        ("not-used", [], False),
        ("not-used", ["evidence"], True),
        ("kept", [], True),
        ("kept", ["evidence"], True),
        ("kept", ["DATA-WRONG"], False),
    ],
)
def test_what_names_no_listed_reason_settles_nothing(office, outcome, codes, settles):
    office.review(outcome=outcome, reason_codes=codes)

    assert (office.item().state == "resolved") is settles
    assert bool(office.why()) is not settles


def test_an_entry_that_does_not_count_says_what_is_on_the_list_and_what_it_named(office):
    office.review(outcome="changed", reason_codes=["my own label"])
    office.review(1, outcome="changed")

    assert office.why() == (
        "no code that it names is on the list of p (data-wrong, evidence): 'my own label'",
    )
    assert "names no reason code of p (data-wrong, evidence)" in office.why(1)[0]


@pytest.mark.parametrize("codes", [[], ["my own label"]])
def test_without_a_list_labels_are_free(office, codes):
    office.demands = listing(other=LIST)
    office.review(outcome="changed", reason_codes=codes)

    assert office.item().state == "resolved"


def test_each_policy_looks_at_its_own_list():
    both = case(1, rule("p/near"), rule("q/low"), rule("free/odd"))
    office = Office(cases=(both,), demands=listing(p=LIST, q={"job": "Not of the job."}))
    office.review(outcome="changed", reason_codes=["evidence"])

    assert [one.final is not None for one in office.item().decisions[0].rules] == [
        True,
        False,
        True,
    ]
    assert office.why() == ("no code that it names is on the list of q (job): 'evidence'",)
    office.review(outcome="changed", reason_codes=["evidence", "job"])
    assert office.item().state == "resolved"


def test_one_code_of_two_policies_says_what_both_say():
    both = case(1, rule("p/near"), rule("q/low"), rule("r/low"))
    lists = {
        "p": LIST,
        "q": {"evidence": "Seen elsewhere."},
        "r": {"data-wrong": LIST["data-wrong"]},
    }

    assert reasons_of(both, listing(**lists)) == {
        "data-wrong": "A value was wrong.",
        "evidence": "Other evidence says <otherwise>. / Seen elsewhere.",
    }
    assert reasons_of(case(1), demands()) == {}


def test_a_code_on_no_list_is_not_taken_at_all(office):
    told = said(office.cases[0], "changed", reason_codes=("data-wrng", "evidence"))
    with pytest.raises(UsageError) as caught:
        checked_review(office.desk, told, private=ADA.private, now=office.now)

    (problem,) = caught.value.problems
    assert (problem.slug, problem.hint) == ("unknown-reason-code", "did you mean 'data-wrong'?")
    assert "reason code 1 of 2" in problem.message
    fine = replace(told, reason_codes=("evidence",))
    assert checked_review(office.desk, fine, private=ADA.private, now=office.now).reasons == ()


def test_the_page_offers_the_list_and_keeps_what_was_ticked(tmp_path):
    front = Front(tmp_path, demands=listing())
    ada, one = front.logged_in(), front.cases[0]
    page = reveal(front, ada, one)
    assert page.text.count('type="checkbox" name="reason_codes"') == len(LIST)
    assert "Other evidence says &lt;otherwise&gt;." in page.text
    assert 'type="text" name="reason_codes"' not in page.text

    missing = ada.post(place(one, "decide"), **decision(one))
    assert "Tick a reason: you do not keep the model's outcome." in text(missing)
    unlisted = ada.post(place(one, "decide"), **decision(one, reason_codes=["evidence", "mine"]))
    assert "reason code 2 of 2 is on no list of the policies of this case" in text(unlisted)
    assert 'value="evidence" checked' in unlisted.text
    assert 'value="data-wrong" checked' not in unlisted.text
    assert "reviewed" not in front.kinds()

    ada.post(place(one, "decide"), **decision(one, reason_codes=["evidence", "data-wrong"]))
    assert front.entries[-1].draft.body["reason_codes"] == ["evidence", "data-wrong"]


def test_the_page_asks_for_no_code_where_the_model_is_kept_or_no_policy_lists_any(tmp_path):
    front = Front(tmp_path, demands=listing())
    ada, (one, other) = front.logged_in(), front.cases
    reveal(front, ada, one)
    ada.post(place(one, "decide"), **decision(one, "kept"))
    front.demands = demands()
    page = reveal(front, ada, other)
    ada.post(place(other, "decide"), **decision(other, reason_codes="mine, own"))

    assert 'type="text"' in page.text.split('id="reason_codes"')[1][:60]
    said = [
        entry.draft.body["reason_codes"]
        for entry in front.entries
        if entry.draft.kind == "reviewed"
    ]
    assert said == [[], ["mine", "own"]]


def test_a_worksheet_offers_the_list_and_refuses_other_codes(office, tmp_path):
    judge(office, tmp_path, judged="unfavorable")
    path = export(office, tmp_path / "reveal.xlsx", "reveal")
    book = openpyxl.load_workbook(path)
    (allowed,) = (
        one for one in book["reveal"].data_validations.dataValidation if one.type == "list"
        and "Read me" in one.formula1
    )  # fmt: skip
    cells = book["Read me"][allowed.formula1.split("!")[1].replace("$", "")]
    assert {row[0].value: row[0].offset(column=1).value for row in cells} == LIST

    answers = ({"reason_codes": "mine; evidence"}, {"outcome": "changed"})
    filled(path, "reveal", lambda n: REVIEWED | answers[n])
    with pytest.raises(UsageError) as caught:
        take(office, path)
    assert [problem.message for problem in caught.value.problems] == [
        "reason code 1 of 2 is on no list of the policies of this case",
        "it does not keep the model's outcome, and names no reason code of p (data-wrong, "
        "evidence)",
    ]

    answers = ({"reason_codes": None}, {"outcome": "changed", "reason_codes": "evidence"})
    filled(path, "reveal", lambda n: REVIEWED | answers[n])
    take(office, path)
    assert [item.state for item in office.queue().items] == ["resolved", "resolved"]


def test_a_worksheet_without_a_list_has_none(tmp_path):
    office = Office()
    judge(office, tmp_path)
    book = openpyxl.load_workbook(export(office, tmp_path / "reveal.xlsx", "reveal"))

    assert not [
        one
        for one in book["reveal"].data_validations.dataValidation
        if "Read me" in str(one.formula1)
    ]
    assert "Reason codes" not in [row[0].value for row in book["Read me"]]


def test_a_correction_on_the_page_begins_with_the_reasons_that_were_ticked(tmp_path):
    front = Front(tmp_path, demands=listing())
    one = front.cases[0]
    ada, review = reviewed(front, becomes="changed", reason_codes=["data-wrong", "evidence"])
    form = form_of(ada, one, review)

    assert 'value="data-wrong" checked' in form.text
    assert 'value="evidence" checked' in form.text
    missing = correct(ada, one, review)
    assert "Tick a reason: you do not keep the model's outcome." in text(missing)
    assert correct(ada, one, review, reason_codes=["evidence"]).status_code == 303
    assert front.entries[-1].draft.body["reason_codes"] == ["evidence"]
    # without a list the labels stand in a line, as they were typed
    front.demands = demands()
    ada, review = reviewed(front, n=1, becomes="changed", reason_codes="mine, own")
    assert 'value="mine, own"' in form_of(ada, front.cases[1], review).text
