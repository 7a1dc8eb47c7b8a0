"""Feedback says what became of a reading: what one person said is not yet an outcome."""

from __future__ import annotations

import csv
import io

from auditor.review.oversight import readings_of
from auditor.review.oversight.feedback import feedback_csv
from tests.unit.review.office import ADA, BEN, CLEO, Office
from tests.unit.review.test_oversight import crowd


def rows(office: Office) -> list[dict[str, str]]:
    queue = office.queue()
    return list(csv.DictReader(io.StringIO(feedback_csv(readings_of(queue), queue))))


def become(office: Office) -> list[tuple[str, str, str]]:
    return [(one["final"], one["standing"], one["in_force"]) for one in rows(office)]


def test_one_reading_that_settles_is_in_force():
    office = crowd(1)
    office.review(0, outcome="changed")

    assert become(office) == [("unfavorable", "settled", "unfavorable")]


def test_a_reading_of_two_that_are_asked_for_is_pending_then_disputed_then_overruled():
    office = crowd(1, readers=2)
    office.review(0, who=ADA, outcome="changed")
    assert become(office) == [("unfavorable", "pending", "pending human")]
    office.review(0, who=BEN, outcome="kept")
    assert become(office) == [("unfavorable", "disputed", "pending human")]
    office.review(0, who=CLEO, outcome="kept")
    assert become(office) == [("unfavorable", "overruled", "favorable")]


def test_an_answer_to_a_request_overrules_and_what_is_asked_again_is_pending():
    office = crowd(1)
    office.review(0, outcome="changed")
    office.request(0)
    assert become(office) == [("unfavorable", "pending", "pending human")]
    office.review(0, who=BEN, outcome="kept", rules=["p/appeal-clock"])
    assert become(office) == [("unfavorable", "overruled", "favorable")]
    office.request(0)
    assert become(office) == [("unfavorable", "pending", "pending human")]


def test_where_an_advised_review_is_not_finished_the_model_is_in_force():
    office = crowd(1, readers=2, mandatory=False)
    office.review(0, outcome="changed")

    assert become(office) == [("unfavorable", "pending", "favorable")]
