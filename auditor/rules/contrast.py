"""One group beside the printed reference: its numbers, and how they are compared and written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from auditor.inference.significance import cohen_h, pooled_z
from auditor.metrics.compare import below
from auditor.metrics.reference import printed_reference

if TYPE_CHECKING:
    from auditor.cube import GroupTable

DEAD_ZONE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two groups, the one with the lower rate first; one of them is the printed reference.

    A small group may have a higher rate than the reference: then the reference is the lower one.
    """

    lower: str
    x_l: int
    n_l: int
    upper: str
    x_h: int
    n_h: int

    @property
    def ratio(self) -> Fraction | None:
        """Lower rate over upper rate, at most 1; None when both are 0."""
        return Fraction(self.x_l * self.n_h, self.x_h * self.n_l) if self.x_h else None

    @property
    def shortfall(self) -> Fraction:
        """People that the lower group is short of the pair's common rate."""
        return Fraction(self.n_l * (self.x_l + self.x_h), self.n_l + self.n_h) - self.x_l

    @property
    def z(self) -> float:
        """Pooled two-proportion z of lower minus upper; 0 for equal rates, all selected too."""
        if self.x_l * self.n_h == self.x_h * self.n_l:
            return 0.0
        return float(pooled_z(self.x_l, self.n_l, self.x_h, self.n_h))

    @property
    def h(self) -> float:
        """Cohen's h of lower minus upper."""
        return float(cohen_h(self.x_l, self.n_l, self.x_h, self.n_h))

    def is_below(self, threshold: Fraction) -> bool:
        """Whether the ratio is below a threshold, in exact integers."""
        return below(self.x_l, self.n_l, self.x_h, self.n_h, threshold)

    def numbers(self) -> dict[str, Any]:
        """Evidence in plain JSON values."""
        return {
            "group": self.lower,
            "favorable": self.x_l,
            "n": self.n_l,
            "reference": self.upper,
            "reference_favorable": self.x_h,
            "reference_n": self.n_h,
            "ratio": None if self.ratio is None else float(self.ratio),
            "z": self.z,
            "cohen_h": self.h,
            "shortfall": float(self.shortfall),
        }


def contrasts(table: GroupTable, metric: str) -> list[Contrast]:
    """Every group with people against the printed reference, largest difference first.

    Ordered by z, then by name; empty when nobody was considered.
    """
    reference = printed_reference(table, metric)
    if reference is None:
        return []
    groups = [
        (name, int(x), int(n))
        for name, x, n in zip(table.groups, table.favorable, table.considered, strict=True)
    ]
    against = groups[reference]
    found = [_contrast(group, against) for group in groups if group is not against and group[2]]
    return sorted(found, key=lambda c: (c.z, c.lower, c.upper))


def _contrast(one: tuple[str, int, int], other: tuple[str, int, int]) -> Contrast:
    lower, upper = (one, other) if one[1] * other[2] <= other[1] * one[2] else (other, one)
    return Contrast(
        lower=lower[0],
        x_l=lower[1],
        n_l=lower[2],
        upper=upper[0],
        x_h=upper[1],
        n_h=upper[2],
    )


def reaches(value: float, limit: Fraction) -> bool | None:
    """Whether the size of a float is at or above its limit; None within 1e-9 of it, relatively.

    Examples
    --------
    >>> reaches(-3.1, Fraction(3)), reaches(2.9, Fraction(3)), reaches(3.0, Fraction(3))
    (True, False, None)
    """
    size = abs(value)
    if math.isclose(size, float(limit), rel_tol=DEAD_ZONE):
        return None
    return size > limit


def all_hold(*conditions: bool | None) -> bool | None:
    """Whether all conditions hold, where None is a doubt.

    Examples
    --------
    >>> all_hold(True, None), all_hold(None, False), all_hold(True, True)
    (None, False, True)
    """
    if False in conditions:
        return False
    return None if None in conditions else True


def plain(limit: Fraction) -> str:
    """Write an option as people do.

    Examples
    --------
    >>> plain(Fraction("1.96")), plain(Fraction(3))
    ('1.96', '3')
    """
    return f"{float(limit):g}"


def rounded(value: Fraction, places: int, *limits: Fraction) -> str:
    """Write a number with as many places as keep it on its side of every limit.

    Examples
    --------
    >>> rounded(Fraction(2, 3), 2), rounded(Fraction(8996, 10000), 2, Fraction(9, 10))
    ('0.67', '0.8996')
    """
    apart = [limit for limit in limits if limit != value]
    shown = round(value, places)
    while any(shown == limit or (shown < limit) != (value < limit) for limit in apart):
        places += 1
        shown = round(value, places)
    return f"{float(shown):,.{places}f}"


def percent(part: int, whole: int, *limits: Fraction) -> str:
    """Write a share as per cent; 0 and 100 only when exact.

    Examples
    --------
    >>> percent(1, 3), percent(1, 3000)
    ('33.3%', '0.03%')
    """
    lines = (Fraction(0), Fraction(100), *(100 * limit for limit in limits))
    return f"{rounded(Fraction(100 * part, whole), 1, *lines)}%"
