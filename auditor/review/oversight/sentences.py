"""What review did to a gap, in one sentence."""

from __future__ import annotations

import math
from fractions import Fraction

from auditor.review.oversight.numbers import evidence

LIKELY = 0.05


def sentence(
    group: str,
    reference: str,
    before: Fraction | None,
    after: Fraction | None,
    p: float,
    *,
    numbers: bool = True,
) -> str:
    """Say whether the gap became wider, and whether changes without regard to the group do that."""
    about = f"{group} against {reference}"
    if before is None or after is None:
        return f"{about}: nothing can be said, because nobody of one of the groups was selected."
    ratios = f", ratio {float(before):.3f} before review, {float(after):.3f} after"
    ratios = ratios if numbers else ""
    if before == after:
        return f"{about}: review left the gap as it was{ratios}."
    was, now = (_closeness(ratio) for ratio in (before, after))
    verb = "narrowed" if now > was else "widened" if now < was else "turned round"
    return f"{about}: review {verb} the gap{ratios}; {_how_sure(p, numbers=numbers)}."


def _closeness(ratio: Fraction) -> Fraction:
    """1 where both are selected alike, 0 where one of them never is."""
    return min(ratio, 1 / ratio) if ratio else ratio


def _how_sure(p: float, *, numbers: bool) -> str:
    if math.isnan(p):
        return "there is no test of it"
    how = f" ({evidence(p)})" if numbers else ""
    if p < LIKELY:
        return f"changes made without regard to the group would hardly do that{how}"
    return f"changes made without regard to the group can do that too{how}"
