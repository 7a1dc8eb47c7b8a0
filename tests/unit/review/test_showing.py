"""Before the reveal nothing tells the model's answer; after it the score is a band."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.explain.reasons import Reason
from auditor.review.showing import after, band, before, scale_of
from tests.unit.review.office import case, rule

RAISED = str(Reason(feature="skills", value=70.0, attribution=1.28, unit="log-odds"))
LOWERED = str(Reason(feature="gap", value=3.0, attribution=-0.4, unit="log-odds"))


def flagged(**said):
    return case(1, rule(**{"factors": f"{RAISED}; {LOWERED}"} | said))


def test_nothing_before_the_reveal_depends_on_the_model():
    one = flagged()
    (decision,) = one.decisions
    other = replace(
        one,
        decisions=(
            replace(
                decision,
                outcome="favorable",
                score="0.99",
                model_version="v9",
                rules=(rule("p/other", evidence="score 0.99", factors=RAISED),),
            ),
        ),
    )
    seen = {decision.identity: (("skills", "70"),)}
    assert before(one, seen) == before(other, seen)
    assert after(one, (0, 1)) != after(other, (0, 1))


def test_the_reveal_tells_reasons_apart_by_their_direction():
    (shown,) = after(flagged(), (0.0, 1.0))
    assert (shown.raised, shown.lowered) == ((RAISED,), (LOWERED,))
    assert (shown.model, shown.model_version, shown.band) == ("unfavorable", "v1", "0.5 to 0.6")
    assert shown.why[0].says == "Close to the line."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("score 0.51, cut score 0.5, band 0.05", ""),
        ("score 0.5, cut score 0.7", ""),  # the score, rounded
        ("random sample, 225 of 11203 decisions", "random sample, 225 of 11203 decisions"),
        ("assessment is missing", "assessment is missing"),
    ],
)
def test_evidence_that_holds_the_exact_score_is_left_out(text, told):
    (shown,) = after(flagged(evidence=text), (0.0, 1.0))
    assert shown.why[0].evidence == told


@pytest.mark.parametrize(
    ("score", "scale", "said"),
    [
        (0.0, (0.0, 1.0), "0 to 0.1"),
        (1.0, (0.0, 1.0), "0.9 to 1"),
        (640.0, (300.0, 850.0), "630 to 685"),
        (5.0, (5.0, 5.0), ""),
    ],
)
def test_a_band_is_a_tenth_of_the_scale(score, scale, said):
    assert band(score, scale) == said


def test_a_case_without_scores_has_no_scale():
    one = case(1)
    bare = replace(one, decisions=(replace(one.decisions[0], score=""),))
    assert scale_of([bare]) is None
    assert after(bare, None)[0].band == ""
    assert scale_of([one, bare]) == (0.0, 1.0)
