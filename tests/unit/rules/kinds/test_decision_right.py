from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.rules.decision_rights import unheld_rights
from auditor.vocabulary import FindingVerdict, Severity

KIND = "decision-right"
RIGHTS = {"screening": "assist", "offer": "human_only", "rating": "automate"}


@pytest.fixture
def judged(gate, evidence):
    def judged(decision, taken_by, n=4, **changes):
        (said,) = gate(KIND, rights=RIGHTS, **changes).check(
            evidence(n, decision=decision, taken_by=taken_by)
        )
        return said

    return judged


@pytest.mark.parametrize(
    ("decision", "taker", "verdict"),
    [
        ("rating", "model", "pass"),
        ("rating", "both", "pass"),
        ("screening", "model", "fail"),
        ("screening", "both", "pass"),
        ("screening", "person", "pass"),
        ("offer", "model", "fail"),
        ("offer", "both", "fail"),
        ("offer", "person", "pass"),
    ],
)
def test_each_right_lets_some_take_decisions_and_others_not(judged, decision, taker, verdict):
    for taken_by in (taker, [taker] * 4):
        said = judged(decision, taken_by)

        assert (said.verdict, said.must_pass) == (verdict, True)
        assert f"4 decisions of the kind {decision}" in said.says


def test_one_decision_taken_otherwise_fails_and_is_counted(judged):
    said = judged("offer", ["person", "both", "person", "model"])

    assert said.verdict == FindingVerdict.FAIL
    assert said.says == (
        "2 of 4 decisions of the kind offer were taken by a model alone or a person together with "
        "a model; the policy lets only a person take them, without a model."
    )
    assert said.evidence["taken_by"] == {"model": 1, "person": 2, "both": 1}


def test_a_fail_outweighs_a_missing_record(judged):
    assert judged("offer", ["model", None, "person", "person"]).verdict == FindingVerdict.FAIL


@pytest.mark.parametrize("taken_by", [None, ["person", None, "person", "person"]])
def test_nobody_on_record_is_no_verdict(judged, taken_by):
    said = judged("offer", taken_by)

    assert said.verdict == FindingVerdict.NO_VERDICT
    assert "is not on record" in said.says


def test_a_kind_of_decision_without_a_right_is_no_verdict(judged):
    said = judged("termination", "person")

    assert said.verdict == FindingVerdict.NO_VERDICT
    assert "does not say what a model may do in decisions of the kind termination" in said.says


@pytest.mark.parametrize(("when_present", "required"), [(False, True), (True, False)])
def test_without_a_kind_of_decision_it_is_not_evaluated(judged, when_present, required):
    said = judged(None, "model", when_present=when_present)

    assert (said.reason, said.required) == ("decision-kind-not-declared", required)


def test_decisions_that_were_never_taken_do_not_count(gate, evidence):
    outcome = ["favorable", "withdrawn", "open", "unfavorable"]
    (said,) = gate(KIND, rights=RIGHTS).check(
        evidence(outcome=outcome, decision="offer", taken_by=["person", "model", "model", "person"])
    )

    assert said.says.startswith("All 2 decisions")


def test_nobody_decided_about_is_no_verdict(gate, evidence):
    (said,) = gate(KIND, rights=RIGHTS).check(
        evidence(outcome=["open", "open"], decision="offer", taken_by="person")
    )

    assert said.verdict == FindingVerdict.NO_VERDICT


def test_it_objects_to_a_policy_without_rights(gate, review):
    for rule in (gate(KIND), review("decision-right-violated")):
        (problem,) = rule.objections()
        assert problem.slug == "missing-key"
    for rule in (gate(KIND, rights=RIGHTS), review("decision-right-violated", rights=RIGHTS)):
        assert list(rule.objections()) == []


@pytest.mark.parametrize(
    ("kind", "severity", "held"),
    [
        ("decision-right", Severity.BLOCK, True),
        ("decision-right", Severity.WARN, False),
        ("decision-right", Severity.INFO, False),
        ("unknown-share", Severity.BLOCK, False),
    ],
)
def test_rights_that_no_gate_holds_are_refused(gate, kind, severity, held):
    policy = gate(kind, rights={"offer": "human_only"}, severity=severity).policy

    assert [one.slug for one in unheld_rights(policy)] == ["rights-not-held"] * (not held)
    assert list(unheld_rights(gate("unknown-share").policy)) == []


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({}, True),
        ({"mandatory": False}, False),
        ({"options": {"missing": "skip"}}, False),
        ({"kind": "near-cut-score"}, False),
    ],
)
def test_a_gate_that_warns_holds_rights_with_a_review_that_the_release_waits_for(
    gate, review, said, held
):
    warns = gate(KIND, rights=RIGHTS, severity=Severity.WARN)
    entry = replace(review("decision-right-violated", rights=RIGHTS).entry, **said)
    policy = replace(warns.policy, rules=(warns.entry, entry))

    found = list(unheld_rights(policy))
    assert [one.slug for one in found] == ["rights-not-held"] * (not held)
    assert all("only warns, so the run can pass" in one.message for one in found)
    skips = replace(policy, missing_values="skip")
    assert list(unheld_rights(skips)) != []
