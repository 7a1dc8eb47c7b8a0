from __future__ import annotations

import numpy as np
import pytest

from auditor.cube import ScoreProfile, build_profiles, profiles
from auditor.cube.profiles import rank_scores
from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.vocabulary import OUTCOMES

NAN = float("nan")


def decisions(
    score: list[float] | None,
    sex: list[int],
    *,
    outcome: list[str] | None = None,
    people: list[int] | None = None,
    better: str = "high",
) -> Decisions:
    size = len(sex)
    return Decisions(
        rows=np.ones(size, dtype=np.int64),
        people=np.array(people or [1] * size, dtype=np.int64),
        outcome=None
        if outcome is None
        else np.array([OUTCOMES.index(o) for o in outcome], dtype=np.int32),
        groups={"sex": Coded(levels=("F", "M"), codes=np.array(sex, dtype=np.int32))},
        score=None if score is None else np.array(score, dtype=np.float64),
        account=RowAccount(read=size, used=size),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=(), better=better),
    )


def profile(score: list[float], sex: list[int], **said) -> ScoreProfile:
    return build_profiles(decisions(score, sex, **said), ["sex"])["sex"]


def test_distinct_scores_are_counted_group_by_group():
    found = profile([0.5, 0.1, 0.5, NAN, 0.7], [0, 1, 0, 0, -1])

    assert found.groups == ("F", "M", "unknown")
    assert found.scores.tolist() == [0.1, 0.5, 0.7]
    assert found.counts.tolist() == [[0, 2, 0], [1, 0, 0], [0, 0, 1]]
    assert found.missing.tolist() == [1, 0, 0]
    assert found.scored().tolist() == [2, 1, 1]
    assert not found.binned


def test_only_people_who_count_in_the_rates_are_in_it():
    outcome = ["favorable", "unfavorable", "withdrawn", "not_considered", "open"]

    found = profile([1.0, 2.0, 3.0, 4.0, NAN], [0] * 5, outcome=outcome)

    assert found.scores.tolist() == [1.0, 2.0]
    assert found.missing.tolist() == [0]


def test_lines_that_stand_for_nobody_leave_no_trace():
    found = profile([1.0, 2.0, NAN], [0, 1, 1], people=[3, 0, 0])

    assert (found.groups, found.scores.tolist()) == (("F",), [1.0])


def test_without_a_score_there_is_no_profile():
    assert build_profiles(decisions(None, [0, 1]), ["sex"]) == {}


def test_an_attribute_that_does_not_exist_has_no_profile():
    assert list(build_profiles(decisions([1.0], [0]), ["sex", "race", "sex*race"])) == ["sex"]


@pytest.mark.parametrize(
    ("score", "median"),
    [
        ([3.0, 1.0, 2.0], 2.0),
        ([4.0, 1.0, 2.0, 3.0], 2.5),
        ([2.0, 2.0, 2.0, 9.0], 2.0),
        ([1.7e308, 1.6e308], 1.65e308),  # their sum is no float
    ],
)
def test_the_median_is_the_middle_score_or_the_mean_of_the_two(score, median):
    found = profile(score, [0] * len(score))

    assert found.median(known_only=False) == pytest.approx(median, rel=1e-15)


def test_the_median_of_the_known_leaves_the_unknown_out():
    found = profile([1.0, 2.0, 3.0, 100.0, 101.0], [0, 1, 0, -1, -1])

    assert found.median(known_only=False) == 3.0
    assert found.median(known_only=True) == 2.0


def test_nobody_has_no_median():
    found = profile([NAN, 5.0], [0, -1])

    assert np.isnan(found.median(known_only=True))
    assert np.isnan(profile([NAN], [0]).median(known_only=False))
    assert np.isnan(profile([], []).median(known_only=False))


def test_ties_at_the_median_are_not_above_it():
    found = profile([1.0, 2.0, 2.0, 2.0, 3.0], [0, 0, 0, 1, 1])

    assert found.beyond(found.median(known_only=False)).tolist() == [0, 1]


def test_where_a_low_score_is_better_the_people_below_count():
    found = profile([1.0, 2.0, 2.0, 2.0, 3.0], [0, 0, 0, 1, 1], better="low")

    assert found.beyond(found.median(known_only=False)).tolist() == [1, 0]


@pytest.mark.parametrize(("better", "beyond"), [("high", [0, 1]), ("low", [1, 0])])
def test_the_mean_of_neighbouring_floats_moves_nobody_across_it(better, beyond):
    low = 1.0
    for _ in range(2):  # the mean rounds to the even neighbour, once down and once up
        high = float(np.nextafter(low, 2))
        found = profile([low, high], [0, 1], better=better)

        assert found.beyond(found.median(known_only=False)).tolist() == beyond
        low = high


def test_profiles_add_over_the_union_of_groups_and_scores():
    both = profile([1.0, 2.0, NAN], [0, 0, -1]) + profile([2.0, 3.0], [1, 0])

    assert both.groups == ("F", "M", "unknown")
    assert both.scores.tolist() == [1.0, 2.0, 3.0]
    assert both.counts.tolist() == [[1, 1, 1], [0, 1, 0], [0, 0, 0]]
    assert both.missing.tolist() == [0, 0, 1]


def test_profiles_with_other_ends_do_not_add():
    with pytest.raises(ValueError, match="same end"):
        _ = profile([1.0], [0]) + profile([1.0], [0], better="low")


def test_scores_are_ranked_once_for_all_attributes():
    ranked = rank_scores(np.array([NAN, 0.3, -1.0, 0.3, NAN]))

    assert ranked.scores.tolist() == [-1.0, 0.3]
    assert ranked.place.tolist() == [-1, 1, 0, 1, -1]


@pytest.mark.usefixtures("few")
class TestManyScores:
    """Above the limit neighbouring scores share a column, but rates and medians stay exact."""

    @pytest.fixture(params=["scores", "cells"])
    def few(self, monkeypatch, request):
        if request.param == "scores":
            monkeypatch.setattr(profiles, "MOST_SCORES", 50)
        else:
            monkeypatch.setattr(profiles, "MOST_CELLS", 60)
        monkeypatch.setattr(profiles, "BINS", 10)

    @pytest.mark.parametrize("better", ["high", "low"])
    @pytest.mark.parametrize("size", [300, 301])
    def test_medians_and_the_people_beyond_them_stay_exact(self, monkeypatch, size, better):
        rng = np.random.default_rng(size)
        score = rng.normal(size=size).round(2).tolist()
        sex = rng.integers(-1, 2, size).tolist()
        people = rng.integers(1, 4, size).tolist()
        binned = profile(score, sex, people=people, better=better)
        monkeypatch.undo()

        exact = profile(score, sex, people=people, better=better)

        assert binned.binned
        assert not exact.binned
        assert len(binned.scores) < 25 < len(exact.scores)
        assert binned.scored().tolist() == exact.scored().tolist()
        for known_only in (False, True):
            median = exact.median(known_only=known_only)
            assert binned.median(known_only=known_only) == median
            assert binned.beyond(median).tolist() == exact.beyond(median).tolist()

    def test_people_of_unknown_group_between_the_middle_scores_of_the_known_keep_their_side(
        self, monkeypatch
    ):
        # the known middle is 0 and 1, its mean 0.5; 100 unknown people score between
        between = np.linspace(0.01, 0.99, 100).tolist()
        score, sex = [0.0, 1.0, *between], [0, 1, *([-1] * 100)]
        binned = profile(score, sex)
        monkeypatch.undo()
        exact = profile(score, sex)

        assert binned.median(known_only=True) == 0.5
        assert binned.beyond(0.5).tolist() == exact.beyond(0.5).tolist() == [0, 1, 50]

    def test_missing_scores_are_counted(self):
        found = profile([*np.linspace(0, 1, 200), NAN, NAN], [0] * 201 + [-1])

        assert found.missing.tolist() == [1, 1]

    def test_nobody_known_has_no_median_of_the_known(self):
        found = profile(np.linspace(0, 1, 200).tolist(), [-1] * 200)

        assert found.binned
        assert np.isnan(found.median(known_only=True))
        assert found.median(known_only=False) == pytest.approx(0.5, rel=1e-12)

    def test_a_binned_profile_does_not_add(self):
        binned = profile(np.linspace(0, 1, 200).tolist(), [0] * 200)

        with pytest.raises(ValueError, match="does not add"):
            _ = binned + profile([1.0], [0])
        with pytest.raises(ValueError, match="does not add"):
            _ = profile([1.0], [0]) + binned

    def test_all_people_at_one_end_keep_the_edges(self):
        # the median is the last score of all: nothing stands after it
        score = [*np.linspace(0, 1, 200), *([2.0] * 300)]
        found = profile(score, [0] * 500)

        assert found.median(known_only=False) == 2.0
        assert found.beyond(2.0).tolist() == [0]
