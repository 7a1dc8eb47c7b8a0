from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from auditor.errors import PolicyError
from auditor.explain import explain_model
from auditor.findings import NotEvaluated
from auditor.ingest import profile_of
from auditor.rules.base import Needs
from auditor.rules.bind import BoundPolicy, fit

KIND = "out-of-range"
RANGES = {"years": ["0", "45"]}
NAN = float("nan")


def flagged(rule, evidence) -> dict[int, str]:
    said = rule.check(evidence)
    return {item.line: item.evidence for item in said if not isinstance(item, NotEvaluated)}


def test_values_outside_are_flagged_and_both_ends_are_inside(review, evidence):
    found = evidence(features={"years": [0, 45, 45.1, -1, 20]})

    assert flagged(review(KIND, ranges=RANGES), found) == {
        2: "years 45.1, outside 0 to 45",
        3: "years -1, outside 0 to 45",
    }


def test_values_inside_are_not_flagged(review, evidence):
    found = evidence(features={"years": [0, 10, 45]})

    assert list(review(KIND, ranges=RANGES).check(found)) == []


def test_ends_that_floats_cannot_hold_are_inside(review, evidence):
    found = evidence(features={"share": [0.1, 0.3, np.nextafter(0.1, 0), np.nextafter(0.3, 1)]})

    assert list(flagged(review(KIND, ranges={"share": ["0.1", "0.3"]}), found)) == [2, 3]


def test_a_missing_value_is_flagged_unless_the_policy_skips_it(review, evidence):
    found = evidence(features={"years": [NAN, 10, 50], "tests": [3, 3, NAN]})
    ranges = RANGES | {"tests": ["0", "9"]}

    said = list(review(KIND, ranges=ranges).check(found))
    skipping = list(review(KIND, ranges=ranges, missing="skip").check(found))

    assert (said[0].reason, said[0].required) == ("values-missing", False)
    assert "1 of 3 decisions are open" in said[0].says
    assert [(flag.line, flag.evidence) for flag in said[1:]] == [
        (0, "years missing"),
        (2, "years 50, outside 0 to 45; tests missing"),
    ]
    assert "not flagged, as the policy says" in skipping[0].says
    assert [(f.line, f.evidence) for f in skipping[1:]] == [(2, "years 50, outside 0 to 45")]


def test_infinity_is_outside_every_range(review, evidence):
    found = evidence(features={"years": [float("inf"), float("-inf")]})

    assert list(flagged(review(KIND, ranges=RANGES), found)) == [0, 1]


def test_only_decisions_that_were_taken_are_flagged(review, evidence):
    found = evidence(outcome=["favorable", "withdrawn"], features={"years": [99, 99]})

    assert list(flagged(review(KIND, ranges=RANGES), found)) == [0]


def test_a_feature_that_was_not_read_is_named_and_the_others_still_judged(review, evidence):
    found = evidence(features={"years": [99]})
    said = list(review(KIND, ranges=RANGES | {"skill": ["0", "1"]}).check(found))

    assert (said[0].reason, said[0].required) == ("column-not-read", True)
    assert "no feature named skill" in said[0].says
    assert said[1].line == 0


def explained(found, background=None):
    rows = np.column_stack(list(found.decisions.features.values()))
    model = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
    made = explain_model(model, rows, list(found.decisions.features), background=background)
    return replace(found, attributions=made)


def test_without_ranges_the_background_of_the_model_gives_them(review, evidence):
    found = explained(
        evidence(features={"years": [2, 9, 1.9, 9.1]}), np.array([[2.0], [9.0], [4.0]])
    )

    assert flagged(review(KIND), found) == {
        2: "years 1.9, outside 2 to 9",
        3: "years 9.1, outside 2 to 9",
    }


def test_a_hidden_feature_has_no_range(review, evidence):
    found = explained(evidence(features={"years": [99]}), np.array([[2.0], [9.0]]))
    hidden = replace(found, attributions=replace(found.attributions, names=("",)))

    assert flagged(review(KIND), hidden) == {}


def test_without_a_background_nothing_is_outside_and_that_is_said(review, evidence):
    found = evidence(features={"years": [2, 9]})

    (bare,) = review(KIND).check(found)
    (itself,) = review(KIND).check(explained(found))

    assert (bare.reason, bare.required) == ("no-model", True)
    assert (itself.reason, itself.required) == ("no-background-range", True)


def test_protected_attributes_are_refused_before_the_export_is_opened(review):
    rule = review(KIND, ranges={"gender": ["0", "1"]})
    profile = profile_of(
        name="p", id="i", outcome="o", favorable="y", unfavorable="n", groups={"sex": "gender"}
    )

    with pytest.raises(PolicyError, match="protected attribute"):
        fit([BoundPolicy(policy=rule.policy, rules=(rule,))], profile)


@pytest.mark.parametrize("ranges", [{"years": ["45", "0"]}, {"years": ["1"]}, {}])
def test_a_range_has_two_ends_in_order(review, ranges):
    with pytest.raises(ValueError, match="ranges"):
        review(KIND, ranges=ranges)


def test_single_rows_are_asked_for(review):
    assert review(KIND, ranges=RANGES).needs() == Needs(rows=True)
