"""Cells that people fill in, whatever a spreadsheet program makes of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.review.saying import MOST_LABEL
from auditor.review.worksheet.cells import UnusableCellError, value_of
from auditor.review.worksheet.columns import FIRST, LAYOUTS, REVEAL
from auditor.review.worksheet.marks import cell_text, identity_in, mark_of

COLUMNS = {column.name: column for layout in LAYOUTS.values() for column in layout.asked}
ANY_CELL = st.one_of(
    st.text(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.integers(),
)  # fmt: skip


@given(ANY_CELL, st.sampled_from(sorted(COLUMNS)))
def test_a_cell_has_a_value_or_a_reason(cell, name):
    try:
        value = value_of(cell, COLUMNS[name])
    except UnusableCellError:
        return
    match COLUMNS[name].kind:
        case "choice":
            assert value.replace("-", " ") in COLUMNS[name].choices
        case "labels":
            assert value
            assert all(0 < len(one) <= MOST_LABEL and one.isprintable() for one in value)
        case "day":
            assert isinstance(value, date)
            assert not isinstance(value, datetime)
        case "minutes":
            assert 0 <= value <= 86_400
        case _:
            assert isinstance(value, str)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("judged", "CANNOT-SAY", "cannot-say"),
        ("judged", " cannot  say\u00a0", "cannot-say"),
        ("outcome", "Not used", "not-used"),
        ("statement", "not considered", "not-considered"),
        ("seconds", 0.0, 0),
        ("seconds", "2,5", 150),
        ("seconds", 1440, 86_400),
        ("takes_effect", datetime(2026, 12, 31, 17, 30), date(2026, 12, 31)),  # noqa: DTZ001
        ("takes_effect", " 2026-12-31 ", date(2026, 12, 31)),
        ("considered", "CV;CV; work\r\nsample ;", ("CV", "work", "sample")),
        ("considered", 2024.0, ("2024",)),
        ("rationale", " a\r\nb ", "a\nb"),
        ("rationale", True, "True"),
    ],
)
def test_what_a_cell_means(name, cell, value):
    assert value_of(cell, COLUMNS[name]) == value


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("judged", 1.0), ("judged", "fav"), ("seconds", "6 min"), ("seconds", timedelta(minutes=6)),
        ("seconds", time(0, 6)), ("seconds", float("nan")), ("takes_effect", "31.12.2026"),
        ("takes_effect", 46_387.0), ("reason_codes", "a;b;c;d;e"), ("considered", "x" * 81),
    ],
)  # fmt: skip
def test_what_a_cell_does_not_mean(name, cell):
    with pytest.raises(UnusableCellError) as caught:
        value_of(cell, COLUMNS[name])
    assert caught.value.hint


@given(st.text())
def test_the_text_of_a_cell_comes_back_as_it_is(text):
    once = cell_text(text)
    assert cell_text(once) == once
    assert "\r" not in once
    assert once.encode().decode() == once


def test_a_mark_changes_with_everything_that_a_row_shows():
    from dataclasses import fields, replace

    from auditor.review.worksheet.marks import Origin

    origin = Origin(step="first", role="r", reader="a", ledger="l", result="s")
    whole = (origin, "i" * 32, ("t",), ("c", "d"))
    others = [
        *((replace(origin, **{f.name: "x"}), *whole[1:]) for f in fields(Origin)),
        (origin, "j" * 32, ("t",), ("c", "d")),
        (origin, "i" * 32, ("u",), ("c", "d")),
        (origin, "i" * 32, ("t",), ("d", "c")),
        (origin, "i" * 32, ("t",), ("cd",)),
        (origin, "i" * 32, ("t", "c"), ("d",)),
    ]
    marks = {mark_of(*one) for one in (whole, *others)}
    assert len(marks) == 1 + len(others)
    assert {identity_in(mark) for mark in marks} == {"i" * 32, "j" * 32}


@pytest.mark.parametrize("mark", ["", "x", ".", f".{'0' * 32}", "a.b"])
def test_what_is_no_mark_names_nothing(mark):
    assert identity_in(mark) is None


def test_help_fits_into_the_boxes_of_a_spreadsheet():
    for column in (*FIRST.asked, *REVEAL.asked):
        assert len(column.help) <= 255
        assert len(",".join(column.choices)) <= 255
    assert len(set(FIRST.lead) | {c.title for c in FIRST.asked}) == len(FIRST.lead) + 4
