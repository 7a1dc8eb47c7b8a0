import math

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, RidgeClassifier

from auditor.explain import check_scores, model_scores

OWN = np.random.default_rng(8).random(500)


def test_equal_scores_are_said_to_be_equal():
    check = check_scores(OWN, OWN.copy())

    assert (check.compared, check.differing, check.largest) == (500, 0, 0.0)
    assert check.says == "The model's output equals the exported score in all 500 rows compared."


@pytest.mark.parametrize("decimals", [1, 2, 4, 8])
def test_exported_rounding_is_found_and_allowed(decimals):
    check = check_scores(OWN, np.round(OWN, decimals))

    assert check.differing == 0
    assert check.says.endswith(f"(exported with {decimals} decimals).")


def test_half_a_unit_of_the_last_decimal_still_agrees():
    assert check_scores(np.array([0.125, 0.375]), np.array([0.12, 0.38])).differing == 0


def test_more_than_half_a_unit_differs():
    check = check_scores(np.array([0.1251, 0.3]), np.array([0.12, 0.31]))

    assert check.differing == 2


def test_a_mismatch_is_counted_and_said():
    exported = OWN.copy()
    exported[:3] += 0.25

    check = check_scores(OWN, exported)

    assert (check.compared, check.differing) == (500, 3)
    assert check.largest == pytest.approx(0.25)
    assert "differs from the exported score in 3 of 500 rows (by up to 0.25)" in check.says
    assert "looks like" not in check.says


def test_missing_scores_are_not_compared():
    exported = OWN.copy()
    exported[:20] = np.nan

    assert check_scores(OWN, exported).compared == 480


def test_nothing_to_compare_is_said():
    check = check_scores(OWN, np.full(500, np.nan))

    assert (check.compared, check.differing) == (0, 0)
    assert math.isnan(check.largest)
    assert "no row has an exported score" in check.says


def test_whole_numbers_are_no_rounding_that_accepts_every_probability():
    check = check_scores(OWN, np.round(OWN))

    assert check.differing > 490


@pytest.mark.parametrize(
    ("exported", "says"),
    [
        (100 * OWN, "100 times the model's output"),
        (np.round(100 * OWN), "100 times the model's output"),
        (np.round(100 * OWN, 2), "100 times the model's output"),
        (1 - OWN, "1 minus the model's output"),
        (np.log(OWN / (1 - OWN)), "the log-odds of the model's output"),
    ],
)
def test_a_known_transformation_is_named(exported, says):
    check = check_scores(OWN, exported)

    assert check.differing > 490
    assert f", which looks like {says}: " in check.says


def test_a_constant_score_looks_like_nothing():
    assert "looks like" not in check_scores(OWN, np.full(500, 50.0)).says


def test_relative_tolerance_serves_large_outputs():
    assert check_scores(np.array([1e6 / 3]), np.array([1e6 / 3 + 0.1])).differing == 0


def test_other_lengths_are_refused():
    with pytest.raises(ValueError, match="Got 2 and 1"):
        check_scores(np.zeros(2), np.zeros(1))


def test_model_scores_are_what_a_model_is_exported_with():
    x = np.random.default_rng(9).normal(size=(60, 2))
    y = x[:, 0] > 0
    forest = RandomForestClassifier(3, random_state=0).fit(x, y)
    ridge, line = RidgeClassifier().fit(x, y), LinearRegression().fit(x, y)

    np.testing.assert_array_equal(model_scores(forest, x), forest.predict_proba(x)[:, 1])
    np.testing.assert_array_equal(model_scores(ridge, x), ridge.decision_function(x))
    np.testing.assert_array_equal(model_scores(line, x), line.predict(x))
