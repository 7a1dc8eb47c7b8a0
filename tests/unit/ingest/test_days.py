"""When decisions were taken: the same from every reader, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import polars as pl
import pytest

import auditor
from auditor.errors import DecisionError, ProfileError
from auditor.ingest import profile_of, read
from auditor.ingest.dates import day_of, says_a_day

DECIDED = {"id": "id", "outcome": "status", "favorable": "Y", "unfavorable": "N", "groups": ["sex"]}


def frame(days: list[object]) -> pd.DataFrame:
    n = len(days)
    sexes, decided = ["F", "M"] * n, ["Y", "N", "N"] * n
    return pd.DataFrame({"id": range(n), "sex": sexes[:n], "status": decided[:n], "day": days})


def read_all(table: pd.DataFrame, date_: object, tmp_path):
    """Decisions of each kind of export, by rows and by combinations."""
    table.to_csv(tmp_path / "x.csv", index=False)
    table.to_parquet(tmp_path / "x.parquet")
    table.to_excel(tmp_path / "x.xlsx", index=False)
    profile = profile_of(date=date_, **DECIDED)
    files = [tmp_path / f"x.{kind}" for kind in ("csv", "parquet", "xlsx")]
    for source in (*files, table, pl.from_pandas(table)):
        for rows in (True, False):
            yield read(source, profile, rows=rows)


def test_first_and_last_day_and_rows_without_one(tmp_path):
    table = frame(["31.01.2026", " 01.02.2026 ", "", "15.01.2026", "31.01.2026"])

    for decisions in read_all(table, {"column": "day", "format": "%d.%m.%Y"}, tmp_path):
        found = decisions.period
        assert (found.first, found.last) == (date(2026, 1, 15), date(2026, 2, 1))
        assert found.missing == 1


@pytest.mark.parametrize("format_", ["%Y-%m-%d", "%d.%m.%Y"])
def test_stored_dates_are_read_whatever_the_format_says(tmp_path, format_):
    table = frame([pd.Timestamp("2026-03-01 09:30"), pd.Timestamp("2026-02-01"), None])
    table.to_parquet(tmp_path / "x.parquet")
    table.to_excel(tmp_path / "x.xlsx", index=False)
    profile = profile_of(date={"column": "day", "format": format_}, **DECIDED)

    for source in (tmp_path / "x.parquet", tmp_path / "x.xlsx", table, pl.from_pandas(table)):
        found = read(source, profile, rows=False).period
        assert (found.first, found.last) == (date(2026, 2, 1), date(2026, 3, 1))
        assert found.missing == 1


def test_texts_that_are_no_days_are_listed_with_lines_in_one_run(tmp_path):
    table = frame(["2026-01-31", "31.01.2026", "2026-02-30", "2026-01-31", "2025-12-31"])
    path = tmp_path / "x.csv"
    table.to_csv(path, index=False)

    with pytest.raises(DecisionError) as caught:
        read(path, profile_of(date={"column": "day", "from": "2026-01-01"}, **DECIDED), rows=False)
    problems = {(p.slug, p.where.line) for p in caught.value.problems}

    assert problems == {("bad-date", 3), ("bad-date", 4), ("date-outside-window", 6)}
    assert "'2026-02-30'" in str(caught.value)
    assert "from 2026-01-01" in str(caught.value)


@pytest.mark.parametrize(
    ("window", "refused"),
    [
        ({"from": "2026-01-01", "until": "2026-01-31"}, []),
        ({"from": "2026-01-02"}, ["2026-01-01"]),
        ({"until": date(2026, 1, 30)}, ["2026-01-31"]),
        ({"from": "2026-01-02", "until": "2026-01-30"}, ["2026-01-01", "2026-01-31"]),
    ],
)
def test_both_ends_of_the_window_lie_inside(tmp_path, window, refused):
    table = frame(["2026-01-01", "2026-01-31"])
    try:
        found = list(read_all(table, {"column": "day", **window}, tmp_path))
    except DecisionError as error:
        said = [day for day in table["day"] if f"'{day}'" in str(error)]
    else:
        said = []
        assert len(found) == 10

    assert said == refused


def test_a_blank_is_only_refused_where_a_window_is_declared():
    table = frame(["2026-01-01", None])

    assert read(table, profile_of(date="day", **DECIDED), rows=False).period.missing == 1
    with pytest.raises(DecisionError, match="not known to lie in the window until 2026-02-01"):
        read(
            table, profile_of(date={"column": "day", "until": "2026-02-01"}, **DECIDED), rows=False
        )


def test_a_column_may_be_all_blank():
    found = read(frame([None, None]), profile_of(date="day", **DECIDED), rows=False).period

    assert (found.first, found.last, found.missing) == (None, None, 2)


@pytest.mark.parametrize("format_", ["%d.%m.", "DD.MM.YYYY", "%Y", "%H:%M", "%", "%Q"])
def test_a_format_that_says_no_day_is_refused(format_):
    with pytest.raises(ProfileError, match="must say day, month and year"):
        profile_of(date={"column": "day", "format": format_}, **DECIDED)


def test_a_window_that_ends_before_it_begins_is_refused_with_its_line(tmp_path):
    path = tmp_path / "profile.yaml"
    path.write_text(
        "auditor: profile/1\nprofile: {id: p}\ncolumns:\n  id: id\n"
        "  outcome: {column: status, favorable: [Y], unfavorable: [N]}\n  groups: {sex: sex}\n"
        "  date:\n    column: day\n    from: 2026-02-01\n    until: 2026-01-31\n"
    )

    with pytest.raises(ProfileError) as caught:
        auditor.audit(frame(["2026-01-01"]), "us-adverse-impact", profile=path)

    (problem,) = caught.value.problems
    assert (problem.slug, problem.where.line) == ("window-reversed", 10)


@pytest.mark.parametrize(
    ("text", "format_", "typed", "day"),
    [
        ("2026-01-31", "%Y-%m-%d", False, date(2026, 1, 31)),
        ("2026-01-31 23:59:59+02:00", "%Y-%m-%d", False, date(2026, 1, 31)),
        ("2026-01-31 23:59:59", "%d.%m.%Y", True, date(2026, 1, 31)),
        ("2026-01-31", "%d.%m.%Y", False, None),
        ("20260131", "%Y%m%d", True, date(2026, 1, 31)),
        ("20260131", "%Y-%m-%d", True, None),
        ("31.01.2026", "%d.%m.%Y", True, date(2026, 1, 31)),
        ("2026-01-31 und mehr", "%Y-%m-%d", False, None),
        ("", "%Y-%m-%d", False, None),
    ],
)
def test_a_text_says_one_day_or_none(text, format_, typed, day):
    assert day_of(text, format_, typed=typed) == day


def test_formats_of_a_moment_say_a_day_too():
    assert says_a_day("%d/%m/%y %H:%M:%S")


def test_report_and_terminal_say_the_period():
    from auditor.report import FORMATS

    def said(days: list[object]) -> list[str]:
        made = auditor.audit(
            frame(days), "us-adverse-impact", date="day", as_of=date(2026, 11, 22), **DECIDED
        )
        return [" ".join(form(made.result).split()) for form in FORMATS.values()]

    for page in said(["2026-01-01", "2026-02-01", None]):
        assert "Decisions of 2026-01-01 to 2026-02-01; 1 row has no date (column day)." in page
    for page in said(["2026-01-01", "2026-01-01"]):
        assert "Decisions of 2026-01-01 (column day)." in page
    for page in said([None, None]):
        assert "No row has a date (column day)." in page
