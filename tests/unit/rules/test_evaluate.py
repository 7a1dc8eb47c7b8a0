from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from auditor.findings import Finding, Flag, NotEvaluated
from auditor.metrics.values import Measures
from auditor.policy import Policy, RuleEntry
from auditor.rules.base import Evidence, Needs, Params, Rule
from auditor.rules.evaluate import evaluate
from auditor.vocabulary import FindingVerdict, Severity


class Says(Rule):
    """A rule that says what it was told to, and remembers what it saw."""

    kind = "says"
    Options = Params

    def __init__(
        self,
        section: str,
        said: Iterable,
        *,
        when_present: bool = False,
        for_each: str | tuple[str, ...] = "every-attribute",
    ) -> None:
        entry = RuleEntry(
            section=section,
            id="rule",
            kind="says",
            says="s",
            because=("b",),
            for_each=for_each,
            options={},
            severity=Severity.BLOCK,
            when_present=when_present,
            mandatory=True,
            reviewer="",
            due_days=None,
        )
        policy = Policy(
            id="ours",
            title="t",
            version="1",
            status="in-force",
            owner="o",
            effective_from=date(2026, 1, 1),
            review_by=None,
            verified_on=None,
            notice="",
            basis=(),
            intersections=(),
            rules=(entry,),
            path="p.yaml",
            sha256="0",
        )
        super().__init__(entry, policy, None)
        self.section = section
        self.said = said
        self.saw: list[Evidence] = []

    def check(self, evidence: Evidence) -> Iterable:
        self.saw.append(evidence)
        return self.said


def finding(verdict: FindingVerdict, **said) -> Finding:
    defaults = {
        "policy": "ours",
        "rule": "four-fifths",
        "kind": "says",
        "verdict": verdict,
        "severity": Severity.BLOCK,
        "says": "s",
    }
    return Finding(**{**defaults, **said})


FLAG = Flag(
    line=0, policy="ours", rule="rule", mandatory=True, says="s", evidence="e", reviewer="r"
)
MISSING = NotEvaluated(policy="ours", rule="rule", reason="no-score", says="s")


@pytest.fixture
def evidence() -> Evidence:
    return Evidence(
        attributes=("sex", "race"),
        intersections=("sex*race",),
        tables={},
        measures=Measures(measurements=(), comparisons=()),
        decisions=None,
        seed=0,
    )


def test_nothing_that_a_rule_says_is_lost(evidence):
    passed = finding(FindingVerdict.PASS)
    rules = [Says("gates", [passed, MISSING]), Says("reviews", [FLAG, MISSING])]

    judged = evaluate(rules, evidence, ["ours"])

    assert judged.findings == (passed,)
    assert judged.flags == (FLAG,)
    assert judged.not_evaluated == (MISSING, MISSING)


def test_a_gate_rule_that_says_nothing_is_not_evaluated_and_required(evidence):
    judged = evaluate([Says("gates", [])], evidence, ["ours"])

    (silent,) = judged.not_evaluated
    assert (silent.policy, silent.rule, silent.reason) == ("ours", "rule", "nothing-to-judge")
    assert (silent.severity, silent.required) == (Severity.BLOCK, True)


def test_silence_under_when_present_is_listed_and_not_required(evidence):
    judged = evaluate([Says("gates", [], when_present=True)], evidence, ["ours"])

    assert [entry.required for entry in judged.not_evaluated] == [False]


def test_a_decision_rule_may_be_silent(evidence):
    assert evaluate([Says("reviews", [])], evidence, ["ours"]).not_evaluated == ()


def test_gate_rules_are_judged_first_whatever_the_order_of_the_policies(evidence):
    review = Says("reviews", [])
    gate = Says("gates", [finding(FindingVerdict.FAIL)])

    evaluate(iter([review, gate]), evidence, ["ours"])

    assert gate.saw[0].failed_block_rules == ()
    assert review.saw[0].failed_block_rules == ("ours/four-fifths",)


@pytest.mark.parametrize(
    "said",
    [
        finding(FindingVerdict.PASS),
        finding(FindingVerdict.NO_VERDICT),
        finding(FindingVerdict.DESCRIPTIVE),
        finding(FindingVerdict.FAIL, severity=Severity.WARN),
        finding(FindingVerdict.FAIL, policy="theirs"),
    ],
)
def test_only_a_failed_block_rule_of_a_policy_in_force_is_told(evidence, said):
    review = Says("reviews", [])

    evaluate([Says("gates", [said]), review], evidence, (name for name in ["ours"]))

    assert review.saw[0].failed_block_rules == ()


def test_a_rule_that_failed_on_two_attributes_is_named_once(evidence):
    failed = [finding(FindingVerdict.FAIL, attribute=name) for name in ("sex", "race")]
    review = Says("reviews", [])

    evaluate([Says("gates", failed), review], evidence, ["ours"])

    assert review.saw[0].failed_block_rules == ("ours/four-fifths",)


def test_a_rule_needs_nothing_unless_it_says_so(evidence):
    assert Says("gates", []).needs() == Needs()


def test_a_rule_is_asked_for_every_attribute_or_for_those_named(evidence):
    every, named = Says("gates", []), Says("gates", [], for_each=("race",))

    assert every.attributes(evidence) == ("sex", "race", "sex*race")
    assert named.attributes(evidence) == ("race",)


def test_a_kind_without_a_way_to_judge_says_so(evidence):
    rule = Says("gates", [])

    with pytest.raises(NotImplementedError):
        Rule.check(rule, evidence)
