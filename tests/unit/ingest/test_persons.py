"""Who stands in several rows: counted in the same way from a file and from a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import auditor
from auditor.decisions import repeats
from auditor.errors import ExportError
from auditor.ingest import profile_of, read
from auditor.report import FORMATS

CELLS = ["a", " a", "b", "", "a\u00a0", "c", "b", "  ", "Re\u0301", "R\u00e9", "d", "B"]
STATUS = ["Y", "N", "Y", "Y", "open", "N", "open", "N", "Y", "N", "Y", "N"]
FRAME = pd.DataFrame(
    {"id": range(12), "who": CELLS, "status": STATUS, "sex": ["F", "M"] * 6, "score": 0.5}
)
DECIDED = {"outcome": "status", "favorable": "Y", "unfavorable": "N", "open": "open"}
PROFILE = profile_of(id="id", person="who", groups=["sex"], **DECIDED)


def written(frame: pd.DataFrame, tmp_path, kind: str):
    path = tmp_path / f"x.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_excel(path, index=False)
    return path


def sources(frame: pd.DataFrame, tmp_path):
    yield from (written(frame, tmp_path, kind) for kind in ("csv", "parquet", "xlsx"))
    yield frame
    yield pl.from_pandas(frame)
    yield pa.Table.from_pandas(frame)


@pytest.mark.parametrize("rows", [True, False])
def test_every_reader_counts_the_same_people_among_the_rows_considered(tmp_path, rows):
    for source in sources(FRAME, tmp_path):
        found = repeats(read(source, PROFILE, rows=rows))["considered"]

        # considered: a, a, b, blank, c, blank, R\u00e9, R\u00e9, d, B
        assert (found.rows, found.nameless) == (10, 2)
        assert (found.people, found.repeated, found.repeated_rows) == (6, 2, 4)


@pytest.mark.parametrize(
    "people",
    [
        pd.Series([1.0, 1.0, np.nan] * 4),
        pd.Series([7, 7, None] * 4, dtype="Int64"),
        pd.Series(pd.to_datetime(["2026-01-01", "2026-01-01", None] * 4)),
        pd.Series([0.5, 0.5, np.nan] * 4),
    ],
)
def test_people_may_be_numbers_or_days(tmp_path, people):
    frame = FRAME.assign(who=people)

    for source in (written(frame, tmp_path, "parquet"), frame):
        found = repeats(read(source, PROFILE, rows=False))["considered"]
        assert (found.people, found.nameless) == (1, 4)


def test_rows_with_a_score_are_counted_by_themselves():
    frame = FRAME.assign(score=[0.5, np.nan] * 6)
    profile = profile_of(id="id", person="who", score="score", groups=["sex"], **DECIDED)

    found = repeats(read(frame, profile, rows=False))

    assert found["scored"].rows == 6
    assert found["considered"].rows == 10


def test_a_duplicate_that_is_left_out_is_no_second_row_of_its_person(tmp_path):
    frame = pd.concat([FRAME, FRAME.iloc[[5]]])
    profile = profile_of(
        id="id", person="who", groups=["sex"], duplicates="drop-identical", **DECIDED
    )

    for source in sources(frame, tmp_path):
        assert repeats(read(source, profile, rows=False))["considered"].repeated_rows == 4


def test_the_person_may_be_a_column_that_plays_another_part(tmp_path):
    profile = profile_of(id="id", person="id", groups=["sex"], **DECIDED)

    for source in sources(FRAME, tmp_path):
        assert repeats(read(source, profile, rows=True))["considered"].repeated == 0


def test_a_missing_column_is_refused(tmp_path):
    frame = FRAME.rename(columns={"who": "whom"})

    for source in (written(frame, tmp_path, "csv"), frame):
        with pytest.raises(ExportError, match="no column 'who'"):
            read(source, PROFILE, rows=False)


def test_the_checksum_of_a_frame_covers_its_people():
    one, other = (
        read(frame, PROFILE, rows=False).export.inputs[0].sha256
        for frame in (FRAME, FRAME.assign(who=CELLS[::-1]))
    )

    assert one != other


def test_the_checksum_of_people_is_the_same_in_every_library():
    nothing = FRAME.assign(who=[cell or None for cell in CELLS])
    frames = [nothing, nothing.astype({"who": object}), pl.from_pandas(nothing)]
    frames.append(pa.Table.from_pandas(nothing))

    assert len({read(f, PROFILE, rows=False).export.inputs[0].sha256 for f in frames}) == 1
    for frame in frames:
        found = repeats(read(frame, PROFILE, rows=False))["considered"]
        assert (found.people, found.repeated, found.nameless) == (6, 2, 2)


@pytest.mark.parametrize("space", [chr(n) for n in range(0x3001) if chr(n).isspace()])
def test_every_space_around_a_person_is_none_of_the_name(tmp_path, space):
    frame = FRAME.assign(who=[f"{space}a", "a", f"a{space}", space] * 3)
    frame.to_parquet(tmp_path / "x.parquet")

    for source in (tmp_path / "x.parquet", frame, pl.from_pandas(frame), frame.astype(object)):
        found = repeats(read(source, PROFILE, rows=False))["considered"]
        assert (found.people, found.nameless) == (1, 3)


def test_without_a_column_of_people_nothing_is_counted():
    profile = profile_of(id="id", groups=["sex"], **DECIDED)

    assert repeats(read(FRAME, profile, rows=True)) == {}


def test_the_first_screen_says_it_and_names_nobody():
    audited = auditor.audit(
        FRAME.assign(who=[f"Jane Doe {cell.strip()}" if cell.strip() else "" for cell in CELLS]),
        "us-adverse-impact",
        id="id",
        person="who",
        groups=["sex"],
        **DECIDED,
    )
    page, text = FORMATS["html"](audited.result), audited.result.to_json()

    assert audited.result.document["row_account"]["persons"]["repeated"] == 2
    assert "2 people stand in 4 of 10 rows" in page
    assert "2 rows name no person" in page
    assert "Jane Doe" not in page + text
