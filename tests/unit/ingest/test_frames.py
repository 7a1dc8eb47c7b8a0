from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from auditor.cube import build_cube
from auditor.errors import DecisionError, ExportError, UsageError
from auditor.ingest import profile_of, read
from auditor.ingest.frames.opening import read_frame
from auditor.ingest.raw import NumberColumn, Request, TextColumn

KINDS = ("pandas", "polars", "arrow")


def frame_of(kind: str, columns: dict[str, list]):
    if kind == "pandas":
        return pd.DataFrame(columns)
    frame = pl.DataFrame(columns, strict=False)
    return frame if kind == "polars" else frame.to_arrow()


def request(texts=(), numbers=(), ids=(), *, rows=True, duplicates="refuse") -> Request:
    return Request(
        texts=tuple(texts), numbers=tuple(numbers), ids=tuple(ids), rows=rows, duplicates=duplicates
    )


def cells(column: TextColumn) -> list[str | None]:
    return [column.levels[code] for code in column.codes]


def text(frame, name="c") -> TextColumn:
    return read_frame(frame, request(texts=[name])).texts[name]


def number(frame, name="c") -> NumberColumn | TextColumn:
    return read_frame(frame, request(numbers=[name])).numbers[name]


def ids(frame, names=("id",)) -> list[str]:
    table = read_frame(frame, request(ids=names))
    return list(table.ids(np.arange(len(table.rows))))


DATA = {
    "id": ["01", "2", "03", "4"],
    "status": ["Yes", "No", "Yes", None],
    "sex": ["NA", "F", None, " F"],
    "flag": [True, False, None, True],
    "whole": [1, 2, 3, 1],
    "real": [1.0, 0.5, float("nan"), None],
    "day": [dt.date(2026, 1, 2), dt.date(2026, 1, 3), None, dt.date(2026, 1, 2)],
    "score": [0.1, 0.2, None, float("nan")],
}
TEXTS = ("status", "sex", "flag", "whole", "real", "day")


@pytest.mark.parametrize("kind", KINDS)
def test_cells_become_codes_of_sorted_texts(kind):
    table = read_frame(frame_of(kind, DATA), request(TEXTS, ["score"], ["id"]))

    assert cells(table.texts["status"]) == ["Yes", "No", "Yes", None]
    assert cells(table.texts["sex"]) == ["NA", "F", None, " F"]
    assert cells(table.texts["flag"]) == ["True", "False", None, "True"]
    assert cells(table.texts["whole"]) == ["1", "2", "3", "1"]
    assert cells(table.texts["real"]) == ["1", "0.5", None, None]
    assert cells(table.texts["day"]) == ["2026-01-02", "2026-01-03", None, "2026-01-02"]
    assert table.texts["sex"].levels == (" F", "F", "NA", None)
    assert table.texts["sex"].codes.dtype == np.int32
    assert {name for name, column in table.texts.items() if column.typed} == {
        *("flag", "whole", "real", "day")
    }
    assert table.numbers["score"].values[:2].tolist() == [0.1, 0.2]
    assert np.isnan(table.numbers["score"].values[2:]).all()
    assert table.ids(np.array([2, 0])) == ["03", "01"]
    assert table.rows.tolist() == [1, 1, 1, 1]
    assert (table.file.path, table.file.rows, table.dropped) == ("frame", 4, 0)


def test_the_sum_is_the_same_in_every_library_and_for_the_same_content_alone():
    asked = request(TEXTS, ["score"], ["id"])
    changed = {**DATA, "sex": ["NA", "F", "M", " F"]}
    renumbered = {**DATA, "id": ["01", "2", "03", "5"]}
    unread = {**DATA, "other": [1, 2, 3, 4]}

    sums = {kind: read_frame(frame_of(kind, DATA), asked).file.sha256 for kind in KINDS}

    assert len(set(sums.values())) == 1
    assert read_frame(frame_of("pandas", unread), asked).file.sha256 == sums["pandas"]
    for other in (changed, renumbered):
        assert read_frame(frame_of("pandas", other), asked).file.sha256 != sums["pandas"]


def test_rows_keep_their_order_in_the_sum():
    frame = pd.DataFrame(DATA)

    assert (
        read_frame(frame, request(["sex"])).file.sha256
        != read_frame(frame.iloc[::-1], request(["sex"])).file.sha256
    )


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["a", "b", None, "a"], dtype="str"),
        pd.Series(["a", "b", None, "a"], dtype="object"),
        pd.Series(["a", "b", np.nan, "a"], dtype="object"),
        pd.Series(["a", "b", pd.NA, "a"], dtype="string"),
        pd.Series(["a", "b", None, "a"], dtype=pd.StringDtype("python", na_value=np.nan)),
        pd.Series(["a", "b", None, "a"]).astype("category"),
        pd.Series(["a", "b", None, "a"]).astype(pd.CategoricalDtype(["b", "unused", "a"])),
        pl.Series(["a", "b", None, "a"]),
        pl.Series(["a", "b", None, "a"]).cast(pl.Categorical),
        pl.Series(["a", "b", None, "a"]).cast(pl.Enum(["b", "unused", "a"])),
        pa.chunked_array([["a", "b"], [None, "a"]]),
        pa.chunked_array([["a", "b"], [None, "a"]], type=pa.large_string()),
        pa.chunked_array([pa.array(["a", "b", None, "a"]).dictionary_encode()]),
    ],
)
def test_every_kind_of_text_reads_alike_and_unused_categories_do_not_exist(values):
    if isinstance(values, pd.Series):
        frame = pd.DataFrame({"c": values})
    elif isinstance(values, pl.Series):
        frame = pl.DataFrame({"c": values})
    else:
        frame = pa.table({"c": values})
    column = text(frame)

    assert column.levels == ("a", "b", None)
    assert column.codes.tolist() == [0, 1, 2, 0]
    assert not column.typed


@pytest.mark.parametrize("column", ["id", "sex"])
def test_a_text_that_is_no_unicode_is_refused_with_its_place(column):
    frame = pd.DataFrame({**DATA, "sex": ["NA", "F", "M", "F"]}).astype(object)
    frame.loc[2, column] = "J\ud800"

    with pytest.raises(DecisionError, match="no Unicode") as caught:
        read_frame(frame, request(["sex"], [], ["id"]))

    assert "J" not in str(caught.value)


def test_ids_have_one_checksum_wherever_their_texts_lie():
    ids = [f"é{n}" if n % 3 else f"A-{n:07}" for n in range(600)]
    cut = pa.chunked_array([ids[:7], ids[7:400], ids[400:]])
    columns = {
        "Python objects": pd.Series(ids, dtype=object),
        "pandas in Arrow": pd.Series(ids, dtype="string[pyarrow]"),
        "rest of a longer column": pd.Series(["first", *ids], dtype="string[pyarrow]")[1:],
        "Arrow in pieces": pa.table({"id": cut})["id"],
    }
    asked = request(["sex"], [], ["id"])
    sums = set()
    for column in columns.values():
        frame = (
            pa.table({"id": column, "sex": ["F"] * len(ids)})
            if isinstance(column, pa.ChunkedArray)
            else pd.DataFrame({"id": column, "sex": "F"})
        )
        sums.add(read_frame(frame, asked).file.sha256)

    polars = pl.DataFrame({"id": ids, "sex": ["F"] * len(ids)})
    assert sums == {read_frame(polars, asked).file.sha256}


def test_the_texts_na_and_nan_stay_texts():
    assert cells(text(pd.DataFrame({"c": ["NA", "nan", "None", "NaN", "null"]}))) == [
        *("NA", "nan", "None", "NaN", "null")
    ]


def test_whole_numbers_beyond_2_53_stay_exact():
    big = 2**53 + 1
    nullable = pd.DataFrame({"c": pd.array([big, None, big + 1], dtype="Int64")})
    polars = pl.DataFrame({"c": [big, None, big + 1]})

    for frame in (nullable, polars, polars.to_arrow()):
        assert cells(text(frame)) == [str(big), None, str(big + 1)]


def test_categories_of_numbers_are_numbers():
    column = text(pd.DataFrame({"c": pd.Series([1.0, 2.0, 1.0]).astype("category")}))

    assert cells(column) == ["1", "2", "1"]
    assert column.typed


def test_bands_of_cut_are_groups():
    ages = pd.cut(pd.Series([25, 41, 70]), [0, 39, 100])

    assert cells(text(pd.DataFrame({"c": ages}))) == ["(0, 39]", "(39, 100]", "(39, 100]"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([Decimal("1.00"), Decimal("0.50"), None], ["1", "0.5", None]),
        (
            pd.to_datetime(["2026-01-02 00:00", "2026-01-02 10:30", None]),
            ["2026-01-02", "2026-01-02 10:30:00", None],
        ),
        (pd.array([0.1, 0.7, None], dtype="Float32"), ["0.1", "0.7", None]),
        (np.array([0.5, 1.0, np.nan], dtype="float16"), ["0.5", "1", None]),
        (pd.array([True, None, False], dtype="boolean"), ["True", None, "False"]),
        (pd.Series([True, None, False], dtype="object"), ["True", None, "False"]),
        ([0.0, -0.0, 1.0], ["0", "0", "1"]),
        (pd.arrays.SparseArray([1, 0, 1]), ["1", "0", "1"]),
        ([pd.NaT, None, np.nan], [None, None, None]),
    ],
)
def test_values_stand_as_the_text_that_a_profile_writes(values, expected):
    assert cells(text(pd.DataFrame({"c": values}))) == expected


def test_decimals_and_times_of_polars_and_arrow():
    frame = pl.DataFrame(
        {"c": [Decimal("1.00"), Decimal("0.50"), None], "t": [dt.time(9, 30), None, dt.time(1)]}
    )

    for table in (frame, frame.to_arrow()):
        assert cells(text(table)) == ["1", "0.5", None]
        assert cells(text(table, "t")) == ["09:30:00", None, "01:00:00"]


def test_a_mixed_column_is_converted_cell_by_cell():
    column = text(
        pd.DataFrame({"c": pd.Series([1, True, 1.0, "1", "A12", 2.5, None], dtype="object")})
    )

    assert cells(column) == ["1", "True", "1", "1", "A12", "2.5", None]


def test_a_column_that_is_mixed_only_far_down_is_found():
    # narwhals takes an object column for text by its first hundred cells
    values = pd.Series(["a"] * 500 + [True, 1], dtype="object")

    assert cells(text(pd.DataFrame({"c": values})))[-3:] == ["a", "True", "1"]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"c": [[1], [2]]}),
        pd.DataFrame({"c": [{"a": 1}, {"a": 2}]}),
        pd.DataFrame({"c": [b"x", b"y"]}),
        pd.DataFrame({"c": [dt.timedelta(1), dt.timedelta(2)]}),
        pd.DataFrame({"c": [1j, 2j]}),
        pl.DataFrame({"c": [[1], [2]]}),
        pl.DataFrame({"c": [{"a": 1}, {"a": 2}]}),
        pl.DataFrame({"c": [b"x", b"y"]}),
        pl.DataFrame({"c": [dt.timedelta(1), dt.timedelta(2)]}),
        pl.DataFrame({"c": pl.Series([object(), object()], dtype=pl.Object)}),
        pa.table({"c": [[1], [2]]}),
    ],
)
def test_cells_that_are_no_single_value_are_refused(frame):
    with pytest.raises(DecisionError, match="column 'c' cannot be read as values") as caught:
        text(frame)

    assert caught.value.problems[0].slug == "column-type"
    with pytest.raises(DecisionError, match="column 'c'"):
        number(frame)


@pytest.mark.parametrize(
    ("values", "single"),
    [
        (np.array([1, 2], dtype="int64"), False),
        (np.array([1, 2], dtype="uint8"), False),
        (np.array([1, 2], dtype="float32"), True),
        (pd.array([1, 2], dtype="Float32"), True),
        (pd.array([1, None], dtype="Int64"), False),
        (pd.array([1.0, None], dtype="Float64"), False),
        ([True, False], False),
    ],
)
def test_numbers_are_float64_and_float32_is_remembered(values, single):
    column = number(pd.DataFrame({"c": values}))

    assert column.values.dtype == np.float64
    assert column.values[0] == 1.0
    assert column.single is single


def test_float32_is_remembered_in_every_library():
    frame = pl.DataFrame({"c": pl.Series([0.7, None], dtype=pl.Float32)})

    for table in (frame, frame.to_arrow()):
        assert number(table).single
        assert number(table).values[0] == float(np.float32(0.7))


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_nothing_is_all_missing(kind):
    frame = frame_of(kind, {"c": [None, None], "d": ["x", "y"]})

    assert text(frame).levels == (None,)
    found = number(frame)
    values = found.values if isinstance(found, NumberColumn) else found.levels
    assert all(value is None or np.isnan(value) for value in values)


def test_decimals_are_numbers_of_their_text():
    # cast by Polars or Arrow, 0.7 becomes 0.7000000000000001 and misses a cut score
    polars = pl.DataFrame({"id": [1, 2], "sex": ["F", "M"], "c": [Decimal("0.7"), None]})
    profile = profile_of(id="id", groups=["sex"], score="c", cut_score=0.7, better="low")

    for table in (polars, polars.to_arrow(), polars.to_pandas(), pd.DataFrame(polars.to_dicts())):
        assert cells(number(table)) == ["0.7", None]
        assert read(table, profile, rows=True).score[0] == 0.7


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.5, 0.7], dtype="float16"),
        pd.to_datetime(["2026-01-02", "2026-01-03"]),
        pd.period_range("2026", periods=2, freq="Y"),
    ],
)
def test_columns_that_are_no_numbers_are_refused_as_numbers(values):
    with pytest.raises(DecisionError, match="not numbers the audit can compare"):
        number(pd.DataFrame({"c": values}))


def test_polars_does_not_turn_dates_and_structs_into_numbers():
    # its cast to float gives the days since 1970, and the field of a struct, without an error
    for values in ([dt.date(2026, 1, 2)], [{"a": 0.5}], [dt.timedelta(1)]):
        with pytest.raises(DecisionError, match="column 'c'"):
            number(pl.DataFrame({"c": values}))


def test_text_numbers_stay_text_for_the_strict_pattern():
    assert cells(number(pd.DataFrame({"c": ["0,8", "1"]}))) == ["0,8", "1"]


def test_all_columns_that_cannot_be_read_come_at_once():
    frame = pd.DataFrame({"a": [[1]], "b": [[2]], "c": [dt.timedelta(1)]})

    with pytest.raises(DecisionError, match="column 'a'") as caught:
        read_frame(frame, request(["a", "b"], ["b", "c"]))

    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_missing_columns_come_at_once_with_the_nearest(kind):
    with pytest.raises(ExportError, match="did you mean 'status'") as caught:
        read_frame(frame_of(kind, DATA), request(["statuss", "sex"], ["nowhere"], ["idd"]))

    assert [p.slug for p in caught.value.problems] == ["missing-column"] * 3


def test_an_id_in_the_index_is_pointed_out():
    frame = pd.DataFrame({"sex": ["F"]}, index=pd.Index(["1"], name="id"))

    with pytest.raises(ExportError, match=r"'id' is the index: call reset_index\(\) first"):
        read_frame(frame, request(["sex"], ids=["id"]))


def test_column_names_that_are_no_texts_stand_as_texts():
    frame = pd.DataFrame([["1", "Yes"], ["2", "No"]], columns=[0, " status "])

    table = read_frame(frame, request(["status"], ids=["0"]))

    assert cells(table.texts["status"]) == ["Yes", "No"]
    assert table.ids(np.array([1])) == ["2"]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([[1, 2]], columns=["sex", "sex"]),
        pd.DataFrame([[1, 2]], columns=[0, "0"]),
        pd.DataFrame([[1, 2]], columns=["sex", "sex "]),
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["sex", "sex"]),
    ],
)
def test_duplicate_column_names_are_refused(frame):
    with pytest.raises(ExportError, match=r"more than one column is called '(sex|0)'") as caught:
        read_frame(frame, request(["sex"]))

    assert caught.value.problems[0].slug == "duplicate-column"


def test_names_that_differ_in_case_are_two_columns():
    frame = pd.DataFrame({"Sex": ["a"], "sex": ["b"]})

    assert cells(text(frame, "sex")) == ["b"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_frame_is_refused(kind):
    with pytest.raises(ExportError, match="the frame has no rows"):
        read_frame(frame_of(kind, {"sex": []}), request(["sex"]))


@pytest.mark.parametrize("frame", [pl.LazyFrame({"c": ["a"]}), duckdb.sql("select 'a' as c")])
def test_a_lazy_frame_is_refused(frame):
    with pytest.raises(UsageError, match="collect it into memory first"):
        read_frame(frame, request(["c"]))


@pytest.mark.parametrize("thing", [[1], {"c": [1]}, np.zeros((2, 2)), pd.Series([1]), None, 5])
def test_what_is_no_frame_is_refused(thing):
    with pytest.raises(UsageError, match="cannot be audited"):
        read_frame(thing, request(["c"]))


@pytest.mark.parametrize("kind", KINDS)
def test_ids_keep_every_digit_and_leading_zero(kind):
    big = [2**53 + 1, 2**53 + 2, 2**62]

    assert ids(frame_of(kind, {"id": ["007", "7", "1234567890123456789"]})) == [
        *("007", "7", "1234567890123456789")
    ]
    assert ids(frame_of(kind, {"id": big})) == [str(n) for n in big]
    assert ids(frame_of(kind, {"id": [1.0, 2.0]})) == ["1", "2"]
    assert ids(frame_of(kind, {"a": ["x", "x"], "b": [1, 2]}), ("a", "b")) == ["x/1", "x/2"]


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 1234567890123456.0],
        [1.0, 2.5],
        [1.0, float("inf")],
        np.array([1.0, 2**24 + 2], dtype="float32"),
        pd.Series(["a", 1e16], dtype="object"),
    ],
)
def test_float_ids_that_may_have_lost_digits_are_refused(values):
    with pytest.raises(DecisionError, match="may have lost digits: row 2") as caught:
        ids(pd.DataFrame({"id": values}))

    assert caught.value.problems[0].slug == "id-not-exact"
    assert str(caught.value.problems[0].where) == "frame:2"


def test_float_ids_of_fifteen_digits_are_exact():
    assert ids(pd.DataFrame({"id": [999999999999999.0, 1.0]})) == ["999999999999999", "1"]


@pytest.mark.parametrize(
    "values",
    [
        ["a", None, "b"],
        ["a", "", "b"],
        ["a", " \u00a0", "b"],
        [1.0, float("nan"), 2.0],
        pd.array([1, None, 2], dtype="Int64"),
        pd.Series([1, None, "b"], dtype="object"),
    ],
)
def test_a_row_without_an_id_is_refused(values):
    with pytest.raises(DecisionError, match="1 row has no id: row 2") as caught:
        ids(pd.DataFrame({"id": values}))

    assert caught.value.problems[0].slug == "id-missing"


def test_a_missing_part_of_an_id_is_a_missing_id():
    frame = pl.DataFrame({"a": ["x", None], "b": [1, 2]})

    with pytest.raises(DecisionError, match="row 2"):
        ids(frame, ("a", "b"))


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["x1", "02"], dtype="object"),
        pd.Series(["x1", "02"]).astype("category"),
        pd.Series(["x1", "02"], dtype="string"),
    ],
)
def test_ids_of_every_kind_of_text_stay_as_they_are(values):
    assert ids(pd.DataFrame({"id": values})) == ["x1", "02"]


def test_ids_that_are_no_single_values_are_refused():
    with pytest.raises(DecisionError, match="an id is no single value: a list is no single value"):
        ids(pd.DataFrame({"id": [["a"], ["b"]]}))


def test_many_rows_without_an_id_are_cut_short():
    with pytest.raises(DecisionError, match="8 rows have no id: rows 1, 2, 3, 4, 5 and 3 more"):
        ids(pd.DataFrame({"id": [None] * 8}))


def test_ids_of_mixed_objects_are_texts():
    assert ids(pd.DataFrame({"id": pd.Series(["A1", 7, 2.0], dtype="object")})) == ["A1", "7", "2"]


@pytest.mark.parametrize("kind", KINDS)
def test_duplicate_ids_are_refused_with_their_rows_and_without_the_id(kind):
    frame = frame_of(kind, {"id": ["secret", "b", "secret", "c", "b"], "sex": list("FFMMF")})

    with pytest.raises(
        DecisionError, match="2 ids occur more than once: rows 1 and 3; rows 2 and 5"
    ) as caught:
        read_frame(frame, request(["sex"], ids=["id"]))

    (problem,) = caught.value.problems
    assert (problem.slug, str(problem.where)) == ("duplicate-id", "frame:3")
    assert "secret" not in str(caught.value)


def test_ids_of_several_columns_are_duplicates_only_together():
    frame = pl.DataFrame({"run": ["a", "a", "b"], "n": [1, 2, 1], "sex": ["F", "F", "F"]})

    assert ids(frame, ("run", "n")) == ["a/1", "a/2", "b/1"]
    with pytest.raises(DecisionError, match="an id occurs more than once: rows 1 and 2"):
        ids(frame, ("run",))


def test_joined_ids_that_read_alike_are_refused():
    frame = pd.DataFrame({"a": ["x/y", "x"], "b": ["z", "y/z"]})

    with pytest.raises(DecisionError, match="rows 1 and 2"):
        ids(frame, ("a", "b"))


@pytest.mark.parametrize("kind", KINDS)
def test_identical_duplicates_are_dropped_when_the_profile_says_so(kind):
    frame = frame_of(
        kind,
        {
            "id": ["a", "b", "a", "c", "a"],
            "sex": ["F", "M", "F", None, "F"],
            "score": [0.5, None, 0.5, 0.1, 0.5],
            "unread": [1.5, 2.0, 1.5, None, 1.5],
        },
    )

    table = read_frame(frame, request(["sex"], ["score"], ["id"], duplicates="drop-identical"))

    assert table.dropped == 2
    assert table.file.rows == 5
    assert table.rows.tolist() == [1, 1, 1]
    assert cells(table.texts["sex"]) == ["F", "M", None]
    assert table.ids(np.array([0, 1, 2])) == ["a", "b", "c"]
    assert str(table.locate("sex", None)) == "frame:4"
    assert str(table.locate("score", "0.1")) == "frame:4"


@pytest.mark.parametrize("kind", KINDS)
def test_duplicates_that_differ_in_any_column_are_refused(kind):
    frame = frame_of(
        kind, {"id": ["a", "b", "a", "b"], "sex": ["F", "M", "F", "M"], "unread": [1, 2, 1, 3]}
    )

    with pytest.raises(
        DecisionError, match="an id occurs more than once with rows that differ: rows 2 and 4"
    ):
        read_frame(frame, request(["sex"], ids=["id"], duplicates="drop-identical"))


@pytest.mark.parametrize("tags", [[["x"], ["x"]], [{"k": 1}, {"k": 1}]])
def test_identical_duplicates_may_hold_lists(tags):
    frame = pd.DataFrame({"id": ["a", "a"], "tags": tags})

    assert read_frame(frame, request(ids=["id"], duplicates="drop-identical")).dropped == 1
    frame["tags"] = [tags[0], "other"]
    with pytest.raises(DecisionError, match="rows that differ"):
        read_frame(frame, request(ids=["id"], duplicates="drop-identical"))


def test_a_frame_with_any_index_is_read_by_position():
    frame = pd.DataFrame({"id": ["a", "b", "a"], "sex": ["F", "M", "F"]}, index=[7, 7, 7])

    table = read_frame(frame, request(["sex"], ids=["id"], duplicates="drop-identical"))

    assert cells(table.texts["sex"]) == ["F", "M"]
    assert table.ids(np.array([1])) == ["b"]


def test_places_are_rows_from_one():
    table = read_frame(pd.DataFrame(DATA), request(TEXTS, ["score"], ["id"]))

    assert str(table.locate("sex", " F")) == "frame:4"
    assert str(table.locate("sex", None)) == "frame:3"
    assert str(table.locate("score", "0.2")) == "frame:2"
    assert str(table.locate("score", None)) == "frame:3"


def test_a_float32_is_found_by_its_decimal():
    frame = pd.DataFrame({"c": np.array([0.1, 0.7, np.inf], dtype="float32")})
    table = read_frame(frame, request(numbers=["c"]))

    assert str(table.locate("c", "0.7")) == "frame:2"
    assert str(table.locate("c", "Infinity")) == "frame:3"


def test_the_frame_is_not_changed():
    frame = pd.DataFrame({"id": ["a", "a"], "sex": ["F", "F"]}, index=[3, 4])
    before = frame.copy()

    read_frame(frame, request(["sex"], ids=["id"], duplicates="drop-identical"))

    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("values", "favorable", "unfavorable"),
    [
        ([1, 0, 1, 0], 1, 0),
        ([1.0, 0.0, 1.0, 0.0], [1], [0]),
        ([True, False, True, False], True, False),
        (["Yes", "No", "Yes", "No"], "Yes", "No"),
        ([1, 0, 1, 0], 1.0, 0.0),
    ],
)
def test_keyword_values_match_by_equality(kind, values, favorable, unfavorable):
    frame = frame_of(kind, {"id": [1, 2, 3, 4], "o": values, "sex": ["F", "F", "M", "M"]})
    profile = profile_of(
        id="id", outcome="o", favorable=favorable, unfavorable=unfavorable, groups=["sex"]
    )

    table = build_cube(read(frame, profile, rows=False)).table("sex")

    assert table.considered.tolist() == [2, 2]
    assert table.favorable.tolist() == [1, 1]


def test_true_is_not_one_in_a_frame():
    frame = pd.DataFrame({"id": [1, 2], "o": [True, False], "sex": ["F", "M"]})
    profile = profile_of(id="id", outcome="o", favorable=1, unfavorable=0, groups=["sex"])

    with pytest.raises(
        DecisionError, match="column 'o' holds 'True', which the profile maps to no"
    ):
        read(frame, profile, rows=False)


def test_frames_of_all_libraries_give_the_same_decisions():
    columns = {**DATA, "status": ["Yes", "No", "Yes", "No"]}
    profile = profile_of(
        id="id",
        outcome="status",
        favorable="Yes",
        unfavorable="No",
        groups={"sex": "sex", "f": "flag"},
        score="score",
    )

    found = [read(frame_of(kind, columns), profile, rows=True) for kind in KINDS]

    cubes = [build_cube(decisions) for decisions in found]
    assert cubes[0] == cubes[1] == cubes[2]
    assert found[0].export == found[1].export == found[2].export


def test_an_encoding_belongs_to_a_file():
    with pytest.raises(UsageError, match="'latin-1' is given for data that are no file"):
        read(
            pd.DataFrame(DATA),
            profile_of(id="id", groups=["sex"], score="score"),
            rows=True,
            encoding="latin-1",
        )


def test_pandas_and_polars_need_no_pyarrow():
    code = """
import sys
sys.modules["pyarrow"] = None
import pandas as pd, polars as pl
from auditor.ingest import profile_of, read
data = {"id": ["1", "2", "2"], "o": ["Y", "N", "N"], "sex": ["F", None, None], "s": [1, 0, 0]}
said = {"outcome": "o", "favorable": "Y", "unfavorable": "N", "score": "s", "groups": ["sex"]}
profile = profile_of(id="id", duplicates="drop-identical", **said)
coded = pl.DataFrame(data).with_columns(pl.col("sex").cast(pl.Categorical))
for frame in (pd.DataFrame(data), pl.DataFrame(data), coded):
    print(read(frame, profile, rows=True).account.buckets)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("{'duplicate': 1}\n" * 3, "")
