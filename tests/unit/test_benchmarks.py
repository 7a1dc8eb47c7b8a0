"""The benchmarks still run; nothing here is about time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import ledger
from benchmarks.applicants import FAVORABLE, GROUPS, ID, OUTCOME, SCORE, WITHDRAWN, draw, file_of
from benchmarks.machine import STEERING, plain_environment
from benchmarks.measure import Measurement, measure
from benchmarks.summary import Rounds, disagreements, spread, summary
from benchmarks.tasks import AUDIT, AUDITOR, GROUP_BY, HOT, METRIC_FRAMES, Task, tasks

ROOT = Path(__file__).parents[2]
ROWS, CHUNK = 1_000, 500
RATES = {"sex": {"F": 0.2, "M": 0.25}}
MADE = Measurement(
    task=Task(contestant=AUDITOR, source="frame", rows=1_000_000),
    wall=0.5,
    cpu=0.5,
    start=1.0,
    peak=200.0,
    added=10.0,
    loops=((0.03, 0.03), (0.03, 0.03)),
    kernels="openblas Haswell",
    rates=RATES,
)


def test_a_row_is_the_same_whatever_the_number_of_rows():
    more = pd.concat(draw(ROWS, chunk=CHUNK))
    fewer = pd.concat(draw(700, chunk=CHUNK))

    pd.testing.assert_frame_equal(more.head(700), fewer)
    assert more[ID].tolist() == list(range(ROWS))


def test_another_seed_draws_other_people():
    one, other = (next(draw(CHUNK, seed=seed, chunk=CHUNK)) for seed in (1, 2))

    assert not one.equals(other)


def test_the_gap_that_is_put_in_is_four_fifths():
    people = pd.concat(islice(draw(400_000, chunk=100_000), 4))
    considered = people[people[OUTCOME] != WITHDRAWN]
    selected = considered[OUTCOME] == FAVORABLE
    rates = selected.groupby(considered["race_ethnicity"], observed=True).mean()

    # The standard error of the ratio is about 0.008.
    assert rates["Black or African American"] / rates["White"] == pytest.approx(0.8, abs=0.03)


def test_files_hold_what_was_drawn(tmp_path):
    drawn = pd.concat(draw(ROWS, chunk=CHUNK))
    parquet = pd.read_parquet(file_of(tmp_path, ROWS, "parquet", chunk=CHUNK))
    csv = pd.read_csv(file_of(tmp_path, ROWS, "csv", chunk=CHUNK), keep_default_na=False)

    for read in (parquet, csv):
        assert read[SCORE].tolist() == drawn[SCORE].tolist()
        for name in (*GROUPS.values(), OUTCOME):
            assert read[name].tolist() == drawn[name].tolist()
    assert parquet[ID].iloc[[0, -1]].tolist() == ["APP-000000000", "APP-000000999"]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    place = tmp_path_factory.mktemp("benchmarks")
    for kind in ("parquet", "csv"):
        file_of(place, ROWS, kind)
    return place


def test_a_measurement_in_a_process_of_its_own(data):
    task = Task(contestant=AUDITOR, source="parquet", rows=ROWS)
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", json.dumps(asdict(task)), str(data)],
        cwd=ROOT,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    made = Measurement.from_json(ran.stdout)
    assert made.task == task
    assert set(made.rates) == {"sex", "race", "age", "sex*race"}
    assert min(made.wall, made.cpu, made.peak) > 0


@pytest.mark.trust
def test_all_contestants_give_the_same_rates(data):
    asked = [(AUDITOR, "frame"), (AUDIT, "csv"), (GROUP_BY, "parquet"), (GROUP_BY, "frame")]
    asked += [(name, "frame") for name in METRIC_FRAMES]
    made = [measure(Task(contestant=c, source=s, rows=ROWS), data) for c, s in asked]

    assert all(len(m.rates["sex*race"]) > 10 for m in made)
    assert list(disagreements(made)) == []


def test_every_contestant_has_its_turn_in_a_round():
    found = list(tasks([1_000_000, 10_000_000]))

    assert {t.contestant for t in found} == {AUDITOR, AUDIT, GROUP_BY, *METRIC_FRAMES, *HOT}
    assert {t.source for t in found} == {"parquet", "csv", "frame", "memory"}
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", HOT)
def test_a_hot_function_is_measured(name, tmp_path):
    made = measure(Task(contestant=name, source="memory", rows=20), tmp_path)

    assert made.wall > 0
    assert made.rates == {}


@pytest.mark.parametrize(
    "rates", [{}, {"sex": {"F": 0.2}}, {"sex": {"F": 0.2, "M": 0.2500001}}, {"race": RATES["sex"]}]
)
def test_other_rates_are_seen(rates):
    other = replace(MADE, task=replace(MADE.task, contestant=GROUP_BY), rates=rates)

    assert len(list(disagreements([MADE, MADE, other]))) == 1


def test_the_summary_tells_medians_spreads_ratios_and_what_was_expected():
    bare = replace(MADE, task=replace(MADE.task, contestant=GROUP_BY), cpu=0.1)
    theirs = replace(MADE, task=replace(MADE.task, contestant=METRIC_FRAMES[0]), cpu=40.0)
    rounds = [[MADE, bare, theirs], [replace(MADE, cpu=0.25), bare, theirs], [MADE, bare, theirs]]
    text = "\n".join(summary(Rounds(rounds)))

    assert "| auditor | 0.500 (0.500 to 0.500) | 0.500 (0.250 to 0.500) |" in text
    assert "auditor / GROUP BY, from frame | 5.0 (2.5 to 5.0) |" in text
    assert "(MetricFrame, rates) / auditor, from frame | 80.0 (80.0 to 160.0) |" in text
    assert "- not as expected: 1,000,000 rows from frame: CPU of (MetricFrame, rates)" in text


def test_a_spread_of_one_value_is_the_value():
    assert spread([1234.5], 1) == "1,234.5"


def test_settings_that_choose_a_kernel_are_left_out(monkeypatch):
    for name in STEERING:
        monkeypatch.setenv(name, "Haswell")

    assert plain_environment().keys() == os.environ.keys() - set(STEERING)


def test_ledgers_are_measured(tmp_path, capsys):
    small = ["--appends", "20", "--verify", "30", "--queue", "40", "--cases", "5"]
    assert ledger.main([*small, "--dir", str(tmp_path)]) == 0

    said = capsys.readouterr().out
    assert said.count("20 signed entries with words, ") == 3
    assert "31 entries, 30 of them signed: verified" in said
    assert "31 entries, 0 of them signed: verified" in said
    assert "queue of 5 cases and 41 entries: " in said
    assert " of CPU), 20 records" in said
    assert list(tmp_path.iterdir()) == []
