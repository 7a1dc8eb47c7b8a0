from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import DecisionError, ExportError
from auditor.ingest.frames.opening import read_frame
from auditor.ingest.opening import open_export
from auditor.ingest.parquet.arrow_schema import durations
from auditor.ingest.raw import NumberColumn, TextColumn
from tests.unit.ingest.export_files import asked, cells, lines, read, refused, slugs, written

IDS = ["A1", "A2", "A3"]


@pytest.fixture
def table_of(tmp_path):
    """Write columns beside three ids and read one of them as text."""

    def table_of(**columns):
        path = tmp_path / "x.parquet"
        pq.write_table(pa.table({"id": IDS, **columns}), path)
        return path

    return table_of


def test_text_null_and_the_empty_text_are_three_things(table_of):
    path = table_of(sex=pa.array(["F", "", None]), status=pa.array(["NA", "null", " x"]))

    table = read(path)

    assert cells(table, "sex") == ["F", "", None]
    assert table.texts["sex"].levels == ("", "F", None)
    assert cells(table, "status") == ["NA", "null", " x"]
    assert not table.texts["sex"].typed
    assert table.ids([2, 0]) == ["A3", "A1"]
    assert table.notes == ()


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([9007199254740993, -1, None]), ["9007199254740993", "-1", None]),
        (pa.array([2**64 - 1, 0, None], pa.uint64()), ["18446744073709551615", "0", None]),
        (pa.array([True, False, None]), ["True", "False", None]),
        (pa.array([1.0, 0.5, None]), ["1", "0.5", None]),
        (pa.array([float("nan"), -0.0, 0.0]), [None, "0", "0"]),
        (pa.array([0.7, 0.1, 1.5], pa.float32()), ["0.7", "0.1", "1.5"]),
        (pa.array([Decimal("1.50"), Decimal("2.00"), None]), ["1.5", "2", None]),
        (pa.array([dt.date(2026, 4, 3), None, None]), ["2026-04-03", None, None]),
        (
            pa.array([*map(dt.datetime.fromisoformat, ("2026-04-03", "2026-04-03 10:05")), None]),
            ["2026-04-03", "2026-04-03 10:05:00", None],
        ),
        (pa.array([dt.time(10, 5), None, None]), ["10:05:00", None, None]),
        (pa.array(["a", "b", None]).dictionary_encode(), ["a", "b", None]),
        (pa.nulls(3), [None, None, None]),
    ],
)  # fmt: skip
def test_values_read_as_a_profile_writes_them_and_as_in_a_frame(table_of, values, texts):
    path = table_of(sex=values)

    from_file = read(path, texts=("sex",))
    grouped = read(path, texts=("sex",), rows=False)
    frame = read_frame(pl.read_parquet(path), asked(texts=("sex",)))

    assert cells(from_file, "sex") == texts
    assert sorted(map(str, cells(grouped, "sex"))) == sorted({str(text) for text in texts})
    assert cells(frame, "sex") == texts
    if any(text is not None for text in texts):
        assert from_file.texts["sex"].typed == frame.texts["sex"].typed


def test_a_time_with_a_zone_is_read_in_utc(table_of, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    moment = dt.datetime(2026, 4, 3, 10, 5, tzinfo=dt.UTC)
    path = table_of(sex=pa.array([moment] * 3, pa.timestamp("us", "Europe/Paris")))

    assert read(path, texts=("sex",)).texts["sex"].levels == ("2026-04-03 10:05:00+00:00",)


@pytest.mark.parametrize(
    ("values", "single"),
    [
        (pa.array([0.7, float("nan"), None]), False),
        (pa.array([0.7, float("nan"), None], pa.float32()), True),
        (pa.array([1, 2, None]), False),
        (pa.array([Decimal("0.75"), Decimal("1.25"), None]), False),
        (pa.array([True, False, None]), False),
        (pa.array(["0.7", "", None]), False),
        (pa.nulls(3, pa.float64()), False),
    ],
)
def test_numbers_come_through_with_their_precision(table_of, values, single):
    path = table_of(sex=["F"] * 3, score=values)
    expected = np.array([np.nan if v in (None, "") else float(v) for v in values.to_pylist()])
    if single:
        expected = expected.astype(np.float32).astype(np.float64)

    column = read(path, texts=("sex",), numbers=("score",)).numbers["score"]
    grouped = read(path, texts=("sex",), numbers=("score",), rows=False)

    assert isinstance(column, NumberColumn)
    assert (column.single, column.values.dtype) == (single, np.float64)
    np.testing.assert_array_equal(column.values, expected)
    found = np.repeat(grouped.numbers["score"].values, grouped.rows)
    np.testing.assert_array_equal(np.sort(found), np.sort(expected))


def test_infinite_numbers_stay_infinite(table_of):
    path = table_of(sex=["F"] * 3, score=[float("inf"), float("-inf"), 0.5])

    table = read(path, texts=("sex",), numbers=("score",))

    assert table.numbers["score"].values.tolist() == [float("inf"), float("-inf"), 0.5]
    assert str(table.locate("score", "-Infinity")).endswith("x.parquet:2")


def test_dates_in_place_of_numbers_stay_texts(table_of):
    path = table_of(sex=["F"] * 3, score=pa.array([dt.date(2026, 4, 3)] * 3))

    column = read(path, texts=("sex",), numbers=("score",)).numbers["score"]

    assert isinstance(column, TextColumn)
    assert column.levels == ("2026-04-03",)


def duration_of_duckdb(path):
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 'A1' AS id, INTERVAL 1 DAY AS sex) TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pa.array([[1], [2], None]), "lists"),
        (pa.array([{"a": 1}, {"a": 2}, None]), "nested"),
        (pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int64())), "nested"),
        (pa.array([b"F", b"M", None]), "bytes"),
        (pa.array([1, 2, None], pa.duration("s")), "durations"),
        (pa.array([Decimal(10) ** 45, None, None], pa.decimal256(50)), "more than 38 digits"),
    ],
)
@pytest.mark.parametrize("role", ["texts", "numbers", "ids"])
def test_what_is_no_single_value_is_refused_by_name(table_of, values, said, role):
    path = table_of(sex=values, status=["Yes"] * 3)
    roles = {"texts": ("status",), "ids": ("id",)} | {role: ("sex",)}

    error = refused(path, **roles)

    assert isinstance(error, ExportError)
    assert slugs(error) == ["column-type"]
    assert "'sex'" in error.problems[0].message
    assert said in error.problems[0].message
    assert len(read(path, texts=("status",)).rows) == 3


def test_durations_are_refused_whoever_wrote_them(tmp_path):
    path = tmp_path / "x.parquet"
    day = dt.timedelta(days=1)
    writers = (
        lambda: pl.DataFrame({"id": ["A1"], "sex": [day]}).write_parquet(path),
        lambda: pd.DataFrame({"id": ["A1"], "sex": [day]}).to_parquet(path),
        lambda: duration_of_duckdb(path),
    )
    for write in writers:
        write()

        assert slugs(refused(path, texts=("sex",))) == ["column-type"]


def test_the_schema_of_arrow_tells_durations_from_numbers():
    schema = pa.schema(
        [("a", pa.int64()), ("é", pa.duration("ns")), ("c", pa.list_(pa.duration("s")))]
    )
    encoded = base64.b64encode(schema.serialize().to_pybytes())

    assert durations(encoded) == {"é"}
    assert durations(b"") == frozenset()


@pytest.mark.parametrize("broken", [b"x", b"!!!!", base64.b64encode(b"\xff" * 40)])
def test_a_broken_schema_is_no_schema(broken):
    with pytest.raises(ValueError, match=r"Arrow|base64|padded|characters"):
        durations(broken)


def test_half_precision_is_refused_as_a_number_and_read_as_text(table_of):
    path = table_of(sex=pa.array(np.array([0.1, 0.5, 1], np.float16)))

    error = refused(path, texts=(), numbers=("sex",))

    assert slugs(error) == ["column-type"]
    assert "float32" in error.problems[0].hint
    assert cells(read(path, texts=("sex",)), "sex") == ["0.1", "0.5", "1"]


@pytest.mark.parametrize("names", [("sex", "Sex"), ("sex", "sex"), ("sex", "sex ")])
def test_names_that_look_alike_are_refused(tmp_path, names):
    # DuckDB would call the second one Sex_1.
    path = tmp_path / "x.parquet"
    columns = [pa.array(IDS), pa.array(["F"] * 3), pa.array(["M"] * 3)]
    pq.write_table(pa.Table.from_arrays(columns, names=["id", *names]), path)

    assert slugs(refused(path, texts=("sex",))) == ["duplicate-column"]


def test_names_inside_of_nested_columns_do_not_count(table_of):
    nested = pa.array([{"id": 1, "sex": {"id": 2}}] * 3)

    assert cells(read(table_of(nested=nested, sex=["F"] * 3), texts=("sex",)), "sex") == ["F"] * 3


def test_a_missing_column_is_told_with_a_suggestion(table_of):
    error = refused(table_of(gender=["F"] * 3), texts=("gendr",))

    assert slugs(error) == ["missing-column"]
    assert "did you mean 'gender'?" in error.problems[0].hint


@pytest.mark.parametrize(
    ("start", "end", "added"),
    [
        (0, -100, b""),
        (0, 200, b""),
        (0, 4, b""),
        (0, 4, bytes(50) + b"PAR1"),
        (0, -12, b"\xff\xff\xff\x7fPAR1"),
    ],
)
def test_a_damaged_file_is_refused_cleanly(table_of, start, end, added):
    path = table_of(sex=["F"] * 3)
    written(path, path.read_bytes()[start:end] + added)

    error = refused(path, texts=("sex",))

    assert slugs(error) == ["damaged-parquet"]
    assert error.exit_code == 3


def test_damaged_pages_are_refused_without_quoting_cells(tmp_path):
    path = tmp_path / "x.parquet"
    people = pa.table({"id": [f"secret-{n}" for n in range(5000)], "sex": ["F", "M"] * 2500})
    pq.write_table(people, path, compression="zstd", use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[200:260] = b"\xff" * 60
    written(path, bytes(content))

    error = refused(path, texts=("sex",))

    assert slugs(error) == ["unreadable-content"]
    assert "secret" not in str(error)


def test_a_huge_cell_that_is_written_small_is_refused_by_row(table_of):
    path = table_of(sex=["F", "x" * 2_000_001, "M"], status=["Yes"] * 3)

    error = refused(path, texts=("sex",))

    assert path.stat().st_size < 200_000
    assert (slugs(error), lines(error)) == (["row-too-long"], [2])
    assert len(read(path, texts=("status",)).rows) == 3


def test_an_empty_table_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(
        pa.table({"id": pa.array([], pa.string()), "sex": pa.array([], pa.string())}), path
    )

    assert slugs(refused(path, texts=("sex",))) == ["no-rows"]


def test_whole_float_ids_are_read_and_broken_ones_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": [13.0, 999999999999999.0], "sex": ["F", "M"]}), path)

    assert read(path, texts=("sex",)).ids([0, 1]) == ["13", "999999999999999"]
    for bad in (1234567890123456.0, 0.5, -1e300, float("inf")):
        pq.write_table(pa.table({"id": [13.0, bad], "sex": ["F", "M"]}), path)
        error = refused(path, texts=("sex",))

        assert isinstance(error, DecisionError)
        assert (slugs(error), lines(error)) == (["id-not-exact"], [2])
        assert str(int(bad) if abs(bad) < 1e20 else bad) not in str(error.problems[0].message)


def test_float32_ids_are_exact_only_up_to_their_own_digits(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(
        pa.table({"id": pa.array([16777215, 16777216], pa.float32()), "sex": ["F", "M"]}), path
    )

    error = refused(path, texts=("sex",))

    assert (slugs(error), lines(error)) == (["id-not-exact"], [2])


@pytest.mark.parametrize(
    "ids",
    [
        pa.array(["A1", None, ""]),
        pa.array([1, None, None]),
        pa.array([1.0, float("nan"), None]),
        pa.array(["1", "\u2003", " "]),
    ],
)
def test_missing_ids_are_refused_by_row(tmp_path, ids):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": ids, "sex": ["F"] * 3}), path)

    error = refused(path, texts=("sex",))

    assert (slugs(error), lines(error)) == (["id-missing"] * 2, [2, 3])


def test_ids_keep_every_digit(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": pa.array([2**64 - 1, 0], pa.uint64()), "sex": ["F", "M"]}), path)

    assert read(path, texts=("sex",)).ids([0, 1]) == ["18446744073709551615", "0"]


def test_duplicates_are_refused_by_row_and_dropped_when_identical(tmp_path):
    path = tmp_path / "x.parquet"
    same = {"id": [7, 8, 7], "sex": ["F", None, "F"], "more": [[1], [2], [1]], "nan": [np.nan] * 3}
    pq.write_table(pa.table(same), path)

    error = refused(path, texts=("sex",))
    table = read(path, texts=("sex",), duplicates="drop-identical")
    grouped = read(path, texts=("sex",), duplicates="drop-identical", rows=False)

    assert (slugs(error), lines(error)) == (["duplicate-id"], [3])
    assert (table.dropped, cells(table, "sex")) == (1, ["F", None])
    assert (grouped.dropped, grouped.rows.tolist()) == (1, [1, 1])


@pytest.mark.parametrize("more", [[[1], [2], [3]], [[1], [2], None]])
def test_rows_that_differ_in_a_nested_column_are_not_identical(tmp_path, more):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": [7, 8, 7], "sex": ["F", "M", "F"], "more": more}), path)

    error = refused(path, texts=("sex",), duplicates="drop-identical")

    assert (slugs(error), lines(error)) == (["duplicate-id-differs"], [3])


def test_many_row_groups_keep_their_order(tmp_path):
    path = tmp_path / "x.parquet"
    n = 300_000
    people = pa.table({"id": np.arange(n), "sex": np.arange(n) % 3, "score": np.arange(n) / n})
    pq.write_table(people, path, row_group_size=10_000)

    table = read(path, texts=("sex",), numbers=("score",))

    assert (table.texts["sex"].codes == np.arange(n) % 3).all()
    np.testing.assert_array_equal(table.numbers["score"].values, np.arange(n) / n)
    assert table.ids([n - 1, 0]) == [str(n - 1), "0"]


def test_a_file_name_and_its_directories_are_no_patterns(tmp_path):
    directory = tmp_path / "year=2026"
    directory.mkdir()
    people = {"id": IDS, "sex": ["F"] * 3}
    pq.write_table(pa.table({"id": IDS, "sex": ["X"] * 3}), directory / "a1.parquet")
    pq.write_table(pa.table(people), directory / "a[1]*.parquet")

    with open_export(directory / "a[1]*.parquet") as export:
        names, values = export.names, export.values("sex", 5)

    assert names == ("id", "sex")
    assert values == (("F", 3),)


def test_the_index_of_pandas_is_one_more_column(tmp_path):
    path = tmp_path / "x.parquet"
    frame = pd.DataFrame({"id": IDS, "sex": pd.Categorical(["F", "M", None])}, index=[3, 5, 7])
    frame.to_parquet(path)

    assert cells(read(path, texts=("sex",)), "sex") == ["F", "M", None]


def test_a_number_of_rows_at_which_spreadsheets_stop_is_said(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"sex": ["F"] * 65_536}), path)

    table = read(path, texts=("sex",), ids=(), rows=False)

    assert any("exactly 65,536 rows" in note for note in table.notes)


def test_an_encoding_is_not_needed_and_does_no_harm(table_of):
    assert len(read(table_of(sex=["F"] * 3), texts=("sex",), encoding="cp1252").rows) == 3
