"""What must be read right, and the silent traps of reading text."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.demo import write_demo
from auditor.errors import AuditorError
from auditor.ingest.delimited import opening as delimited
from auditor.ingest.files import records
from auditor.ingest.opening import open_export
from auditor.ingest.raw import NumberColumn, Request, TextColumn
from auditor.ingest.table import lines
from tests.unit.ingest.export_files import (
    CLEAN,
    asked,
    cells,
    read,
    refused,
    slugs,
    written,
)


def combinations(table) -> dict[tuple, int]:
    """Rows by their raw values."""
    columns = [cells(table, name) for name in table.texts]
    found: dict[tuple, int] = {}
    for *key, n in zip(*columns, table.rows.tolist(), strict=True):
        found[tuple(key)] = found.get(tuple(key), 0) + n
    return found


def test_rows_come_in_the_order_of_the_file(tmp_path):
    table = read(written(tmp_path / "x.csv", CLEAN))

    assert table.rows.tolist() == [1, 1, 1]
    assert table.texts["sex"].levels == ("F", "M")
    assert table.texts["sex"].codes.dtype == np.int32
    assert cells(table, "status") == ["Yes", "No", "No"]
    assert table.ids([2, 0, 2]) == ["A3", "A1", "A3"]
    assert (table.file.rows, table.dropped) == (3, 0)


def test_combinations_hold_the_same_rows(tmp_path):
    path = written(tmp_path / "x.csv", CLEAN + "A4,F,No\nA5,F,No\n")

    by_row, grouped = read(path), read(path, rows=False)

    assert combinations(grouped) == combinations(by_row)
    assert len(grouped.rows) == 3
    assert grouped.rows.sum() == 5
    assert grouped.ids is None


def test_many_rows_keep_their_order_in_a_parallel_read(tmp_path):
    rows = "".join(f"A{n:07d},{'FM'[n % 2]},{'Yes' if n % 7 else 'No'}\n" for n in range(900_000))
    path = written(tmp_path / "x.csv", "id,sex,status\n" + rows)

    table = read(path)

    assert cells(table, "sex")[:5] == ["F", "M", "F", "M", "F"]
    assert (table.texts["sex"].codes == np.arange(900_000) % 2).all()
    assert table.ids([899_999, 123_456]) == ["A0899999", "A0123456"]


def test_texts_that_look_like_nothing_stay_texts(tmp_path):
    values = ["NA", "null", "None", "nan", "N/A", "", '""', "NULL", "\\N", "0012", "True", "1e5"]
    rows = "".join(f"A{n},{value},Yes\n" for n, value in enumerate(values))

    table = read(written(tmp_path / "x.csv", "id,sex,status\n" + rows))

    assert cells(table, "sex") == [value.replace('""', "") for value in values]
    assert None not in table.texts["sex"].levels
    assert not table.texts["sex"].typed


def test_ids_keep_every_character(tmp_path):
    ids = ["0012", "9007199254740993", "12345678901234567890", "1e5", "é/7", " A1", "A1", "-"]
    rows = "".join(f"{text},F,Yes\n" for text in ids)

    table = read(written(tmp_path / "x.csv", "id,sex,status\n" + rows))

    assert table.ids(np.arange(len(ids))) == ids


def test_several_id_columns_are_joined(tmp_path):
    text = "run,place,sex,status\nr1,01,F,Yes\nr1,02,M,No\nr2,01,F,No\n"

    table = read(written(tmp_path / "x.csv", text), ids=("run", "place"))

    assert table.ids([0, 1, 2]) == ["r1/01", "r1/02", "r2/01"]


def test_a_line_that_does_not_exist_has_no_id(tmp_path):
    table = read(written(tmp_path / "x.csv", CLEAN))

    with pytest.raises(IndexError, match="no line 3"):
        table.ids([0, 3])


def test_ids_are_not_needed(tmp_path):
    table = read(written(tmp_path / "x.csv", CLEAN.replace("A", "")), ids=(), rows=False)

    assert table.rows.sum() == 3
    assert table.ids is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path, ending):
    # Told '\r\n', DuckDB gives no rows and no error for a file with CRLF.
    text = (CLEAN + '"A4","x\ny","No"\n').replace("\n", ending)

    table = read(written(tmp_path / "x.csv", text.encode()))

    assert len(table.rows) == 4
    assert table.locate("status", "Yes").line == 2


def test_mixed_line_ends_are_read_and_said(tmp_path):
    text = 'id,sex,status\r\nA1,F,Yes\nA2,"M\nx\r\ny",No\rA3,F,No\r\n'

    table = read(written(tmp_path / "x.csv", text.encode()))

    assert cells(table, "sex") == ["F", "M\nx\ny", "F"]
    assert any("Line ends are mixed" in note for note in table.notes)
    assert table.locate("status", "Yes").line == 2


def test_a_missing_line_end_at_the_end_is_read_and_said(tmp_path):
    table = read(written(tmp_path / "x.csv", CLEAN.rstrip("\n")))

    assert len(table.rows) == 3
    assert any("no line end" in note for note in table.notes)
    assert not any("no line end" in note for note in read(tmp_path / "x.csv").notes[:1])


def test_blank_lines_are_skipped_counted_and_do_not_shift_lines(tmp_path):
    text = "id,sex,status\n\nA1,F,Yes\n\n\nA2,M,No\n\n"

    table = read(written(tmp_path / "x.csv", text))

    assert len(table.rows) == 2
    assert "Blank lines skipped: 4." in table.notes
    assert table.locate("sex", "M").line == 6


def test_blank_lines_inside_cells_are_no_blank_lines(tmp_path):
    text = 'id,sex,status,note\nA1,F,Yes,"a\n\n\nb"\n\nA2,M,No,"\n\n"\nA3,X,No,c\n'

    table = read(written(tmp_path / "x.csv", text))

    assert len(table.rows) == 3
    assert "Blank lines skipped: 1." in table.notes
    assert table.locate("sex", "X").line == 10


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks(tmp_path):
    rows = [["id", "sex", "status"], ["A1", 'F, "x"', "Yes\nno"], ["A2", "M", ""]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)

    table = read(written(tmp_path / "x.csv", text.getvalue()))

    assert cells(table, "sex") == ['F, "x"', "M"]
    assert cells(table, "status") == ["Yes\nno", ""]


def test_quotes_that_come_late_are_quotes(tmp_path):
    # Sniffed on its first rows, this file would have no quote character.
    text = CLEAN.replace("A1", "'A1'")
    text += "".join(f"B{n},F,No\n" for n in range(30_000)) + 'C1,"F, ""x""","No\nYes"\n'

    table = read(written(tmp_path / "x.csv", text))

    assert table.ids([0]) == ["'A1'"]
    assert cells(table, "sex")[-1] == 'F, "x"'
    assert cells(table, "status")[-1] == "No\nYes"


def test_a_lone_quote_inside_a_cell_is_text(tmp_path):
    table = read(written(tmp_path / "x.csv", CLEAN.replace("A2,M", 'A2,M"x')))

    assert cells(table, "sex") == ["F", 'M"x', "F"]


@pytest.fixture(scope="module")
def row_like_cells(tmp_path_factory):
    """A text of 10 MB, more than one buffer of DuckDB, with rows inside of its cells."""
    inside = "".join(f"A{n},F,Yes\n" for n in range(40))
    rows = (f'B{n},M,"{inside}"\n' if n % 5 == 0 else f"B{n},M,No\n" for n in range(120_000))
    path = tmp_path_factory.mktemp("rows") / "x.csv"
    return written(path, "id,sex,status\n" + "".join(rows))


def test_lines_inside_quoted_cells_are_never_rows(row_like_cells):
    table = read(row_like_cells, rows=False, texts=("sex",))

    assert table.rows.tolist() == [120_000]
    assert table.texts["sex"].levels == ("M",)


def test_a_reader_that_takes_lines_inside_cells_for_rows_is_caught(row_like_cells, monkeypatch):
    """Control: were the quotes overlooked, DuckDB would read in parallel and split cells."""
    told = delimited.plain_text

    def without_quotes(*given):
        text = told(*given)
        return replace(text, facts=replace(text.facts, quotes=0))

    monkeypatch.setattr(delimited, "plain_text", without_quotes)

    error = refused(row_like_cells, rows=False, texts=("sex",))

    assert slugs(error)[0] in ("unreadable-content", "lines-lost")


def test_the_account_catches_a_reader_that_loses_rows(tmp_path, monkeypatch):
    """Control: with a line end that does not match, DuckDB gives no rows and no error."""
    path = written(tmp_path / "x.csv", CLEAN)
    monkeypatch.setattr(delimited, "_NEVER", "'x', new_line = '\\r\\n'")

    error = refused(path)

    assert slugs(error) == ["lines-lost"]
    assert "has 4 lines, but 1 were read" in error.problems[0].message


def test_numbers_written_plainly_are_numbers(tmp_path):
    scores = ["0.5", "", "-1", "+.5", "5.", "1e-3", "  ", "0.123456789012345678", "007"]
    rows = "".join(f"A{n},F,Yes,{score}\n" for n, score in enumerate(scores))
    path = written(tmp_path / "x.csv", "id,sex,status,score\n" + rows)

    column = read(path, numbers=("score",)).numbers["score"]

    expected = [float(score) if score.strip() else np.nan for score in scores]
    assert isinstance(column, NumberColumn)
    assert not column.single
    np.testing.assert_array_equal(column.values, expected)


@pytest.mark.parametrize(
    "text", ["0,8", "80%", "1_000", "0x1F", "nan", "inf", "1e400", "NA", "٣", " 0.5", "1 000"]
)
def test_anything_else_leaves_the_column_as_texts(tmp_path, text):
    # DuckDB's own cast takes 1_000, 1e400, nan and ' 0.5 '.
    rows = f'A1,F,Yes,0.5\nA2,M,No,"{text}"\nA3,M,No,\n'
    path = written(tmp_path / "x.csv", "id,sex,status,score\n" + rows)

    column = read(path, numbers=("score",)).numbers["score"]

    assert isinstance(column, TextColumn)
    assert [column.levels[code] for code in column.codes] == ["0.5", text, ""]


def test_grouped_numbers_are_the_numbers_of_the_rows(tmp_path):
    scores = ["0.5", "0.50", "", "0.25", "0.5"]
    rows = "".join(f"A{n},F,Yes,{score}\n" for n, score in enumerate(scores))
    path = written(tmp_path / "x.csv", "id,sex,status,score\n" + rows)

    table = read(path, numbers=("score",), rows=False)

    column = table.numbers["score"]
    found = np.repeat(column.values, table.rows)
    np.testing.assert_array_equal(np.sort(found), [0.25, 0.5, 0.5, 0.5, np.nan])


def test_a_column_with_too_many_texts_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LEVELS", 2)

    error = refused(written(tmp_path / "x.csv", CLEAN), texts=("sex", "id"))

    assert slugs(error) == ["too-many-values"]
    assert "column 'id' holds 3 different texts" in error.problems[0].message


def test_a_value_is_found_where_it_stands_first(tmp_path):
    text = 'id,sex,status,score\nA1,"F\nx",Yes,1.50\nA2,M,No,2\nA3,M,,x\n'
    path = written(tmp_path / "x.csv", text)

    table = read(path, numbers=("score",))

    assert table.locate("sex", "F\nx").line == 2
    assert table.locate("sex", "M").line == 4
    assert table.locate("status", "").line == 5
    assert table.locate("score", "1.5").line == 2
    assert table.locate("score", "x").line == 5
    assert str(table.locate("sex", "nobody")) == str(path)


def test_a_changed_file_has_no_places_any_more(tmp_path):
    path = written(tmp_path / "x.csv", CLEAN)
    table = read(path)
    written(path, CLEAN.replace("A1", "A9"))

    assert str(table.locate("sex", "M")) == str(path)
    path.unlink()
    assert str(table.locate("status", "No")) == str(path)


@pytest.mark.parametrize("n", [65_535, 65_536, 1_048_575])
def test_a_number_of_rows_at_which_spreadsheets_stop_is_said(tmp_path, n):
    path = written(tmp_path / "x.csv", "sex,status\n" + "F,Yes\n" * n)

    table = read(path, ids=(), rows=False)

    assert any(f"exactly {n:,} rows" in note for note in table.notes)


def test_other_numbers_of_rows_are_not_remarked(tmp_path):
    path = written(tmp_path / "x.csv", "sex,status\n" + "F,Yes\n" * 65_534)

    table = read(path, ids=(), rows=False)

    assert len(table.notes) == 1


def test_the_limits_of_the_csv_module_are_put_back(tmp_path):
    before = csv.field_size_limit()

    read(written(tmp_path / "x.csv", CLEAN + f'A4,"{"x" * 200_000}",No\n'))

    assert csv.field_size_limit() == before


def test_the_demo_export_is_read_right(tmp_path):
    export = write_demo(tmp_path).export
    with export.open(encoding="utf-8-sig", newline="") as file:
        expected = list(csv.DictReader(file, delimiter=";"))
    unique = list({tuple(row.values()): row for row in expected}.values())
    request = asked(
        texts=("status", "gender", "race_ethnicity", "screening_note"),
        numbers=("model_score",),
        ids=("application_id",),
        duplicates="drop-identical",
    )

    with open_export(export) as opened:
        names = opened.names
    table = read(export, **{name: getattr(request, name) for name in Request.__dataclass_fields__})

    assert names == tuple(expected[0])
    assert (table.file.rows, table.dropped) == (len(expected), len(expected) - len(unique))
    assert table.ids(np.arange(len(unique))) == [row["application_id"] for row in unique]
    for name in ("status", "gender", "race_ethnicity", "screening_note"):
        assert cells(table, name) == [row[name].replace("\r\n", "\n") for row in unique]
    scores = [float(row["model_score"] or "nan") for row in unique]
    np.testing.assert_array_equal(table.numbers["model_score"].values, scores)
    assert "Line ends are mixed (LF and CRLF); all were read as LF." in table.notes


def test_an_opened_export_tells_its_values(tmp_path):
    with open_export(written(tmp_path / "x.csv", CLEAN)) as export:
        survey, notes = export.survey()

        assert export.names == ("id", "sex", "status")
        assert (survey.rows, notes) == (3, ())
        assert export.values("sex", 10) == (("F", 2), ("M", 1))
        assert export.values("status", 1) == (("No", 2),)


@pytest.mark.parametrize("quote", ["", '"'])
def test_very_wide_tables_are_read(tmp_path, quote):
    # A chain of a thousand sums or comparisons is too deep for DuckDB.
    names = ["id", "sex", "status", *(f"x{n}" for n in range(2500))]
    row = ",".join(f"{quote}{n}{quote}" for n in range(len(names)))
    path = written(tmp_path / "x.csv", ",".join(names) + "\n" + f"{row}\n" * 2)

    table = read(path, texts=("sex", "x2499"), duplicates="drop-identical")

    assert (cells(table, "x2499"), table.dropped) == (["2502"], 1)


def test_a_line_too_long_to_hold_is_refused_by_name(tmp_path):
    error = refused(written(tmp_path / "x.csv", CLEAN + "A4,F," + "x," * 3_000_000 + "\n"))

    assert (slugs(error), error.problems[0].where.line) == (["row-too-long"], 5)


def test_spaces_around_quotes_belong_to_no_cell(tmp_path):
    text = 'id,sex,status\nA1, "F, x\ny", Yes\nA2,"M" ,No\n\nA3,X,No\n'

    table = read(written(tmp_path / "x.csv", text))

    assert cells(table, "sex") == ["F, x\ny", "M", "X"]
    assert cells(table, "status") == [" Yes", "No", "No"]
    assert table.locate("sex", "X").line == 6


FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example writes it anew
)
PLAIN = st.sampled_from(["a", "b", "", "x y", "1", "NA", " c ", "é;"])
ODD = st.text(alphabet='a," \n\r;\t', max_size=4)


@FEW
@given(
    rows=st.lists(st.lists(st.one_of(PLAIN, ODD), min_size=2, max_size=2), min_size=1, max_size=4),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_written_properly_is_read_back(tmp_path, rows, ending):
    text = io.StringIO(newline="")
    # Before Python 3.13 the csv module quotes no line ends but its own.
    has_breaks = bool({"\r", "\n"} & {char for row in rows for cell in row for char in cell})
    quoting = csv.QUOTE_ALL if has_breaks else csv.QUOTE_MINIMAL
    csv.writer(text, lineterminator=ending, quoting=quoting).writerows([["p", "q"], *rows])
    path = written(tmp_path / "x.csv", text.getvalue())
    expected = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]

    try:
        table = read(path, texts=("p", "q"), ids=())
    except AuditorError as error:
        # Only cells that look like rows themselves may be in the way.
        assert {"swallowed-rows", "title-rows"} & set(slugs(error))  # noqa: PT017
        return

    found = zip(cells(table, "p"), cells(table, "q"), strict=True)
    assert [[cell.replace("\r\n", "\n") for cell in row] for row in found] == expected


@FEW
@given(body=st.text(alphabet='ab," \n;', max_size=14))
def test_what_is_read_is_what_the_csv_module_reads_or_it_is_refused(tmp_path, body):
    path = written(tmp_path / "x.csv", "p,q\n" + body)
    try:
        table = read(path, texts=("p", "q"), ids=())
    except AuditorError:
        return
    lenient = csv.reader(io.StringIO(body, newline=""), skipinitialspace=True)
    expected = [[cell.strip(" ") for cell in row] for row in lenient if row]

    found = zip(cells(table, "p"), cells(table, "q"), strict=True)
    assert [[cell.strip(" ") for cell in row] for row in found] == expected


def test_longest_records_are_read_and_longer_ones_refused_by_name(tmp_path):
    fits = records.LONGEST // 2
    path = written(tmp_path / "x.csv", CLEAN + f'A4,"{"x" * fits}",No\n')

    assert len(cells(read(path), "sex")[3]) == fits
    error = refused(written(path, CLEAN + f'A4,"{"x" * records.LONGEST}",No\nA5,F,No\n'))

    assert slugs(error) == ["row-too-long"]
    assert error.problems[0].where.line == 5
    assert "2,000,000 bytes" in error.problems[0].message
