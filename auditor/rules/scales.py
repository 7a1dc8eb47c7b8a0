"""Ways that a change of one value can go, and the orders of values that they rest on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from auditor.documents import to_fraction
from auditor.policy import EVERY_ATTRIBUTE
from auditor.policy.days import due_days
from auditor.system import PATHS

Direction: TypeAlias = Literal["tighter", "looser", "neutral", "unclear"]
Way: TypeAlias = Callable[[Any, Any], Direction]
"""From the old value to the new one; both are plain values of a resolved policy."""

Size: TypeAlias = Fraction | float | frozenset[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Values in an order, and what going ``up`` and ``down`` it means.

    ``size`` puts a value in its place, or gives None for one that has none: from there nobody can
    say where a change goes. Sets are in order when one holds the other.
    """

    size: Callable[[Any], Size | None]
    up: Direction
    down: Direction

    def __call__(self, old: Any, new: Any) -> Direction:
        """Say which way a change goes."""
        before, after = self.size(old), self.size(new)
        if before is None or after is None:
            return "neutral" if old == new else "unclear"
        if before == after:
            return "neutral"
        if before < after:  # type: ignore[operator]
            return self.up
        return self.down if before > after else "unclear"  # type: ignore[operator]


def unordered(old: Any, new: Any) -> Direction:
    """Nobody can say of two values which is the stricter."""
    return "neutral" if old == new else "unclear"


def harmless(old: Any, new: Any) -> Direction:  # noqa: ARG001 - a way takes both
    """Words that people read; nothing is judged by them."""
    return "neutral"


def for_each(old: Any, new: Any) -> Direction:
    """Fewer attributes are looser; a list may ask for one that a profile does not declare."""
    if EVERY_ATTRIBUTE in (old, new) and old != new:
        return "looser" if old == EVERY_ATTRIBUTE else "unclear"
    return SETS(old, new)


def closed_list(old: Any, new: Any) -> Direction:
    """More codes let more reviews count; without a list nobody is held to one."""
    if bool(old) != bool(new):
        return "tighter" if new else "looser"
    before, after = frozenset(old or ()), frozenset(new or ())
    if before == after:
        return "neutral"
    return "tighter" if after < before else "looser" if before < after else "unclear"


def _number(value: Any) -> Fraction | None:
    return None if value is None else to_fraction(value)


def up_to_infinity(value: Any) -> Fraction | float:
    """Size of a number, where a word or nothing at all means the strictest there is."""
    return math.inf if value in (None, "worst-case") else to_fraction(value)


def or_nothing(value: Any) -> Fraction:
    """Size of a number, where nothing at all is below every number."""
    return Fraction(-1) if value is None else to_fraction(value)


def _names(value: Any) -> frozenset[Any] | None:
    return None if value is None else frozenset(value)


def one_would_do(value: Any) -> frozenset[Any]:
    """Tables of which one has to be there; without any the demand is met by nothing at all."""
    return frozenset(value) if value else frozenset((*_RATES, "nothing at all"))


def one_entry_would_do(value: Any) -> frozenset[Any]:
    """Entries of a record of which one has to be there; without any nothing is asked for."""
    return frozenset(value) if value else frozenset((*PATHS, "nothing at all"))


def place(*words: Any) -> Callable[[Any], Fraction | None]:
    """Place of a word in a list of them, the loosest first."""
    return lambda value: Fraction(words.index(value)) if value in words else None


def days(value: Any) -> Fraction | float:
    """Size of a number of days; without one there is no end."""
    return math.inf if value is None else Fraction(due_days(value))


def _of_word(value: bool) -> Fraction:  # noqa: FBT001 - a size takes the value
    return Fraction(value)


def in_force(value: Any) -> Fraction:
    """Size of a status: a policy moves the verdict, or advises only."""
    return Fraction(value == "in-force")


def day(value: Any) -> Fraction | None:
    """Size of a date."""
    return None if value is None else Fraction(date.fromisoformat(value).toordinal())


_RATES = ("selection-rate", "scoring-rate", "scoring-rate-known")
SETS = Scale(size=_names, up="tighter", down="looser")
HIGHER = Scale(size=_number, up="tighter", down="looser")
LOWER = Scale(size=_number, up="looser", down="tighter")
FLOOR = Scale(size=_number, up="looser", down="unclear")
"""Fewer groups are looked at above a higher floor. Below a lower one more can fail, but more can be
shown as well, and p-values are multiplied by more pairs: a run may come to pass by it."""

MISSING = Scale(size=place("skip", "review"), up="tighter", down="looser")
ON_IS_TIGHTER = Scale(size=_of_word, up="tighter", down="looser")
OFF_IS_TIGHTER = Scale(size=_of_word, up="looser", down="tighter")
LATER_IS_LOOSER = Scale(size=day, up="looser", down="tighter")
