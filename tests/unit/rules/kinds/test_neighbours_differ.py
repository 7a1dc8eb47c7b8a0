from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from auditor.errors import PolicyError
from auditor.findings import NotEvaluated
from auditor.ingest import profile_of
from auditor.rules.base import Needs
from auditor.rules.bind import BoundPolicy, fit

KIND = "neighbours-differ"
YES, NO = "favorable", "unfavorable"
NAN = float("nan")


def lines(rule, evidence) -> list[int]:
    return [item.line for item in rule.check(evidence) if not isinstance(item, NotEvaluated)]


@pytest.fixture
def crowd(evidence):
    """Eleven alike decisions, so many of them selected, and a crowd far away that is not."""

    def crowd(selected: int):
        near = [1.0] * 11
        far = [100.0 + n for n in range(20)]
        outcome = [NO] * (11 - selected) + [YES] * selected + [NO] * 20
        return evidence(outcome=outcome, features={"years": near + far})

    return crowd


def test_a_decision_that_stands_alone_is_flagged_with_the_numbers(review, crowd):
    (flag,) = review(KIND, features=["years"]).check(crowd(10))

    assert (flag.line, flag.evidence) == (0, "10 of the 10 nearest decisions had the other outcome")


def test_the_share_itself_is_enough(review, crowd):
    # three rejected of eleven alike: each has two of its kind among ten, so eight differ
    assert lines(review(KIND, features=["years"]), crowd(8)) == [0, 1, 2]
    assert lines(review(KIND, features=["years"], share="0.81"), crowd(8)) == []
    assert lines(review(KIND, features=["years"]), crowd(7)) == []


def test_decisions_that_agree_are_not_flagged(review, crowd):
    assert list(review(KIND, features=["years"]).check(crowd(0))) == []


def test_a_higher_share_never_flags_more(review, evidence):
    rng = np.random.default_rng(8)
    outcome = [YES if x else NO for x in rng.integers(0, 2, size=200)]
    found = evidence(
        outcome=outcome, features={"a": rng.normal(size=200), "b": rng.normal(size=200)}
    )
    flagged = [
        set(lines(review(KIND, features=["a", "b"], share=f"{tenths}/10"), found))
        for tenths in range(1, 11)
    ]

    assert all(more >= fewer for more, fewer in pairwise(flagged))
    assert len(flagged[0]) > len(flagged[-1])


def test_a_gap_is_flagged_unless_the_policy_skips_it(review, evidence):
    found = evidence(outcome=[YES] * 3 + [NO], features={"a": [1, NAN, 1, 1], "b": [1, 1, 1, NAN]})
    rule = review(KIND, features=["a", "b"], neighbours=1)

    said, *flags = rule.check(found)

    assert (said.reason, said.required) == ("values-missing", False)
    assert [(f.line, f.evidence) for f in flags] == [(1, "missing: a"), (3, "missing: b")]
    assert lines(review(KIND, features=["a", "b"], neighbours=1, missing="skip"), found) == []


def test_lines_that_hold_no_decision_are_no_neighbours(review, evidence):
    outcome = [YES, "withdrawn", "open", NO, YES]
    found = evidence(outcome=outcome, features={"a": [1, 1, 1, 2, 9]})

    (flag,) = review(KIND, features=["a"], neighbours=2, share="1").check(found)

    assert flag.line == 3


def test_what_is_lacking_is_said(review, evidence):
    rule = review(KIND, features=["a", "skill"])

    (absent,) = rule.check(evidence(outcome=[YES] * 20, features={"a": [1.0] * 20}))
    (no_outcome,) = rule.check(evidence(2, has_outcome=False, features={"a": [1, 1]}))
    (few,) = review(KIND, features=["a"]).check(evidence(features={"a": [1.0] * 10}))

    assert (absent.reason, absent.required) == ("column-not-read", True)
    assert "no feature skill (known here: a)" in absent.says
    assert no_outcome.reason == "no-outcome"
    assert (few.reason, few.required) == ("too-few-decisions", True)


def test_protected_attributes_are_refused_before_the_export_is_opened(review):
    rule = review(KIND, features=["sex"])
    profile = profile_of(
        name="p", id="i", outcome="o", favorable="y", unfavorable="n", groups={"sex": "gender"}
    )

    with pytest.raises(PolicyError, match="protected attribute"):
        fit([BoundPolicy(policy=rule.policy, rules=(rule,))], profile)


def test_groups_change_nothing(review, evidence):
    outcome, features = [NO] + [YES] * 10, {"years": [1.0] * 11}
    groups = [{"sex": [0] + [1] * 10}, {"sex": [1] * 11}]
    told = [
        list(review(KIND, features=["years"]).check(
            evidence(outcome=outcome, features=features, groups=g)
        ))
        for g in groups
    ]  # fmt: skip

    assert told[0] == told[1]


def test_single_rows_are_asked_for(review):
    assert review(KIND, features=["a"]).needs() == Needs(rows=True)
