from __future__ import annotations

import math

import numpy as np
import pytest

from auditor.cube import Axis, Cube, GroupTable, ScoreProfile
from auditor.metrics import METRICS, Counts
from auditor.metrics.measure import DEFAULT_METRICS, measure, tables
from auditor.vocabulary import OUTCOMES


def cube() -> Cube:
    """F: 3 of 10, M: 6 of 10, unknown: 1 of 4; two withdrawn."""
    axes = (Axis("sex", ("F", "M", "unknown")), Axis("*outcome", tuple(OUTCOMES)))
    return Cube(
        axes=axes,
        key=np.array([0, 1, 2, 5, 6, 10, 11]),
        count=np.array([3, 7, 2, 6, 4, 1, 3]),
    )


def profile(
    groups: dict[str, list[int]], scores: list[float], *, missing: int = 0, better: str = "high"
) -> ScoreProfile:
    return ScoreProfile(
        groups=tuple(groups),
        scores=np.array(scores),
        counts=np.array(list(groups.values()), dtype=np.int64).reshape(len(groups), len(scores)),
        missing=np.array([missing] * len(groups), dtype=np.int64),
        better=better,
    )


def scored(**said) -> Counts:
    return Counts(cube=None, profiles={"sex": profile(**said)})


def test_tables_are_made_where_the_export_carries_what_they_need():
    found = tables(Counts(cube=cube()), ("sex",), DEFAULT_METRICS)

    assert list(found) == [("selection-rate", "sex")]
    assert found["selection-rate", "sex"].favorable.tolist() == [3, 6]


def test_scores_alone_make_scoring_rates_only():
    counts = scored(groups={"F": [1, 0], "M": [0, 1]}, scores=[1.0, 2.0])

    assert list(tables(counts, ("sex", "race"), DEFAULT_METRICS)) == [("scoring-rate", "sex")]


def test_a_rate_that_does_not_exist_is_a_key_error():
    with pytest.raises(KeyError, match="selection"):
        tables(Counts(cube=cube()), ("sex",), ["selection"])


def test_every_rate_stands_with_its_interval_and_the_unknown_last():
    counts = Counts(cube=cube())

    rates = measure(tables(counts, ("sex",), DEFAULT_METRICS), counts).measurements

    assert [(r.group, r.favorable, r.n, r.value) for r in rates] == [
        ("F", 3, 10, 0.3),
        ("M", 6, 10, 0.6),
        ("unknown", 1, 4, 0.25),
    ]
    # Clopper and Pearson's limits of 3 of 10, as printed in many tables: 0.0667, 0.6525
    assert rates[0].low == pytest.approx(0.0667, abs=5e-5)
    assert rates[0].high == pytest.approx(0.6525, abs=5e-5)
    assert {r.method for r in rates} == {"Clopper-Pearson, 95 %"}
    assert {r.undefined for r in rates} == {None}


def test_a_rate_of_nobody_is_undefined_with_its_reason():
    found = {
        ("selection-rate", "sex"): GroupTable(
            attribute="sex",
            groups=("F", "M"),
            considered=np.array([0, 10]),
            favorable=np.array([0, 5]),
        )
    }

    first, second = measure(found, Counts(cube=None)).measurements

    assert (first.n, first.undefined) == (0, "nobody-considered")
    assert all(math.isnan(number) for number in (first.value, first.low, first.high))
    assert second.undefined is None


def test_comparisons_stand_beside_the_rates():
    counts = Counts(cube=cube())

    (row,) = measure(tables(counts, ("sex",), DEFAULT_METRICS), counts).comparisons

    assert (row.group, row.reference, row.ratio) == ("F", "M", 0.5)


def test_a_scoring_rate_counts_strictly_above_the_median_of_everybody():
    counts = scored(groups={"F": [2, 1, 1], "M": [0, 1, 3]}, scores=[1.0, 2.0, 3.0])

    found = tables(counts, ("sex",), DEFAULT_METRICS)["scoring-rate", "sex"]

    # eight people, the middle ones score 2 and 3: the median is 2.5
    assert found.considered.tolist() == [4, 4]
    assert found.favorable.tolist() == [1, 3]


def test_the_note_says_what_the_median_of_the_known_would_change():
    groups = {"F": [2, 0, 0], "M": [0, 1, 0], "unknown": [0, 0, 4]}
    counts = scored(groups=groups, scores=[1.0, 2.0, 3.0])

    found = tables(counts, ("sex",), [*DEFAULT_METRICS, "scoring-rate-known"])
    (note,) = measure(found, counts).notes

    assert found["scoring-rate", "sex"].favorable.tolist() == [0, 0]
    assert found["scoring-rate", "sex"].unknown_favorable == 0
    assert found["scoring-rate-known", "sex"].favorable.tolist() == [0, 1]
    assert found["scoring-rate-known", "sex"].unknown_favorable == 4
    assert note == (
        "sex: scoring rates count scores strictly above the sample median 3 of all 7 scored "
        "people; 4 score exactly the median. The median of the people whose group is known is 1; "
        "with it (scoring-rate-known) a scoring rate changes by up to 100.0 points."
    )


def test_two_medians_with_the_same_rates_are_said_to_be_so():
    groups = {"F": [2, 1, 0], "M": [0, 0, 3], "unknown": [0, 1, 0]}
    counts = scored(groups=groups, scores=[1.0, 2.0, 3.0])

    (note,) = measure(tables(counts, ("sex",), DEFAULT_METRICS), counts).notes

    assert note.endswith(
        "The median of the people whose group is known is 2.5; it gives the same rates."
    )


def test_a_change_that_would_round_to_nothing_is_not_written_as_nothing():
    # one of 10,002 people stands between the median of the known, 2.05, and that of all, 2.1
    groups = {"F": [5000, 1, 1, 5000], "unknown": [0, 0, 0, 1]}
    counts = scored(groups=groups, scores=[1.0, 2.0, 2.1, 9.0])

    (note,) = measure(tables(counts, ("sex",), DEFAULT_METRICS), counts).notes

    assert note.endswith("a scoring rate changes by less than 0.1 points.")


def test_the_same_median_needs_no_second_sentence():
    counts = scored(groups={"F": [1, 1], "M": [1, 1]}, scores=[1.0, 2.0], missing=2)

    (note,) = measure(tables(counts, ("sex",), DEFAULT_METRICS), counts).notes

    assert note == (
        "sex: scoring rates count scores strictly above the sample median 1.5 of all 4 scored "
        "people; 0 score exactly the median, 4 have no score."
    )


def test_where_a_low_score_is_better_the_people_below_the_median_count():
    counts = scored(groups={"F": [2, 1], "M": [0, 3]}, scores=[1.0, 2.0], better="low")

    found = tables(counts, ("sex",), DEFAULT_METRICS)
    (note,) = measure(found, counts).notes

    assert found["scoring-rate", "sex"].favorable.tolist() == [2, 0]
    assert "strictly below the sample median 2 " in note


def test_nobody_with_a_score_leaves_no_rate_and_a_note():
    counts = scored(groups={"F": []}, scores=[], missing=3)

    found = tables(counts, ("sex",), [*DEFAULT_METRICS, "scoring-rate-known"])

    assert found == {}
    assert measure(found, counts).notes == ("sex: nobody has a score, so no scoring rate exists.",)


def test_nobody_known_with_a_score_leaves_no_median_of_the_known():
    counts = scored(groups={"unknown": [1, 1]}, scores=[1.0, 2.0])

    found = tables(counts, ("sex",), [*DEFAULT_METRICS, "scoring-rate-known"])
    (note,) = measure(found, counts).notes

    assert list(found) == [("scoring-rate", "sex")]
    assert found["scoring-rate", "sex"].groups == ()
    assert "known is" not in note


def test_the_catalogue_says_what_each_rate_is():
    assert list(METRICS) == ["selection-rate", "scoring-rate", "scoring-rate-known"]
    for name, entry in METRICS.items():
        assert entry.id == name
        assert "References\n" in entry.doc
        assert entry.title
        assert entry.favorable
