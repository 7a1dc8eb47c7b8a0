from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from auditor.errors import PolicyError
from auditor.explain import reasons, strongest
from auditor.ingest import profile_of
from auditor.rules.base import Needs
from auditor.rules.bind import BoundPolicy, fit
from tests.unit.rules.kinds.explained import explained

KIND = "proxy-among-drivers"
NAMES = ("assessment", "zip3", "years", "gap")


def lines(rule, evidence) -> list[int]:
    return [item.line for item in rule.check(evidence)]


def test_what_pushes_towards_the_outcome_counts_and_nothing_else(review, evidence):
    pulls = [-1.2, -0.4, 2.0, 0.0]
    found = explained(evidence(outcome=["unfavorable", "favorable"]), NAMES, [pulls, pulls])

    (flag,) = review(KIND, features=["zip3"]).check(found)

    assert (flag.line, flag.evidence) == (
        0,
        "among the 3 strongest reasons for this outcome: zip3 7",
    )


def test_where_a_low_score_is_better_the_other_side_counts(review, evidence):
    pulls = [-1.2, -0.4, 2.0, 0.0]
    found = evidence(outcome=["unfavorable", "favorable"], better="low")

    assert lines(review(KIND, features=["zip3"]), explained(found, NAMES, [pulls, pulls])) == [1]


def test_a_weaker_reason_is_silent(review, evidence):
    found = explained(evidence(outcome=["unfavorable"]), NAMES, [[-4, -1, -3, -2]])

    assert lines(review(KIND, features=["zip3"]), found) == []
    assert lines(review(KIND, features=["zip3"], strongest=4), found) == [0]


def test_equal_reasons_keep_the_order_of_the_model(review, evidence):
    found = explained(evidence(outcome=["unfavorable"]), NAMES, [[-1, -1, -1, -1]])

    assert lines(review(KIND, features=["zip3"], strongest=2), found) == [0]
    assert lines(review(KIND, features=["years"], strongest=2), found) == []


def test_rounding_error_is_no_reason(review, evidence):
    found = explained(evidence(outcome=["unfavorable"]), NAMES, [[-1.0, -1e-14, 0, 0]])

    assert lines(review(KIND, features=["zip3"]), found) == []


def test_several_watched_features_are_named_with_their_values(review, evidence):
    found = explained(evidence(outcome=["unfavorable"]), NAMES, [[0, -1, 3, -2]])

    (flag,) = review(KIND, features=["gap", "zip3"]).check(found)

    assert flag.evidence.endswith("for this outcome: zip3 7, gap (missing)")


def test_hidden_features_take_no_place(review, evidence):
    found = explained(evidence(outcome=["unfavorable"]), ("", "zip3"), [[-2, -1]])
    shown = replace(found, attributions=replace(found.attributions, names=("years", "zip3")))

    assert lines(review(KIND, features=["zip3"], strongest=1), found) == [0]
    assert lines(review(KIND, features=["zip3"], strongest=1), shown) == []


def test_the_lines_are_those_of_the_export(review, evidence):
    outcome = ["withdrawn", "unfavorable", "open", "unfavorable"]
    found = explained(evidence(outcome=outcome), NAMES, [[0, 1, 0, 0], [0, -1, 0, 0]], lines=[1, 3])

    assert lines(review(KIND, features=["zip3"]), found) == [3]


def test_what_is_lacking_is_said(review, evidence):
    rule = review(KIND, features=["zip3", "skill"])
    outcomes = evidence(outcome=["unfavorable"])

    (bare,) = rule.check(outcomes)
    (open_ended,) = rule.check(explained(evidence(1, has_outcome=False), NAMES, [[0, -1, 0, 0]]))
    partly, flag = rule.check(explained(outcomes, NAMES, [[0, -1, 0, 0]]))

    assert (bare.reason, bare.required) == ("no-explanations", True)
    assert open_ended.reason == "no-outcome"
    assert (partly.reason, flag.line) == ("no-such-reason", 0)
    assert "no feature skill" in partly.says


def test_protected_attributes_are_refused_before_the_export_is_opened(review):
    rule = review(KIND, features=["zip3", "gender"])
    profile = profile_of(
        name="p", id="i", outcome="o", favorable="y", unfavorable="n", groups={"sex": "gender"}
    )

    with pytest.raises(PolicyError, match="'gender', a protected attribute"):
        fit([BoundPolicy(policy=rule.policy, rules=(rule,))], profile)


def test_single_rows_are_asked_for(review):
    assert review(KIND, features=["zip3"]).needs() == Needs(rows=True)


def test_the_drivers_are_those_that_the_shown_reasons_name(evidence):
    """Other truth: the sentences that reviewers read, made row by row."""
    rng = np.random.default_rng(5)
    values = np.round(rng.normal(size=(300, 6)), 1)
    made = explained(evidence(300), tuple("abcdef"), values).attributions
    signs = rng.choice([-1, 1], size=300)

    found = strongest(made, signs, k=2)

    for row in range(300):
        pushing = [r.feature for r in reasons(made, row, k=6) if r.attribution * signs[row] > 0]
        assert [made.names[j] for j in np.flatnonzero(found[row])] == sorted(pushing[:2])


def test_reasons_need_an_outcome_to_push_towards(review, evidence):
    rule = review("proxy-among-drivers", features=["zip3"])
    nothing = replace(evidence(2, has_outcome=False))

    with pytest.raises(ValueError, match="there is none"):
        rule.driven(nothing, SimpleNamespace(lines=np.arange(2)), ["zip3"])
