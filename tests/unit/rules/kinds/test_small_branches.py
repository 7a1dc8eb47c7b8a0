"""What a kind meets at the edge of its evidence, and other tests pass by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

import auditor
from auditor.documents import check
from auditor.rules.bound import BoundPolicy
from auditor.rules.kinds.record_recent import RecordRecentOptions
from auditor.rules.lint import remarks
from auditor.rules.slices import end


def test_a_kind_that_does_not_say_when_a_fail_is_worse_takes_every_one_for_worse(gate):
    assert gate("three-deviations").is_worse(SimpleNamespace(), SimpleNamespace())


def test_rights_that_no_gate_watches_are_remarked_on(gate):
    rights = {"offer": "human_only"}
    idle, watching = gate("unknown-share", rights=rights), gate("decision-right", rights=rights)

    def told(rule):
        found = remarks(BoundPolicy(policy=rule.policy, rules=(rule,)), date(2026, 11, 22))
        return any("looks whether it did more" in one.message for one in found)

    assert (told(idle), told(watching)) == (True, False)


def test_an_entry_that_leads_to_no_date_is_refused():
    _, problems = check({"entry": "questions.model.answer", "at_most": 9}, RecordRecentOptions)

    assert [problem.slug for problem in problems] == ["no-date-entry"]


def test_a_ratio_can_have_no_upper_end():
    assert end("ratio", float("inf")) == "without end"
    assert end("ratio", 0.5, Fraction(4, 5)) != "without end"


def test_comparisons_of_other_attributes_are_no_slices(tmp_path):
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "auditor: policy/1\n"
        "policy: {id: p, title: t, version: '1', status: in-force, owner: o,"
        " effective_from: 2026-01-01}\n"
        "basis: [{id: b, cite: c, says: s}]\n"
        "gates: [{id: g, kind: measure-limit, says: s, because: [b], for_each: [race],"
        " options: {measure: selection-rate, taken_as: ratio, at_least: 0.5}}]\n"
    )
    cells = {"F*A": (90, 40), "F*B": (90, 40), "M*A": (90, 40), "M*B": (90, 40)}

    (finding,) = auditor.audit(
        auditor.counts(cells, attribute="sex*race"), str(policy)
    ).result.findings

    assert {group["group"] for group in finding.evidence["groups"]} <= {"A", "B"}


def test_reasons_need_an_outcome_to_push_towards(review, evidence):
    rule = review("proxy-among-drivers", features=["zip3"])
    nothing = replace(evidence(2, has_outcome=False))

    with pytest.raises(ValueError, match="there is none"):
        rule.driven(nothing, SimpleNamespace(lines=np.arange(2)), ["zip3"])
