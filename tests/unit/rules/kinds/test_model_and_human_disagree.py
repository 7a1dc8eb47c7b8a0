from __future__ import annotations

import pytest

import auditor
from auditor.rules.base import Needs
from auditor.vocabulary import Outcome

KIND = "model-and-human-disagree"
YES, NO = Outcome.FAVORABLE.value, Outcome.UNFAVORABLE.value


def test_decisions_in_which_the_two_differ_are_flagged(review, evidence):
    found = evidence(outcome=[YES, NO, YES, NO], final=[1, 1, 0, 0])

    said = list(review(KIND).check(found))

    assert [(flag.line, flag.evidence) for flag in said] == [
        (1, "outcome unfavorable, final decision favorable"),
        (2, "outcome favorable, final decision unfavorable"),
    ]


def test_agreement_is_not_flagged(review, evidence):
    assert list(review(KIND).check(evidence(outcome=[YES, NO], final=[1, 0]))) == []


def test_what_is_not_decided_yet_is_counted_and_not_flagged(review, evidence):
    said, flag = review(KIND).check(evidence(outcome=[YES, NO, NO], final=[-1, 1, -1]))

    assert (said.reason, said.required, flag.line) == ("not-decided-yet", False, 1)
    assert "in 2 of 3 decisions people have not decided yet" in said.says


@pytest.mark.parametrize("outcome", ["withdrawn", "not_considered", "open"])
def test_only_decisions_that_were_taken_are_flagged(review, evidence, outcome):
    assert list(review(KIND).check(evidence(outcome=[outcome], final=[1]))) == []


def test_what_is_lacking_is_said(review, evidence):
    (no_final,) = review(KIND).check(evidence(outcome=[YES]))
    (no_outcome,) = review(KIND).check(evidence(1, has_outcome=False, final=[1]))

    assert (no_final.reason, no_final.required) == ("no-final-decision", True)
    assert (no_outcome.reason, no_outcome.required) == ("no-outcome", True)


def test_single_rows_are_asked_for(review):
    assert review(KIND).needs() == Needs(rows=True)


def test_a_file_with_a_final_decision_is_read_and_flagged(tmp_path):
    export = tmp_path / "export.csv"
    export.write_text("id,said,end,sex\n1,yes,in,F\n2,no,in,M\n3,no,out,F\n", encoding="utf-8")
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "auditor: policy/1\n"
        "policy: {id: p, title: t, version: '1', status: in-force, owner: o,"
        " effective_from: 2026-01-01}\n"
        "basis: [{id: b, cite: c, says: s}]\n"
        f"reviews: [{{id: differ, kind: {KIND}, says: s, because: [b]}}]\n",
        encoding="utf-8",
    )
    profile = {
        "auditor": "profile/1",
        "profile": {"id": "p"},
        "columns": {
            "id": ["id"],
            "outcome": {"column": "said", "favorable": ["yes"], "unfavorable": ["no"]},
            "final": {"column": "end", "favorable": ["in"], "unfavorable": ["out"]},
            "groups": {"sex": "sex"},
        },
    }

    audit = auditor.audit(export, policy, profile=profile, key=tmp_path / "key")

    assert [row["decision"] for row in audit.flags.to_dict("records")] == ["2"]
