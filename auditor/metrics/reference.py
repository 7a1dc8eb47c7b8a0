from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.metrics.catalogue import METRICS

if TYPE_CHECKING:
    from auditor.cube import GroupTable

MIN_PEOPLE = 30
MIN_SHARE = Fraction(1, 50)


def highest_rate(table: GroupTable, *, among_all: bool = False) -> int | None:
    """Index of the group that the printed ratios compare with.

    The highest rate among groups with at least 30 people and 2 % of the known, so that a handful
    of people is no yardstick; when fewer than two groups qualify, among all. Equal highest rates:
    the larger group, then by name. Decided in exact fractions.

    Parameters
    ----------
    table : GroupTable
    among_all : bool
        Whether every group may be the reference, as descriptive rules such as New York's ask.

    Returns
    -------
    int or None
        None when nobody was considered.
    """
    sizes = [int(n) for n in table.considered]
    total = sum(sizes)
    present = [i for i, n in enumerate(sizes) if n > 0]
    steady = [i for i in present if sizes[i] >= MIN_PEOPLE and sizes[i] >= MIN_SHARE * total]
    pool = present if among_all or len(steady) < 2 else steady
    return min(
        pool,
        key=lambda i: (
            -Fraction(int(table.favorable[i]), sizes[i]),
            -sizes[i],
            table.groups[i],
        ),
        default=None,
    )


def printed_reference(table: GroupTable, metric: str) -> int | None:
    """Index of the group that the comparisons of a metric are printed against.

    As `highest_rate`, among all groups where the metric's own definition says so: a scoring rate
    is New York's measure, and a ratio above 1 in its table would be malformed under 6 RCNY 5-300.

    Returns
    -------
    int or None
        None when nobody was considered.
    """
    return highest_rate(table, among_all=METRICS[metric].among_all)
