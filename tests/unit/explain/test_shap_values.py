import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier

import auditor.explain.shap_values as module
from auditor.errors import ModelError
from auditor.explain import explain_model, prepare

RNG = np.random.default_rng(4)
X = RNG.normal(size=(200, 3))
Y = (X[:, 0] + 0.5 * X[:, 1] + 0.3 * RNG.normal(size=200) > 0).astype(int)
NAMES = ("a", "b", "c")


def _boosted(**options):
    return GradientBoostingClassifier(n_estimators=10, random_state=0, **options).fit(X, Y)


def test_every_row_adds_up_to_the_models_own_output():
    model = _boosted()

    result = explain_model(model, X, NAMES)

    total = result.base + result.values.sum(axis=1)
    np.testing.assert_allclose(total, model.decision_function(X), atol=1e-12)
    assert result.additivity == np.abs(total - result.outputs).max()
    assert result.method == "shap TreeExplainer, path-dependent"
    assert (result.background, result.background_rows) == (
        "training rows counted in the trees",
        200,
    )


def test_chosen_lines_get_the_same_values_as_in_the_whole_table():
    model = _boosted()
    whole = explain_model(model, X, NAMES)

    some = explain_model(model, X, NAMES, lines=np.array([150, 3]))

    assert some.lines.tolist() == [150, 3]
    np.testing.assert_array_equal(some.inputs, X[[150, 3]])
    np.testing.assert_array_equal(some.values, whole.values[[150, 3]])


def test_no_lines_give_no_values_and_no_error():
    result = explain_model(_boosted(), X, NAMES, lines=np.array([], dtype=np.int64))

    assert result.values.shape == (0, 3)
    assert result.additivity == 0.0


def test_a_prepared_explainer_keeps_the_background_for_later_rows():
    model = LogisticRegression().fit(X, Y)
    explainer = prepare(model, X, NAMES)

    later = explainer.explain(X[:5])

    assert later.background_rows == 200
    assert later.background == "all rows given to the model"
    np.testing.assert_allclose(later.values, model.coef_ * (X[:5] - X.mean(axis=0)), atol=1e-12)


@pytest.mark.parametrize(
    "model",
    [_boosted(), RandomForestClassifier(5, random_state=0).fit(X, Y)],
    ids=lambda model: type(model).__name__,
)
def test_all_rows_of_a_background_are_used(model):
    result = explain_model(model, X[:10], NAMES, background=X)

    assert result.background_rows == 200
    assert result.background == "rows given as background"
    assert result.method == "shap TreeExplainer, interventional"


def test_the_background_rows_of_a_subsampled_model_are_those_its_trees_saw():
    assert explain_model(_boosted(subsample=0.5), X, NAMES).background_rows == 100


def test_histogram_boosting_takes_missing_values():
    holes = X.copy()
    holes[RNG.random(X.shape) < 0.2] = np.nan
    model = HistGradientBoostingClassifier(max_iter=10).fit(holes, Y)

    result = explain_model(model, holes, NAMES)

    assert result.additivity < 1e-12
    assert result.background_rows == 200


def test_sparse_coefficients_are_explained():
    model = SGDClassifier(loss="log_loss", penalty="l1", random_state=0).fit(X, Y)
    dense = explain_model(model, X, NAMES)

    np.testing.assert_array_equal(explain_model(model.sparsify(), X, NAMES).values, dense.values)


def test_a_lower_score_that_is_better_is_said_and_nothing_is_turned():
    model = _boosted()

    low = explain_model(model, X, NAMES, better="low")

    assert low.notes == (
        "Values explain the log-odds of class 1 (the second of the model's classes).",
        "A low score is the favorable one; the signs are the model's own, not turned.",
    )
    np.testing.assert_array_equal(low.values, explain_model(model, X, NAMES).values)


def test_missing_values_are_refused_where_the_model_takes_none():
    holes = X.copy()
    holes[:7, 1] = np.nan
    holes[0, 2] = np.inf

    with pytest.raises(ModelError, match="feature 'b' is missing in 7 rows") as caught:
        explain_model(_boosted(), holes, NAMES)
    slugs = [problem.slug for problem in caught.value.problems]
    assert slugs == ["feature-missing-value", "feature-infinite"]


def test_a_matrix_of_another_shape_is_refused():
    with pytest.raises(ModelError, match=r"shape \(200, 2\), but 3 features") as caught:
        explain_model(_boosted(), X[:, :2], NAMES)
    assert caught.value.problems[0].slug == "features-shape"


def test_another_number_of_features_is_refused():
    with pytest.raises(ModelError, match=r"2 features are named, but .* fitted on 3") as caught:
        explain_model(_boosted(), X[:, :2], NAMES[:2])
    assert caught.value.problems[0].slug == "features-differ"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("a", "b", "d"), "not given: c; unknown to it: d"),
        (("a", "b"), "not given: c"),
        (("a", "b", "c", "e"), "unknown to it: e"),
        (("c", "b", "a"), "same names, other order"),
    ],
)
def test_features_by_other_names_are_refused_with_the_right_order(names, says):
    model = LinearRegression().fit(pd.DataFrame(X, columns=list(NAMES)), Y)

    with pytest.raises(ModelError, match=says) as caught:
        explain_model(model, X, names)
    assert caught.value.problems[0].hint == "its features, in order: a, b, c"


def test_an_empty_background_is_refused():
    with pytest.raises(ModelError, match="the background has no rows") as caught:
        explain_model(LinearRegression().fit(X, Y), X[:0], NAMES)
    assert caught.value.problems[0].slug == "background-empty"


def test_a_model_without_a_finite_output_is_refused():
    model = LinearRegression().fit(X, Y)
    model.coef_ = np.array([np.nan, 1.0, 1.0])

    with pytest.raises(ModelError, match="no finite output for 200 of 200 rows") as caught:
        explain_model(model, X, NAMES)
    assert caught.value.problems[0].slug == "model-output"


class _Shifted(GradientBoostingClassifier):
    """A model whose own output is not what its trees say."""

    def decision_function(self, X):  # noqa: N803
        return super().decision_function(X) + 1e-3


def test_values_that_do_not_add_up_are_withheld():
    model = _Shifted(n_estimators=3).fit(X, Y)

    with pytest.raises(ModelError, match="200 of 200 rows do not add up") as caught:
        explain_model(model, X, NAMES)
    assert caught.value.problems[0].slug == "attributions-off"


def test_a_base_that_is_not_the_backgrounds_mean_is_refused():
    model = _Shifted(n_estimators=3).fit(X, Y)

    with pytest.raises(ModelError, match=r"start 0.001 away .* 200 background rows"):
        explain_model(model, X, NAMES, background=X)


def test_long_work_is_cut_into_calls_without_changing_the_values(monkeypatch):
    model = _boosted()
    whole = explain_model(model, X, NAMES)
    monkeypatch.setattr(module, "CALL_SECONDS", 0.0)

    np.testing.assert_array_equal(explain_model(model, X, NAMES).values, whole.values)
