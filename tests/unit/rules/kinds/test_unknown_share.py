from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from auditor.findings import NotEvaluated
from auditor.rules.base import Needs
from auditor.vocabulary import FindingVerdict, Severity

KIND = "unknown-share"


def test_more_than_one_in_five_unknown_fires(gate, counted):
    groups = {"A": "300/900", "B": "2000/7000", "unknown": "400/2100"}

    (finding,) = gate(KIND).check(counted({"race": groups}))

    assert finding.verdict == FindingVerdict.FAIL
    assert (finding.attribute, finding.severity) == ("race", Severity.WARN)
    assert finding.says == (
        "The group of 2,100 of 10,000 considered people is not on record (21.0%), more than 20%."
    )
    assert finding.because == ("29 CFR 1607.4(D)",)
    assert finding.next.startswith("Find out where race gets lost (form, export, profile)")
    assert finding.evidence == {"limit": "1/5", "unknown": 2100, "considered": 10000}


@pytest.mark.parametrize("unknown", ["0/0", "1/1500"])
def test_few_unknown_are_silent(gate, counted, unknown):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "1/8500", "unknown": unknown}}))

    assert finding.verdict == FindingVerdict.PASS
    assert ", not more than 20%." in finding.says
    assert finding.next == ""


def test_exactly_the_limit_is_not_above_it(gate, counted):
    def verdict(known: int, unknown: int) -> FindingVerdict:
        found = counted({"sex": {"F": f"1/{known}", "unknown": f"0/{unknown}"}})
        (finding,) = gate(KIND, limit="0.20").check(found)
        return finding.verdict

    assert verdict(8000, 2000) == FindingVerdict.PASS
    assert verdict(7999, 2001) == FindingVerdict.FAIL
    # one in ten million above: a share printed as 20 % would hide it
    assert verdict(40_000_000, 10_000_001) == FindingVerdict.FAIL


def test_the_shown_share_never_contradicts_the_verdict(gate, counted):
    found = counted({"sex": {"F": "1/79996", "unknown": "0/20004"}})

    (finding,) = gate(KIND).check(found)

    assert "(20.004%), more than 20%." in finding.says


def test_a_limit_of_nothing_asks_that_everybody_is_known(gate, counted):
    rule = gate(KIND, limit="0")
    (one,) = rule.check(counted({"sex": {"F": "1/99", "unknown": "0/1"}}))
    (none,) = rule.check(counted({"sex": {"F": "1/100"}}))

    assert (one.verdict, none.verdict) == (FindingVerdict.FAIL, FindingVerdict.PASS)


def test_nobody_considered_is_no_verdict(gate, counted):
    (finding,) = gate(KIND, severity=Severity.BLOCK).check(counted({"sex": {"F": "0/0"}}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "nobody-considered"
    assert finding.must_pass


def test_scores_alone_can_be_judged(gate, counted):
    groups = {"F": "40/60", "unknown": "10/40"}

    (finding,) = gate(KIND).check(counted({"sex": groups}, metric="scoring-rate"))

    assert finding.verdict == FindingVerdict.FAIL


def test_absent_attributes_and_rates_are_not_evaluated(gate, counted):
    found = counted({"sex": {"F": "5/10"}})

    (absent,) = gate(KIND, for_each=("race",)).check(found)
    (listed,) = gate(KIND, for_each=("race",), when_present=True).check(found)
    (uncounted,) = gate(KIND).check(counted({"sex": {"F": "5/10"}}, metric="other"))

    assert all(isinstance(said, NotEvaluated) for said in (absent, listed, uncounted))
    assert (absent.reason, absent.required) == ("attribute-absent", True)
    assert listed.required is False
    assert uncounted.reason == "metric-absent"


def test_any_rate_will_do(gate):
    assert gate(KIND).needs() == Needs(metrics=frozenset({"selection-rate", "scoring-rate"}))


@pytest.mark.parametrize("limit", ["1", "-0.1"])
def test_a_limit_that_nothing_can_exceed_is_refused(gate, limit):
    with pytest.raises(ValueError, match="limit"):
        gate(KIND, limit=limit)


@pytest.mark.parametrize(("unknown", "worse"), [("1/20", False), ("1/21", True)])
def test_a_waived_fail_is_worse_when_a_larger_share_is_unknown(gate, counted, unknown, worse):
    rule = gate("unknown-share", limit="1/100")
    (finding,) = rule.check(counted({"sex": {"F": "5/40", "M": "5/40", "unknown": unknown}}))
    waiver = SimpleNamespace(value=Fraction(1, 5), half=Fraction(0))

    (part,) = rule.failing(finding)
    assert part.about is None
    assert (rule.beside(part.value, waiver, finding) == "worse") == worse
