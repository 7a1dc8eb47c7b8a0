from __future__ import annotations

import pandas as pd
import pytest

import auditor
from auditor.run.rereading import reread

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


def _frame(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["id", "person", "req", "score"])
    frame["status"] = ["yes" if score >= 0.5 else "no" for score in frame["score"]]
    frame["sex"] = "F"
    return frame


def _profile(*, person=None, strata=None) -> dict:
    columns = {
        "id": "id",
        "outcome": {"column": "status", "favorable": ["yes"], "unfavorable": ["no"]},
        "groups": {"sex": {"column": "sex", "values": "as-is"}},
        "score": {"column": "score", "cut_score": 0.5, "scale": [0, 1]},
    }
    columns |= {"person": person} if person else {}
    columns |= {"strata": strata} if strata else {}
    return {
        "auditor": "profile/1",
        "profile": {"id": "ours", "decisions": "taken"},
        "columns": columns,
    }


def _cases(tmp_path, rows, **more) -> dict[str, str]:
    (tmp_path / "p.yaml").write_text(POLICY)
    made = auditor.audit(
        _frame(rows), str(tmp_path / "p.yaml"), profile=_profile(**more), key=tmp_path / "key"
    )
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


@pytest.mark.parametrize("near", ["n1", "a1", "c1"])
def test_a_request_goes_into_the_case_of_the_same_person_and_requisition(tmp_path, near):
    said = {"person": "person", "strata": {"requisition": "req"}}
    found = _cases(tmp_path, ROWS, **said)
    again = reread(_frame(ROWS), _profile(**said), tmp_path / "key").asked(near)

    mates = {"n1": "n1", "a1": "a2"}
    assert (again.case in found.values()) is (near in mates)
    assert found.get(mates.get(near), again.case) == again.case
