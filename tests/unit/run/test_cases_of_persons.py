from __future__ import annotations

import pandas as pd
import pytest

import auditor

POLICY = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: C, says: S.}]
reviews:
  - {id: near, kind: near-cut-score, says: Look., because: [b], options: {band: 0.05}}
"""
ROWS = [  # id, person, requisition, score: the near ones are flagged
    ("a1", "ann", "r1", 0.9),
    ("a2", "ann", "r1", 0.51),
    ("a3", "ann", "r1", 0.49),
    ("a4", "ann", "r2", 0.5),
    ("b1", "bob", "r1", 0.5),
    ("n1", None, "r1", 0.5),
    ("n2", None, "r1", 0.5),
    ("c1", "cem", "r1", 0.1),
]


def _cases(tmp_path, rows, **more) -> dict[str, str]:
    (tmp_path / "p.yaml").write_text(POLICY)
    frame = pd.DataFrame(rows, columns=["id", "person", "req", "score"])
    frame["status"] = ["yes" if score >= 0.5 else "no" for score in frame["score"]]
    frame["sex"] = "F"
    made = auditor.audit(
        frame, str(tmp_path / "p.yaml"), id="id", outcome="status", favorable=["yes"],
        unfavorable=["no"], groups=["sex"], score="score", cut_score=0.5, scale=[0, 1],
        key=tmp_path / "key", **more,
    )  # fmt: skip
    return dict(zip(made.flags["decision"], made.flags["case"], strict=True))


def test_what_is_flagged_of_one_person_in_one_requisition_is_one_case(tmp_path):
    found = _cases(tmp_path, ROWS, person="person", strata={"requisition": "req"})

    assert set(found) == {"a2", "a3", "a4", "b1", "n1", "n2"}
    assert found["a2"] == found["a3"]
    assert len(set(found.values())) == 5


def test_without_requisitions_it_is_all_of_the_person(tmp_path):
    found = _cases(tmp_path, ROWS, person="person")

    assert found["a2"] == found["a3"] == found["a4"] != found["b1"]


def test_without_persons_every_decision_is_a_case(tmp_path):
    assert len(set(_cases(tmp_path, ROWS, strata={"requisition": "req"}).values())) == 6


@pytest.mark.parametrize("later", [("a9", "ann", "r1", 0.5), ("d1", "dot", "r1", 0.5)])
def test_the_name_of_a_case_outlives_rows_that_come_later(tmp_path, later):
    before = _cases(tmp_path, ROWS, person="person", strata={"requisition": "req"})
    after = _cases(tmp_path, [*ROWS, later], person="person", strata={"requisition": "req"})

    assert before.items() <= after.items()
