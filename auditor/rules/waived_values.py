"""Whether a fail is worse than the number that was written down when it was waived."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from auditor.policy.model import Waiver

Number: TypeAlias = Fraction | int | float
"""Exact where the evidence holds counts; a float is what the evidence stores of an exact number."""

_NOISE = Fraction(1, 10**9)


def is_higher(values: Iterable[Number], waiver: Waiver) -> bool:
    """Whether some number lies above the one that was waived, as it was written."""
    return any(_exact(value) > waiver.value + _room(value, waiver) for value in values)


def is_lower(values: Iterable[Number], waiver: Waiver) -> bool:
    """Whether some number lies below the one that was waived, as it was written."""
    return any(_exact(value) < waiver.value - _room(value, waiver) for value in values)


def is_further(
    values: Iterable[Number], waiver: Waiver, low: Number | None, high: Number | None
) -> bool:
    """Whether some number lies further outside two limits, or outside the other one."""
    below = low is not None and waiver.value <= _exact(low) + waiver.half
    above = high is not None and waiver.value >= _exact(high) - waiver.half
    for value in values:
        if low is not None and _exact(value) < low:
            worse = not below or is_lower([value], waiver)
        else:
            worse = not above or is_higher([value], waiver)
        if worse:
            return True
    return False


def _exact(value: Number) -> Fraction:
    return Fraction(value)


def _room(value: Number, waiver: Waiver) -> Fraction:
    """Half a unit of the last place that was written; a float is not exact in its last digits."""
    return waiver.half + (abs(waiver.value) * _NOISE if isinstance(value, float) else 0)
