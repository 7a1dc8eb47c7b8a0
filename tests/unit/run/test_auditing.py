"""What a program may say to ``audit``, and what it is told when it says something else."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import auditor
from auditor.errors import (
    AuditorError,
    DecisionError,
    ExportError,
    PathError,
    PolicyError,
    ProfileError,
    UsageError,
)
from auditor.run.arguments import policies

COUNTED = {"M": (1000, 500), "F": (1000, 495)}
US = "us-adverse-impact"

WRONG = {
    "no policy": ({"policy": [None]}, TypeError, "'policy' parameter .* Got None"),
    "a number for a policy": ({"policy": 5}, TypeError, "'policy' parameter .* Got 5"),
    "a mapping for a policy": ({"policy": {"id": "x"}}, TypeError, "type dict"),
    "bytes for a policy": ({"policy": b"nyc-ll144"}, TypeError, "'policy' parameter"),
    "an empty list of policies": ({"policy": []}, UsageError, "at least one policy"),
    "an empty name": ({"policy": ""}, PolicyError, "no policy pack ''"),
    "a list for a profile": ({"profile": ["p.yaml"]}, TypeError, "'profile' parameter"),
    "a word nobody knows": ({"favourable": "in"}, TypeError, "did you mean 'favorable'"),
    "a text for a day": ({"as_of": "2026-11-24"}, TypeError, "must be a datetime.date"),
    "a moment for a day": ({"as_of": datetime(2026, 11, 24)}, TypeError, "'as_of'"),  # noqa: DTZ001
    "a stamp for a day": ({"as_of": pd.Timestamp("2026-11-24")}, TypeError, "'as_of'"),
    "a negative seed": ({"seed": -1}, ValueError, r"range \[0, 2\*\*63\). Got -1"),
    "a large seed": ({"seed": 2**63}, ValueError, "'seed'"),
    "a float for a seed": ({"seed": 1.0}, TypeError, "'seed' .* Got 1.0"),
    "true for a seed": ({"seed": True}, TypeError, "'seed' .* Got True"),
    "no seed": ({"seed": None}, TypeError, "'seed' .* Got None"),
    "a number for a key": ({"key": 5}, TypeError, "'key'"),
    "a number for a keyring": ({"keyring": 5}, TypeError, "'keyring'"),
    "a number for an encoding": ({"encoding": 5}, TypeError, "'encoding'"),
    "an encoding of a frame": ({"encoding": "cp1252"}, UsageError, "no file"),
    "a text of intersections": ({"intersections": "sex*race"}, TypeError, "'intersections'"),
    "a number as intersection": ({"intersections": [5]}, TypeError, "'intersections'"),
    "an intersection of one": ({"intersections": [["sex"]]}, UsageError, "'sex' does not join"),
    "an intersection with itself": ({"intersections": [["sex", "sex"]]}, UsageError, "sex.sex"),
    "a part that is not mapped": (
        {"intersections": [["sex", "rce"]]},
        UsageError,
        "needs an attribute 'rce'.*did you mean 'race'",
    ),
    "no groups": ({"groups": None}, ProfileError, "no protected attribute"),
    "a group that is no column": ({"groups": ["sexx"]}, ExportError, "did you mean 'sex'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_argument_is_told_in_its_own_words(audit, what):
    said, kind, match = WRONG[what]

    with pytest.raises(kind, match=match):
        audit(**said)


def test_what_is_given_is_not_repeated_where_it_may_hold_people(audit, frame):
    with pytest.raises(TypeError) as caught:
        audit(policy=frame)

    assert "type DataFrame" in str(caught.value)
    assert "A00000" not in str(caught.value)


@pytest.mark.parametrize("data", [None, [1], {"sex": ["F"]}, pd.Series([1]), np.ones((2, 2)), 5])
def test_what_is_no_export_is_refused(audit, data):
    with pytest.raises(UsageError, match="cannot be audited"):
        auditor.audit(data, US, id="id", outcome="s", favorable=1, unfavorable=0, groups="sex")


def test_a_lazy_frame_and_an_empty_one_are_refused(audit, frame):
    with pytest.raises(UsageError, match="collect it into memory"):
        audit(pl.from_pandas(frame).lazy())
    with pytest.raises(ExportError, match="no rows"):
        audit(frame[:0])


def test_policies_can_be_named_in_any_collection(practice):
    for given in (US, [US], (US,), {US}, iter([US])):
        assert policies(given) == [US]
    assert policies([US, Path("a.yaml"), practice]) == [US, Path("a.yaml"), practice]


def test_groups_and_intersections_can_be_named_as_people_write_them(audit, frame):
    assert set(audit(groups="sex").measurements["attribute"]) == {"sex"}
    for crossed in ([("sex", "race")], ["sex*race"], (["sex", "race"],)):
        made = audit(intersections=crossed)
        assert "sex*race" in set(made.measurements["attribute"])
    assert "sex*race" not in set(audit().measurements["attribute"])


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.set_index(["sex", "race"], drop=False),
        lambda frame: frame.set_index(np.zeros(len(frame))),
        lambda frame: frame.set_index("id", drop=False),
        lambda frame: frame.rename_axis(columns="names"),
        pl.from_pandas,
        pa.Table.from_pandas,
    ],
    ids=["levels", "one label", "named as a column", "named columns", "polars", "arrow"],
)
def test_an_index_of_any_kind_is_no_matter(audit, frame, change):
    assert audit(change(frame)).measurements.equals(audit().measurements)


def test_columns_that_are_numbers_and_columns_that_occur_twice(audit, frame):
    assert audit(frame.rename(columns={"sex": 0}), groups={"sex": "0"}).measurements.size
    with pytest.raises(ExportError, match="more than one column is called 'sex'"):
        audit(pd.concat([frame, frame[["sex"]]], axis=1))
    with pytest.raises(ExportError, match="reset_index"):
        audit(frame.set_index("id"))


def test_a_profile_and_columns_are_one_too_many(audit, frame):
    with pytest.raises(UsageError, match="given twice: by a profile and by favorable"):
        audit(profile={})
    with pytest.raises(UsageError, match="nothing says how this export reads"):
        auditor.audit(frame, US)
    with pytest.raises(ProfileError, match="'auditor' is missing"):
        auditor.audit(frame, US, profile={})


def test_counts_take_neither_a_profile_nor_columns_nor_a_model():
    counted = auditor.counts(COUNTED, attribute="sex")
    for said, match in (
        ({"id": "id"}, "by the counts themselves and by id"),
        ({"profile": {}}, "counts say themselves"),
        ({"model": object(), "features": ["a"]}, "no single decisions to explain"),
    ):
        with pytest.raises(UsageError, match=match):
            auditor.audit(counted, US, **said)


def test_counts_cannot_pass_a_policy_that_asks_for_reviews():
    counted = auditor.counts(COUNTED, attribute="sex")

    assert auditor.audit(counted, US).verdict.exit_code == 0
    assert auditor.audit(counted, [US, "professional-practice"]).verdict.exit_code == 4


def test_a_seed_and_a_day_stand_in_the_result_as_they_were_given(audit):
    document = audit(seed=np.int64(7), as_of=date(2027, 1, 2)).result.document

    assert (document["seed"], document["as_of"]) == (7, "2027-01-02")
    assert type(document["seed"]) is int


def test_the_key_is_read_from_where_it_is_said_to_be(audit, tmp_path):
    with pytest.raises(PathError, match="Is a directory"):
        audit(key=tmp_path)
    (tmp_path / "text").write_text("not a key")
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        audit(key=str(tmp_path / "text"))

    audit(key=tmp_path / "made" / "key")
    assert (tmp_path / "made" / "key").stat().st_mode & 0o777 == 0o600


def test_policies_and_profiles_are_wrong_before_the_export_is_looked_at(audit, tmp_path):
    absent = tmp_path / "absent.csv"

    with pytest.raises(PolicyError, match="did you mean"):
        audit(absent, "us-adverse-impct")
    with pytest.raises(UsageError, match="rce"):
        audit(absent, US, intersections=[["sex", "rce"]])
    with pytest.raises(PathError):
        audit(absent, US)


def test_a_column_of_names_is_no_attribute(audit, frame):
    with pytest.raises(DecisionError, match="'name' has 300 groups for 300 people"):
        audit(groups={"sex": "sex", "name": "id"})
    many = pd.concat([frame.assign(id=frame["id"] + str(i)) for i in range(3)])
    with pytest.raises(DecisionError, match="'place' has 300 groups for 900 people"):
        audit(many.assign(place=many["id"].str[:6]), groups={"place": "place"})

    assert audit(frame.assign(place=frame["id"].str[-1:]), groups="place").measurements.size


def test_a_refusal_is_an_error_of_this_package(audit):
    with pytest.raises(AuditorError):
        audit(Path("absent.csv"))
