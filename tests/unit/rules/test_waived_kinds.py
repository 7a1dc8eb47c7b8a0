"""A fail of every kind that can fail is waived, until it is worse than what was written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import auditor
from auditor.errors import PolicyError
from auditor.rules.kinds import KINDS

TODAY = datetime.now(UTC).date()
SAID = str(TODAY - timedelta(days=10))
HEAD = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2020-01-01}
basis: [{id: b, cite: c, says: s}]
reviews:
  - {id: rejected, kind: condition, says: s, because: [b],
     options: {when: {outcome: {equals: unfavorable}}}}
gates:
  - {id: g, says: s, because: [b], %s}
"""
WAIVER = """\
waivers:
  granted:
    - id: w
      finding: "{mark}"
      rule: g
      attribute: {attribute}
      group: {group}
      {key}: {thing}
      value: {value}
      because: x
      instead: y
      requested_by: {{name: Ann, role: owner}}
      approved_by: [{{name: Ben, role: lead}}]
      from: {day}
      until: {day}
      justification:
        {{job_related: j, validation_study: v, alternatives: [{{tried: t, why_not: n}}]}}
"""
RATE = "kind: measure-limit, options: {measure: selection-rate, "
# 430 of 1,000 women and 500 of 1,000 men; mean pay 90 and 100; 1,070 of 2,000 rejected
CASES = {
    "rate": (RATE + "at_least: 0.45}", "0.43", "0.44"),
    "rate above": (RATE + "at_most: 0.45}", "0.50", "0.49"),
    "ratio": (RATE + "taken_as: ratio, at_least: 0.9}", "43/50", "0.87"),
    "difference": (RATE + "taken_as: difference, at_least: -0.05}", "-0.07", "-0.06"),
    "interval": (
        RATE + "taken_as: difference, at_least: -0.02, judge: interval}", "-0.07", "-0.06"
    ),
    "shortfall": (RATE + "taken_as: shortfall, at_most: 30}", "35", "34"),
    "descriptive": ("kind: descriptive, severity: block, options: {threshold: 0.9}",
                    "0.86", "0.87"),
    "small-but-real": ("kind: small-but-real", "0.86", "0.87"),
    "three-deviations": ("kind: three-deviations", "3.14", "3.13"),
    "change-from-baseline": (
        "kind: change-from-baseline, options: {baseline: before, at_most: 0.05}", "0.24", "0.23"
    ),
    "mean-gap": ("kind: mean-gap, options: {at_most: 0.05}", "0.1", "0.04"),
    "unknown-share": ("kind: unknown-share, options: {limit: 0}", "1/2001", "0.0004"),
    "flag-budget": ("kind: flag-budget, options: {at_most: 0.1}", "0.535", "0.534"),
    "feature-not-allowed": (
        "kind: feature-not-allowed, options: {names: [zip]}", "1", "0"
    ),
    "record-before-run": (
        "kind: record-before-run, options: {entry: dpia, at_least: 30 days}", "10", "11"
    ),
    "record-recent": ("kind: record-recent, options: {entry: dpia, at_most: 5 days}", "10", "9"),
    "record-limit": ("kind: record-limit, options: {entry: retention, at_least: 48}", "36", "37"),
    "record-version": ("kind: record-version", "1", "0"),
}  # fmt: skip


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Two thousand decisions, and one of unknown sex."""
    sex = np.repeat(["F", "M", ""], [1000, 1000, 1])
    chosen = np.concatenate([np.arange(1000) < 430, np.arange(1000) < 500, [False]])
    return pd.DataFrame(
        {
            "id": np.arange(2001),
            "sex": sex,
            "status": np.where(chosen, "yes", "no"),
            "pay": np.where(sex == "F", 90.0, 100.0) + np.tile([-1.0, 1.0], 1001)[:2001],
            "model": np.tile(["1.4", "1.5"], 1001)[:2001],
            "zip": np.arange(2001) % 7,
        }
    )


@pytest.fixture
def audited(tmp_path: Path, frame: pd.DataFrame):
    def audited(rule: str, waiver: str = ""):
        before = auditor.counts({"F": (1000, 550), "M": (1000, 500)}, attribute="sex")
        if "baseline" in rule and not (tmp_path / "before").exists():
            auditor.audit(before, "nyc-ll144").save(tmp_path / "before")
        policy = tmp_path / "ours.yaml"
        policy.write_text(HEAD % rule + waiver, encoding="utf-8")
        data = frame if "unknown" in rule else frame[:-1]
        return auditor.audit(
            data, str(policy), id="id", outcome="status", favorable=["yes"], unfavorable=["no"],
            groups={"sex": {"column": "sex", "values": "as-is", "unknown": [""]}},
            score="pay", model_version="model", features=["zip"], system={
                "auditor": "system/1", "system": {"id": "s", "name": "S", "version": "1.4"},
                "retention": {"months": 36}, "dpia": {"reference": "D", "on": SAID},
            },
        )  # fmt: skip

    return audited


def waiver_of(finding: auditor.Finding, value: str) -> str:
    (part,) = finding.failing
    key = {"feature-not-allowed": "feature", "record-version": "version"}.get(finding.kind)
    return WAIVER.format(
        mark=part.fingerprint,
        attribute=finding.attribute or "null",
        group="null" if key else part.about or "null",
        key=key or "stratum",
        thing=f'"{part.about}"' if key else "null",
        value=value,
        day=TODAY,
    )


@pytest.mark.parametrize("name", CASES)
def test_a_waiver_of_any_kind_holds_for_its_value_and_not_for_a_worse_one(audited, name):
    rule, value, milder = CASES[name]
    (fail,) = [f for f in audited(rule).result.findings if f.rule == "g" and f.verdict == "fail"]

    states = []
    for written in (value, milder):
        audit = audited(rule, waiver_of(fail, written))
        (found,) = audit.result.document["waivers"]
        states.append((found["state"], audit.verdict.exit_code))
        assert [f.waiver for f in audit.result.findings if f.verdict == "fail"] == [
            "w" if found["state"] == "in-use" else None
        ]

    (held, first), (void, then) = states
    assert (held, void) == ("in-use", "void")
    assert first != 1
    assert then == 1


def test_a_number_outside_the_other_limit_is_not_the_fail_that_was_waived(audited):
    rule = RATE + "at_least: 0.1, at_most: 0.45}"
    (fail,) = [f for f in audited(rule).result.findings if f.rule == "g"]

    (found,) = audited(rule, waiver_of(fail, "0.05")).result.document["waivers"]

    assert found["state"] == "void"


def test_every_kind_of_gate_can_be_waived_or_is_refused(audited):
    """The right to decide is changed in the policy; missing tables and old data are no fail."""
    gates = {kind.kind: kind for kind in KINDS if kind.section == "gates"}
    never = {name for name, kind in gates.items() if not kind.can_be_waived}
    asked = {rule.removeprefix("kind: ").partition(",")[0] for rule, *_ in CASES.values()}

    assert never == {"decision-right", "coverage", "data-age", "record-present"}
    assert asked | {"impact-ratio"} == set(gates) - never
    (fail,) = audited(CASES["record-version"][0]).result.findings
    waiver = waiver_of(fail, "1") + "decision_rights: {offer: human_only}\n"
    with pytest.raises(PolicyError, match="a fail of the kind decision-right cannot be waived"):
        audited("kind: decision-right", waiver)
