"""How many people an audit of equal groups needs until it can pass."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.power import people_factor, round_people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.inference.impact_rule import ImpactRule


def people_needed(sizes: Sequence[int], selected: int, rule: ImpactRule) -> int | None:
    """People considered at which an attribute of equal groups would pass, about.

    The largest groups are taken until the others hold no more than ``open_share``; every two of
    them that the rule compares have to be in play and settled with a probability of 80 %, at the
    present rate and mix of groups. Rounded up to two figures.

    Returns
    -------
    int or None
        None where no number would do: nobody or everybody selected, a single group, or no group
        large enough to be a yardstick for the others.

    Examples
    --------
    >>> from auditor.inference.impact_rule import ImpactRule
    >>> people_needed([235, 265], 150, ImpactRule())
    660
    """
    people, share, limit = sum(sizes), rule.reference_share, rule.open_share
    if not 0 < selected < people:
        return None
    needed: list[int] = []
    for size in sorted(sizes, reverse=True):
        others = people - sum(needed)
        if len(needed) > 1 and limit.denominator * others <= limit.numerator * people:
            break
        needed.append(size)
    if len(needed) < 2 or not needed[-1]:
        return None
    pairs = combinations(needed, 2)  # the larger group of a pair stands first
    compared = [p for p in pairs if share.denominator * p[0] >= share.numerator * people]
    if not compared:
        return None
    first, second = (np.array(side, dtype=np.float64) for side in zip(*compared, strict=True))
    factors = people_factor(
        first,
        second,
        selected / people,
        worth_detecting=rule.worth_detecting,
        confidence=rule.confidence,
    )
    smallest = needed[-1]
    in_play = max(
        Fraction(rule.min_people, smallest),
        Fraction(rule.min_expected * people, smallest * selected),
    )
    factor = max(float(np.max(factors)), float(in_play))
    return round_people(people * factor) if math.isfinite(factor) else None
