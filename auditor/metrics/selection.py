from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from auditor.metrics.spec import Counts, metric
from auditor.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from auditor.cube import GroupTable


@metric(title="Selection rate", favorable="selected")
def selection_rate(counts: Counts, attribute: str) -> GroupTable | None:
    """Share of the considered people of a group who got the favorable outcome.

    ``favorable / (favorable + unfavorable)``; withdrawn, not considered and open decisions are in
    the row account, not in the denominator. Undefined when nobody was considered.

    References
    ----------
    29 CFR 1607.16 (selection rate); 6 RCNY 5-300 (selection rate).
    """
    return None if counts.cube is None else counts.cube.table(attribute)


@metric(title="Scoring rate", favorable="on the better side of the median", among_all=True)
def scoring_rate(counts: Counts, attribute: str) -> GroupTable | None:
    """Share of a group's scored people who score strictly above the sample median.

    The sample is everybody with a score, people of unknown group included
    (``median_population: all``). Ties at the median count as not above; with coarse scores the
    share above can be far below one half. Where a low score is better, the share below counts.
    Ratios compare with the highest rate of all groups, however small, as the rule defines them.

    References
    ----------
    6 RCNY 5-300 (scoring rate, impact ratio), 5-301(c)(1) ("full sample of applicants").
    """
    return _above_median(counts, attribute, known_only=False)


@metric(
    title="Scoring rate, median of the known",
    favorable="on the better side of the median",
    among_all=True,
)
def scoring_rate_known(counts: Counts, attribute: str) -> GroupTable | None:
    """Scoring rate with the median of the people whose group is known.

    ``median_population: known``. The worked example in the rule itself was evidently computed this
    way: 84 of its 168 people of known category are above the median.

    References
    ----------
    6 RCNY 5-301(d), second example.
    """
    return _above_median(counts, attribute, known_only=True)


def _above_median(counts: Counts, attribute: str, *, known_only: bool) -> GroupTable | None:
    from auditor.cube import GroupTable

    profile = counts.profiles.get(attribute)
    if profile is None:
        return None
    median = profile.median(known_only=known_only)
    if math.isnan(median):
        return None
    scored, beyond = profile.scored(), profile.beyond(median)
    known = np.array([g != UNKNOWN for g in profile.groups], dtype=bool)
    return GroupTable(
        attribute=attribute,
        groups=tuple(g for g in profile.groups if g != UNKNOWN),
        considered=scored[known],
        favorable=beyond[known],
        unknown_considered=int(scored[~known].sum()),
        unknown_favorable=int(beyond[~known].sum()),
    )
