"""The same decisions give the same numbers: in whatever order, place, language or process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import auditor

FEATURES = ["years", "skills", "distance"]
DRAWN = ("random-control", "gate-failed")
"""Rules that draw by position: sorting an export again draws other decisions, as they say."""


def decisions(n: int = 600) -> pd.DataFrame:
    drawn = np.random.default_rng(11)
    race = drawn.choice(["Black", "White", "\u00c9w\u00e9", None], n, p=[0.3, 0.4, 0.2, 0.1])
    frame = pd.DataFrame(
        {
            "id": [f"A{i:04d}" for i in range(n)],
            "sex": drawn.choice(["F", "M"], n),
            "race": race,
            "years": drawn.normal(8, 3, n).round(2),
            "skills": drawn.normal(50, 10, n).round(1),
            "distance": drawn.exponential(10, n) + 5 * (race == "Black"),
        }
    )
    raw = (frame["years"] - 8) / 3 + (frame["skills"] - 50) / 10 - (frame["distance"] - 12) / 9
    frame["score"] = 1 / (1 + np.exp(-raw))
    frame["status"] = np.where(frame["score"] > 0.5, "in", "out")
    frame.loc[::50, "status"] = "withdrew"
    return frame


def model_of(kind: str, frame: pd.DataFrame) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    kinds = {
        "linear": LogisticRegression(),
        "trees": GradientBoostingClassifier(n_estimators=20, random_state=0),
    }
    return kinds[kind].fit(frame[FEATURES], frame["status"] == "in")


def audited(frame: Any, model: Any = None, key: Path | None = None) -> auditor.Audit:
    return auditor.audit(
        frame,
        ["us-adverse-impact", "nyc-ll144", "professional-practice"],
        id="id",
        outcome="status",
        favorable="in",
        unfavorable="out",
        withdrawn="withdrew",
        groups=["sex", "race"],
        score="score",
        cut_score=0.5,
        scale=(0, 1),
        model=model,
        features=FEATURES,
        as_of=date(2026, 11, 24),
        key=key,
    )


def numbers(made: auditor.Audit) -> dict[str, Any]:
    """A result without what says where and when it was made, and without what is drawn."""
    result = json.loads(made.result.to_json())
    for name in ("created", "inputs", "flags", "verdict"):
        result.pop(name)
    if result["explanations"]:
        result["explanations"].pop("sha256")
    return result


def flagged(made: auditor.Audit) -> list[tuple[str, ...]]:
    rows = made.flags[~made.flags["rule"].isin(DRAWN)]
    return sorted(rows.itertuples(index=False, name=None))


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_neither_the_order_of_rows_nor_that_of_columns_changes_a_number(tmp_path, kind):
    frame = decisions()
    model = model_of(kind, frame)
    order = np.random.default_rng(3).permutation(len(frame))

    first = audited(frame, model, tmp_path / "key")
    second = audited(frame.iloc[order, ::-1].reset_index(drop=True), model, tmp_path / "key")

    assert numbers(second) == numbers(first)
    assert flagged(second) == flagged(first)
    assert len(flagged(first)) > 10


def test_another_export_has_other_numbers(tmp_path):
    """The control."""
    frame = decisions()
    other = frame.assign(sex=frame["sex"].where(frame.index != 1, "X"))

    assert numbers(audited(frame, key=tmp_path / "k")) != numbers(
        audited(other, key=tmp_path / "k")
    )


PROGRAM = """
import sys
from tests.properties.test_same_numbers import audited, decisions, model_of
from pathlib import Path
frame = decisions()
audited(frame, model_of("linear", frame), Path(sys.argv[1])).save(sys.argv[2])
"""


def digests(place: Path) -> dict[str, str]:
    found = {}
    for path in sorted(place.iterdir()):
        content = path.read_bytes()
        created = json.loads((place / "audit.json").read_text())["created"].encode()
        found[path.name] = hashlib.sha256(content.replace(created, b"")).hexdigest()
    return found


def test_another_process_language_zone_and_directory_give_the_same_bytes(tmp_path):
    frame = decisions()
    audited(frame, model_of("linear", frame), tmp_path / "key").save(tmp_path / "here")
    root = Path(__file__).parents[2]
    strange = {
        "PYTHONHASHSEED": "1",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "TZ": "Pacific/Kiritimati",
        "COLUMNS": "40",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(root),
    }

    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "key"), str(tmp_path / "there")],
        cwd=tmp_path,
        env={**os.environ, **strange},
        check=True,
    )

    assert digests(tmp_path / "there") == digests(tmp_path / "here")
    assert set(digests(tmp_path / "here")) == {
        "audit.json",
        "explanations.parquet",
        "flags.csv",
        "report.html",
    }
