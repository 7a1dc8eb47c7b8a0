from __future__ import annotations

import pytest

from auditor.errors import ExportError, Where
from auditor.ingest.header import MAX_COLUMNS, column_names, looks_like_data, require_columns
from tests.unit.ingest.export_files import CLEAN, cells, lines, read, refused, slugs, written

HERE = Where("x.csv", 1)


def test_names_are_trimmed_and_composed():
    names = column_names(["\ufeffid", " sex ", "Re\u0301gion\u00a0"], HERE)

    assert names == ("id", "sex", "Région")


@pytest.mark.parametrize(
    "pair",
    [("race", "race"), ("Race", "race "), ("ra\uff43e", "race"), ("STRASSE", "straße")],
)
def test_names_that_look_alike_are_refused(pair):
    with pytest.raises(ExportError, match="columns 1 and 3 have the same name") as caught:
        column_names([pair[0], "id", pair[1]], HERE)

    assert slugs(caught.value) == ["duplicate-column"]


def test_names_that_differ_are_kept():
    assert column_names(["race", "race_2", "races"], HERE) == ("race", "race_2", "races")


def test_all_problems_of_a_header_are_told_at_once():
    with pytest.raises(ExportError, match="same name") as caught:
        column_names(["a", "", "A", "", "b", "B", ""], HERE)

    assert slugs(caught.value) == [
        "empty-column-name",
        "duplicate-column",
        "empty-column-name",
        "duplicate-column",
    ]


def test_a_header_without_any_name_is_refused():
    with pytest.raises(ExportError, match="the line of column names is empty"):
        column_names(["", " "], HERE)


def test_too_many_columns_are_refused():
    with pytest.raises(ExportError, match="5,001 columns, more than 5,000"):
        column_names([f"c{n}" for n in range(MAX_COLUMNS + 1)], HERE)


def test_control_characters_of_a_name_never_reach_a_message():
    with pytest.raises(ExportError, match="same name") as caught:
        column_names(["a\x1b[31m", "A\x1b[31M"], HERE)

    assert "\x1b" not in str(caught.value)


def test_missing_columns_are_told_at_once_with_the_nearest_names():
    with pytest.raises(ExportError, match="no column 'gendr'") as caught:
        require_columns(["gendr", "status", "zzz"], ["id", "gender", "status"], HERE)

    first, second = caught.value.problems
    assert first.hint == "did you mean 'gender'?"
    assert (second.message, second.hint) == (
        "the export has no column 'zzz'",
        "known here: gender, id, status",
    )
    assert caught.value.exit_code == 3


def test_the_names_that_are_there_are_told():
    with pytest.raises(ExportError, match="no column") as caught:
        require_columns(["gendr"], ["id", "gender"], HERE)

    assert caught.value.problems[0].hint == "did you mean 'gender'?; columns here: id, gender"


def test_names_are_looked_up_trimmed(tmp_path):
    path = written(tmp_path / "x.csv", "id ; sex; status\nA1;F; Yes\nA2;M;No\n")

    table = read(path)

    assert cells(table, "sex") == ["F", "M"]
    assert cells(table, "status") == [" Yes", "No"]


@pytest.mark.parametrize(
    "rows",
    ["A1,F,Yes,2023\nA2,M,No,0.5\nA3,F,No,0.7\n", "A1,F,Yes,0.4\nA2,M,No,0.5\n"],
    ids=["a cell repeated below", "a number and no name that is asked for"],
)
def test_a_row_in_place_of_the_header_is_refused_and_not_told(tmp_path, rows):
    error = refused(written(tmp_path / "x.csv", rows))

    assert slugs(error) == ["no-column-names"]
    assert "add a line with the column names above it" in error.problems[0].hint
    assert not {"A1", "'F'", "Yes"} & set(str(error).split())


def test_a_header_with_a_year_and_one_wrong_name_is_told(tmp_path):
    error = refused(written(tmp_path / "x.csv", "id,gender,status,2023\nA1,F,Yes,5\n"))

    assert slugs(error) == ["missing-column"]
    assert "the first line looks like data" in error.problems[0].hint
    assert "known here: 2023, gender, id, status" in error.problems[0].hint


def test_a_header_with_all_names_that_are_asked_for_is_one(tmp_path):
    table = read(written(tmp_path / "x.csv", "id,sex,status,2023\nA1,sex,Yes,5\n"))

    assert cells(table, "sex") == ["sex"]


def test_a_header_does_not_look_like_data():
    assert not looks_like_data(["id", "sex", "2nd_round"], [["A1", "F", "x"]])
    assert looks_like_data(["A1", "F", "2026-04-03"], [])
    assert looks_like_data(["A1", "F", "x"], [["A2", "F", "y"]])


@pytest.mark.parametrize(
    ("delimiter", "word"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_the_delimiter_is_found_and_said(tmp_path, delimiter, word):
    table = read(written(tmp_path / "x.csv", CLEAN.replace(",", delimiter)))

    assert cells(table, "status") == ["Yes", "No", "No"]
    assert word in table.notes[0]


def test_decimal_commas_do_not_hide_semicolons(tmp_path):
    text = "id;sex;status;score\nA1;F;Yes;0,5\nA2;M;No;0,25\n"

    table = read(written(tmp_path / "x.csv", text), numbers=("score",))

    assert table.numbers["score"].levels == ("0,25", "0,5")


def test_needed_names_decide_between_delimiters_that_both_fit(tmp_path):
    # Every record has one semicolon and two commas.
    text = "name;x,sex,id\nDoe;a,F,A1\nRoe;b,M,A2\n"

    table = read(written(tmp_path / "x.csv", text), texts=("sex",))

    assert cells(table, "sex") == ["F", "M"]


def test_delimiters_that_fit_alike_are_refused(tmp_path):
    text = "a;b,c\n1;2,3\n4;5,6\n"

    error = refused(written(tmp_path / "x.csv", text))

    assert slugs(error) == ["delimiter-unclear"]
    assert "commas and semicolons" in error.problems[0].message


def test_a_header_with_another_delimiter_than_the_rows_is_refused(tmp_path):
    error = refused(written(tmp_path / "x.csv", "id;sex;status\nA1,F,Yes\nA2,M,No\nA3,F,No\n"))

    assert slugs(error) == ["delimiter-mixed"]
    assert "by semicolons, the rows by commas" in error.problems[0].message


def test_rows_with_another_delimiter_are_refused_with_their_lines(tmp_path):
    text = CLEAN + "A4;M;No\nA5,F,Yes\nA6;F;No\n"

    error = refused(written(tmp_path / "x.csv", text))

    assert slugs(error) == ["delimiter-mixed"] * 2
    assert lines(error) == [5, 7]


def test_a_delimiter_that_is_not_known_is_hinted_at(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN.replace(",", "^")))

    assert slugs(error) == ["missing-column"] * 3
    assert "only one column was found" in error.problems[0].hint


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Applicants 2026\n", 2),
        ("Applicants, all sites\n\nprinted 2026-04-03\n", 4),
        ("Applicants,,\n,,\n", 3),
    ],
)
def test_titles_above_the_header_are_refused_with_its_line(tmp_path, title, line):
    error = refused(written(tmp_path / "x.csv", title + CLEAN))

    assert slugs(error) == ["title-rows"]
    assert f"line {line}" in error.problems[0].message


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_blank_lines_above_the_header_are_no_titles(tmp_path, mark):
    table = read(written(tmp_path / "x.csv", mark + "\n\n" + CLEAN))

    assert cells(table, "sex") == ["F", "M", "F"]
    assert table.locate("sex", "M").line == 5


def test_an_empty_column_without_a_name_at_the_end_is_left_out_and_said(tmp_path):
    text = CLEAN.replace("\n", ",\n")

    table = read(written(tmp_path / "x.csv", text))

    assert cells(table, "status") == ["Yes", "No", "No"]
    assert any("without a name" in note for note in table.notes)


def test_a_value_in_the_column_without_a_name_is_refused(tmp_path):
    text = CLEAN.replace("\n", ",\n").replace("A2,M,No,", "A2,M,No,x")

    error = refused(written(tmp_path / "x.csv", text))

    assert (slugs(error), lines(error)) == (["empty-column-name"], [3])


def test_an_unnamed_column_in_the_middle_is_refused(tmp_path):
    error = refused(written(tmp_path / "x.csv", "id,,sex,status\nA1,,F,Yes\n"))

    assert slugs(error) == ["empty-column-name"]


def test_a_header_of_several_lines_is_read(tmp_path):
    text = 'id,"sex\n\nof applicant",status\nA1,F,Yes\n\nA2,M,No\n'

    table = read(written(tmp_path / "x.csv", text), texts=("sex\n\nof applicant",))

    assert cells(table, "sex\n\nof applicant") == ["F", "M"]
    assert table.locate("sex\n\nof applicant", "M").line == 6


def test_a_header_that_is_too_long_is_refused(tmp_path):
    names = ",".join(f"column_with_a_long_name_{n}" for n in range(3000))

    error = refused(written(tmp_path / "x.csv", f"{names}\n{',' * 2999}\n"))

    assert slugs(error) == ["unreadable-header"]


def test_a_quote_that_opens_in_the_header_is_refused(tmp_path):
    error = refused(written(tmp_path / "x.csv", 'id,"sex,status\nA1,F,Yes\n'))

    assert slugs(error) == ["unreadable-header"]
