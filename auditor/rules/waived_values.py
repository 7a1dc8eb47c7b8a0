"""A number that fails beside the one that was written down when it was waived."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from auditor.policy.model import Waiver

Number: TypeAlias = Fraction | int | float
"""Exact where the evidence holds counts; a float is what the evidence stores of an exact number."""
Beside: TypeAlias = Literal["worse", "alike", "better"]
"""How a number is beside the one that was waived; ``better`` by more than the margin."""

MARGIN = Fraction(1, 10)
"""A waiver does not cover what is better than its value by more than this part of it."""

_NOISE = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One group or feature that a fail is about, with its own number, of several the worst."""

    about: str | None
    stratum: str | None = None
    value: Number | None


def lowest(numbers: Iterable[tuple[str | None, Number | None]]) -> tuple[Part, ...]:
    """Each group or feature with its lowest number, in the order in which they come."""
    return _each(numbers, min)


def highest(numbers: Iterable[tuple[str | None, Number | None]]) -> tuple[Part, ...]:
    """Each group or feature with its highest number, in the order in which they come."""
    return _each(numbers, max)


def lower_is_worse(value: Number, waiver: Waiver) -> Beside:
    """Compare with the number that was waived, as it was written, where low ones fail."""
    gap, room = Fraction(value) - waiver.value, _room(value, waiver)
    if gap < -room:
        return "worse"
    return "better" if gap > abs(waiver.value) * MARGIN + room else "alike"


def higher_is_worse(value: Number, waiver: Waiver) -> Beside:
    """Compare with the number that was waived, as it was written, where high ones fail."""
    gap, room = Fraction(value) - waiver.value, _room(value, waiver)
    if gap > room:
        return "worse"
    return "better" if gap < -abs(waiver.value) * MARGIN - room else "alike"


def further_is_worse(
    value: Number, waiver: Waiver, low: Number | None, high: Number | None
) -> Beside:
    """Compare what lies outside two limits; outside the other one is worse, however little."""
    if low is not None and Fraction(value) < low:
        below = waiver.value <= Fraction(low) + waiver.half
        return lower_is_worse(value, waiver) if below else "worse"
    above = high is not None and waiver.value >= Fraction(high) - waiver.half
    return higher_is_worse(value, waiver) if above else "worse"


def together(found: Collection[Beside]) -> Beside:
    """How several numbers are together: one that is worse decides, and better are only all."""
    if not found or "worse" in found:
        return "worse"
    return "alike" if "alike" in found else "better"


def exact_ratio(pair: Mapping[str, int]) -> Fraction:
    """Ratio of the rates of two groups, from the counts that evidence holds of them."""
    return Fraction(
        pair["favorable"] * pair["against_considered"],
        pair["considered"] * pair["against_favorable"],
    )


def _each(
    numbers: Iterable[tuple[str | None, Number | None]], worst: Callable[[list[Number]], Number]
) -> tuple[Part, ...]:
    found: dict[str | None, list[Number | None]] = {}
    for about, value in numbers:
        found.setdefault(about, []).append(value)
    return tuple(Part(about=about, value=_of(values, worst)) for about, values in found.items())


def _of(values: list[Number | None], worst: Callable[[list[Number]], Number]) -> Number | None:
    """Worst of some numbers; None where one of them does not exist: that is never waived."""
    known = [v for v in values if v is not None and (isinstance(v, Fraction) or math.isfinite(v))]
    return worst(known) if len(known) == len(values) else None


def _room(value: Number, waiver: Waiver) -> Fraction:
    """Half a unit of the last place that was written; a float is not exact in its last digits."""
    return waiver.half + (abs(waiver.value) * _NOISE if isinstance(value, float) else 0)
