"""What is on record about a system, counted for the page and named for the terminal."""

from __future__ import annotations

import pytest

from auditor.report.checklist import checklist, on_record, open_questions
from auditor.report.opening import cautions


def document(entries, **head):
    system = {"name": "Ranker", "version": None, "entries": entries, **head}
    return {"system": system}


def entry(name, state):
    return {"entry": name, "asks": "?", "state": state, "since": None, "missing": [], "values": []}


def test_questions_stand_apart_from_everything_else():
    found = checklist(
        document(
            [
                entry("system", "incomplete"),
                entry("questions.data", "answered"),
                entry("dpia", "answered"),
            ]
        )
    )

    assert [e["entry"] for e in found.questions] == ["questions.data"]
    assert (found.answered, found.total) == (2, 3)


@pytest.mark.parametrize("state", ["incomplete", "missing"])
def test_a_question_without_an_answer_is_said_first(state):
    said = open_questions(
        document([entry("questions.model", "answered"), entry("questions.training", state)])
    )

    assert said == "Not answered on record about the system: training."


def test_nothing_is_said_when_all_are_answered_or_no_record_was_given():
    assert open_questions(document([entry("questions.model", "answered")])) is None
    assert (open_questions({"system": None}), on_record({"system": None})) == (None, None)


def test_the_short_form_names_what_is_open_and_counts_the_rest():
    many = [entry(f"entry_{n}", "missing") for n in range(8)]

    assert on_record(document([entry("dpia", "answered")], version="2")) == (
        "Ranker 2: 1 of 1 entries on record."
    )
    assert on_record(document(many)) == (
        "Ranker: 0 of 8 entries on record. Open: entry 0, entry 1, entry 2, entry 3, entry 4, "
        "entry 5, 2 more."
    )


def test_the_first_screen_warns_of_an_open_question(samples):
    failing = [c.says for c in cautions(samples.SAMPLES["failing"]().document)]
    passing = [c.says for c in cautions(samples.SAMPLES["passing"]().document)]

    assert "Not answered on record about the system: training." in failing
    assert not any("on record" in says for says in passing)
