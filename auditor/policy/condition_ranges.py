"""Conditions that no number meets: two ends under one ``all`` that shut each other out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeAlias

from auditor.documents import PathKey
from auditor.policy.comparison_grammar import NumberComparison
from auditor.policy.condition_grammar import AllOf, AnyOf, Condition, NotOf, ReasonIs, subject

End: TypeAlias = tuple[Fraction | float, bool]
"""Where a range ends, and whether the end itself lies outside."""


def contradictions(condition: Condition, at: PathKey = ()) -> Iterator[tuple[PathKey, str]]:
    """Every ``all`` that asks of a value what no number can be: its path, and the value.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> from auditor.policy.condition_grammar import When
    >>> parts = [{"score": {"below": 3}}, {"score": {"at_least": 3}}]
    >>> list(contradictions(TypeAdapter(When).validate_python({"all": parts})))
    [(('all',), 'score')]
    """
    match condition:
        case AllOf() | AnyOf():
            path = (*at, "all" if isinstance(condition, AllOf) else "any")
            if isinstance(condition, AllOf):
                yield from ((path, name) for name in _shut_out(condition))
            for n, part in enumerate(condition.parts):
                yield from contradictions(part, (*path, n))
        case NotOf():
            yield from contradictions(condition.part, (*at, "not"))


def _shut_out(both: AllOf) -> Iterator[str]:
    lows: dict[str, list[End]] = {}
    highs: dict[str, list[End]] = {}
    for part in both.parts:
        if isinstance(part, AllOf | AnyOf | NotOf | ReasonIs):
            continue
        name, test = subject(part)
        if isinstance(test, NumberComparison):
            low, high = _range(*test.given)
            lows.setdefault(name, []).append(low)
            highs.setdefault(name, []).append(high)
    for name, ends in lows.items():
        low = max(ends)
        high = min(highs[name], key=lambda end: (end[0], not end[1]))
        if low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])):
            yield name


def _range(comparison: str, asked: Any) -> tuple[End, End]:
    """Lowest and highest number that can meet a comparison."""
    low: End = (-math.inf, False)
    high: End = (math.inf, False)
    match comparison:
        case "at_least" | "above":
            low = (asked, comparison == "above")
        case "at_most" | "below":
            high = (asked, comparison == "below")
        case "equals":
            low = high = (asked, False)
        case "between" | "in":
            low, high = (min(asked), False), (max(asked), False)
    return low, high
