import csv
import io
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML
from scipy.stats import fisher_exact

from auditor.demo import FEATURES, write_demo
from auditor.demo.dirt import COLUMNS, DUPLICATES, ORIGIN
from auditor.demo.scoring import CUT_SCORE, ROWS
from auditor.errors import PathError, UsageError
from auditor.explain import check_scores, explain_model, gap_table, model_scores, reasons


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("control"), injection=0.0)


def _profile(demo):
    return YAML(typ="safe", pure=True).load(demo.profile.read_text())["columns"]


def _mapped(demo):
    """The export as its profile reads it, by plain pandas."""
    table = pd.read_csv(
        demo.export, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    ).drop_duplicates()
    columns = _profile(demo)
    outcome = {
        value: meaning
        for meaning, values in columns["outcome"].items()
        if meaning != "column"
        for value in values
    }
    table["outcome"] = table["status"].str.strip().map(outcome)
    for attribute in ("sex", "race"):
        role = columns["groups"][attribute]
        known = {v: level for level, values in role["values"].items() for v in values}
        known |= dict.fromkeys(role["unknown"], "unknown")
        table[attribute] = table[role["column"]].str.strip().map(known)
    table["age"] = table["age_band"]
    return table


def _rates(table, attribute):
    decided = table[table["outcome"].isin(["favorable", "unfavorable"])]
    favorable = decided["outcome"] == "favorable"
    return favorable.groupby(decided[attribute]).agg(["sum", "count", "mean"])


def _features(table):
    return table[list(FEATURES)].astype("float64").to_numpy()


def _gap(demo):
    table = _mapped(demo)
    matrix = _features(table)
    values = explain_model(demo.model, matrix, demo.features)
    levels = ["Black", "White"]
    codes = table["race"].map({"Black": 0, "White": 1}).fillna(-1).to_numpy(dtype=np.int32)
    return gap_table(values, codes, levels, reference="White", attribute="race")[0], values


def test_every_value_of_the_export_is_in_the_profile(demo):
    table = _mapped(demo)

    assert not table[["outcome", "sex", "race"]].isna().any(axis=None)
    assert set(table["age"]) == {"40+", "under 40"}
    assert _profile(demo)["features"] == list(FEATURES)
    assert _profile(demo)["score"]["cut_score"] == CUT_SCORE


def test_black_applicants_advance_clearly_less_often_than_white(demo):
    rates = _rates(_mapped(demo), "race")

    black, white = rates.loc["Black"], rates.loc["White"]
    assert black["mean"] / white["mean"] == pytest.approx(0.615, abs=0.02)
    table = [[int(g["sum"]), int(g["count"] - g["sum"])] for g in (black, white)]
    assert fisher_exact(table).pvalue < 1e-20


def test_sex_and_age_groups_advance_about_equally(demo):
    sex, age = (_rates(_mapped(demo), name)["mean"] for name in ("sex", "age"))

    assert sex["Female"] / sex["Male"] == pytest.approx(1, abs=0.06)
    assert age["40+"] / age["under 40"] == pytest.approx(1, abs=0.06)


def test_without_the_injection_black_and_white_applicants_advance_equally(control):
    rates = _rates(_mapped(control), "race")["mean"]

    assert rates["Black"] / rates["White"] == pytest.approx(1, abs=0.06)


def test_the_known_cause_is_the_largest_part_of_the_gap(demo):
    gap, values = _gap(demo)

    assert gap.features[0].feature == "zip_area_index"
    assert gap.features[0].high < 0
    assert gap.features[0].share / gap.gap > 0.9
    assert abs(gap.residual) < 1e-12
    assert values.unit == "log-odds"


def test_without_the_injection_the_area_carries_next_to_nothing(demo, control):
    with_cause, without = (
        {f.feature: f.share for f in _gap(made)[0].features}["zip_area_index"]
        for made in (demo, control)
    )

    assert abs(without) < 0.05 * abs(with_cause)


def test_the_exported_scores_are_the_models_own(demo):
    table = _mapped(demo)
    matrix = _features(table)

    check = check_scores(
        model_scores(demo.model, matrix), pd.to_numeric(table["model_score"]).to_numpy()
    )

    assert check.differing == 0
    assert ROWS * 0.99 < check.compared < ROWS
    assert "exported with 4 decimals" in check.says


def test_decisions_follow_the_score_wherever_both_are_known(demo):
    table = _mapped(demo)
    score = pd.to_numeric(table["model_score"])
    decided = table["outcome"].isin(["favorable", "unfavorable"]) & score.notna()

    favorable = table["outcome"][decided] == "favorable"
    assert (favorable == (score[decided] >= CUT_SCORE)).all()
    assert 0.25 < favorable.mean() < 0.35


def test_reasons_of_one_decision_can_be_read(demo):
    _, values = _gap(demo)

    sentences = [str(reason) for reason in reasons(values, 0)]

    assert len(sentences) == 3
    assert all(" the score by " in sentence for sentence in sentences)


def test_the_export_is_messy_in_every_intended_way(demo):
    raw = demo.export.read_bytes()
    text = raw.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    header, body = rows[0], rows[1:]
    column = {name: [row[i] for row in body] for i, name in enumerate(header)}

    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == len(rows)
    assert raw.count(b"\n") > len(rows)
    assert tuple(header) == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in body)
    assert len(body) == ROWS + DUPLICATES
    assert len({tuple(row) for row in body}) == len(set(column["application_id"])) == ROWS
    assert all(len(i) == 7 for i in column["application_id"])
    assert all(len(z) == 3 for z in column["zip3"])
    assert any(z.startswith("0") for z in column["zip3"])
    assert {"Female", "FEMALE", " Female ", "F", "", "   "} <= set(column["gender"])
    assert 60 < column["race_ethnicity"].count("NA") < 180
    assert 30 < column["model_score"].count("") < 100
    assert any(";" in note for note in column["screening_note"])
    assert any('"' in note for note in column["screening_note"])
    assert any("\n" in note for note in column["screening_note"])
    assert any("é" in note for note in column["screening_note"])


def test_the_export_says_in_every_row_that_it_is_synthetic(demo):
    assert set(_mapped(demo)["origin"]) == {ORIGIN}
    assert "describes nobody" in demo.notice.read_text()


def test_the_model_is_never_written(demo):
    assert sorted(path.name for path in demo.export.parent.iterdir()) == [
        "SYNTHETIC-DATA.txt",
        "applicants.csv",
        "profile.yaml",
        "system.yaml",
    ]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    made = [
        write_demo(tmp_path / name, seed=seed, rows=300).export.read_bytes()
        for name, seed in (("a", 5), ("b", 5), ("c", 6))
    ]

    assert made[0] == made[1]
    assert made[0] != made[2]


def test_the_injection_changes_decisions_and_nobody_else(tmp_path):
    tables = [
        _mapped(write_demo(tmp_path / str(size), rows=400, injection=size)) for size in (0.0, 0.9)
    ]

    kept = ["application_id", "gender", "race_ethnicity", *FEATURES, "screening_note"]
    assert tables[0][kept].equals(tables[1][kept])
    assert not tables[0]["model_score"].equals(tables[1]["model_score"])


def test_a_directory_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(PathError, match="cannot write the demo") as caught:
        write_demo(tmp_path / "taken", rows=60)
    assert caught.value.problems[0].slug == "path-unwritable"
    assert "taken" in str(caught.value)


def test_the_demos_files_are_plain_words():
    import auditor.demo

    folder = Path(auditor.demo.__file__).parent
    names = ("SYNTHETIC-DATA.txt", "profile.yaml", "system.yaml")
    texts = [folder.joinpath(n).read_text().lower() for n in names]

    for text, word in itertools.product(texts, ("fair", "biased", "compliant")):
        assert word not in text


def test_files_of_somebody_else_are_not_replaced(tmp_path):
    (tmp_path / "profile.yaml").write_text("years of work")

    with pytest.raises(UsageError, match="the demo did not make"):
        write_demo(tmp_path, rows=50)
    assert [path.name for path in tmp_path.iterdir()] == ["profile.yaml"]
    assert (tmp_path / "profile.yaml").read_text() == "years of work"
