from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.demo.generator import FEATURES, Applicants, applicants, past_decisions

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray

ROWS = 12_000
PAST_SHARE = 0.38
INJECTION = 0.6
CUT_SCORE = 0.5
SCORE_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """The current period: its people, the model trained on the period before, and its scores."""

    people: Applicants
    model: Any
    score: FloatArray


def scored_period(seed: int, *, rows: int = ROWS, injection: float = INJECTION) -> Scored:
    """Train the demo's model on an earlier synthetic period and score the current one.

    Parameters
    ----------
    seed : int; the same seed gives the same people, also when ``injection`` differs
    rows : int, applications in each period
    injection : float
        Standard deviations that the earlier recruiters took from applicants of the marked zip
        clusters; 0 gives a model that learned nothing about places.
    """
    past, judged, now = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3))
    before = applicants(rows, past)
    decided = past_decisions(before, judged, share=PAST_SHARE, injection=injection)
    model = train(before.features, decided.astype(np.int64))
    people = applicants(rows, now)
    probability = model.predict_proba(_frame(people.features))[:, 1]
    return Scored(people=people, model=model, score=np.round(probability, SCORE_DECIMALS))


def train(features: FloatArray, decided: np.ndarray) -> Any:
    """Gradient boosting on the named features; made in memory and never stored."""
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(n_estimators=60, max_depth=3, random_state=0)
    return model.fit(_frame(features), decided)


def _frame(features: FloatArray) -> Any:
    import pandas as pd

    return pd.DataFrame(features, columns=list(FEATURES))
