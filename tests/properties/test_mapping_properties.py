from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.cube import build_cube, build_profiles
from auditor.errors import DecisionError
from auditor.ingest import profile_of, read
from auditor.ingest.mapping import map_table
from auditor.ingest.reading import request_of
from auditor.ingest.values import NUMBER, declared, trimmed, value_text
from tests.unit.ingest.raw_tables import raw_table

QUICK = settings(max_examples=50, deadline=None)

STATUS = ("Yes", "No", " No", "Withdrew", "Closed", "")
SEX = ("F", "M", "\u00a0M", "NA", "?", None)
SCORE = ("0.1", "0.50", "0.5", "5e-1", "", "0.9")
KEPT = ("1", "0", "")

PROFILE = profile_of(
    id="id",
    outcome="status",
    favorable="Yes",
    unfavorable="No",
    withdrawn="Withdrew",
    not_considered="Closed",
    open="",
    groups={"sex": {"column": "sex", "unknown": ["?"]}, "again": "sex2"},
    score="score",
    scale=(0, 1),
    label="kept",
    positive="1",
    negative="0",
)
DERIVED = profile_of(id="id", groups=["sex"], score="score", cut_score=0.5)

rows = st.lists(
    st.tuples(*map(st.sampled_from, (STATUS, SEX, SEX, SCORE, KEPT))), min_size=1, max_size=40
)


def table(lines, weights=None):
    status, sex, sex2, score, kept = zip(*lines, strict=True)
    texts = {"status": status, "sex": sex, "sex2": sex2, "kept": kept}
    return raw_table(texts, {"score": score}, rows=weights)


def decide(raw, profile=PROFILE):
    return map_table(raw, profile, request_of(profile, rows=False))


def grouped(lines):
    counted = Counter(lines)
    return table(list(counted), list(counted.values()))


def same_measures(a, b) -> bool:
    one, other = build_profiles(a, ["sex"])["sex"], build_profiles(b, ["sex"])["sex"]
    return (
        build_cube(a) == build_cube(b)
        and one.groups == other.groups
        and np.array_equal(one.scores, other.scores)
        and np.array_equal(one.counts, other.counts)
        and np.array_equal(one.missing, other.missing)
    )


@QUICK
@given(rows)
def test_lines_that_are_combinations_count_like_rows(lines):
    lines = [(a, b, b, c, d) for a, b, _, c, d in lines]
    for profile in (PROFILE, DERIVED):
        one, other = decide(table(lines), profile), decide(grouped(lines), profile)

        assert same_measures(one, other)
        assert one.account == other.account
        assert one.export.notes == other.export.notes


@QUICK
@given(rows, rows)
def test_cubes_of_two_exports_add_to_the_cube_of_both(first, second):
    def cube(lines):
        return build_cube(decide(table(lines)))

    assert cube(first) + cube(second) == cube(first + second)


@QUICK
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)

    assert same_measures(decide(table(lines)), decide(table(shuffled)))


@QUICK
@given(rows)
def test_every_row_ends_in_exactly_one_place(lines):
    account = decide(grouped(lines)).account
    statuses = Counter(status.strip() for status, *_ in lines)

    assert account.read == len(lines)
    assert account.used == statuses["Yes"] + statuses["No"]
    assert account.buckets == {
        "withdrawn": statuses["Withdrew"],
        "not_considered": statuses["Closed"],
        "open": statuses[""],
    }


@QUICK
@given(rows)
def test_a_frame_of_any_library_counts_like_the_lines_of_a_file(lines):
    status, sex, sex2, score, kept = zip(*lines, strict=True)
    columns = {
        "id": [str(n) for n in range(len(lines))],
        **{"status": status, "sex": sex, "sex2": sex2, "score": score, "kept": kept},
    }
    frame = pl.DataFrame({name: list(cells) for name, cells in columns.items()}, strict=False)
    expected = decide(grouped(lines))

    for library in (pd.DataFrame(columns), frame, frame.to_arrow()):
        found = read(library, PROFILE, rows=False)

        assert same_measures(found, expected)
        assert found.account == expected.account


@QUICK
@given(rows, st.integers(0, 39), st.text(min_size=1, max_size=8).filter(lambda t: trimmed(t) != ""))
def test_a_value_that_is_not_declared_stops_the_run(lines, place, text):
    if trimmed(text) in {trimmed(status) for status in STATUS}:
        return
    place %= len(lines)
    broken = [*lines[:place], (text, *lines[place][1:]), *lines[place + 1 :]]

    with pytest.raises(DecisionError, match="which the profile maps to no outcome"):
        decide(grouped(broken))


@QUICK
@given(st.text(max_size=12))
def test_what_the_pattern_takes_python_reads_as_the_same_plain_number(text):
    if NUMBER.fullmatch(text):
        assert text.isascii()
        assert np.isfinite(float(text)) or "e" in text.lower()


@QUICK
@given(
    st.one_of(
        st.integers(), st.floats(allow_nan=False), st.booleans(), st.decimals(allow_nan=False)
    )
)
def test_a_value_is_matched_by_itself_wherever_it_is_typed(value):
    found = declared(value)

    assert found.value == value_text(value)
    assert found.text == str(value)


@QUICK
@given(
    st.one_of(st.integers(-3, 3), st.floats(-3, 3), st.booleans()),
    st.one_of(st.integers(-3, 3), st.floats(-3, 3), st.booleans()),
)
def test_typed_values_match_when_they_are_equal_and_true_is_not_one(one, other):
    same_kind = isinstance(one, bool) == isinstance(other, bool)

    assert (declared(one).value == value_text(other)) == (same_kind and one == other)
