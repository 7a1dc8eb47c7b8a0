from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

KIND = "random-control"


def lines(rule, evidence) -> list[int]:
    return [item.line for item in rule.check(evidence)]


def test_two_per_cent_of_all_decisions_are_drawn_without_replacement(review, evidence):
    drawn = lines(review(KIND), evidence(12_000))

    assert len(drawn) == len(set(drawn)) == 240
    assert drawn == sorted(drawn)


def test_a_share_is_rounded_up_and_a_count_is_at_most_all(review, evidence):
    assert len(lines(review(KIND, share="0.1"), evidence(11))) == 2
    assert len(lines(review(KIND), evidence(1))) == 1
    assert len(lines(review(KIND, count=7), evidence(100))) == 7
    assert lines(review(KIND, count=7), evidence(3)) == [0, 1, 2]
    assert lines(review(KIND, share=1), evidence(3)) == [0, 1, 2]


def test_an_export_without_decisions_draws_nobody(review, evidence):
    assert lines(review(KIND), evidence(outcome=["open", "withdrawn"])) == []


def test_a_share_and_a_count_contradict_one_another(review):
    with pytest.raises(ValidationError, match="cannot stand beside 'share'"):
        review(KIND, share="0.1", count=3)


def test_the_draw_depends_on_seed_policy_and_rule_alone(review, evidence):
    first = lines(review(KIND), evidence(5000))

    assert lines(review(KIND), evidence(5000)) == first
    assert lines(review(KIND), evidence(5000, seed=1)) != first
    assert lines(review(KIND, rule_id="other"), evidence(5000)) != first
    assert lines(review(KIND, policy_id="other"), evidence(5000)) != first


def test_neither_group_nor_outcome_moves_the_draw(review, evidence):
    first = lines(review(KIND), evidence(1000, groups={"sex": [0, 1] * 500}))
    outcome = ["unfavorable"] * 900 + ["favorable"] * 100

    assert lines(review(KIND), evidence(1000, groups={"sex": [1] * 1000})) == first
    assert lines(review(KIND), evidence(outcome=outcome)) == first


def test_only_decisions_that_were_taken_can_be_drawn(review, evidence):
    outcome = ["open", "favorable", "withdrawn", "unfavorable", "not_considered"] * 20

    drawn = lines(review(KIND, share=1), evidence(outcome=outcome))

    assert len(drawn) == 40
    assert {outcome[line] for line in drawn} == {"favorable", "unfavorable"}


def test_scored_lines_without_outcome_can_all_be_drawn(review, evidence):
    assert lines(review(KIND, share=1), evidence(4, has_outcome=False)) == [0, 1, 2, 3]


def test_every_decision_is_equally_likely_to_be_drawn(review, evidence):
    times = np.zeros(20)
    for seed in range(2000):
        times[lines(review(KIND, count=5), evidence(20, seed=seed))] += 1

    # Mean 500, binomial standard deviation 19.4: four of them are left by one in 800 such tests.
    assert times.sum() == 10_000
    assert np.abs(times - 500).max() < 4 * 19.4


def test_the_evidence_names_the_size_of_the_draw(review, evidence):
    flags = list(review(KIND, count=2).check(evidence(50)))

    assert {flag.evidence for flag in flags} == {"random sample, 2 of 50 decisions"}


def test_lines_that_are_combinations_cannot_be_drawn(review, evidence):
    (said,) = review(KIND).check(evidence(5, has_ids=False))

    assert said.reason == "no-single-decisions"
