"""What reviewers are shown before their own judgement: no group, and nothing of the answer."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from auditor.ingest import load_profile, read
from auditor.run.evidence import not_allowed_by, telling_features

PROFILE = """\
auditor: profile/1
profile: {id: x}
columns:
  id: id
  outcome: {column: status, favorable: [Yes], unfavorable: [No], open: [""]}
  groups: {sex: {column: gender, values: {F: [F], M: [M]}}}
  score: {column: score, cut_score: 0.5, scale: [0, 1]}
  features: [years, score, copied, passed, licence]
"""
ROWS = [
    # id, status, gender, score, years, copied, passed, licence
    "1,Yes,F,0.9,7,0.9,1,1",
    "2,Yes,M,0.8,3,0.8,1,1",
    "3,No,F,0.2,3,0.2,0,0",
    "4,No,M,0.1,1,0.1,0,1",
    "5,,M,0.4,1,0.4,1,1",
]


@pytest.fixture
def export(tmp_path):
    (tmp_path / "profile.yaml").write_text(PROFILE)
    header = "id,status,gender,score,years,copied,passed,licence"
    (tmp_path / "x.csv").write_text("\n".join([header, *ROWS]) + "\n")
    profile = load_profile(tmp_path / "profile.yaml")
    return read(tmp_path / "x.csv", profile, rows=True), profile


def test_the_score_and_copies_of_the_answer_are_not_evidence(export):
    assert telling_features(*export) == {"score", "copied", "passed"}


def test_what_differs_anywhere_is_evidence(export):
    """The negative control: one other value, and it is no copy."""
    decisions, profile = export
    features = {name: np.array(values) for name, values in decisions.features.items()}
    features["copied"][4] = 0.41  # too few rows to believe that it follows from the score
    features["passed"][3] = 1
    assert telling_features(replace(decisions, features=features), profile) == {"score"}


def test_without_score_and_outcome_nothing_tells(export):
    decisions, profile = export
    bare = replace(decisions, score=None, outcome=None)
    nothing = SimpleNamespace(outcome=None, score=None, label=None, final=None)
    assert telling_features(bare, nothing) == frozenset()
    assert profile.score is not None


def finding(kind="feature-not-allowed", verdict="fail", waiver=None, **found):
    evidence = {"features": ["zip", "sex_f", "years"], "by_name": ["zip"], "protected": []}
    return {"kind": kind, "verdict": verdict, "waiver": waiver, "evidence": evidence | found}


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([finding()], {"zip"}),
        ([finding(protected=["sex_f"]), finding(by_name=["home"])], {"zip", "sex_f", "home"}),
        ([finding(verdict="pass")], set()),
        ([finding(waiver="night-shifts")], set()),
        ([finding(kind="impact-ratio")], set()),
        ([], set()),
    ],
)
def test_what_a_policy_forbids_is_no_evidence_unless_it_is_waived(findings, expected):
    assert not_allowed_by({"findings": findings}) == expected
