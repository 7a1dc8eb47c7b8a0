from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.intervals import clopper_pearson
from auditor.metrics.catalogue import METRICS
from auditor.metrics.compare import compare
from auditor.metrics.values import NAN, Measurement, Measures
from auditor.vocabulary import UNKNOWN, Undefined

if TYPE_CHECKING:
    from auditor.cube import GroupTable
    from auditor.metrics.spec import Counts

RATE_METHOD = "Clopper-Pearson, 95 %"
DEFAULT_METRICS = ("selection-rate", "scoring-rate")


def tables(
    counts: Counts, attributes: Iterable[str], metrics: Iterable[str]
) -> dict[tuple[str, str], GroupTable]:
    """Group table per metric and attribute, where the export carries what the metric needs.

    Parameters
    ----------
    counts : Counts
    attributes : names of attributes and intersections
    metrics : ids of the catalogue

    Returns
    -------
    dict of (metric, attribute) to GroupTable
    """
    found = {}
    attributes = tuple(attributes)
    for name in metrics:
        for attribute in attributes:
            table = METRICS[name].table(counts, attribute)
            if table is not None:
                found[name, attribute] = table
    return found


def measure(found: Mapping[tuple[str, str], GroupTable], counts: Counts) -> Measures:
    """Rates with intervals and comparisons with tests for every group table.

    Parameters
    ----------
    found : mapping of (metric, attribute) to GroupTable
        As `tables` returns.
    counts : Counts
        For the notes about medians and ties.
    """
    measurements: list[Measurement] = []
    comparisons = []
    for (metric, _), table in found.items():
        measurements.extend(_rates(table, metric))
        comparisons.extend(compare(table, metric))
    return Measures(
        measurements=tuple(measurements),
        comparisons=tuple(comparisons),
        notes=tuple(_score_note(attribute, counts) for attribute in counts.profiles),
    )


def _rates(table: GroupTable, metric: str) -> list[Measurement]:
    lines = [
        (group, int(n), int(x))
        for group, n, x in zip(table.groups, table.considered, table.favorable, strict=True)
    ]
    if table.unknown_considered:
        lines.append((UNKNOWN, table.unknown_considered, table.unknown_favorable))
    rates = []
    for group, n, x in lines:
        interval = clopper_pearson(x, n)
        rates.append(
            Measurement(
                metric=metric,
                attribute=table.attribute,
                group=group,
                n=n,
                favorable=x,
                value=x / n if n else NAN,
                low=float(interval.low),
                high=float(interval.high),
                method=RATE_METHOD,
                undefined=None if n else Undefined.NOBODY_CONSIDERED,
            )
        )
    return rates


def _score_note(attribute: str, counts: Counts) -> str:
    """How the median was taken, who tied, and what the median of the known would change."""
    profile = counts.profiles[attribute]
    total, missing = int(profile.scored().sum()), int(profile.missing.sum())
    if not total:
        return f"{attribute}: nobody has a score, so no scoring rate exists."
    median, known = (profile.median(known_only=only) for only in (False, True))
    at_median = int(profile.counts[:, profile.scores == median].sum())
    note = (
        f"{attribute}: scoring rates count scores strictly "
        f"{'above' if profile.better == 'high' else 'below'} the sample median {median:g} of all "
        f"{total:,} scored people; {at_median:,} score exactly the median"
    )
    note += f", {missing:,} have no score." if missing else "."
    if not math.isnan(known) and known != median:
        groups = np.array([group != UNKNOWN for group in profile.groups], dtype=bool)
        change = np.abs(profile.beyond(median) - profile.beyond(known))
        most = 100 * float(np.max((change / np.maximum(profile.scored(), 1))[groups]))
        points = f"up to {most:.1f}" if most >= 0.05 else "less than 0.1"
        note += f" The median of the people whose group is known is {known:g}; " + (
            f"with it (scoring-rate-known) a scoring rate changes by {points} points."
            if most
            else "it gives the same rates."
        )
    return note
