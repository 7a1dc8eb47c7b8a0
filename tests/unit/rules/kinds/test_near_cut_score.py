from __future__ import annotations

import numpy as np
import pytest

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Needs

KIND = "near-cut-score"


def lines(rule, evidence) -> list[int]:
    return [item.line for item in rule.check(evidence)]


def test_scores_inside_the_band_are_flagged_on_both_sides_and_for_both_outcomes(review, evidence):
    found = evidence(
        score=[0.44, 0.45, 0.5, 0.55, 0.56, 0.46],
        outcome=["unfavorable"] * 2 + ["favorable"] * 3 + ["unfavorable"],
        cut_score=0.5,
        scale=(0, 1),
    )

    assert lines(review(KIND), found) == [1, 2, 3, 5]


def test_scores_outside_the_band_are_not_flagged(review, evidence):
    found = evidence(score=[0.0, 0.4499999, 0.5500001, 1.0], cut_score=0.5, scale=(0, 1))

    assert lines(review(KIND), found) == []


def test_a_flag_says_what_a_reviewer_needs(review, evidence):
    (flag,) = review(KIND).check(evidence(score=[0.512], cut_score=0.5, scale=(0, 1)))

    assert flag == Flag(
        line=0,
        policy="ours",
        rule="rule",
        mandatory=True,
        says="Look at it.",
        evidence="score 0.512, cut score 0.5, band 0.05",
        reviewer="recruiter",
        due_days=3,
    )


def test_the_band_is_a_share_of_the_declared_scale(review, evidence):
    found = evidence(score=[64.9, 65.0, 70.0, 75.0, 75.1], cut_score=70, scale=(20, 120))

    assert lines(review(KIND), found) == [1, 2, 3]
    assert lines(review(KIND, band="0.001"), found) == [2]
    assert lines(review(KIND, band="1/1"), found) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("cut", [0.1, 0.3, 0.35, 0.6, 0.7, 0.8, 0.9])
def test_both_ends_count_although_floats_cannot_hold_the_decimals(review, evidence, cut):
    ends = [round(cut - 0.05, 2), round(cut + 0.05, 2)]
    outside = [np.nextafter(ends[0], 0), np.nextafter(ends[1], 1)]
    found = evidence(score=ends + outside, cut_score=cut, scale=(0, 1))

    assert lines(review(KIND), found) == [0, 1]


def test_single_precision_scores_are_compared_with_limits_rounded_to_single(review, evidence):
    single = [float(np.float32(value)) for value in (0.35, 0.45, 0.349, 0.451)]

    stored = evidence(score=single, single=True, cut_score=0.4, scale=(0, 1))
    assert lines(review(KIND), stored) == [0, 1]
    # The control: read as double precision, the same numbers lie a hair outside.
    doubled = evidence(score=single, single=False, cut_score=0.4, scale=(0, 1))
    assert lines(review(KIND), doubled) != [0, 1]


def test_single_precision_scores_are_shown_as_they_were(review, evidence):
    found = evidence(score=[float(np.float32(0.41))], single=True, cut_score=0.4, scale=(0, 1))

    (flag,) = review(KIND).check(found)

    assert flag.evidence == "score 0.41, cut score 0.4, band 0.05"


def test_a_missing_score_is_flagged_because_nobody_knows(review, evidence):
    found = evidence(score=[0.1, float("nan"), 0.9], cut_score=0.5, scale=(0, 1))

    (flag,) = review(KIND).check(found)

    assert (flag.line, flag.evidence) == (1, "score missing")


def test_only_decisions_that_were_taken_are_flagged(review, evidence):
    outcome = ["favorable", "unfavorable", "withdrawn", "not_considered", "open"]
    found = evidence(score=[0.5] * 5, outcome=outcome, cut_score=0.5, scale=(0, 1))

    assert lines(review(KIND), found) == [0, 1]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"n": 2, "cut_score": 0.5, "scale": (0, 1)}, "no-score"),
        ({"score": [0.5], "scale": (0, 1)}, "no-cut-score"),
        ({"score": [0.5], "cut_score": 0.5}, "no-scale"),
        ({"score": [0.5], "cut_score": 0.5, "scale": (0, 1), "has_ids": False},
         "no-single-decisions"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_said(review, evidence, facts, reason):
    (said,) = review(KIND).check(evidence(**facts))

    assert isinstance(said, NotEvaluated)
    assert (said.reason, said.policy, said.rule, said.required) == (reason, "ours", "rule", True)
    assert said.says.startswith("Rule rule of ours was not evaluated: ")


def test_single_rows_are_asked_for(review):
    assert review(KIND).needs() == Needs(rows=True)
