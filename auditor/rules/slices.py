"""One number of one group, exactly and with its interval, as rules on limits look at it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from auditor.metrics.values import NAN
from auditor.rules.contrast import DEAD_ZONE, percent, rounded
from auditor.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from auditor.metrics.values import Measurement, Measures

Form: TypeAlias = Literal[
    "rate",
    "ratio",
    "difference",
    "shortfall",
    "shortfall-to-reference",
    "z",
    "p-value",
    "p-mid",
    "p-adjusted",
    "detectable-ratio",
]
"""A rate itself, or what a group's rate is beside that of the printed reference."""

COMPUTED: Mapping[Form, str] = {
    "z": "z",
    "p-value": "p_value",
    "p-mid": "p_mid",
    "p-adjusted": "p_adjusted",
    "detectable-ratio": "detectable_ratio",
}
"""Forms that are floats, and the field of a comparison that holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A measure of one group. ``value`` is None where it does not exist.

    It is exact, but for the forms that are ``COMPUTED``: those are what a float holds.

    ``fewest`` is the size of the smaller of the groups that the number is made of, and ``reason``
    says why there is no number.
    """

    group: str
    reference: str | None
    form: Form
    value: Fraction | None
    low: float
    high: float
    favorable: int
    n: int
    fewest: int
    reason: str | None

    def shown(self, *limits: Fraction, counts: bool) -> str:
        """Write the number so that it stands on its own side of every limit."""
        if self.value is None:
            return f"not defined ({(self.reason or 'no number').replace('-', ' ')})"
        if self.form == "rate":
            text = percent(self.favorable, self.n, *limits)
            return f"{text} ({self.favorable:,} of {self.n:,})" if counts else text
        return f"{write(self.form, self.value, *limits)} against {self.reference}"

    def interval(self, *limits: Fraction) -> str:
        """Write the interval in the same way."""
        ends = (end(self.form, side, *limits) for side in (self.low, self.high))
        return " to ".join(ends)

    def numbers(self) -> dict[str, Any]:
        """Evidence in plain JSON values."""
        return {
            "group": self.group,
            "reference": self.reference,
            "value": None if self.value is None else float(self.value),
            "low": None if math.isnan(self.low) else self.low,
            "high": None if math.isnan(self.high) else self.high,
            "fewest_people": self.fewest,
            "undefined": self.reason,
        }


def slices(measures: Measures, metric: str, attribute: str, form: Form) -> list[Slice]:
    """Every known group of an attribute, in the order of the tables."""
    rates = {
        row.group: row
        for row in measures.measurements
        if (row.metric, row.attribute, row.stratum) == (metric, attribute, None)
    }
    if form == "rate":
        return [_rate(row) for group, row in rates.items() if group != UNKNOWN]
    return list(_compared(measures, rates, metric, attribute, form))


def _rate(row: Measurement) -> Slice:
    return Slice(
        group=row.group,
        reference=None,
        form="rate",
        value=None if row.undefined else Fraction(row.favorable, row.n),
        low=row.low,
        high=row.high,
        favorable=row.favorable,
        n=row.n,
        fewest=row.n,
        reason=row.undefined,
    )


def _compared(
    measures: Measures, rates: dict[str, Measurement], metric: str, attribute: str, form: Form
) -> Iterator[Slice]:
    for row in measures.comparisons:
        if (row.metric, row.attribute, row.stratum) != (metric, attribute, None):
            continue
        group, reference = rates[row.group], rates[row.reference]
        # a difference exists where the ratio does not: when the reference selects nobody
        none = row.undefined if form == "ratio" or not group.n else None
        computed = getattr(row, COMPUTED[form]) if form in COMPUTED else 0.0
        if math.isnan(computed):
            none = row.undefined or "no-number"
        low, high = {
            "ratio": (row.ratio_low, row.ratio_high),
            "difference": (row.difference_low, row.difference_high),
        }.get(form, (NAN, NAN))
        yield Slice(
            group=row.group,
            reference=row.reference,
            form=form,
            value=None if none else _value(form, computed, group, reference),
            low=low,
            high=high,
            favorable=group.favorable,
            n=group.n,
            fewest=min(group.n, reference.n),
            reason=none,
        )


def _value(form: Form, computed: float, group: Measurement, reference: Measurement) -> Fraction:
    if form in COMPUTED:
        return Fraction(computed)
    x1, n1, x2, n2 = group.favorable, group.n, reference.favorable, reference.n
    if form == "ratio":
        return Fraction(x1 * n2, n1 * x2)
    if form == "difference":
        return Fraction(x1, n1) - Fraction(x2, n2)
    if form == "shortfall-to-reference":
        return Fraction(n1 * x2, n2) - x1
    return Fraction(n1 * (x1 + x2), n1 + n2) - x1


def write(form: Form, value: Fraction, *limits: Fraction) -> str:
    """Write a number of that form as people do, on its own side of the limits.

    Examples
    --------
    >>> write("rate", Fraction(1, 2)), write("difference", Fraction(-1, 8))
    ('50.0%', '-12.5 points')
    """
    if form == "rate":
        return f"{rounded(100 * value, 1, *(100 * limit for limit in limits))}%"
    if form == "difference":
        return f"{rounded(100 * value, 1, *(100 * limit for limit in limits))} points"
    if form in ("shortfall", "shortfall-to-reference"):
        return f"{rounded(value, 1, *limits)} people"
    if form.startswith("p-"):
        return rounded(value, 4, *limits)
    return rounded(value, 2, *limits)


def end(form: Form, value: float, *limits: Fraction) -> str:
    """Write an end of an interval; a ratio can have none above."""
    if not math.isfinite(value):
        return "without end"
    apart = (limit for limit in limits if not math.isclose(value, limit, rel_tol=DEAD_ZONE))
    return write(form, Fraction(value), *apart)


def side(value: float, limit: Fraction) -> int:
    """Which side of a limit a float lies on: -1, 1, or 0 within 1e-9 of it, relatively.

    Examples
    --------
    >>> side(0.79, Fraction(4, 5)), side(0.8, Fraction(4, 5)), side(0.81, Fraction(4, 5))
    (-1, 0, 1)
    """
    if math.isclose(value, limit, rel_tol=DEAD_ZONE):
        return 0
    return 1 if value > limit else -1
