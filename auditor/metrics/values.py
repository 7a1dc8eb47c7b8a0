from __future__ import annotations

from dataclasses import dataclass

NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One rate of one group with its interval; NaN with a reason when it does not exist.

    ``n`` and ``favorable`` are people; for a scoring rate ``favorable`` is the number strictly
    above the sample median (below it where a low score is better).
    """

    metric: str
    attribute: str
    group: str
    n: int
    favorable: int
    value: float
    low: float
    high: float
    method: str
    stratum: str | None = None
    undefined: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Range of a ratio when the unknown may belong to any group; NaN ends do not exist."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One group against the reference of its attribute. Field by field as house section 8."""

    metric: str
    attribute: str
    group: str
    reference: str
    ratio: float
    ratio_low: float
    ratio_high: float
    difference: float
    difference_low: float
    difference_high: float
    below_four_fifths: bool | None
    p_value: float
    p_mid: float
    p_adjusted: float
    test: str
    family_size: int
    z: float
    shortfall: float
    shortfall_to_reference: float
    selections_to_reverse: int | None
    detectable_ratio: float
    bounds: Bounds | None
    method: str
    stratum: str | None = None
    undefined: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Everything measured in one run, and sentences about how (medians, ties, references)."""

    measurements: tuple[Measurement, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...] = ()
