from __future__ import annotations

import pytest

from auditor.rules.evaluate import evaluate

KIND = "flag-budget"


@pytest.mark.parametrize(("flagged", "verdict"), [(0, "pass"), (3, "pass"), (4, "fail")])
def test_the_limit_itself_is_within_the_budget(gate, evidence, flagged, verdict):
    (said,) = gate(KIND, at_most="3/25").check(evidence(25, flagged=flagged))

    assert said.verdict == verdict
    assert said.evidence == {"flagged": flagged, "decisions": 25, "at_most": "3/25"}


def test_it_speaks_of_decisions_that_were_taken(gate, evidence):
    outcome = ["favorable", "unfavorable", "withdrawn", "open"]
    (said,) = gate(KIND, at_most="1/2").check(evidence(outcome=outcome, flagged=1))

    assert said.says.startswith("1 of 2 decisions are flagged (50")


@pytest.mark.parametrize("changes", [{"flagged": None}, {"flagged": 0, "has_ids": False}])
def test_without_reviews_it_is_not_evaluated(gate, evidence, changes):
    (said,) = gate(KIND, at_most="1/2").check(evidence(4, **changes))

    assert (said.reason, said.required) == ("no-reviews", True)


def test_it_is_judged_after_the_reviews_and_counts_each_decision_once(gate, review, evidence):
    gaps = {"score": [True, True, False, False]}
    twice = [review("value-missing", "one"), review("value-missing", "two")]

    judged = evaluate([gate(KIND, at_most="1/2"), *twice], evidence(missing=gaps), ["ours"])

    assert len(judged.flags) == 4
    assert judged.findings[0].evidence["flagged"] == 2


def test_a_review_that_could_not_look_leaves_the_share_open(gate, review, evidence):
    close = review("near-cut-score", "close")
    gaps = review("value-missing", "gaps")
    budget = gate(KIND, at_most="1/2")

    def judged(*reviews, score):
        found = evaluate([budget, *reviews], evidence(missing={"score": score}), ["ours"])
        return found.findings[0]

    held = judged(close, gaps, score=[True, False, False, False])
    assert held.verdict == "no_verdict"
    assert held.says == (
        "1 of 4 decisions are flagged (25.0%), and more may have to be: ours/close could not look "
        "at all."
    )
    # the controls: without that review, and above the limit with it
    assert judged(gaps, score=[True, False, False, False]).verdict == "pass"
    assert judged(close, gaps, score=[True, True, True, False]).verdict == "fail"
    # control cases flag nothing in an audit
    controls = review("control-cases", "controls")
    assert judged(controls, gaps, score=[True, False, False, False]).verdict == "pass"


def test_where_nobody_was_decided_about_there_is_no_share(gate, evidence):
    (said,) = gate(KIND, at_most="1/2").check(evidence(outcome=["open", "open"], flagged=0))

    assert said.verdict == "no_verdict"
