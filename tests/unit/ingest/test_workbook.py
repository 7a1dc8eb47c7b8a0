from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import numpy as np
import pytest
import xlsxwriter

from auditor.errors import DecisionError, ExportError
from auditor.ingest.opening import open_export
from auditor.ingest.raw import NumberColumn
from auditor.ingest.workbook import parts as workbook_parts
from auditor.ingest.workbook import sheet_scan
from tests.unit.ingest.export_files import cells, read, refused, slugs, written

HEADER = ["id", "sex", "status", "score"]
ROWS = [["0012", "F", "Yes", 0.5], ["A2", "M", "No", 13], ["A3", "F", "No", None]]


@pytest.fixture
def book(tmp_path):
    """Make a workbook of one sheet; a function may write more into it."""

    def book(*rows, more=None, top=0, left=0, name="x.xlsx", sheet="Data", **options):
        path = tmp_path / name
        made = xlsxwriter.Workbook(path, {"strings_to_formulas": False, **options})
        page = made.add_worksheet(sheet)
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for r, row in enumerate(rows or [HEADER, *ROWS]):
            for c, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(top + r, left + c, cell, day)
                else:
                    page.write(top + r, left + c, cell)
        if more:
            more(made, page)
        made.close()
        return path

    return book


def edited(path, change, part="xl/worksheets/sheet1.xml"):
    """Change the text of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def places(error) -> list[str]:
    return [str(problem.where).rpartition(":")[2] for problem in error.problems]


def test_cells_are_read_as_text_and_numbers(book):
    table = read(book(), numbers=("score",))

    assert cells(table, "sex") == ["F", "M", "F"]
    assert not table.texts["sex"].typed
    assert table.ids([0, 1, 2]) == ["0012", "A2", "A3"]
    assert isinstance(table.numbers["score"], NumberColumn)
    np.testing.assert_array_equal(table.numbers["score"].values, [0.5, 13, np.nan])
    assert "'Data' was read; its column names are in row 1" in table.notes[0]


def test_values_read_as_a_profile_writes_them(book):
    path = book(
        ["id", "number", "truth", "day", "mixed"],
        [1, 13.0, True, dt.date(2026, 4, 3), "x"],
        [2, 0.1, False, dt.datetime.fromisoformat("2026-04-03 10:05"), 7],
        [3, 999999999999999, None, None, True],
    )

    table = read(path, texts=("number", "truth", "day", "mixed"))

    assert cells(table, "number") == ["13", "0.1", "999999999999999"]
    assert cells(table, "truth") == ["True", "False", ""]
    assert cells(table, "day") == ["2026-04-03", "2026-04-03 10:05:00", ""]
    assert cells(table, "mixed") == ["x", "7", "True"]
    assert [table.texts[name].typed for name in table.texts] == [True, True, True, False]
    assert table.ids([0, 2]) == ["1", "3"]


def test_the_other_calendar_of_excel_is_read_right(book):
    path = book(["id", "day"], [1, dt.date(2026, 4, 3)], date_1904=True)

    assert cells(read(path, texts=("day",)), "day") == ["2026-04-03"]


def test_texts_that_look_like_nothing_stay_texts(book):
    path = book(HEADER[:3], ["1", "NA", "null"], ["2", "", "=1+1"], ["3", 'a,"b"\n', "#N/A"])

    table = read(path)

    assert cells(table, "sex") == ["NA", "", 'a,"b"\n']
    assert cells(table, "status") == ["null", "=1+1", "#N/A"]


def test_line_breaks_inside_cells_are_cells(book):
    path = book(["id", "sex\nm/f", "note"], ["1", "F", "a\r\nb\rc\n\nd"], ["2", "M", "1,F,x\n2,M"])

    table = read(path, texts=("sex\nm/f", "note"))

    assert cells(table, "note") == ["a\nb\nc\n\nd", "1,F,x\n2,M"]


@pytest.mark.parametrize(("top", "left"), [(0, 0), (3, 0), (0, 2), (4, 3)])
def test_addresses_are_those_of_the_sheet(book, top, left):
    path = book(top=top, left=left)
    column = "ABCDEFGH"[left + 1]

    table = read(path)

    assert str(table.locate("sex", "M")) == f"{path}:Data!{column}{top + 3}"
    assert cells(table, "sex") == ["F", "M", "F"]


def test_a_title_above_the_header_is_skipped_and_told(book):
    path = book(["Applicants 2026"], [], ["printed", dt.date(2026, 4, 3)], [], HEADER, *ROWS)

    table = read(path)

    assert cells(table, "sex") == ["F", "M", "F"]
    assert any(note.endswith("taken for titles: 2.") for note in table.notes)
    assert str(table.locate("sex", "M")).endswith("!B7")


def test_a_row_in_place_of_the_header_is_refused_and_not_told(book):
    error = refused(book(["A1", "F", "Yes"], ["A2", "F", "No"], ["A3", "M", "No"]))

    assert slugs(error) == ["no-column-names"]
    assert "A1" not in str(error)


def test_without_a_row_that_has_all_names_the_best_one_is_told(book):
    error = refused(book(["Applicants 2026"], ["id", "sex", "stauts"], ["1", "F", "Yes"]))

    assert slugs(error) == ["missing-column"]
    assert places(error) == ["Data!2"]
    assert "did you mean 'stauts'?" in error.problems[0].hint


def test_rows_without_any_value_are_skipped_and_told(book):
    path = book(HEADER, ROWS[0], [], [None], ROWS[1], [])

    table = read(path)

    assert cells(table, "sex") == ["F", "M"]
    assert "Rows without any value, skipped: 2." in table.notes
    assert str(table.locate("sex", "M")).endswith("!B5")


def test_columns_without_name_and_values_are_left_out(book):
    path = book(["id", None, "sex", "status"], ["1", None, "F", "Yes"], ["2", None, "M", "No"])

    with open_export(path) as export:
        names = export.names

    assert names == ("id", "sex", "status")
    assert str(read(path).locate("sex", "M")).endswith("!C3")


def test_a_value_in_a_column_without_a_name_is_refused(book):
    error = refused(book(HEADER[:3], ["1", "F", "Yes"], ["2", "M", "No", "x"]))

    assert (slugs(error), places(error)) == (["empty-column-name"], ["Data!D3"])


@pytest.mark.parametrize("rows", [[HEADER], [["Title"], HEADER]])
def test_a_header_without_rows_is_refused(book, rows):
    assert slugs(refused(book(*rows))) == ["no-rows"]


def test_an_empty_workbook_is_refused(book):
    assert slugs(refused(book([]))) == ["empty-file"]


def test_names_that_look_alike_are_refused(book):
    error = refused(book(["id", "sex", "Sex ", "status"], ["1", "F", "M", "Yes"]))

    assert slugs(error) == ["duplicate-column"]


@pytest.mark.parametrize(
    ("place", "what", "slug"),
    [
        ("B3", ("=1/0", None, "#DIV/0!"), "error-cell"),
        ("D4", ("=NA()", None, "#N/A"), "error-cell"),
        ("C2", ("=A1", None, ""), "formula-without-result"),
    ],
)
def test_cells_that_would_read_as_empty_are_refused_by_address(book, place, what, slug):
    path = book(more=lambda _, page: page.write_formula(place, *what))

    error = refused(path)

    assert isinstance(error, ExportError)
    assert (slugs(error), places(error)) == ([slug], [f"Data!{place}"])


def test_stored_results_of_formulas_are_read(book):
    def more(made, page):
        page.write_formula("B2", '="F"', None, "X")
        page.write_formula("D2", "=1/2", None, 0.25)
        page.write_formula("C4", '=""', None, "here")

    # Excel stores an empty text as t="str" with an empty value; that is a result.
    path = edited(book(more=more), lambda xml: xml.replace("<v>here</v>", "<v></v>"))

    table = read(path, numbers=("score",))

    assert cells(table, "sex") == ["X", "M", "F"]
    assert cells(table, "status") == ["Yes", "No", ""]
    assert table.numbers["score"].values[0] == 0.25


def test_all_bad_cells_are_told_at_once(book):
    def more(made, page):
        page.write_formula("D3", "=1/0", None, "#DIV/0!")
        page.write_formula("D4", "=1/0", None, "#DIV/0!")
        page.write_formula("B4", "=A1", None, "")

    error = refused(book(more=more))

    assert sorted(places(error)) == ["Data!B4", "Data!D3", "Data!D4"]


def test_merged_cells_are_refused_in_the_table_and_fine_above_it(book):
    inside = book(more=lambda _, page: page.merge_range("B3:C3", "M"))
    error = refused(inside)
    title = book(["Title"], HEADER, *ROWS, more=lambda _, page: page.merge_range("A1:C1", "T"))

    assert (slugs(error), places(error)) == (["merged-cells"], ["Data!B3"])
    assert "C3" in error.problems[0].message
    assert len(read(title).rows) == 3


@pytest.mark.parametrize("number", [1234567890123456, 1e15, -1e20])
def test_long_numbers_are_no_ids(book, number):
    path = book(HEADER[:3], ["A1", "F", "Yes"], [number, "M", "No"], [7, "M", "No"])

    error = refused(path)

    assert isinstance(error, DecisionError)
    assert (slugs(error), places(error)) == (["id-not-exact"], ["Data!A3"])


def test_long_numbers_are_only_refused_as_ids(book):
    path = book(HEADER[:3], ["A1", "F", 1e15], ["A2", "M", 1])

    assert cells(read(path), "status") == ["1000000000000000", "1"]


def test_long_texts_are_ids(book):
    path = book(HEADER[:3], ["1234567890123456", "F", "Yes"], ["12345678901234567890", "M", "No"])

    assert read(path).ids([0, 1]) == ["1234567890123456", "12345678901234567890"]


@pytest.mark.parametrize("blank", [None, "", " "])
def test_rows_without_an_id_are_refused_by_address(book, blank):
    error = refused(book(HEADER[:3], ["A1", "F", "Yes"], [blank, "M", "No"]))

    assert (slugs(error), places(error)) == (["id-missing"], ["Data!A3"])


def test_duplicates_and_repeated_headers_are_refused_by_address(book):
    twice = refused(book(HEADER, *ROWS, ROWS[0]))
    header = refused(book(HEADER, *ROWS, HEADER))

    assert (slugs(twice), places(twice)) == (["duplicate-id"], ["Data!A5"])
    assert "in Data!A2" in twice.problems[0].message
    assert (slugs(header), places(header)) == (["repeated-header"], ["Data!A5"])


def test_identical_rows_are_dropped(book):
    table = read(book(HEADER, *ROWS, ROWS[0]), duplicates="drop-identical")

    assert (table.file.rows, table.dropped, len(table.rows)) == (4, 1, 3)


def test_several_sheets_with_data_are_refused_by_name(book):
    path = book(more=lambda made, _: made.add_worksheet("Old ones").write("A1", "x"))

    error = refused(path)

    assert slugs(error) == ["several-sheets"]
    assert "'Data', 'Old ones'" in error.problems[0].message


def test_empty_sheets_do_not_count(book):
    path = book(more=lambda made, _: made.add_worksheet("Empty").set_row(3, 40))

    assert len(read(path).rows) == 3


def test_what_is_hidden_is_told(book):
    def more(made, page):
        lists = made.add_worksheet("Lists")
        lists.write("A1", "x")
        lists.hide()
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(1, 2, None, None, {"hidden": True})

    table = read(book(more=more))

    assert cells(table, "sex") == ["F", "M", "F"]
    assert "Hidden rows, read like all others: 1." in table.notes
    assert "Hidden columns, read like all others: 2." in table.notes
    assert "The hidden sheet 'Lists' holds data too and was not read." in table.notes


def test_a_name_of_a_sheet_is_quoted_in_addresses(book):
    path = book(sheet="It's all")

    assert str(read(path).locate("sex", "M")) == f"{path}:'It''s all'!B3"


def test_lengths_of_time_are_refused_where_they_are_asked_for(book):
    def more(made, page):
        page.write_number("D2", 1.5, made.add_format({"num_format": "[h]:mm"}))

    path = book(more=more)

    assert slugs(refused(path, numbers=("score",))) == ["column-type"]
    assert len(read(path).rows) == 3


def test_a_workbook_under_another_name_is_read_and_told(book):
    table = read(book(name="x.csv"))

    assert table.notes[0] == "The name ends in .csv, but the content is an Excel workbook."


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("xl/workbook.bin", "binary workbook"),
        ("content.xml", "OpenDocument"),
        ("word/document.xml", "Word document"),
        ("data.csv", "a zip archive"),
    ],
)
def test_other_archives_are_refused_by_what_they_are(tmp_path, member, said):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(member, "x")

    error = refused(written(tmp_path / "x.xlsx", content.getvalue()))

    assert slugs(error) == ["file-kind"]
    assert said in error.problems[0].message


@pytest.mark.parametrize("length", [30, 200, 2000])
def test_a_cut_off_workbook_is_refused_cleanly(book, length):
    path = book()
    written(path, path.read_bytes()[:length])

    assert slugs(refused(path)) == ["damaged-workbook"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</sheetData>", ""),
        ('r="B2"', 'r="2B"'),
        ('<row r="2"', '<row r="x"'),
    ],
)
def test_a_damaged_sheet_is_refused_cleanly(book, old, new):
    path = edited(book(), lambda xml: xml.replace(old, new))

    assert slugs(refused(path)) == ["damaged-workbook"]


def test_an_archive_whose_parts_begin_before_it_is_refused(book):
    path = book()
    content = bytearray(path.read_bytes())
    content[-5] = 0xFF
    written(path, bytes(content))

    assert slugs(refused(path)) == ["damaged-workbook"]


def test_a_flipped_byte_in_a_part_is_refused(book):
    path = book()
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[start + 80] ^= 0xFF
    written(path, bytes(content))

    assert slugs(refused(path)) == ["damaged-workbook"]


def test_a_document_type_is_refused(book):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    path = edited(book(), lambda xml: xml.replace("<worksheet", bomb, 1))

    error = refused(path)

    assert slugs(error) == ["workbook-limits"]
    assert "document type" in error.problems[0].message


def test_a_workbook_that_unpacks_to_far_more_than_its_size_is_refused(book):
    path = edited(book(), lambda xml: xml.replace("<sheetData>", " " * (11 << 20) + "<sheetData>"))

    error = refused(path)

    assert slugs(error) == ["workbook-limits"]
    assert "more than 200 times" in error.problems[0].message


@pytest.mark.parametrize(
    ("limit", "value", "said"), [("MAX_MEMBERS", 5, "parts"), ("MAX_BYTES", 999, "unpacks to")]
)
def test_limits_of_the_archive_are_said(book, monkeypatch, limit, value, said):
    path = book()
    assert len(read(path).rows) == 3
    monkeypatch.setattr(workbook_parts, limit, value)

    error = refused(path)

    assert slugs(error) == ["workbook-limits"]
    assert said in error.problems[0].message


def test_a_cell_far_away_is_refused_before_memory_is_taken_for_it(book):
    path = book(more=lambda _, page: page.write("XFD1048576", "x"))

    error = refused(path)

    assert slugs(error) == ["workbook-limits"]
    assert "XFD1048576" in error.problems[0].message


def test_a_hidden_sheet_with_a_cell_far_away_is_refused_too(book, monkeypatch):
    monkeypatch.setattr(sheet_scan, "MAX_CELLS", 1000)

    def more(made, page):
        lists = made.add_worksheet("Lists")
        lists.write("Z999", "x")
        lists.hide()

    assert slugs(refused(book(more=more))) == ["workbook-limits"]


def test_cells_without_addresses_are_counted_along(book):
    path = edited(book(), lambda xml: re.sub(r'(<c) r="[A-Z]+\d+"', r"\1", xml))

    assert cells(read(path), "sex") == ["F", "M", "F"]


def test_prefixed_elements_are_read(book):
    """Some programs write every element with a prefix."""

    def prefixed(xml):
        xml = re.sub(r"<(/?)(?!\?)", r"<\1x:", xml)
        return xml.replace(' xmlns="', ' xmlns:x="', 1)

    def more(made, page):
        page.write_formula("D3", "=1/0", None, "#DIV/0!")

    path = edited(book(more=more), prefixed)

    assert places(refused(path)) == ["Data!D3"]


def test_many_rows_are_read_in_order(book):
    rows = [[f"A{n}", "FM"[n % 2], "Yes", n / 8] for n in range(20_000)]

    table = read(book(HEADER, *rows), numbers=("score",))

    assert (table.texts["sex"].codes == np.arange(20_000) % 2).all()
    np.testing.assert_array_equal(table.numbers["score"].values, [row[3] for row in rows])
    assert table.ids([19_999]) == ["A19999"]
