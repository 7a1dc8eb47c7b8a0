from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from auditor.cube import build_cube
from auditor.errors import ProfileError, UsageError
from auditor.ingest import counts, profile_of, read


def test_counts_give_the_cube_of_the_people_they_count():
    frame = pd.DataFrame({"sex": ["M"] * 5 + ["F"] * 4, "hired": [1, 1, 1, 0, 0, 1, 0, 0, 0]})
    frame["id"] = range(9)
    profile = profile_of(id="id", outcome="hired", favorable=1, unfavorable=0, groups=["sex"])

    counted = counts({"M": (5, 3), "F": (4, 1)}, attribute="sex")

    assert build_cube(counted.decisions) == build_cube(read(frame, profile, rows=False))
    assert counted.decisions.account == read(frame, profile, rows=False).account


def test_read_hands_over_what_was_counted():
    counted = counts({"M": (5, 3), "F": (4, 1)}, attribute="sex")

    assert read(counted, counted.profile, rows=True) is counted.decisions


def test_counts_carry_their_own_profile():
    counted = counts({"M": (5, 3), "F": (4, 1)}, attribute="sex")

    assert counted.profile.attributes == ("sex",)
    assert counted.profile.sha256 == counted.decisions.export.profile_sha256
    assert counted.decisions.ids is None
    assert [i.path for i in counted.decisions.export.inputs] == ["counts"]


def test_an_intersection_gives_its_single_attributes_as_well():
    counted = counts(
        {"F*Black": (10, 3), "F*White": (20, 10), "M*White": (30, 15)}, attribute="sex*race"
    )
    cube = build_cube(counted.decisions)

    assert counted.attribute == "sex*race"
    assert counted.profile.attributes == ("sex", "race")
    assert dict(
        zip(cube.table("sex").groups, cube.table("sex").considered.tolist(), strict=True)
    ) == {
        "F": 30,
        "M": 30,
    }
    assert cube.table("sex*race").groups == ("F*Black", "F*White", "M*White")
    assert cube.table("sex*race").favorable.tolist() == [3, 10, 15]


def test_unknown_people_are_no_group():
    table = build_cube(
        counts({"M": (5, 3), "F": (4, 1), "unknown": (7, 2)}, attribute="sex").decisions
    ).table("sex")

    assert table.groups == ("F", "M")
    assert (table.unknown_considered, table.unknown_favorable) == (7, 2)


def test_a_group_that_nobody_is_in_is_named():
    counted = counts({"M": (5, 3), "F": (0, 0)}, attribute="sex")

    assert counted.decisions.export.notes == ("Nobody was considered in 'F'.",)
    assert counts({"M": (5, 3)}, attribute="sex").decisions.export.notes == ()


def test_numpy_integers_and_lists_are_counts():
    counted = counts({"M": [np.int64(5), np.int32(3)], " F ": (4, 1)}, attribute="sex")

    assert counted.decisions.groups["sex"].levels == ("F", "M")
    assert int(counted.decisions.people.sum()) == 9


def test_the_sum_is_of_the_counts_and_not_of_their_order():
    def sha256(groups):
        return counts(groups, attribute="sex").decisions.export.inputs[0].sha256

    assert sha256({"M": (5, 3), "F": (4, 1)}) == sha256({"F": (4, 1), "M": (5, 3)})
    assert sha256({"M": (5, 3), "F": (4, 1)}) != sha256({"M": (5, 3), "F": (4, 2)})


@pytest.mark.parametrize(
    ("groups", "attribute", "said"),
    [
        ({"M": (5, 6)}, "sex", "has 6 favorable of 5 considered"),
        ({"M": (-5, -6)}, "sex", "has a negative count, -6"),
        ({"M": (5, -1)}, "sex", "has a negative count, -1"),
        ({"M": (5.0, 3)}, "sex", "must have whole numbers of people, got 5.0"),
        ({"M": (True, 0)}, "sex", "must have whole numbers of people, got True"),
        ({"M": (np.bool_(True), 0)}, "sex", "must have whole numbers of people"),
        ({"M": ("5", "3")}, "sex", "must have whole numbers of people, got '5'"),
        ({"M": 5}, "sex", "must have two counts"),
        ({"M": (5, 3, 2)}, "sex", "must have two counts"),
        ({1: (5, 3)}, "sex", "the group 1 is no text"),
        ({" ": (5, 3)}, "sex", "does not fit the attribute"),
        ({"F*Black": (5, 3)}, "sex", "does not fit the attribute"),
        ({"F": (5, 3)}, "sex*race", r"must be written like 'F\*F'"),
        ({"F*": (5, 3)}, "sex*race", "does not fit the attribute"),
        ({"Unknown": (5, 3)}, "sex", "write 'unknown'"),
        ({"F": (5, 3), "F ": (5, 3)}, "sex", "have the same name"),
        ({"F*F": (5, 3)}, "sex*sex", "names a part twice"),
        ({}, "sex", "there is no group"),
    ],
)
def test_counts_that_cannot_be_are_refused(groups, attribute, said):
    with pytest.raises(UsageError, match=said) as caught:
        counts(groups, attribute=attribute)

    assert {problem.slug for problem in caught.value.problems} == {"bad-counts"}


def test_all_wrong_counts_come_at_once():
    with pytest.raises(UsageError, match="negative") as caught:
        counts({"M": (5, -1), "F": (1, 2), "X": (3, 1)}, attribute="sex")

    assert len(caught.value.problems) == 2


def test_the_attribute_has_the_grammar_of_a_profile():
    with pytest.raises(ProfileError, match="'outcome' is kept for"):
        counts({"M": (5, 3)}, attribute="outcome")


@pytest.mark.parametrize(
    ("groups", "attribute", "said"),
    [
        (None, "sex", "counts of 'sex' are nothing"),
        ([1, 2], "sex", "counts of 'sex' are a list"),
        ({"F": (2, 1)}, None, "counts of nothing are keys with values"),
        ({"F\ud800": (2, 1), "M": (2, 1)}, "sex", "is no Unicode text"),
        ({"F": (2**52, 1), "M": (2**52, 1)}, "sex", "9,007,199,254,740,992 people"),
        ({"F": (2**70, 1), "M": (2, 1)}, "sex", "more than any float holds exactly"),
    ],
)
def test_what_are_no_counts_of_groups_is_refused(groups, attribute, said):
    with pytest.raises(UsageError, match=said) as caught:
        counts(groups, attribute=attribute)

    assert {problem.slug for problem in caught.value.problems} == {"bad-counts"}
