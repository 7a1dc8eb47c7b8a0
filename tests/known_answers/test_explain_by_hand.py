"""Attributions against hand work and against the definition, enumerated over all coalitions."""

from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from auditor.explain import explain_model, reasons

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = ["a", "b", "c", "d"]


def _data(rows=250):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(rows, 4))
    x[:, 3] += 0.8 * x[:, 0]
    noise = rng.normal(size=rows)
    return x, x[:, 0] - 0.5 * x[:, 1] * x[:, 2] + 0.3 * noise


def _shapley(value, f):
    """The definition: mean marginal contribution over all orders (Shapley 1953)."""
    phi = np.zeros(f)
    for j in range(f):
        others = [k for k in range(f) if k != j]
        for size in range(f):
            weight = factorial(size) * factorial(f - size - 1) / factorial(f)
            for coalition in combinations(others, size):
                phi[j] += weight * (value({*coalition, j}) - value(set(coalition)))
    return phi


def _interventional(output, row, background):
    def value(coalition):
        mixed = background.copy()
        columns = sorted(coalition)
        mixed[:, columns] = row[columns]
        return output(mixed).mean()

    return _shapley(value, len(row))


def _path_dependent(tree, row, place):
    """Features outside the coalition follow the training counts (Lundberg 2020, algorithm 1)."""

    def value(coalition, node=0):
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0:
            return tree.value[node].ravel()[place]
        if tree.feature[node] in coalition:
            goes_left = np.float32(row[tree.feature[node]]) <= tree.threshold[node]
            return value(coalition, left if goes_left else right)
        n = tree.weighted_n_node_samples
        return (n[left] * value(coalition, left) + n[right] * value(coalition, right)) / n[node]

    return _shapley(value, len(row))


def test_linear_attributions_are_coefficient_times_distance_from_the_mean():
    x, y = _data()
    model = LinearRegression().fit(x, y)

    result = explain_model(model, x, NAMES)

    np.testing.assert_allclose(result.values, model.coef_ * (x - x.mean(axis=0)), atol=1e-12)
    assert result.base == pytest.approx(model.predict(x).mean(), abs=1e-12)
    assert (result.unit, result.background_rows) == ("model output", 250)


def test_logistic_attributions_are_in_log_odds_against_the_given_background():
    x, y = _data()
    model = LogisticRegression().fit(x, y > 0)
    background = x[:120]

    result = explain_model(model, x, NAMES, background=background)

    by_hand = model.coef_[0] * (x - background.mean(axis=0))
    np.testing.assert_allclose(result.values, by_hand, atol=1e-12)
    assert (result.unit, result.background_rows) == ("log-odds", 120)
    assert result.explains == "log-odds of class True (the second of the model's classes)"


def test_a_stump_moves_only_the_feature_it_asks_about():
    x = np.array([[0.0, 5.0], [0.0, 6.0], [0.0, 7.0], [1.0, 5.0]])
    model = DecisionTreeRegressor(max_depth=1).fit(x, [2.0, 2.0, 2.0, 10.0])

    result = explain_model(model, x, ["a", "b"])

    # The mean output is 4; the left leaf says 2, the right leaf 10.
    np.testing.assert_allclose(result.values, [[-2, 0], [-2, 0], [-2, 0], [6, 0]], atol=1e-12)
    assert result.base == pytest.approx(4.0, abs=1e-12)
    assert result.background_rows == 4


def test_a_classifier_stump_speaks_of_the_second_class():
    x = np.array([[0.0], [0.0], [0.0], [1.0]])
    model = DecisionTreeClassifier(max_depth=1).fit(x, ["no", "no", "no", "yes"])

    result = explain_model(model, x, ["a"])

    np.testing.assert_allclose(result.values.ravel(), [-0.25, -0.25, -0.25, 0.75], atol=1e-12)
    assert result.unit == "probability"
    assert result.explains == "probability of class yes (the second of the model's classes)"


@pytest.mark.parametrize(
    ("model", "binary"),
    [
        (GradientBoostingClassifier(n_estimators=8, random_state=0), True),
        (GradientBoostingRegressor(n_estimators=8, random_state=0), False),
        (HistGradientBoostingClassifier(max_iter=8), True),
        (RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0), True),
        (ExtraTreesRegressor(n_estimators=5, max_depth=4, random_state=0), False),
        (DecisionTreeClassifier(max_depth=4, random_state=0), True),
        (LogisticRegression(), True),
        (Ridge(), False),
        (SGDClassifier(random_state=0), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_attributions_with_a_background_equal_shapleys_definition(model, binary):
    x, y = _data()
    model.fit(x, y > 0 if binary else y)
    # Rows the model was not trained on: shap compares values that lie exactly on a histogram
    # threshold in single precision (next test file).
    fresh, background = np.random.default_rng(6).normal(size=(2, 30, 4))
    result = explain_model(model, fresh[:6], NAMES, background=background)

    if result.unit == "probability":

        def output(rows):
            return model.predict_proba(rows)[:, 1]
    else:
        output = model.decision_function if binary else model.predict
    expected = [_interventional(output, row, background) for row in fresh[:6]]

    # shap keeps thresholds and leaf values of interventional trees in single precision.
    np.testing.assert_allclose(result.values, expected, atol=2e-7)
    assert result.base == pytest.approx(output(background).mean(), abs=1e-7)


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeRegressor(max_depth=4, random_state=0),
        RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0),
        GradientBoostingClassifier(n_estimators=8, random_state=0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_attributions_without_a_background_follow_the_training_counts(model):
    x, y = _data()
    regression = isinstance(model, DecisionTreeRegressor)
    model.fit(x, y if regression else y > 0)
    result = explain_model(model, x[:6], NAMES)

    if isinstance(model, RandomForestClassifier):
        parts = [(tree.tree_, 1, 1 / len(model.estimators_)) for tree in model.estimators_]
    elif regression:
        parts = [(model.tree_, 0, 1.0)]
    else:
        parts = [(tree.tree_, 0, model.learning_rate) for tree in model.estimators_[:, 0]]
    expected = [sum(w * _path_dependent(t, row, k) for t, k, w in parts) for row in x[:6]]

    np.testing.assert_allclose(result.values, expected, atol=1e-12)


def test_the_rating_of_the_ibm_data_is_explained_by_the_salary_hike():
    """PerformanceRating is 4 exactly when PercentSalaryHike is 20 or more (fixture's README)."""
    data = pd.read_csv(FIXTURES / "ibm_attrition" / "emp_attrition.csv", encoding="utf-8-sig")
    names = [
        *("Age", "DailyRate", "DistanceFromHome", "JobSatisfaction", "MonthlyIncome"),
        *("PercentSalaryHike", "TotalWorkingYears", "YearsAtCompany"),
    ]
    x = data[names].astype("float64")
    high = (data["PerformanceRating"] == 4).to_numpy()
    model = GradientBoostingClassifier(n_estimators=20, random_state=0).fit(x, high)

    result = explain_model(model, x.to_numpy(), names)

    strength = np.abs(result.values).mean(axis=0)
    assert names[int(strength.argmax())] == "PercentSalaryHike"
    assert all(reasons(result, row)[0].feature == "PercentSalaryHike" for row in range(len(x)))
    hike = result.values[:, names.index("PercentSalaryHike")]
    assert np.array_equal(hike > 0, x["PercentSalaryHike"].to_numpy() >= 20)
    assert np.array_equal(hike > 0, high)
