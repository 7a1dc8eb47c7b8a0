from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from auditor.errors import ProfileError
from auditor.ingest import load_profile, profile_of
from auditor.ingest.profile.model import ScoreColumn
from auditor.ingest.values import Declared

BASE = {"id": "id", "outcome": "status", "favorable": ["Yes"], "unfavorable": ["No"]}


def values(found: tuple[Declared, ...]) -> list[tuple[str, str]]:
    return [(value.text, value.value) for value in found]


def test_keywords_say_what_the_file_says():
    keywords = profile_of(
        **BASE,
        groups={"sex": {"column": "g", "values": {"F": ["f"]}, "unknown": ["?"]}},
        withdrawn=["W"],
        not_considered=["C"],
        open=["O"],
        score="s",
        cut_score=0.5,
        better="low",
        scale=(0, 1),
        label="kept",
        positive=["1"],
        negative=["0"],
        strata=["req"],
        features=["a", "b"],
        model_version="v",
        decisions="test",
        duplicates="drop-identical",
        unit="person",
        name="acme",
    )
    mapping = load_profile(
        {
            "auditor": "profile/1",
            "profile": {
                "id": "acme",
                "unit": "person",
                "decisions": "test",
                "duplicates": "drop-identical",
            },
            "columns": {
                "id": "id",
                "outcome": {
                    "column": "status",
                    "favorable": ["Yes"],
                    "unfavorable": ["No"],
                    "withdrawn": ["W"],
                    "not_considered": ["C"],
                    "open": ["O"],
                },
                "groups": {"sex": {"column": "g", "values": {"F": ["f"]}, "unknown": ["?"]}},
                "score": {"column": "s", "cut_score": 0.5, "better": "low", "scale": [0, 1]},
                "label": {"column": "kept", "positive": ["1"], "negative": ["0"]},
                "strata": {"req": "req"},
                "features": ["a", "b"],
                "model_version": "v",
            },
        }
    )

    assert keywords.sha256 == mapping.sha256
    assert keywords.columns == mapping.columns
    assert (keywords.path, mapping.path) == ("acme", "dict")


@pytest.mark.parametrize(
    ("groups", "columns"),
    [
        (["sex", "race"], {"sex": "sex", "race": "race"}),
        ("sex", {"sex": "sex"}),
        ({"sex": "gender_column"}, {"sex": "gender_column"}),
        ({"sex": {"column": "g"}, "age": "band"}, {"sex": "g", "age": "band"}),
    ],
)
def test_groups_are_columns_or_a_mapping(groups, columns):
    profile = profile_of(**BASE, groups=groups)

    assert {name: entry.column for name, entry in profile.groups.items()} == columns
    assert all(entry.as_is for entry in profile.groups.values())


def test_a_single_value_is_a_value_and_not_its_letters():
    profile = profile_of(
        id="id",
        outcome="o",
        favorable="Hired",
        unfavorable=0,
        groups={"sex": {"column": "g", "unknown": "?"}},
    )

    assert values(profile.outcome.values["favorable"]) == [("Hired", "Hired")]
    assert values(profile.outcome.values["unfavorable"]) == [("0", "0")]
    assert values(profile.groups["sex"].values["unknown"]) == [("?", "?")]


def test_values_of_a_group_may_be_a_list_of_what_is_kept():
    groups = {"sex": {"column": "g", "values": ("F", "M")}, "age": {"column": "a", "values": 40}}
    profile = profile_of(**BASE, groups=groups)

    assert list(profile.groups["sex"].values) == ["F", "M", "unknown"]
    assert list(profile.groups["age"].values) == ["40", "unknown"]


def test_values_may_be_any_python_scalar():
    written = [
        *(
            1,
            1.5,
            True,
            None,
            np.int64(7),
            np.float32(0.7),
            np.bool_(False),
            Decimal("2.50"),
            pd.NA,
        ),
        *(dt.date(2026, 1, 2), pd.Timestamp("2026-01-03"), np.datetime64("2026-01-04"), 2**53 + 1),
    ]

    found = profile_of(**BASE, open=written, groups=["sex"]).outcome.values["open"]

    assert set(values(found)) == {
        *(("1", "1"), ("1.5", "1.5"), ("True", "True"), ("", ""), ("7", "7"), ("0.7", "0.7")),
        *(("False", "False"), ("2.50", "2.5"), ("2026-01-02", "2026-01-02")),
        *(("2026-01-03", "2026-01-03"), ("2026-01-04", "2026-01-04")),
        ("9007199254740993", "9007199254740993"),
    }


def test_lists_may_be_arrays_sets_and_series():
    profile = profile_of(
        id=pd.Index(["a", "b"]),
        outcome="o",
        favorable={"x", "y"},
        unfavorable=pd.Series(["n"]),
        features=np.array(["f1", "f2"]),
        groups=("sex",),
    )

    assert profile.ids == ("a", "b")
    assert values(profile.outcome.values["favorable"]) == [("x", "x"), ("y", "y")]
    assert profile.features == ("f1", "f2")


def test_none_says_nothing():
    profile = profile_of(**BASE, groups=["sex"], open=None, label=None, positive=None, count=None)

    assert profile.outcome.values["open"] == ()
    assert profile.label is profile.score is profile.count is None


def test_scores_alone_are_enough():
    profile = profile_of(id="id", groups=["sex"], score="s")

    assert profile.outcome is None
    assert profile.score == ScoreColumn(column="s", cut_score=None, better="high", scale=None)


def test_a_short_float_keeps_the_decimal_that_was_written():
    assert (
        profile_of(id="id", groups=["sex"], score="s", cut_score=np.float32(0.7)).score.cut_score
        == 0.7
    )


def test_strata_may_have_another_name_than_their_column():
    assert profile_of(**BASE, groups=["sex"], strata={"job": "req_id"}).strata == {"job": "req_id"}


@pytest.mark.parametrize(
    ("changed", "slug", "said"),
    [
        ({"groups": []}, "no-attribute", "declares no protected attribute"),
        ({"id": None}, "missing-key", "'id' is missing in 'columns'"),
        ({"outcome": None}, "missing-key", "'column' is missing in 'columns.outcome'"),
        ({"cut_score": 0.5}, "missing-key", "'column' is missing in 'columns.score'"),
        ({"positive": [1]}, "missing-key", "'column' is missing in 'columns.label'"),
        ({"unfavorable": ["Yes"]}, "value-twice", "the value 'Yes' is listed under 'favorable'"),
        ({"unfavorable": []}, "missing-key", "'unfavorable' is missing in 'columns.outcome'"),
        ({"count": "n"}, "contradicting-columns", "'id' cannot stand beside 'count'"),
        ({"better": "up", "score": "s"}, "not-one-of", "got 'up'"),
        ({"score": "s", "cut_score": float("nan")}, "not-a-number", "must be a number"),
        ({"score": "s", "cut_score": True}, "not-a-number", "must be a number"),
        ({"score": "s", "cut_score": 10**400}, "not-a-number", "must be a number"),
        ({"score": "s", "cut_score": 3, "scale": (1, 2)}, "cut-outside-scale", "cut_score 3 lies"),
        ({"groups": {"sex": {"column": "g", "values": {1: ["x"]}}}}, "wrong-type", "must be text"),
        (
            {"groups": {"sex": {"column": "g", "valeus": {}}}},
            "unknown-key",
            "did you mean 'values'?",
        ),
        ({"groups": [0]}, "wrong-type", "must be text"),
        ({"favorable": [[1, 2]]}, "bad-value", "must be a single value"),
        ({"favorable": [b"x"]}, "bad-value", "must be a single value"),
        ({"name": "a b"}, "bad-id", "must be a short name"),
    ],
)
def test_wrong_keywords_are_refused(changed, slug, said):
    with pytest.raises(ProfileError) as caught:
        profile_of(**{**BASE, "groups": ["sex"], **changed})

    assert slug in [problem.slug for problem in caught.value.problems]
    assert said in str(caught.value)


def test_a_final_decision_has_the_words_of_the_outcome_or_its_own():
    same = profile_of(**BASE, groups=["sex"], final="last").final
    own = {"column": "last", "favorable": True, "unfavorable": [False, 0]}
    other = profile_of(**BASE, groups=["sex"], final=own).final

    assert same.column == other.column == "last"
    assert values(same.values["favorable"]) == [("Yes", "Yes")]
    assert values(same.values["unfavorable"]) == [("No", "No")]
    assert values(other.values["favorable"]) == [("True", "True")]
    assert values(other.values["unfavorable"]) == [("0", "0"), ("False", "False")]


def test_a_final_decision_without_words_is_refused():
    with pytest.raises(ProfileError, match=r"'favorable' is missing in 'columns\.final'"):
        profile_of(id="id", score="s", cut_score=0.5, groups=["sex"], final="last")
    with pytest.raises(ProfileError, match=r"columns\.final"):
        profile_of(**BASE, groups=["sex"], final=7)


def test_all_problems_come_at_once():
    with pytest.raises(ProfileError, match="no protected attribute") as caught:
        profile_of(favorable=["a"], unfavorable=["a"], scale=(1, 0))

    assert {problem.slug for problem in caught.value.problems} == {
        *("no-attribute", "missing-key", "value-twice", "bad-scale")
    }
