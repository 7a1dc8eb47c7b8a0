"""Where shap answers with wrong numbers and no error. Each guard beside what happens without it."""

import numpy as np
import pytest
import shap
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression

from auditor.errors import ModelError
from auditor.explain import explain_model


def _categorical():
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.integers(0, 8, 400), rng.normal(size=400)]).astype(float)
    y = (x[:, 0] % 2 + 0.3 * x[:, 1] + 0.2 * rng.normal(size=400)) > 0.5
    return HistGradientBoostingClassifier(categorical_features=[0], max_iter=20).fit(x, y), x


def test_histogram_boosting_with_categorical_features_is_refused():
    model, x = _categorical()

    with pytest.raises(ModelError, match=r"trained with categorical features \(0\)") as caught:
        explain_model(model, x, ["office", "years"])
    assert caught.value.problems[0].slug == "model-categorical"


def test_shap_itself_returns_values_that_do_not_add_up_for_categorical_features():
    model, x = _categorical()

    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = explainer.shap_values(x, check_additivity=False)

    off = np.abs(values.sum(axis=1) + explainer.expected_value[0] - model.decision_function(x))
    assert off.max() > 0.1


def _on_thresholds():
    """With over 255 distinct values some thresholds of the bins are values of the data."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(600, 3))
    return HistGradientBoostingClassifier(max_iter=20).fit(x, x[:, 0] + x[:, 1] > 0), x


def test_values_on_a_histogram_threshold_are_withheld_with_a_background():
    model, x = _on_thresholds()

    with pytest.raises(ModelError, match="do not add up to the model's output") as caught:
        explain_model(model, x, ["a", "b", "c"], background=x[:100])
    assert caught.value.problems[0].slug == "attributions-off"
    assert "explain without a background" in str(caught.value)


def test_values_on_a_histogram_threshold_are_right_without_a_background():
    model, x = _on_thresholds()

    assert explain_model(model, x, ["a", "b", "c"]).additivity < 1e-12


def test_shap_itself_is_off_for_values_on_a_histogram_threshold():
    model, x = _on_thresholds()

    explainer = shap.TreeExplainer(model, data=x[:100], feature_perturbation="interventional")
    values = explainer.shap_values(x, check_additivity=False)

    off = np.abs(values.sum(axis=1) + explainer.expected_value - model.decision_function(x))
    assert off.max() > 0.05


def test_all_rows_of_a_large_background_are_used_where_shap_alone_takes_a_hundred():
    rng = np.random.default_rng(2)
    x = np.cumsum(rng.normal(size=(400, 2)), axis=0)
    model = LinearRegression().fit(x, x @ [1.0, 2.0] + rng.normal(size=400))

    result = explain_model(model, x, ["a", "b"])
    alone = shap.LinearExplainer(model, x)

    assert result.background_rows == 400
    assert result.base == pytest.approx(model.predict(x).mean(), abs=1e-9)
    assert abs(alone.expected_value - model.predict(x).mean()) > 0.01
