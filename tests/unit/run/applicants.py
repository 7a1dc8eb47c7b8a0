"""Applicants of whom one group lives farther away, and a label that counts the distance."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEATURES = ["years", "skills", "distance"]


def applicants(n: int, seed: int = 0) -> pd.DataFrame:
    drawn = np.random.default_rng(seed)
    race = drawn.choice(["Asian", "Black", "White"], n, p=[0.2, 0.3, 0.5])
    frame = pd.DataFrame(
        {
            "id": [f"A{i:05d}" for i in range(n)],
            "sex": drawn.choice(["F", "M"], n),
            "race": race,
            "years": drawn.normal(8, 3, n).round(2),
            "skills": drawn.normal(50, 10, n).round(1),
            "distance": (drawn.exponential(10, n) + 8 * (race == "Black")).round(2),
        }
    )
    good = (frame["years"] - 8) / 3 + (frame["skills"] - 50) / 10 > (frame["distance"] - 12) / 9
    frame["label"] = good.astype(int)
    frame["status"] = np.where(good, "in", "out")
    return frame
