from __future__ import annotations

from datetime import date

import pytest

from auditor.documents import check
from auditor.rules.kinds.record_present import RecordPresentOptions
from auditor.vocabulary import Severity

DPIA = {"dpia": {"reference": "DPIA 7", "on": "2026-03-01"}}


def test_what_is_on_record_passes(one, on_record):
    found, says = one("record-present", on_record(DPIA), entries=["dpia", "dpia.on"])

    assert found == "pass"
    assert says == "The record of Ranker answers all that this rule asks for."


def test_what_is_not_on_record_has_no_verdict_and_is_named(one, on_record):
    record = {**DPIA, "questions": {"training": {"answer": "On 2024."}}}
    asked = ["dpia", "questions.training", "owners"]

    found, says = one("record-present", on_record(record), entries=asked)

    assert found == "no_verdict"
    assert says == (
        "The record of Ranker does not say questions.training.source, "
        "questions.training.answered_on and owners."
    )


def test_one_missing_answer_of_the_five_is_enough(one, on_record):
    answer = {"answer": "A", "source": "S", "answered_on": "2026-01-01"}
    five = {
        name: dict(answer) for name in ("model", "training", "data", "explanation", "verification")
    }
    five["explanation"]["steps_to_person"] = 2

    assert one("record-present", on_record({"questions": five}), entries=["questions"])[0] == "pass"
    del five["data"]["source"]
    found, says = one("record-present", on_record({"questions": five}), entries=["questions"])
    assert (found, "questions.data.source" in says) == ("no_verdict", True)


@pytest.mark.parametrize(
    ("severity", "when_present", "found", "required"),
    [
        (Severity.BLOCK, False, "no_verdict", None),
        (Severity.BLOCK, True, "no-system-record", False),
        (Severity.WARN, False, "no-system-record", True),
        (Severity.WARN, True, "no-system-record", False),
    ],
)
def test_without_a_record_it_says_what_is_missing_and_never_passes(
    gate, on_record, severity, when_present, found, required
):
    rule = gate(
        "record-present", severity=severity, when_present=when_present, entries=["dpia", "owners"]
    )

    (said,) = rule.check(on_record(given=False))

    assert (getattr(said, "verdict", None) or said.reason) == found
    assert getattr(said, "required", None) == required
    assert "No system record was given, so nothing says dpia and owners." in said.says
    assert "--system FILE" in f"{said.says} {getattr(said, 'next', '')}"


def test_a_rule_that_blocks_has_to_pass_and_a_warning_has_not(gate, on_record):
    (block,) = gate("record-present", severity=Severity.BLOCK, entries=["dpia"]).check(on_record())
    (warn,) = gate("record-present", entries=["dpia"]).check(on_record())

    assert (block.must_pass, block.verdict) == (True, "no_verdict")
    assert (warn.must_pass, warn.verdict) == (False, "no_verdict")


def test_a_gap_is_listed_and_not_held_against_the_run_when_the_rule_says_so(gate, on_record):
    rule = gate("record-present", severity=Severity.BLOCK, when_present=True, entries=["dpia"])

    (said,) = rule.check(on_record())

    assert (said.reason, said.required) == ("not-on-record", False)


LATER = "2026-11-23"
DONE = {
    "dpia": ({"dpia": {"reference": "D", "on": LATER}}, "dpia.on"),
    "risk_assessment": ({"risk_assessment": {"reference": "D", "on": LATER}}, "risk_assessment.on"),
    "audit": ({"audit": {"by": "B", "independent": "yes", "on": LATER}}, "audit.on"),
    "consultation": (
        {"consultation": {"with": "W", "on": LATER, "reference": "R"}},
        "consultation.on",
    ),
    "reviewers.training": (
        {"reviewers": {"training": {"what": "W", "last_on": LATER}}},
        "reviewers.training.last_on",
    ),
    "notices.candidates": (
        {"notices": [{"to": "candidates", "reference": "R", "given_on": LATER, "law": "L"}]},
        "notices.candidates.given_on",
    ),
    "questions.data": (
        {"questions": {"data": {"answer": "A", "source": "S", "answered_on": LATER}}},
        "questions.data.answered_on",
    ),
}


@pytest.mark.parametrize("entry", DONE)
def test_what_is_dated_after_the_audit_is_not_yet_on_record(one, on_record, entry):
    record, leaf = DONE[entry]

    found, says = one("record-present", on_record(record), entries=[entry])
    assert (found, says) == (
        "no_verdict",
        f"{leaf} is {LATER}, after the audit of 2026-11-22: not yet.",
    )
    # the control: on its day it is
    assert one("record-present", on_record(record, as_of=date(2026, 11, 23)), entries=[entry])[
        0
    ] == ("pass")


def test_missing_and_misdated_are_told_together(gate, on_record):
    record = {**DONE["dpia"][0], "audit": {"on": LATER}}
    (said,) = gate("record-present", severity=Severity.BLOCK, entries=["dpia", "audit"]).check(
        on_record(record)
    )

    assert said.says == (
        "The record of Ranker does not say audit.by and audit.independent. dpia.on is 2026-11-23, "
        "after the audit of 2026-11-22: not yet. audit.on is 2026-11-23, after the audit of "
        "2026-11-22: not yet."
    )
    assert said.evidence["misdated"] == ["dpia.on", "audit.on"]
    assert one_reason(gate, on_record, record) == "not-on-record"


def one_reason(gate, on_record, record):
    (said,) = gate("record-present", when_present=True, entries=["dpia"]).check(on_record(record))
    return said.reason


def test_one_notice_that_was_given_is_enough(one, on_record):
    notice = {"to": "candidates", "reference": "R", "law": "L"}
    notices = [{**notice, "given_on": "2026-01-01"}, {**notice, "given_on": LATER}]

    found = one("record-present", on_record({"notices": notices}), entries=["notices.candidates"])
    assert found[0] == "pass"


@pytest.mark.parametrize(("day", "found"), [("2026-11-21", "no_verdict"), ("2026-11-22", "pass")])
def test_data_that_were_to_be_gone_are_asked_for(one, on_record, day, found):
    record = {"special_data": {"necessity": "N", "access": "A", "delete_on": day}}

    assert one("record-present", on_record(record), entries=["special_data"])[0] == found


def test_a_system_may_be_audited_before_its_use(one, on_record):
    record = {"use": {"purpose": "P", "since": LATER, "framework": "F"}}

    assert one("record-present", on_record(record), entries=["use"])[0] == "pass"


ROUTES = ["opt_out", "appeal", "opt_out_exception"]


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"opt_out": {"route": "Form", "days": 14}}, "pass"),
        ({"appeal": {"route": "Mail", "days": 30}}, "pass"),
        ({"appeal": {"route": "Mail"}, "opt_out": {"days": 14}}, "no_verdict"),  # two halves
        ({"opt_out_exception": {"solely_for": "Skill", "works": "Study 7"}}, "no_verdict"),
        ({}, "no_verdict"),
    ],
)
def test_of_several_entries_one_is_enough_when_it_is_whole(one, on_record, record, found):
    assert one("record-present", on_record(record), any_of=ROUTES)[0] == found


def test_when_none_of_several_is_there_all_are_named(one, on_record):
    _, says = one("record-present", on_record({}), entries=["dpia"], any_of=ROUTES)

    assert says == (
        "The record of Ranker does not say dpia and one of opt_out, appeal, opt_out_exception."
    )


@pytest.mark.parametrize(
    ("audit", "found"),
    [({"independent": "yes"}, "pass"), ({"independent": "no"}, "no_verdict"), ({}, "no_verdict")],
)
def test_a_no_is_an_answer_and_no_yes(one, on_record, audit, found):
    seen = on_record({"audit": audit})

    assert one("record-present", seen, says_yes=["audit.independent"])[0] == found
    if audit:
        assert one("record-present", seen, entries=["audit.independent"])[0] == "pass"


@pytest.mark.parametrize(
    ("options", "slug"),
    [({}, "missing-key"), ({"says_yes": ["dpia.on"]}, "no-yes-or-no")],
)
def test_options_that_ask_for_nothing_are_refused(options, slug):
    _, problems = check(options, RecordPresentOptions)

    assert [problem.slug for problem in problems] == [slug]


def test_one_of_several_that_is_dated_as_it_can_be_is_enough(one, on_record):
    dpia, audit = DONE["dpia"][0], {"audit": {"by": "B", "independent": "yes", "on": "2026-01-01"}}
    asked = {"any_of": ["dpia", "audit"]}

    assert one("record-present", on_record({**dpia, **audit}), **asked)[0] == "pass"
    assert one("record-present", on_record(dpia), **asked)[0] == "no_verdict"


@pytest.mark.parametrize(("last", "found"), [("2026-11-22", "pass"), (LATER, "no_verdict")])
def test_every_target_has_to_be_set_by_then(one, on_record, last, found):
    whole = {"says": "S", "measure": "M", "at_least": "0.8"}
    targets = [{**whole, "set_on": day} for day in ("2026-01-01", last)]

    assert one("record-present", on_record({"targets": targets}), entries=["targets"])[0] == found
