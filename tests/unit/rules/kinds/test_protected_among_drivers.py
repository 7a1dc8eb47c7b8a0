from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.errors import PolicyError
from auditor.rules.base import Protected
from auditor.rules.bind import bind
from auditor.rules.evaluate import evaluate
from tests.house.source import ROOT
from tests.unit.rules.kinds.explained import explained

KIND = "protected-among-drivers"
NAMES = ("assessment", "is_woman", "years")
POLICY = ROOT / "fixtures" / "policies" / "protected.yaml"


def told(evidence, values, hidden=("is_woman",)):
    """Evidence as a run hands it over: names for those who may read them, and masked ones."""
    found = explained(evidence, NAMES, values)
    seen = tuple("" if name in hidden else name for name in NAMES)
    return replace(
        found,
        attributions=replace(found.attributions, names=seen),
        protected=Protected(attributions=found.attributions, features=frozenset(hidden)),
    )


def test_a_protected_feature_that_drives_is_flagged_and_nobody_is_told(review, evidence):
    found = told(evidence(outcome=["unfavorable", "favorable"]), [[-1.2, -0.4, 2.0]] * 2)

    (flag,) = review(KIND, reads_protected=True).check(found)

    assert flag.line == 0
    assert (flag.says, flag.evidence) == ("Selected for review.", "selected for review")


def test_a_weaker_reason_is_silent(review, evidence):
    found = told(evidence(outcome=["unfavorable"]), [[-2, -1, -3]])

    assert list(review(KIND, reads_protected=True, strongest=2).check(found)) == []


def test_further_features_can_be_named(review, evidence):
    found = told(evidence(outcome=["unfavorable"]), [[-1, 0, 0]])

    (flag,) = review(KIND, reads_protected=True, features=["assessment"]).check(found)

    assert flag.line == 0


def test_a_model_without_such_a_feature_is_said_and_holds_nothing_back(review, evidence):
    found = told(evidence(outcome=["unfavorable"]), [[-1, -1, -1]], hidden=())

    (said,) = review(KIND, reads_protected=True).check(found)
    partly, nothing = review(KIND, reads_protected=True, features=["race"]).check(found)

    assert (said.reason, said.required) == ("no-protected-feature", False)
    assert (partly.reason, nothing.required) == ("no-such-reason", True)


def test_what_is_lacking_is_said(review, evidence):
    rule = review(KIND, reads_protected=True)

    (bare,) = rule.check(evidence(outcome=["unfavorable"]))
    (open_ended,) = rule.check(told(evidence(1, has_outcome=False), [[-1, -1, -1]]))

    assert (bare.reason, bare.required) == ("no-explanations", True)
    assert open_ended.reason == "no-outcome"


def test_only_rules_that_say_so_learn_what_is_protected(review, evidence):
    found = told(evidence(outcome=["unfavorable"]), [[-1, -1, -1]])
    learned = {}

    def check(name):
        def check(seen):
            learned[name] = seen.protected
            return ()

        return check

    reader, other = (
        review(KIND, reads_protected=True),
        review("proxy-among-drivers", features=["years"]),
    )
    reader.check, other.check = check("reader"), check("other")
    evaluate([reader, other], found, in_force=[])

    assert learned["other"] is None
    assert learned["reader"].features == {"is_woman"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("options: {reads_protected: true}", "options: {}"),
        ("options: {reads_protected: true}", "options: {reads_protected: false}"),
        ("because: [detection]\n    options", "because: []\n    options"),
    ],
)
def test_it_has_to_be_asked_for_and_to_rest_on_a_text(tmp_path, old, new):
    text = POLICY.read_text(encoding="utf-8")
    (bound,) = bind([POLICY])
    changed = tmp_path / "policy.yaml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(PolicyError, match=r"reads_protected|because"):
        bind([changed])
    assert bound.rules[0].reads_protected
