from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

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
    """Group table per metric and attribute, where the export carries what the metric needs."""
    found = {}
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
        notes=tuple(_score_notes(counts)),
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


def _score_notes(counts: Counts) -> list[str]:
    """How the medians were taken, who tied, and whether the two medians differ."""
    notes = []
    for attribute, profile in counts.profiles.items():
        total = int(profile.scored().sum())
        missing = int(profile.missing.sum())
        if not total:
            notes.append(f"{attribute}: nobody has a score, so no scoring rate exists.")
            continue
        median, known = (profile.median(known_only=k) for k in (False, True))
        ties = total - int(profile.above(median).sum())
        at_median = ties - int(profile.counts[:, profile.scores < median].sum())
        note = (
            f"{attribute}: scoring rates count scores strictly above the sample median {median:g} "
            f"of all {total:,} scored people; {at_median:,} score exactly the median"
        )
        note += f", {missing:,} have no score." if missing else "."
        if known == known and known != median:  # noqa: PLR0124 - NaN when nobody is known
            note += (
                f" The median of the people whose group is known is {known:g}; rates with it are "
                "printed as scoring-rate-known."
            )
        notes.append(note)
    return notes
