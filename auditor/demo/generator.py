"""Synthetic applicants: groups, home areas and merit as real audits show them.

Merit is independent of every group, so any gap in the decisions was put in on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

    from auditor.vocabulary import BoolArray, FloatArray, IntArray

FEATURES = (
    "years_experience",
    "skills_score",
    "assessment",
    "gap_months",
    "zip_area_index",
)
"""Columns that the demo's model reads, in its order."""

SEXES = ("Female", "Male", "Non-binary", "")
RACES = (
    "White",
    "Black or African American",
    "Hispanic or Latino",
    "Asian",
    "Two or more races",
    "NA",
    "Native Hawaiian or Pacific Islander",
    "",
)
FAMILIES = (
    *("Engineering", "Sales", "Support", "Finance"),
    *("HR", "Operations", "Marketing", "Legal"),
)
CLUSTERS, CODES = 20, 20
MARKED_CLUSTERS = 4
"""The first so many zip clusters are those the earlier decisions held against applicants."""

_SEX_SHARES = (0.467, 0.528, 0.005)
_RACE_SHARES = (0.44, 0.20, 0.15, 0.14, 0.05, 0.01, 0.01)
_FAMILY_SHARES = (0.26, 0.16, 0.12, 0.10, 0.05, 0.18, 0.08, 0.05)
_UNKNOWN_SEX, _UNKNOWN_RACE = 0.012, 0.035


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Applicants:
    """One period of applications, one entry a person in every array.

    ``sex``, ``race`` and ``family`` index ``SEXES``, ``RACES`` and ``FAMILIES`` (the last level of
    the first two is unknown). ``features`` has shape (n, 5), columns as ``FEATURES``, rounded as
    exported. ``cluster`` and ``merit`` stay outside the export: they are the known cause.
    """

    sex: IntArray
    race: IntArray
    age: IntArray
    family: IntArray
    requisition: IntArray
    day: IntArray
    cluster: IntArray
    zip3: IntArray
    features: FloatArray
    merit: FloatArray

    def __len__(self) -> int:
        return len(self.sex)


def applicants(rows: int, rng: Generator) -> Applicants:
    """Draw one period of applications.

    Parameters
    ----------
    rows : int
    rng : numpy random generator; the same state gives the same people
    """
    sex = _draw(rng, _SEX_SHARES, rows)
    race = _draw(rng, _RACE_SHARES, rows)
    age = np.clip(np.round(22 + rng.gamma(2.2, 6.5, rows)), 20, 68).astype(np.int64)
    cluster = _clusters(race, rng)
    zip3 = cluster * CODES + rng.integers(0, CODES, rows)

    merit = rng.standard_normal(rows)
    skills = 0.75 * merit + 0.66 * rng.standard_normal(rows)
    assessment = 0.65 * merit + 0.76 * rng.standard_normal(rows)
    features = np.column_stack(
        [
            np.round(np.clip((age - 21) * rng.beta(4, 2, rows), 0, 45), 1),
            np.round(np.clip(60 + 12 * skills, 0, 100), 1),
            np.round(np.clip(55 + 15 * assessment, 0, 100)),
            _gap_months(sex, rng),
            area_index(zip3),
        ]
    )
    unknown_sex = rng.random(rows) < _UNKNOWN_SEX
    unknown_race = rng.random(rows) < _UNKNOWN_RACE
    return Applicants(
        sex=np.where(unknown_sex, len(SEXES) - 1, sex),
        race=np.where(unknown_race, len(RACES) - 1, race),
        age=age,
        family=_draw(rng, _FAMILY_SHARES, rows),
        requisition=rng.integers(0, max(rows // 120, 1), rows),
        day=np.sort(rng.integers(0, 181, rows)),
        cluster=cluster,
        zip3=zip3,
        features=features,
        merit=merit,
    )


def past_decisions(
    people: Applicants, rng: Generator, *, share: float, injection: float
) -> BoolArray:
    """Decide as the recruiters of the earlier period did; the model learns from this.

    A person advances when ``skills + 0.8 assessment + noise``, standardised, lies among
    the best ``share``; before that, ``injection`` standard deviations are taken from everybody who
    lives in the marked zip clusters.

    Parameters
    ----------
    share : float in (0, 1), of people who would advance without the injection
    injection : float, standard deviations; 0 switches it off

    Returns
    -------
    bool array, shape (n,)
    """
    skills, assessment = people.features[:, 1], people.features[:, 2]
    merit = _standard(skills) + 0.8 * _standard(assessment) + rng.standard_normal(len(people))
    judged = _standard(merit)
    cut = np.quantile(judged, 1 - share)
    advanced: BoolArray = judged - injection * (people.cluster < MARKED_CLUSTERS) >= cut
    return advanced


def area_index(zip3: IntArray) -> FloatArray:
    """Published-looking index of an area, 20 to 82: a number a model reads where people live."""
    cluster, code = np.divmod(zip3, CODES)
    # The codes of one cluster spread over 2.4 of the 3.2 steps between clusters, in mixed order.
    return np.round(20 + 3.2 * cluster + 2.4 * ((code * 7) % CODES) / CODES, 1)


def _standard(values: FloatArray) -> FloatArray:
    centred: FloatArray = values - values.mean()
    standard: FloatArray = centred / values.std()
    return standard


def _draw(rng: Generator, shares: Sequence[float], rows: int) -> IntArray:
    edges = np.cumsum(shares)
    drawn: IntArray = np.searchsorted(edges / edges[-1], rng.random(rows), side="right")
    return drawn


def _clusters(race: IntArray, rng: Generator) -> IntArray:
    weights = np.ones((len(_RACE_SHARES), CLUSTERS))
    weights[RACES.index("Black or African American"), :MARKED_CLUSTERS] = 9
    weights[RACES.index("Hispanic or Latino"), 4:7] = 9
    weights[RACES.index("Asian"), 7:10] = 7
    weights[RACES.index("White"), 10:] = 2
    edges = np.cumsum(weights, axis=1)
    edges /= edges[:, -1:]
    drawn: IntArray = (rng.random(len(race))[:, None] >= edges[race]).sum(axis=1)
    return drawn


def _gap_months(sex: IntArray, rng: Generator) -> FloatArray:
    """Months out of work; more women than men have them, and no decision depends on them."""
    women = sex == SEXES.index("Female")
    has_gap = rng.random(len(sex)) < np.where(women, 0.25, 0.08)
    return np.where(has_gap, np.round(rng.gamma(2, 8, len(sex))), 0.0)
