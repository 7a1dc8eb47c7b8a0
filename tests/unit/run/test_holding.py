"""What people hold: frames, files, a verdict that raises, a page for a notebook."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest

import auditor
from auditor.errors import GateFailed, IntegrityError, NoVerdict, PathError, ReviewsOpen
from auditor.report import render_html

US = "us-adverse-impact"


def counted(women: int, men: int, n: int = 1000, policy: str = US) -> auditor.Audit:
    return auditor.audit(auditor.counts({"M": (n, men), "F": (n, women)}, attribute="sex"), policy)


@pytest.fixture
def flagged(audit, frame) -> auditor.Audit:
    scores = frame.assign(score=[(i % 100) / 100 for i in range(len(frame))])
    return audit(scores, score="score", cut_score=0.5, scale=(0, 1))


def test_the_gate_raises_what_it_would_exit_with(flagged):
    counted(500, 505).raise_for_verdict()
    for made, kind in (
        (counted(300, 600), GateFailed),
        (counted(11, 12, 40), NoVerdict),
        (flagged, ReviewsOpen),
    ):
        with pytest.raises(kind) as caught:
            made.raise_for_verdict()
        assert str(caught.value) == made.verdict.says
        assert caught.value.exit_code == made.verdict.exit_code


def test_the_frames_have_the_columns_of_the_file(flagged):
    document = json.loads(flagged.result.to_json())

    for name in ("measurements", "comparisons"):
        table = getattr(flagged, name)
        assert list(table.columns) == list(document[name][0])
        assert len(table) == len(document[name])
    assert flagged.row_account.read == 300
    assert len(flagged.flags) == sum(document["flags"]["by_rule"].values())


def test_findings_are_a_frame_as_well():
    found = counted(300, 600).findings

    assert found["verdict"].tolist()[0] == "fail"
    assert found["attribute"].unique().tolist() == ["sex"]


def test_a_flag_is_of_one_score_outcome_and_model_version(audit, frame):
    versions = frame.assign(version=["v1", *["v2"] * 298, None], score=0.5)
    said = {"score": "score", "cut_score": 0.5, "scale": (0, 1), "model_version": "version"}
    first = audit(versions, **said).flags.set_index("decision")["identity"]
    first = first[~first.index.duplicated()]

    again = audit(versions[::-1], **said).flags.set_index("decision")["identity"]
    later = audit(versions.assign(version="v3"), **said).flags.set_index("decision")["identity"]

    assert (again[~again.index.duplicated()].reindex(first.index) == first).all()
    assert (later[~later.index.duplicated()].reindex(first.index) != first).all()
    assert len(first) == 300


def test_a_day_without_end_is_the_last_of_the_calendar(audit):
    from datetime import date

    assert set(audit(as_of=date.max).flags["due"]) == {"9999-12-31"}


def test_without_flags_the_frame_is_empty_and_has_its_columns(flagged):
    assert list(counted(500, 505).flags.columns) == list(flagged.flags.columns)
    assert counted(500, 505).flags.empty


@pytest.mark.parametrize("name", ["=1+1", "+7", "-7", "@x", "'quoted", "a,b", 'a"b', "a\nb", "\tx"])
def test_ids_of_flags_are_those_of_the_export(audit, frame, name):
    ids = [f"{name}{i}" for i in range(len(frame))]

    made = audit(frame.assign(id=ids))

    assert len(made.flags)
    assert set(made.flags["decision"]) <= set(ids)


def test_it_shows_itself_without_small_cells_in_text_and_walled_off_in_a_notebook():
    made = counted(3, 6, 9)

    assert "NO VERDICT" in repr(made)
    assert "3/9" not in repr(made)
    page = made._repr_html_()
    assert page.startswith("<iframe srcdoc=")
    assert page.endswith("sandbox></iframe>")
    inner = page.split('srcdoc="', 1)[1].split('" style=', 1)[0]
    assert '"' not in inner
    assert unescape(inner) == render_html(made.result)


def test_a_result_comes_back_as_it_was(flagged, tmp_path):
    place = flagged.save(tmp_path / "out")

    for path in (place, place / "audit.json", str(place)):
        again = auditor.load(path)
        assert again.result == flagged.result
        assert again.files == dict(flagged.files)
        assert again.verdict == flagged.verdict


def test_a_result_that_is_saved_again_keeps_all_its_files(audit, frame, tmp_path):
    from sklearn.linear_model import LinearRegression

    from tests.unit.run.applicants import FEATURES

    model = LinearRegression().fit(frame[FEATURES], frame["label"])
    first = audit(model=model).save(tmp_path / "first")

    second = auditor.load(first).save(tmp_path / "second")

    for path in first.iterdir():
        assert (second / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in second.iterdir()} == {
        "audit.json",
        "explanations.parquet",
        "flags.csv",
        "report.html",
    }


@pytest.mark.parametrize("name", ["flags.csv", "explanations.parquet"])
@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_file_that_the_result_names_must_be_there(audit, frame, tmp_path, name, damage):
    from sklearn.linear_model import LinearRegression

    from tests.unit.run.applicants import FEATURES

    model = LinearRegression().fit(frame[FEATURES], frame["label"])
    place = audit(model=model).save(tmp_path / "out")
    if damage == "missing":
        (place / name).unlink()
    else:
        (place / name).write_bytes((place / name).read_bytes() + b" ")

    with pytest.raises(IntegrityError, match=name):
        auditor.load(place)


def test_the_verdict_is_decided_from_what_is_held_and_not_read(flagged):
    stored = {**flagged.result.document, "verdict": {**flagged.result.document["verdict"]}}
    stored["verdict"] |= {"state": "pass", "exit_code": 0, "reviews_open": 0, "says": "All well."}
    held = replace(flagged, result=replace(flagged.result, document=stored))

    assert held.verdict == flagged.verdict
    assert held.judged().document["verdict"] == flagged.result.document["verdict"]


def test_a_place_that_cannot_be_written_is_refused(flagged, tmp_path):
    (tmp_path / "file").write_text("mine")

    for place in (tmp_path / "file", tmp_path / "file" / "below", "/proc/nowhere", "a\0b"):
        with pytest.raises(PathError, match="cannot be written"):
            flagged.save(place)
    assert (tmp_path / "file").read_text() == "mine"
    for place in ("a\0b", tmp_path / "absent", "/dev/null"):
        with pytest.raises(PathError, match="cannot be opened"):
            auditor.load(place)


def test_two_that_save_at_once_leave_one_whole_result(flagged, tmp_path):
    others = [flagged, counted(500, 505)]
    failures: list[Exception] = []

    def save(made: auditor.Audit) -> None:
        for _ in range(15):
            try:
                made.save(tmp_path / "out")
            except PathError as refused:
                failures.append(refused)

    threads = [threading.Thread(target=save, args=(made,)) for made in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert auditor.load(tmp_path / "out").result in [made.result for made in others]
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("key", "out")] == []


def test_undefined_numbers_are_missing_in_a_frame():
    made = counted(0, 0)

    assert made.comparisons["ratio"].isna().all()
    assert pd.api.types.is_integer_dtype(made.measurements["n"])


def test_a_case_outlives_what_its_identity_does_not(audit, frame):
    scores = frame.assign(score=[(i % 100) / 100 for i in range(len(frame))])
    said = {"score": "score", "cut_score": 0.5, "scale": (0, 1)}
    before = audit(scores, **said).flags
    after = audit(scores.assign(score=scores["score"] + 0.001), **said).flags
    rows = before.merge(after, on=["decision", "rule"])

    assert len(rows) > 10
    assert (rows["case_x"] == rows["case_y"]).all()
    assert (rows["identity_x"] != rows["identity_y"]).all()
    assert before.groupby("case")["decision"].nunique().max() == 1
    assert before["case"].str.fullmatch("[0-9a-f]{32}").all()
    assert set(before["outcome"]) == {"favorable", "unfavorable"}
    assert set(before["score"]) <= {str(score) for score in scores["score"]}


def test_a_result_says_who_has_to_look(flagged, practice):
    rules = flagged.result.document["review_rules"]

    assert [rule["rule"] for rule in rules] == [
        entry.id for entry in practice.rules if entry.section == "reviews"
    ]
    assert {rule["policy"] for rule in rules} == {practice.id}
    assert all(rule["in_force"] and rule["readers"] == 1 for rule in rules)
