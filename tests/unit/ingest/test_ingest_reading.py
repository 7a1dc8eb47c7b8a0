from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from auditor.cube import build_cube
from auditor.errors import DecisionError
from auditor.ingest import profile_of, read
from auditor.ingest.reading import request_of

CSV = """\
id,status,sex,score,years,version
007,Hired,NA,0.70,3,a
7,Rejected, F,,1,a
08,Rejected,F,0.2,,b
9,Hired,,0.9,2,b
"""
PROFILE = profile_of(
    id="id",
    outcome="status",
    favorable="Hired",
    unfavorable="Rejected",
    groups={"sex": {"column": "sex", "unknown": [""]}},
    score="score",
    cut_score=0.7,
    features=["years"],
    model_version="version",
)


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "a[1].csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_a_file_and_a_frame_give_the_same_decisions(export):
    frame = pd.read_csv(export, dtype=str, keep_default_na=False)

    for rows in (True, False):
        file, data = (read(source, PROFILE, rows=rows) for source in (str(export), frame))

        assert build_cube(file) == build_cube(data)
        assert file.account == data.account
    file, data = (read(source, PROFILE, rows=True) for source in (export, frame))
    lines = np.arange(4)
    assert list(file.ids(lines)) == list(data.ids(lines)) == ["007", "7", "08", "9"]
    assert np.array_equal(file.score, data.score, equal_nan=True)
    assert np.array_equal(file.features["years"], data.features["years"], equal_nan=True)
    assert file.groups["sex"].levels == data.groups["sex"].levels == ("F", "NA")
    assert file.missing["score"].tolist() == [False, True, False, False]


def test_an_unmapped_value_of_a_file_names_its_line(export):
    profile = profile_of(
        id="id", outcome="status", favorable="Hired", unfavorable="No", groups=["version"]
    )

    for rows in (True, False):
        with pytest.raises(DecisionError, match=r"holds 'Rejected'.*2 rows") as caught:
            read(export, profile, rows=rows)

        assert str(caught.value.problems[0].where).removeprefix(str(export)).startswith(":3")


def test_features_are_asked_for_with_single_decisions_alone():
    single, grouped = (request_of(PROFILE, rows=rows) for rows in (True, False))

    assert single.numbers == ("score", "years")
    assert grouped.numbers == ("score",)
    assert single.texts == grouped.texts == ("status", "sex", "version")
    assert single.ids == grouped.ids == ("id",)


def test_a_column_with_two_roles_is_asked_for_once():
    profile = profile_of(id="id", groups={"a": "c", "b": "c"}, score="s", features=["s"])

    assert request_of(profile, rows=True).texts == ("c",)
    assert request_of(profile, rows=True).numbers == ("s",)
