import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    RANSACRegressor,
    RidgeClassifier,
    SGDClassifier,
    SGDOneClassSVM,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from auditor.errors import ModelError
from auditor.explain.families import recognise

RNG = np.random.default_rng(3)
X = RNG.normal(size=(120, 3))
CLASS = (X[:, 0] + X[:, 1] > 0).astype(int)
NUMBER = np.exp(X[:, 0])


@pytest.mark.parametrize(
    ("model", "target", "kind", "unit"),
    [
        (GradientBoostingClassifier(n_estimators=3), CLASS, "tree", "log-odds"),
        (HistGradientBoostingClassifier(max_iter=3), CLASS, "tree", "log-odds"),
        (RandomForestClassifier(3), CLASS, "tree", "probability"),
        (ExtraTreesClassifier(3), CLASS, "tree", "probability"),
        (DecisionTreeClassifier(), CLASS, "tree", "probability"),
        (GradientBoostingRegressor(n_estimators=3), NUMBER, "tree", "model output"),
        (HistGradientBoostingRegressor(max_iter=3), NUMBER, "tree", "model output"),
        (
            HistGradientBoostingRegressor(max_iter=3, loss="poisson"),
            NUMBER,
            "tree",
            "log of the model output",
        ),
        (LogisticRegression(), CLASS, "linear", "log-odds"),
        (SGDClassifier(loss="log_loss"), CLASS, "linear", "log-odds"),
        (SGDClassifier(loss="modified_huber"), CLASS, "linear", "score"),
        (SGDClassifier(), CLASS, "linear", "score"),
        (RidgeClassifier(), CLASS, "linear", "score"),
        (LinearRegression(), NUMBER, "linear", "model output"),
    ],
    ids=lambda value: str(value) if hasattr(value, "fit") else "",
)
def test_a_supported_model_is_known_with_its_unit(model, target, kind, unit):
    family = recognise(model.fit(X, target))

    assert (family.kind, family.unit) == (kind, unit)
    assert family.output(X).shape == (120,)
    assert family.output(X[:0]).shape == (0,)


def test_the_output_of_a_forest_is_the_probability_of_the_second_class():
    model = RandomForestClassifier(5, random_state=0).fit(X, np.where(CLASS, "yes", "no"))

    family = recognise(model)

    np.testing.assert_array_equal(family.output(X), model.predict_proba(X)[:, 1])
    assert family.explains == "probability of class yes (the second of the model's classes)"
    assert family.name == "RandomForestClassifier"


def test_a_model_fitted_on_a_frame_is_asked_with_its_names():
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    model = GradientBoostingClassifier(n_estimators=3).fit(frame, CLASS)

    # Warnings are errors: a bare array would warn about missing feature names.
    np.testing.assert_array_equal(recognise(model).output(X), model.decision_function(frame))


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (AdaBoostClassifier(n_estimators=2).fit(X, CLASS), "AdaBoostClassifier cannot be"),
        (PoissonRegressor().fit(X, NUMBER), "PoissonRegressor cannot be explained"),
        (RANSACRegressor(random_state=0).fit(X, X[:, 0]), "RANSACRegressor cannot be explained"),
        (SGDOneClassSVM().fit(X), "SGDOneClassSVM cannot be explained"),
        (make_pipeline(StandardScaler(), LogisticRegression()).fit(X, CLASS), "give the last step"),
        (LogisticRegression, "give a fitted model, not the class"),
        (lambda rows: rows, "function cannot be explained"),
        ("model.pkl", "kind str cannot be explained"),
    ],
)
def test_a_model_of_another_kind_is_refused_with_what_is_supported(model, says):
    with pytest.raises(ModelError, match="supported are scikit-learn's decision trees") as caught:
        recognise(model)
    assert says in str(caught.value)
    assert caught.value.problems[0].slug == "model-not-supported"


@pytest.mark.parametrize("model", [GradientBoostingClassifier(), LogisticRegression()])
def test_a_model_that_is_not_fitted_is_refused(model):
    with pytest.raises(ModelError, match="is not fitted") as caught:
        recognise(model)
    assert caught.value.problems[0].slug == "model-not-fitted"


def test_more_than_two_classes_are_refused_by_name():
    model = RandomForestClassifier(3).fit(X, np.arange(120) % 3)

    with pytest.raises(ModelError, match=r"has 3 classes \(0, 1, 2\), not two") as caught:
        recognise(model)
    assert caught.value.problems[0].slug == "model-not-binary"


def test_a_model_that_knows_one_class_is_refused():
    model = DecisionTreeClassifier().fit(X, np.ones(120))

    with pytest.raises(ModelError, match=r"has 1 classes \(1.0\), not two"):
        recognise(model)


@pytest.mark.parametrize(
    "model",
    [
        RandomForestRegressor(3).fit(X, np.column_stack([NUMBER, NUMBER])),
        LinearRegression().fit(X, np.column_stack([NUMBER, NUMBER])),
        DecisionTreeClassifier().fit(X, np.column_stack([CLASS, CLASS])),
    ],
    ids=lambda model: type(model).__name__,
)
def test_several_outputs_are_refused(model):
    with pytest.raises(ModelError, match="predicts 2 outputs at once") as caught:
        recognise(model)
    assert caught.value.problems[0].slug == "model-several-outputs"


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (GradientBoostingClassifier(n_estimators=2, loss="exponential"), "loss='exponential'"),
        (GradientBoostingClassifier(n_estimators=2, init="zero"), "own init estimator"),
        (
            GradientBoostingRegressor(n_estimators=2, init=LinearRegression()),
            "own init estimator",
        ),
    ],
)
def test_boosting_that_shap_cannot_reproduce_is_refused(model, says):
    model.fit(X, CLASS)

    with pytest.raises(ModelError, match=says) as caught:
        recognise(model)
    assert caught.value.problems[0].slug == "model-settings"


def test_categorical_features_are_named_when_the_model_knows_their_names():
    frame = pd.DataFrame({"office": CLASS.astype(float), "years": X[:, 0]})
    model = HistGradientBoostingClassifier(categorical_features=["office"], max_iter=2)

    with pytest.raises(ModelError, match=r"categorical features \(office\)"):
        recognise(model.fit(frame, CLASS))


def test_a_categorical_mask_without_a_categorical_feature_is_accepted():
    model = HistGradientBoostingClassifier(categorical_features=[False] * 3, max_iter=2)

    assert recognise(model.fit(X, CLASS)).takes_missing
