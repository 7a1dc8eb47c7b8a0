"""Ratios of groups now and in an earlier result, each against the same group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from auditor.inference.change import RatioChange, ratio_change

if TYPE_CHECKING:
    from auditor.cube import GroupTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A group's ratio now and then, against the same reference."""

    group: str
    reference: str
    now: Fraction
    before: Fraction
    change: RatioChange

    @property
    def fall(self) -> Fraction:
        """By how much the ratio is lower than it was."""
        return self.before - self.now

    def numbers(self) -> dict[str, Any]:
        """Evidence in plain JSON values."""
        return {
            "group": self.group,
            "reference": self.reference,
            "ratio": float(self.now),
            "ratio_before": float(self.before),
            "change": self.change.change,
            "change_low": self.change.low,
            "change_high": self.change.high,
            "z": self.change.z,
            "p_value": self.change.p_value,
            "method": self.change.method,
        }


def moves_since(
    table: GroupTable, reference: int, before: Mapping[str, tuple[int, int]], *, alpha: float
) -> tuple[list[Move], list[str]]:
    """Ratios of all groups now and then, the largest fall first, and the groups without one.

    Parameters
    ----------
    table : GroupTable
    reference : index of the group that all are compared with, now and then
    before : favorable and considered people by group in the earlier result
    alpha : level of the tests, divided among the groups
    """
    now = {
        name: (int(x), int(n))
        for name, x, n in zip(table.groups, table.favorable, table.considered, strict=True)
    }
    against = table.groups[reference]
    groups = [name for name, (_, n) in now.items() if n and name != against]
    moves, lacking = [], []
    for group in groups:
        here = (*now[group], *now[against])
        there = (*before.get(group, (0, 0)), *before.get(against, (0, 0)))
        if not (here[2] and there[1] and there[2]):
            lacking.append(group)
            continue
        moves.append(
            Move(
                group=group,
                reference=against,
                now=Fraction(here[0] * here[3], here[1] * here[2]),
                before=Fraction(there[0] * there[3], there[1] * there[2]),
                change=ratio_change(here, there, alpha=alpha / len(groups)),
            )
        )
    return sorted(moves, key=lambda move: (-move.fall, move.group)), lacking
