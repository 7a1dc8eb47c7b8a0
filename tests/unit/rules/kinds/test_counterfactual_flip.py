from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from auditor.rules.base import Flips, Needs, Protected
from tests.unit.rules.kinds.explained import explained

KIND = "counterfactual-flip"


@pytest.fixture
def told(evidence):
    """Evidence with what the model decides when a protected feature is another."""

    def told(changed, *, untried=(), features=("is_woman",), outcome=None, flips=True):
        found = explained(
            evidence(len(changed), outcome=outcome), ("is_woman",), [[0.0]] * len(changed)
        )
        made = Flips(
            lines=np.arange(len(changed)), changed=np.array(changed, dtype=bool), untried=untried
        )
        return replace(
            found,
            protected=Protected(
                attributions=found.attributions,
                features=frozenset(features),
                flips=made if flips else None,
            ),
        )

    return told


def test_decisions_that_flip_are_flagged_and_nobody_is_told(review, told):
    (flag,) = review(KIND, reads_protected=True).check(told([False, True, False]))

    assert flag.line == 1
    assert (flag.says, flag.evidence) == ("Selected for review.", "selected for review")


def test_decisions_that_stay_are_not_flagged(review, told):
    assert list(review(KIND, reads_protected=True).check(told([False, False]))) == []


def test_only_decisions_that_were_taken_are_flagged(review, told):
    found = told([True, True], outcome=["withdrawn", "favorable"])

    assert [flag.line for flag in review(KIND, reads_protected=True).check(found)] == [1]


def test_what_is_lacking_is_said(review, told, evidence):
    rule = review(KIND, reads_protected=True)

    (bare,) = rule.check(evidence(2))
    (number,) = rule.check(told([False], flips=False))
    (blind,) = rule.check(told([False], features=()))
    (partly,) = rule.check(told([False], untried=("age",)))

    assert (bare.reason, bare.required) == ("no-model", True)
    assert (number.reason, number.required) == ("no-model-outcome", True)
    assert (blind.reason, blind.required) == ("no-protected-feature", False)
    assert (partly.reason, partly.required) == ("too-many-values", True)


def test_flips_are_asked_for(review):
    assert review(KIND, reads_protected=True).needs() == Needs(rows=True, flips=True)


def test_it_has_to_be_asked_for(review):
    with pytest.raises(ValueError, match="reads_protected"):
        review(KIND)
