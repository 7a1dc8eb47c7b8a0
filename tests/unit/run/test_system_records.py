"""A system record given from Python."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import auditor
from auditor.errors import SystemRecordError

POLICY = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b1, cite: C, says: S.}]
gates:
  - {id: kept, kind: record-limit, says: K., because: [b1],
     options: {entry: retention, at_least: 48}}
  - {id: same, kind: record-version, says: S., because: [b1], when_present: true}
"""
DATA = {
    "auditor": "system/1",
    "system": {"id": "ranker", "name": "Ranker", "version": "1.4"},
    "retention": {"months": 48},
    "dpia": {"reference": "DPIA 7", "on": date(2026, 3, 1)},
}
COUNTED = auditor.counts({"M": (100, 60), "F": (100, 40)}, attribute="sex")


@pytest.fixture
def policy(tmp_path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(POLICY)
    return path


def test_a_mapping_and_a_loaded_record_are_taken_alike(policy):
    day = date(2026, 11, 22)
    first = auditor.audit(COUNTED, policy, system=DATA, as_of=day)
    second = auditor.audit(COUNTED, policy, system=auditor.load_system(DATA), as_of=day)

    assert first.verdict.state == "pass"
    assert first.result.document["system"] == second.result.document["system"]


def test_without_a_record_the_result_says_so(policy):
    made = auditor.audit(COUNTED, policy)

    assert made.verdict.state == "no_verdict"
    assert made.result.document["system"] is None


def test_a_record_that_says_too_little_is_refused(policy):
    with pytest.raises(SystemRecordError, match="'system' is missing"):
        auditor.audit(COUNTED, policy, system={"auditor": "system/1"})


def test_anything_else_is_a_mistake_in_the_program(policy):
    with pytest.raises(TypeError, match="The 'system' parameter of audit must be a path"):
        auditor.audit(COUNTED, policy, system=7)


@pytest.mark.parametrize(
    ("versions", "state"), [(["1.4"] * 4, "pass"), (["1.4", "1.4", "1.5", "1.5"], "fail")]
)
def test_the_versions_of_an_export_are_compared_with_the_record(policy, versions, state):
    import pandas as pd

    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "sex": ["F", "F", "M", "M"],
            "status": ["yes", "no", "yes", "no"],
            "model": versions,
        }
    )

    made = auditor.audit(
        frame,
        policy,
        system=DATA,
        id="id",
        outcome="status",
        favorable=["yes"],
        unfavorable=["no"],
        groups=["sex"],
        model_version="model",
    )

    assert made.verdict.state == state
