"""Models of every kind, end to end: attributions that add up, gaps, reasons, and clear refusals."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from auditor.errors import DecisionError, ModelError, UsageError
from auditor.explain.attributions import Attributions
from auditor.findings import Flag
from auditor.report import render_html, render_text
from auditor.run.explaining import Explained, factors
from tests.unit.run.applicants import FEATURES, applicants

SCORED = {"score": "score", "cut_score": 0.5, "scale": (0, 1)}
CLASSIFIERS = {
    "gradient boosting": GradientBoostingClassifier(n_estimators=10, random_state=0),
    "histogram boosting": HistGradientBoostingClassifier(max_iter=3, random_state=0),
    "random forest": RandomForestClassifier(10, max_depth=5, random_state=0),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "logistic regression": LogisticRegression(),
}
REGRESSORS = {
    "linear regression": LinearRegression(),
    "lasso": Lasso(0.01),
    "boosting of a number": GradientBoostingRegressor(n_estimators=10, random_state=0),
}


@pytest.fixture(scope="module")
def boosted(frame) -> GradientBoostingClassifier:
    model = GradientBoostingClassifier(n_estimators=10, random_state=0)
    return model.fit(frame[FEATURES], frame["label"])


def explanations(made):
    return made.result.document["explanations"]


def per_row(made, tmp_path) -> pd.DataFrame:
    import duckdb

    made.save(tmp_path / "out")
    path = str(tmp_path / "out" / "explanations.parquet")
    return duckdb.execute("select * from read_parquet(?)", [path]).df()


def agrees_with_itself(made) -> None:
    told = explanations(made)
    assert told["additivity"] < 1e-6
    assert told["gap"]
    for gap in told["gap"]:
        total = sum(feature["share"] for feature in gap["features"]) + gap["residual"]
        assert total == pytest.approx(gap["gap"], abs=1e-9)
        assert {feature["feature"] for feature in gap["features"]} == set(FEATURES)


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_a_classifier_is_explained(audit, frame, scored, tmp_path, kind):
    model = CLASSIFIERS[kind].fit(frame[FEATURES], frame["label"])

    made = audit(scored(model), model=model, **SCORED)

    agrees_with_itself(made)
    assert explanations(made)["score_check"]["differing"] == 0
    table = per_row(made, tmp_path)
    assert len(table) == len(frame) * len(FEATURES)
    outputs = table.groupby("decision")["attribution"].sum()
    if explanations(made)["unit"] == "log-odds":
        expected = model.decision_function(frame[FEATURES])
    else:
        expected = model.predict_proba(frame[FEATURES])[:, 1]
    spread = expected - outputs.reindex(frame["id"]).to_numpy()
    assert np.ptp(spread) == pytest.approx(0, abs=1e-6)
    assert len(made.flags)
    assert set(made.flags["factors"].str.count(";")) == {2}


@pytest.mark.parametrize("kind", REGRESSORS)
def test_a_model_of_a_number_is_explained(audit, frame, scored, kind):
    model = REGRESSORS[kind].fit(frame[FEATURES], frame["skills"] + frame["years"])

    made = audit(scored(model), model=model, score="score")

    agrees_with_itself(made)
    assert explanations(made)["score_check"]["differing"] == 0


def test_the_known_cause_stands_first(audit, frame, scored):
    model = LogisticRegression().fit(frame[FEATURES], frame["label"])

    made = audit(scored(model), model=model, **SCORED)

    (gap,) = [
        g for g in explanations(made)["gap"] if (g["attribute"], g["group"]) == ("race", "Black")
    ]
    assert gap["features"][0]["feature"] == "distance"
    assert gap["features"][0]["share"] < 0
    assert explanations(made)["background"] == {
        "rows": len(frame),
        "method": "all rows given to the model",
    }


REFUSED = {
    "a pipeline": (
        lambda: make_pipeline(StandardScaler(), LogisticRegression()),
        "last step of the pipeline",
    ),
    "a calibrated model": (
        lambda: CalibratedClassifierCV(LogisticRegression(), cv=2),
        "cannot be explained",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_model_that_cannot_be_explained_is_refused_with_a_sentence(audit, frame, kind):
    make, says = REFUSED[kind]

    with pytest.raises(ModelError, match=says):
        audit(model=make().fit(frame[FEATURES], frame["label"]))


@pytest.mark.parametrize("model", ["clf", LogisticRegression, False, lambda x: x])
def test_what_is_no_model_is_refused(audit, model):
    with pytest.raises(ModelError, match="cannot be explained"):
        audit(model=model)


def test_categorical_features_are_refused_with_a_sentence(audit, frame):
    years = frame["years"].round().clip(0, 20)
    whole = frame.assign(years=years)
    model = HistGradientBoostingClassifier(max_iter=1, categorical_features=[0])
    model.fit(whole[FEATURES], whole["label"])

    with pytest.raises(ModelError, match="shap returns wrong attributions"):
        audit(whole, model=model)


def test_other_models_that_do_not_fit_are_refused(audit, frame, boosted):
    with pytest.raises(ModelError, match="not fitted"):
        audit(model=GradientBoostingClassifier())
    with pytest.raises(ModelError, match="3 classes"):
        audit(model=LogisticRegression().fit(frame[FEATURES], np.arange(len(frame)) % 3))
    with pytest.raises(ModelError, match="not given: distance"):
        audit(model=boosted, features=["years", "skills"])
    with pytest.raises(ModelError, match="same names, other order"):
        audit(model=boosted, features=FEATURES[::-1])
    with pytest.raises(ModelError, match="unknown to it: yrs"):
        audit(model=boosted, features=frame[FEATURES].rename(columns={"years": "yrs"}))
    with pytest.raises(ModelError, match="more than once"):
        audit(model=boosted, features=["years", "years", "distance"])


class Breaks(LogisticRegression):
    def predict_proba(self, _):
        raise RuntimeError("no such thing")

    decision_function = predict_proba


class Lies(GradientBoostingClassifier):
    def decision_function(self, X):  # noqa: N803 - scikit-learn's own name
        return super().decision_function(X) + 0.5


def test_a_model_that_stops_or_contradicts_itself_is_no_explanation(audit, frame):
    stops = Breaks().fit(frame[FEATURES], frame["label"])
    lies = Lies(n_estimators=3).fit(frame[FEATURES], frame["label"])

    with pytest.raises(ModelError, match="stops with a RuntimeError"):
        audit(model=stops)
    with pytest.raises(ModelError, match="do not add up"):
        audit(model=lies)


@pytest.mark.parametrize("kind", ["pandas", "polars", "names", "index", "array"])
def test_features_by_name_and_in_a_frame_give_the_same(audit, frame, boosted, scored, kind):
    data = scored(boosted)
    features = {
        "pandas": frame[FEATURES],
        "polars": pl.from_pandas(frame[FEATURES]),
        "names": tuple(FEATURES),
        "index": pd.Index(FEATURES),
        "array": np.array(FEATURES),
    }[kind]

    made = audit(data, model=boosted, features=features, **SCORED)
    named = audit(data, model=boosted, **SCORED)

    assert explanations(made) == explanations(named)
    assert made.flags.equals(named.flags)


def test_a_frame_beside_a_frame_of_another_library(audit, frame, boosted, scored):
    data = pl.from_pandas(scored(boosted).drop(columns=FEATURES))

    made = audit(data, model=boosted, features=frame[FEATURES], **SCORED)

    agrees_with_itself(made)


def test_features_of_other_rows_are_refused(audit, frame, boosted):
    own = frame[FEATURES]
    for features, says in (
        (own[:-1], "299 rows"),
        (own[::-1], "another index"),
        (own.set_index(frame["id"]), "another index"),
        (own.to_numpy(), "not a data frame"),
        (own["years"], "not a data frame"),
        ({"years": [1.0]}, "not a data frame"),
        (own.assign(years="many"), "not numbers"),
    ):
        with pytest.raises(ModelError, match=says):
            audit(model=boosted, features=features)


def test_features_in_a_frame_need_a_model_and_decisions_in_a_frame(audit, frame, boosted, tmp_path):
    frame.to_csv(tmp_path / "people.csv", index=False)

    with pytest.raises(UsageError, match="no model that reads them"):
        audit(features=frame[FEATURES])
    with pytest.raises(UsageError, match="the export is a file"):
        audit(tmp_path / "people.csv", model=boosted, features=frame[FEATURES])
    with pytest.raises(UsageError, match="no features"):
        audit(model=boosted, features=None)
    agrees_with_itself(audit(tmp_path / "people.csv", model=boosted))


def test_what_cannot_be_audited_is_told_first(audit, frame, boosted):
    for data, says in (
        ([1], "a list cannot be audited"),
        (pl.from_pandas(frame).lazy(), "lazy"),
    ):
        with pytest.raises(UsageError, match=says):
            audit(data, model=boosted, features=frame[FEATURES])
    with pytest.raises(ModelError, match="not a data frame"):
        audit(model=boosted, features=5)


def test_scores_without_outcomes_are_explained_for_everybody(audit, frame, boosted, scored):
    made = audit(
        scored(boosted),
        model=boosted,
        outcome=None,
        favorable=(),
        unfavorable=(),
        withdrawn=(),
        score="score",
    )

    agrees_with_itself(made)
    assert explanations(made)["rows"] == len(frame)


def test_a_dropped_duplicate_takes_its_features_with_it(audit, frame, boosted, scored):
    data = scored(boosted)
    twice = pd.concat([data.iloc[[5]], data, data.iloc[[7, 7]]], ignore_index=True)

    once = audit(data, model=boosted, **SCORED)
    made = audit(
        twice, model=boosted, features=twice[FEATURES], duplicates="drop-identical", **SCORED
    )

    assert made.row_account.buckets["duplicate"] == 3
    assert explanations(made)["score_check"]["differing"] == 0
    assert explanations(made)["gap"] == explanations(once)["gap"]


def test_rows_with_other_features_are_no_duplicates(audit, boosted, scored):
    data = scored(boosted)
    twice = pd.concat([data, data.iloc[[5]]], ignore_index=True)
    features = twice[FEATURES].copy()
    features.loc[len(data), "years"] += 1
    bare = twice.drop(columns=FEATURES)

    with pytest.raises(DecisionError, match="rows that differ"):
        audit(bare, model=boosted, features=features, duplicates="drop-identical", **SCORED)


@pytest.mark.parametrize("in_a_frame", [True, False])
def test_a_missing_feature_is_flagged_whichever_way_it_was_given(audit, frame, in_a_frame):
    holes = frame.copy()
    holes.loc[3, "years"] = np.nan
    model = DecisionTreeClassifier(max_depth=5).fit(holes[FEATURES], holes["label"])

    made = audit(holes, model=model, features=holes[FEATURES] if in_a_frame else FEATURES)

    missing = made.flags[made.flags["rule"] == "value-missing"]
    assert missing["decision"].tolist() == ["A00003"]
    assert missing["evidence"].tolist() == ["missing: years"]
    assert "years (missing)" in missing["factors"].iloc[0]


def test_a_model_that_takes_no_missing_value_is_asked_only_about_decisions(audit, frame, boosted):
    holes = frame.copy()
    holes.loc[3, "years"] = np.nan
    with pytest.raises(ModelError, match="'years' is missing in 1 row,"):
        audit(holes, model=boosted)
    holes.loc[3, "status"] = "withdrew"

    for model in (boosted, LogisticRegression().fit(frame[FEATURES], frame["label"])):
        made = audit(holes, model=model)

        assert explanations(made)["rows"] == len(frame) - 1
        agrees_with_itself(made)


def test_a_mismatch_with_the_exported_score_is_printed(audit, frame, boosted, scored):
    data = scored(boosted)
    data["score"] = 1 - data["score"]

    made = audit(data, model=boosted, **SCORED)

    for text in (render_text(made.result), render_html(made.result)):
        flat = " ".join(text.split()).replace("&#39;", "'")
        assert "differs from the exported score in 300 of 300 rows" in flat
        assert "looks like 1 minus the model's output" in flat


def test_a_score_of_which_a_low_one_is_better_is_said(audit, frame, boosted, scored):
    data = scored(boosted)
    data["score"] = 1 - data["score"]

    made = audit(data, model=boosted, better="low", **SCORED)

    assert any("A low score is the favorable one" in note for note in made.result.document["notes"])


def test_a_constant_feature_is_no_reason(audit, frame):
    flat = frame.assign(years=1.0)
    for model in (GradientBoostingClassifier(n_estimators=5), LinearRegression()):
        made = audit(flat, model=model.fit(flat[FEATURES], flat["label"]))

        agrees_with_itself(made)
        assert not made.flags["factors"].str.contains("years").any()
        assert (made.flags["factors"] != "").all()


def test_what_speaks_against_is_named_as_often_as_what_speaks_for():
    """Ranked by size alone, four strong features left no room for the one on the other side."""
    names = ("a", "b", "c", "d", "low", "hidden")
    values = np.array([[0.9, 0.8, 0.7, 0.6, -0.1, -0.5]])
    made = Attributions(
        names=names, values=values, inputs=np.ones_like(values), outputs=values.sum(axis=1),
        lines=np.array([4]), base=0.0, unit="log-odds", explains="", method="", background="",
        background_rows=1, additivity=0.0, background_range=None, notes=(),
    )  # fmt: skip
    flag = Flag(line=4, policy="p", rule="r", mandatory=True, says="", evidence="", reviewer="hr")
    explained = Explained(
        attributions=made, gaps=(), score_check=None, hidden=frozenset(["hidden"])
    )

    told = factors(explained, [flag])[4].split("; ")
    assert [text.split(" ")[0] for text in told] == ["a", "b", "c", "low"]
    assert told[-1] == "low 1 lowered the score by 0.10 log-odds"


@pytest.mark.parametrize("n", [1, 2])
def test_a_few_decisions_are_explained(audit, frame, boosted, scored, n):
    made = audit(scored(boosted)[:n], model=boosted, **SCORED)

    assert explanations(made)["rows"] == n
    assert made.verdict.exit_code != 0


def test_no_decision_at_all_is_not_explained(audit, frame, boosted):
    assert explanations(audit(frame.assign(status="withdrew"), model=boosted)) is None


def test_fifty_thousand_decisions_take_seconds(audit):
    many = applicants(50_000, seed=1)
    model = LogisticRegression(max_iter=200).fit(many[FEATURES], many["label"])
    began = time.perf_counter()

    made = audit(many, "us-adverse-impact", model=model)

    agrees_with_itself(made)
    assert time.perf_counter() - began < 30


PROTECTED = {
    "the attribute itself": ("sex", lambda d: (d["sex"] == "M").astype(float)),
    "its name in capitals": ("Sex ", lambda d: (d["sex"] == "M") + 0.001 * d["years"]),
    "an indicator": ("title", lambda d: (d["sex"] == "M").astype(float)),
    "a code": ("area", lambda d: d["race"].map({"Asian": 3.0, "Black": 1.0, "White": 2.0})),
    "a missing value": ("maiden_name", lambda d: np.where(d["sex"] == "M", np.nan, 1.0)),
    "two at once": ("cell", lambda d: ((d["sex"] == "F") & (d["race"] == "Black")).astype(float)),
}


@pytest.mark.parametrize("kind", PROTECTED)
def test_a_protected_column_never_reaches_the_reviewers(audit, frame, kind):
    name, of = PROTECTED[kind]
    features = frame[FEATURES].assign(**{name: of(frame)})
    label = (frame["label"] == 1) ^ (features[name].fillna(0) > 0)
    model = DecisionTreeClassifier(max_depth=6, random_state=0).fit(features, label)

    made = audit(model=model, features=features)

    gaps = {f["feature"] for g in explanations(made)["gap"] for f in g["features"]}
    assert name in gaps
    assert not made.flags["factors"].str.contains(name).any()
    assert set(made.flags["factors"].str.count(";")) == {2}
    assert any(f"Among the features is {name}:" in note for note in made.result.document["notes"])


def test_what_is_merely_related_to_a_group_stays_a_reason(audit, frame):
    """The control: living far away goes with a group and does not tell it."""
    model = GradientBoostingClassifier(n_estimators=5).fit(frame[FEATURES], frame["label"])

    made = audit(model=model)

    assert made.flags["factors"].str.contains("distance").any()
    assert not any("Among the features" in note for note in made.result.document["notes"])


OUTSIDE = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: known, kind: unknown-share, says: s, because: [b]}]
reviews: [{id: far, kind: out-of-range, says: s, because: [b]}]
"""


def test_values_outside_the_background_of_the_model_are_flagged(audit, frame, boosted, tmp_path):
    (tmp_path / "ours.yaml").write_text(OUTSIDE)
    trained = frame[FEATURES][frame[FEATURES[0]] <= frame[FEATURES[0]].quantile(0.9)]
    policy = str(tmp_path / "ours.yaml")

    without = audit(policy=policy, model=boosted, features=FEATURES)
    made = audit(
        policy=policy, model=boosted, features=FEATURES, background=trained[FEATURES[::-1]]
    )

    wanted = ((frame[FEATURES] < trained.min()) | (frame[FEATURES] > trained.max())).any(axis=1)
    assert [one.reason for one in without.result.not_evaluated] == ["no-background-range"]
    assert not made.result.not_evaluated
    assert wanted.any()
    assert set(made.flags["decision"]) == set(frame["id"][wanted])
    assert explanations(made)["background"]["rows"] == len(trained)


def test_a_background_that_does_not_fit_is_refused(audit, frame, boosted):
    with pytest.raises(ModelError, match="is not among the columns"):
        audit(model=boosted, features=FEATURES, background=frame[FEATURES[1:]])
    with pytest.raises(UsageError, match="no model"):
        audit(background=frame[FEATURES])
