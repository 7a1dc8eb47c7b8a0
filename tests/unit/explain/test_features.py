import numpy as np
import pandas as pd
import polars as pl
import pytest

from auditor.errors import ModelError
from auditor.explain import from_columns, from_frame


def test_columns_are_taken_in_the_models_order():
    result = from_columns({"a": np.array([1.0]), "b": np.array([2.0])}, ["b", "a"])

    assert result.names == ("b", "a")
    assert result.matrix.tolist() == [[2.0, 1.0]]


def test_all_columns_are_taken_when_none_are_named():
    assert from_columns({"a": np.array([1.0]), "b": np.array([2.0])}).names == ("a", "b")


def test_no_columns_give_an_empty_matrix():
    assert from_columns({}).matrix.shape == (0, 0)


def test_all_missing_features_are_listed_with_a_suggestion():
    columns = {"skills_score": np.array([1.0]), "age": np.array([2.0])}

    with pytest.raises(ModelError, match=r"did you mean 'skills_score'\?") as caught:
        from_columns(columns, ["skill_score", "zzz"])
    assert [p.slug for p in caught.value.problems] == ["feature-missing"] * 2
    assert caught.value.problems[1].hint == "columns: skills_score, age"


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_a_frame_gives_numbers_with_null_as_nan_and_true_as_one(make):
    frame = make(
        {"a": [1, 2, 3], "b": [True, False, True], "c": [0.5, None, 1.5], "d": list("xyz")}
    )

    result = from_frame(frame, ["c", "b", "a"])

    np.testing.assert_array_equal(result.matrix, [[0.5, 1, 1], [np.nan, 0, 2], [1.5, 1, 3]])


def test_nullable_integers_of_pandas_become_nan():
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64")})

    np.testing.assert_array_equal(from_frame(frame).matrix, [[1.0], [np.nan]])


def test_arrow_tables_are_read():
    table = pl.DataFrame({"a": [1, 2]}).to_arrow()

    assert from_frame(table).matrix.tolist() == [[1.0], [2.0]]


def test_every_column_without_numbers_is_named():
    frame = pd.DataFrame(
        {"a": [1.0], "city": ["Rome"], "job": pd.Categorical(["x"]), "day": [pd.Timestamp(0)]}
    )

    with pytest.raises(ModelError, match="not numbers") as caught:
        from_frame(frame)
    assert [p.slug for p in caught.value.problems] == ["feature-not-numeric"] * 3
    assert [name for name in ("city", "job", "day") if f"'{name}'" in str(caught.value)] == [
        "city",
        "job",
        "day",
    ]


def test_missing_and_non_numeric_columns_are_reported_together():
    with pytest.raises(ModelError, match="not among the columns") as caught:
        from_frame(pd.DataFrame({"city": ["Rome"]}), ["citi", "city"])
    assert [p.slug for p in caught.value.problems] == ["feature-missing", "feature-not-numeric"]


def test_a_column_that_occurs_twice_is_refused():
    frame = pd.DataFrame([[1.0, 2.0, 3.0]], columns=["a", "b", "a"])

    with pytest.raises(ModelError, match="the column 'a' more than once") as caught:
        from_frame(frame)
    assert caught.value.problems[0].slug == "feature-twice"


@pytest.mark.parametrize("thing", [np.zeros((2, 2)), "features.csv", None])
def test_what_is_no_frame_is_refused(thing):
    with pytest.raises(ModelError, match="not a data frame") as caught:
        from_frame(thing)
    assert caught.value.problems[0].slug == "features-not-a-frame"


def test_another_index_than_the_audited_frames_is_refused():
    frame = pd.DataFrame({"a": [1.0, 2.0]})

    with pytest.raises(ModelError, match="another index") as caught:
        from_frame(frame, like=frame.iloc[::-1])
    assert caught.value.problems[0].slug == "features-other-rows"


def test_another_number_of_rows_than_the_audited_frames_is_refused():
    with pytest.raises(ModelError, match="has 2 rows, the audited frame 3"):
        from_frame(pd.DataFrame({"a": [1.0, 2.0]}), like=pl.DataFrame({"x": [1, 2, 3]}))


def test_the_identical_index_is_accepted_in_any_order_of_values():
    frame = pd.DataFrame({"a": [1.0, 2.0]}, index=[7, 3])

    assert from_frame(frame, like=frame.assign(status="x")).matrix.tolist() == [[1.0], [2.0]]


def test_frames_without_an_index_are_compared_by_length():
    frame = pl.DataFrame({"a": [1.0, 2.0]})

    assert from_frame(frame, like=frame).names == ("a",)
