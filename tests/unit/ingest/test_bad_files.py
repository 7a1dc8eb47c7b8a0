"""Every kind of bad text is refused with the place to mend; its good neighbour is read."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.errors import DecisionError, ExportError
from auditor.ingest.delimited import line_problems
from auditor.ingest.delimited import opening as delimited
from auditor.ingest.table import duplicates, survey
from tests.unit.ingest.export_files import CLEAN, cells, lines, read, refused, slugs, written

DROP = {"duplicates": "drop-identical"}


@pytest.mark.parametrize("text", ["id,sex,status\n", "id,sex,status", "id,sex,status\n\n\n"])
def test_a_header_without_rows_is_refused(tmp_path, text):
    error = refused(written(tmp_path / "x.csv", text))

    assert slugs(error) == ["no-rows"]
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("row", "slug", "said"),
    [
        ("A9,F", "short-row", "has 2 cells, the header 3"),
        ("A9,F,Yes,", "long-row", "has 4 cells, the header 3"),
        ("   ", "short-row", "only white space"),
        ("# made by hr", "short-row", "starts with '#'"),
        ("# a, b, c, d", "long-row", "starts with '#'"),
        ("A9;F;Yes", "delimiter-mixed", "separated by semicolons"),
    ],
)
def test_lines_that_are_no_rows_are_named(tmp_path, row, slug, said):
    text = f'id,sex,status\nA1,"F\nx",Yes\n\n{row}\nA2,M,No\n{row}\n'

    error = refused(written(tmp_path / "x.csv", text))

    assert isinstance(error, ExportError)
    assert slugs(error) == [slug, slug]
    assert lines(error) == [5, 7]
    assert all(said in problem.message for problem in error.problems)


def test_a_cut_off_last_row_is_suspected(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN + "A4,M"))
    complete = refused(written(tmp_path / "y.csv", CLEAN + "A4,M\n"))

    assert (slugs(error), lines(error)) == (["short-row"], [5])
    assert "may be cut off" in error.problems[0].message
    assert "cut off" not in complete.problems[0].message


def test_rows_that_are_all_too_long_are_not_shifted(tmp_path):
    text = CLEAN.replace("A1,", "A1,x,").replace("A2,", "A2,x,").replace("A3,", "A3,x,")

    error = refused(written(tmp_path / "x.csv", text))

    assert (slugs(error), lines(error)) == (["long-row"] * 3, [2, 3, 4])


def test_a_row_of_very_many_cells_is_refused_at_once(tmp_path):
    # DuckDB's table of rejects would take minutes and gigabytes for it.
    error = refused(written(tmp_path / "x.csv", CLEAN + "A4," + "x," * 300_000 + "\n"))

    assert (slugs(error), lines(error)) == (["long-row"], [5])
    assert "300002 cells" in error.problems[0].message


def test_very_many_bad_rows_are_refused_at_once(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN * 100 + "A4,F,x,x,x\n" * 500_000))

    assert slugs(error)[0] == "long-row"
    assert lines(error)[0] == 401


def test_at_most_a_hundred_lines_are_listed(tmp_path, monkeypatch):
    path = written(tmp_path / "x.csv", CLEAN + "short\n" * 150)

    error = refused(path)

    assert len(error.problems) == line_problems.LISTED + 1
    assert "only the first 100" in error.problems[-1].message


def test_an_export_with_another_width_joined_on_is_refused(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN + "id,sex,race,status\nB1,F,x,Yes\n"))

    assert (slugs(error), lines(error)) == (["long-row"] * 2, [5, 6])


@pytest.mark.parametrize(
    "tail",
    ['A4,"M,No\nA5,F,No\n', 'A4,"M,No', 'A4,M,No\nA5,F,"', '"\n', '"'],
)
def test_a_quote_that_is_never_closed_is_named_where_it_opens(tmp_path, tail):
    # DuckDB drops all that follows, in some of these cases without a reject.
    opens = 5 + tail[: tail.index('"')].count("\n")

    error = refused(written(tmp_path / "x.csv", CLEAN + tail))

    assert (slugs(error), lines(error)) == (["unclosed-quote"], [opens])


def test_the_line_of_a_quote_is_right_behind_cells_with_line_breaks(tmp_path):
    text = CLEAN + '\n"A4\nx","M\ny","No\nA5,F,No\n'

    error = refused(written(tmp_path / "x.csv", text))

    assert (slugs(error), lines(error)) == (["unclosed-quote"], [8])


@pytest.mark.parametrize(
    ("end", "slug"), [("Z9,F,Yes\n", "unclosed-quote"), ('Z9,"F",Yes\n', "row-too-long")]
)
def test_a_quote_that_opens_deep_in_a_large_file_is_named(tmp_path, end, slug):
    # DuckDB gives up after 2,000,000 bytes and starts again somewhere.
    rows = [f"B{n},F,Yes\n" for n in range(300_000)]
    rows[100_000] = 'B100000,"F,Yes\n'

    error = refused(written(tmp_path / "x.csv", "id,sex,status\n" + "".join(rows) + end))

    assert (slugs(error), lines(error)) == ([slug], [100_002])


@pytest.mark.parametrize("cell", ['"M"x', '"M" x', '"a "quoted" word"'])
def test_a_quote_in_mid_cell_is_refused(tmp_path, cell):
    error = refused(written(tmp_path / "x.csv", CLEAN.replace("A2,M", f"A2,{cell}")))

    assert (slugs(error), lines(error)) == (["broken-quote"], [3])


SWALLOWED = (
    "id,sex,race,status\nA1,F,x,Yes\n"
    'A2,"M,x,No\nA3,F,x,Yes\nA4,M",x,No\n'  # reads as one row: M,x,No A3,F,x,Yes A4,M
    "A5,M,x,No\nA6,F,x,Yes\n"
)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_rows_swallowed_by_two_stray_quotes_are_found(tmp_path, ending):
    path = written(tmp_path / "x.csv", SWALLOWED.replace("\n", ending).encode())

    error = refused(path)

    assert (slugs(error), lines(error)) == (["swallowed-rows"], [3])
    assert "A3" not in str(error)


def test_nothing_else_sees_swallowed_rows(tmp_path, monkeypatch):
    """Control: without the look at the cells the file reads well, two rows short."""
    monkeypatch.setattr(delimited, "refuse_swallowed", lambda *_: ())

    table = read(written(tmp_path / "x.csv", SWALLOWED))

    assert table.ids(np.arange(4)) == ["A1", "A2", "A5", "A6"]


@pytest.mark.parametrize("column", [0, 1, 2, 3])
@pytest.mark.parametrize("swallowed", [1, 2, 30])
def test_swallowed_rows_are_found_in_every_column(tmp_path, column, swallowed):
    rows = [[f"A{n}", "FM"[n % 2], "xyz"[n % 3], ("Yes", "No")[n % 2]] for n in range(60)]
    rows[5][column] = '"' + rows[5][column]
    rows[5 + swallowed][column] += '"'
    text = "id,sex,race,status\n" + "".join(",".join(row) + "\n" for row in rows)

    error = refused(written(tmp_path / "x.csv", text))

    assert (slugs(error), lines(error)) == (["swallowed-rows"], [7])


@pytest.mark.parametrize(
    "note",
    [
        "first, second\nthird",
        "a\nb, c, d, e",
        "one, two, three, four\nfive, six, seven",
        "good\n, , ,",
        "\n\n\n\n\n\n\n\n",
    ],
)
def test_notes_with_line_breaks_and_delimiters_are_cells(tmp_path, note):
    """Control: the last note even has the shape of a row."""
    text = f'id,sex,status,note\nA1,F,Yes,"{note}"\nA2,M,No,x\n'

    table = read(written(tmp_path / "x.csv", text), texts=("sex", "note"))

    assert cells(table, "note") == [note, "x"]
    assert any(said.startswith("Rows with line breaks inside a cell: 1") for said in table.notes)


def test_a_note_that_is_shaped_like_rows_is_told(tmp_path):
    text = 'id,sex,status,note\nA1,F,Yes,"well\none, two, three, four"\nA2,M,No,x\n'

    table = read(written(tmp_path / "x.csv", text))

    assert any("shaped like rows but holds other values" in note for note in table.notes)


@pytest.mark.parametrize("header", ["id,sex,status", "status,id,sex"])
def test_a_repeated_header_is_refused_with_its_line(tmp_path, header):
    error = refused(written(tmp_path / "x.csv", CLEAN + header + "\nB1,F,Yes\n"))

    assert (slugs(error), lines(error)) == (["repeated-header"], [5])
    assert "several exports were joined" in error.problems[0].hint


def test_without_the_checks_a_header_would_be_a_person(tmp_path, monkeypatch):
    """Control."""
    monkeypatch.setattr(survey, "row_checks", lambda *_: ())

    table = read(written(tmp_path / "x.csv", CLEAN + "id,sex,status\n"))

    assert cells(table, "sex")[3] == "sex"


def test_a_value_that_is_also_a_column_name_is_no_header(tmp_path):
    table = read(written(tmp_path / "x.csv", CLEAN + "A4,sex,status\nid,M,No\n"))

    assert cells(table, "sex") == ["F", "M", "F", "sex", "M"]


@pytest.mark.parametrize("blank", ["", "  ", "\t", "\u00a0", "\u2003 ", '""'])
def test_rows_without_an_id_are_refused(tmp_path, blank):
    error = refused(written(tmp_path / "x.csv", CLEAN + f"{blank},M,No\n{blank},F,Yes\n"))

    assert isinstance(error, DecisionError)
    assert (slugs(error), lines(error)) == (["id-missing"] * 2, [5, 6])
    assert "totals" in error.problems[0].hint


def test_each_id_column_must_be_filled(tmp_path):
    text = "run,place,sex,status\nr1,1,F,Yes\nr1,,M,No\n,2,F,No\n"

    error = refused(written(tmp_path / "x.csv", text), ids=("run", "place"))

    assert (slugs(error), lines(error)) == (["id-missing"] * 2, [3, 4])


@pytest.mark.parametrize("total", ["Total,,2", "TOTALS,,", "Sum,1,2"])
def test_a_line_of_totals_is_refused(tmp_path, total):
    error = refused(written(tmp_path / "x.csv", CLEAN + total + "\n"))

    assert (slugs(error), lines(error)) == (["total-row"], [5])


@pytest.mark.parametrize("mangled", ["1.23457E+15", "1E+20", "1,5E+09"])
def test_an_id_that_a_spreadsheet_cut_is_refused(tmp_path, mangled):
    error = refused(written(tmp_path / "x.csv", CLEAN + f'"{mangled}",M,No\n'))

    assert (slugs(error), lines(error)) == (["id-not-exact"], [5])


def test_ids_that_only_resemble_those_are_read(tmp_path):
    ids = ["1E5", "E+1", "12E+", "A1E+3", "Totally", "1.5"]
    text = "id,sex,status\n" + "".join(f"{text},F,Yes\n" for text in ids)

    assert read(written(tmp_path / "x.csv", text)).ids(np.arange(6)) == ids


def test_all_doubtful_rows_are_told_at_once(tmp_path):
    text = CLEAN + ",M,No\nid,sex,status\nTotal,,\n"

    error = refused(written(tmp_path / "x.csv", text))

    assert sorted(zip(lines(error), slugs(error), strict=True)) == [
        (5, "id-missing"),
        (6, "repeated-header"),
        (7, "total-row"),
    ]


def test_at_most_twenty_rows_of_a_kind_are_named(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN + ",M,No\n" * 30))

    assert len(error.problems) == survey.LISTED + 1
    assert error.problems[-1].message == "and 10 more rows like these"


def test_an_id_that_occurs_twice_is_refused_by_lines(tmp_path):
    text = CLEAN + "\nA2,F,Yes\nA9,F,Yes\nA1,F,Yes\nA2,M,No\n"

    error = refused(written(tmp_path / "x.csv", text))

    assert isinstance(error, DecisionError)
    assert slugs(error) == ["duplicate-id"] * 3
    assert lines(error) == [6, 8, 9]
    assert [problem.message.rpartition(" ")[2] for problem in error.problems] == ["3", "2", "3"]
    assert "A2" not in str(error)
    assert "drop-identical" in error.problems[0].hint


def test_at_most_twenty_pairs_are_named(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN + "A1,F,Yes\n" * 25))

    assert len(error.problems) == 21
    assert error.problems[-1].message == "and 5 more rows"


def test_ids_are_compared_by_their_exact_text(tmp_path):
    text = "id,sex,status\n1,F,Yes\n01,F,Yes\n1.0,F,Yes\n 1,F,Yes\na,F,Yes\nA,F,Yes\n"

    assert len(read(written(tmp_path / "x.csv", text)).rows) == 6


def test_joined_ids_that_read_alike_are_the_same(tmp_path):
    text = "run,place,sex,status\na/b,c,F,Yes\na,b/c,M,No\n"

    error = refused(written(tmp_path / "x.csv", text), ids=("run", "place"))

    assert (slugs(error), lines(error)) == (["duplicate-id"], [3])


def test_ids_with_equal_hashes_are_told_apart_by_their_texts(tmp_path, monkeypatch):
    """Two ids whose hashes are equal cannot be had, so all rows are taken for suspects."""
    path = written(tmp_path / "x.csv", CLEAN)
    monkeypatch.setattr(duplicates, "_later", lambda hashes: np.arange(len(hashes)))

    assert len(read(path).rows) == 3
    assert len(read(path, **DROP).rows) == 3


@pytest.mark.parametrize("rows", [True, False])
def test_identical_rows_are_dropped_and_counted(tmp_path, rows):
    text = CLEAN + "A2,M,No\nA4,X,Yes\nA1,F,Yes\nA2,M,No\n"

    table = read(written(tmp_path / "x.csv", text), rows=rows, **DROP)

    assert (table.file.rows, table.dropped, table.rows.sum()) == (7, 3, 4)
    found = dict(zip(cells(table, "sex"), table.rows.tolist(), strict=True)) if not rows else None
    assert found in (None, {"F": 1, "M": 1, "X": 1}, {"F": 2, "M": 1, "X": 1})
    if rows:
        assert table.ids([0, 1, 2, 3]) == ["A1", "A2", "A3", "A4"]
        assert cells(table, "sex") == ["F", "M", "F", "X"]


@pytest.fixture(scope="module")
def exported_twice(tmp_path_factory):
    """An export with all of its rows a second time, too large for one piece of a parallel read."""
    rows = "".join(f"A{n:07d},{'FMX'[n % 3]},{'Yes' if n % 7 else 'No'}\n" for n in range(500_000))
    path = tmp_path_factory.mktemp("twice") / "x.csv"
    return written(path, "id,sex,status\n" + rows + rows)


def test_the_first_pairs_of_a_large_file_are_named(exported_twice):
    # Joined to the suspects, rows may come in any order; each must keep its line.
    error = refused(exported_twice)

    assert lines(error) == [*range(500_002, 500_022), None]
    assert [problem.message[-6:] for problem in error.problems[:2]] == ["line 2", "line 3"]
    assert error.problems[-1].message == "and 499,980 more rows"


@pytest.mark.parametrize("rows", [True, False])
def test_a_large_file_loses_its_second_half(exported_twice, rows):
    table = read(exported_twice, rows=rows, **DROP)

    assert (table.dropped, table.rows.sum()) == (500_000, 500_000)
    if rows:
        assert (table.texts["sex"].codes == np.arange(500_000) % 3).all()
        assert table.ids([0, 499_999]) == ["A0000000", "A0499999"]


def test_combinations_that_only_dropped_rows_have_do_not_appear(tmp_path):
    text = CLEAN + "A2,M,No\n" * 3

    table = read(written(tmp_path / "x.csv", text), rows=False, **DROP)

    pairs = zip(cells(table, "sex"), cells(table, "status"), strict=True)
    assert dict(zip(pairs, table.rows, strict=True)) == {
        ("F", "Yes"): 1,
        ("M", "No"): 1,
        ("F", "No"): 1,
    }


def test_rows_that_differ_in_any_column_are_not_identical(tmp_path):
    text = 'id,sex,status,note\nA1,F,Yes,a\nA2,M,No,b\nA1,F,Yes,"a "\nA2,M,No,b\n'

    error = refused(written(tmp_path / "x.csv", text), **DROP)

    assert (slugs(error), lines(error)) == (["duplicate-id-differs"], [4])
    assert "line 2, with other values" in error.problems[0].message


def test_quotes_around_a_cell_make_no_difference(tmp_path):
    text = 'id,sex,status\nA1,F,Yes\nA1,"F",Yes\n'

    assert read(written(tmp_path / "x.csv", text), **DROP).dropped == 1


def test_a_missing_column_is_told_with_a_suggestion(tmp_path):
    path = written(tmp_path / "x.csv", CLEAN)

    error = refused(path, texts=("gender", "stauts"), numbers=("score",))

    assert isinstance(error, ExportError)
    assert slugs(error) == ["missing-column"] * 3
    assert error.problems[1].hint == "did you mean 'status'?"
    assert all(name in error.problems[0].hint for name in ("id", "sex", "status"))


@pytest.mark.parametrize("name", ["'; drop table x; --", 'a"b', "a'b", "source", "c1", "é ñ", "1"])
def test_names_of_columns_are_no_sql(tmp_path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    text = f"id,{quoted},status\nA1,F,Yes\nA2,M,No\n"

    table = read(written(tmp_path / "x.csv", text), texts=(name, "status"))

    assert cells(table, name) == ["F", "M"]
    assert table.locate(name, "M").line == 3


@pytest.mark.parametrize("value", ["'; drop table lines; --", "O'Brien", "\\", "$1", "\x1f\x1e"])
def test_values_are_no_sql(tmp_path, value):
    table = read(written(tmp_path / "x.csv", CLEAN.replace("M,", value + ",")))

    assert cells(table, "sex") == ["F", value, "F"]
    assert table.locate("sex", value).line == 3
