from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

import auditor
from tests.unit.run.applicants import FEATURES, applicants


@pytest.fixture(scope="package")
def frame() -> pd.DataFrame:
    return applicants(300)


@pytest.fixture(scope="package")
def practice() -> auditor.Policy:
    """A policy that flags decisions, read once."""
    return auditor.load_policy("professional-practice")


@pytest.fixture
def audit(frame, practice, tmp_path) -> Callable[..., auditor.Audit]:
    """Audit the applicants, or other decisions, with anything said differently."""

    def audit(data: Any = None, policy: Any = None, **said: Any) -> auditor.Audit:
        columns = {
            "id": "id",
            "outcome": "status",
            "favorable": "in",
            "unfavorable": "out",
            "withdrawn": "withdrew",
            "groups": ["sex", "race"],
            "as_of": date(2026, 11, 24),
            "key": tmp_path / "key",
        }
        if said.get("model") is not None:
            columns["features"] = FEATURES
        return auditor.audit(
            frame if data is None else data,
            practice if policy is None else policy,
            **columns | said,
        )

    return audit


@pytest.fixture
def scored(frame) -> Callable[[Any], pd.DataFrame]:
    """The applicants with the scores that a model gives them."""

    def scored(model: Any, data: pd.DataFrame | None = None) -> pd.DataFrame:
        data = frame if data is None else data
        if hasattr(model, "predict_proba"):
            scores = model.predict_proba(data[FEATURES])[:, 1]
        elif hasattr(model, "decision_function"):
            scores = model.decision_function(data[FEATURES])
        else:
            scores = model.predict(data[FEATURES])
        return data.assign(score=np.asarray(scores))

    return scored
