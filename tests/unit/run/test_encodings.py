"""Features that are a protected attribute under another name, and what must not see them."""

from __future__ import annotations

import numpy as np
import pytest

import auditor
from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.run.encodings import ENOUGH, protected_features, telling_features

NAN = float("nan")
SEX = [0, 1] * 8
RACE = [0, 0, 1, 1] * 4


def table(**features: list[float]) -> Decisions:
    one = np.ones(16, dtype=np.int64)
    return Decisions(
        rows=one,
        people=one,
        outcome=None,
        groups={
            "sex": Coded(levels=("F", "M"), codes=np.array(SEX, dtype=np.int32)),
            "race": Coded(levels=("A", "B"), codes=np.array(RACE, dtype=np.int32)),
        },
        features={name: np.array(values, dtype=np.float64) for name, values in features.items()},
        account=RowAccount(read=16, used=16),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=()),
    )


TELLING = {
    "indicator": [float(s) for s in SEX],
    "turned": [1.0 - s for s in SEX],
    "code": [10.0 + 5 * r for r in RACE],
    "product": [float(s * r) for s, r in zip(SEX, RACE, strict=True)],
    "sum": [float(s + 2 * r) for s, r in zip(SEX, RACE, strict=True)],
    "blank": [NAN if s else 3.0 for s in SEX],
}
SILENT = {
    "constant": [1.0] * 16,
    "all_missing": [NAN] * 16,
    "unique": [float(i) for i in range(16)],
    "nearly": [float(s) for s in SEX[:-1]] + [0.0],
    "partly_missing": [NAN if i == 3 else float(i % 3) for i in range(16)],
    "pairs": [float(i // 8) for i in range(16)],
}


@pytest.mark.parametrize("name", TELLING)
def test_what_follows_from_a_group_is_found(name):
    assert protected_features(table(**TELLING), ["sex"], {}) == set(TELLING)
    assert protected_features(table(**{name: TELLING[name]}), ["sex"], {}) == {name}


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("indicator", ("sex",)), ("blank", ("sex",)), ("code", ("race",)),
     ("product", ("sex", "race")), ("sum", ("sex", "race"))],
)  # fmt: skip
def test_which_attributes_a_feature_tells_is_known(name, attributes):
    found = telling_features(table(**TELLING), {"sex": "gender", "race": "origin"}, {})

    assert found[name] == attributes


def test_the_column_of_an_attribute_tells_it():
    found = table(Gender=SILENT["unique"], origin=TELLING["indicator"])

    assert telling_features(found, {"sex": "gender", "race": "origin"}, {}) == {
        "Gender": ("sex",), "origin": ("race", "sex"),
    }  # fmt: skip


def test_what_does_not_is_left():
    assert protected_features(table(**SILENT), ["sex"], {}) == set()


def test_a_name_is_enough_in_whatever_case_and_under_whatever_alias():
    found = table(Gender=SILENT["unique"], years=SILENT["nearly"])

    assert protected_features(found, ["gender"], {}) == {"Gender"}
    assert protected_features(found, ["sex"], {"years": "sex"}) == {"years"}


def test_people_of_unknown_group_tell_nothing():
    known = table(indicator=TELLING["indicator"])
    codes = np.full(16, -1, dtype=np.int32)
    codes[:4] = SEX[:4]
    few = {"sex": Coded(levels=("F", "M"), codes=codes)}

    from dataclasses import replace

    assert ENOUGH > 2
    assert protected_features(replace(known, groups=few), ["sex"], {}) == set()


MISSING = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
reviews:
  - {id: r, kind: value-missing, says: s, because: [b]}
"""


def test_no_rule_about_one_decision_learns_that_a_protected_value_is_missing(
    audit, frame, tmp_path
):
    (tmp_path / "ours.yaml").write_text(MISSING)
    holes = frame.assign(code=frame["sex"].map({"F": 1.0, "M": NAN}))
    holes.loc[0, "years"] = NAN

    made = audit(holes, tmp_path / "ours.yaml", features=["years", "code"])

    assert made.flags["decision"].tolist() == ["A00000"]
    assert made.flags["evidence"].tolist() == ["missing: years"]
    (note,) = [n for n in made.result.document["notes"] if "Among the features" in n]
    assert "code" in note


def test_a_condition_on_one_is_no_condition_at_all(audit, frame, tmp_path):
    rule = "{id: c, kind: condition, says: s, because: [b], options: {when: {code: {equals: 1}}}}"
    (tmp_path / "ours.yaml").write_text(f"{MISSING}  - {rule}\n")
    coded = frame.assign(code=(frame["sex"] == "F").astype(float))

    made = audit(coded, tmp_path / "ours.yaml", features=["years", "code"])

    assert made.flags.empty
    assert "code" in made.verdict.says
    assert made.verdict.exit_code == 4


def test_the_model_is_explained_with_all_it_reads(audit, frame, tmp_path):
    from sklearn.linear_model import LinearRegression

    features = frame[["years"]].assign(sex=(frame["sex"] == "F").astype(float))
    model = LinearRegression().fit(features, frame["label"] + features["sex"])

    made = audit(model=model, features=features)

    explanations = made.result.document["explanations"]
    assert {f["feature"] for g in explanations["gap"] for f in g["features"]} == {"years", "sex"}
    assert not made.flags["factors"].str.contains("sex").any()
    assert isinstance(made, auditor.Audit)
