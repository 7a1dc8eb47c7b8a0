"""Rates, ratios and differences of groups now and in an earlier result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from auditor.inference.change import (
    RatioChange,
    Shift,
    difference_change,
    rate_change,
    ratio_change,
)
from auditor.rules.contrast import rounded
from auditor.rules.slices import side, write

if TYPE_CHECKING:
    from auditor.cube import GroupTable

Judged: TypeAlias = Literal["ratio", "rate", "difference"]
Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What is judged of a group now and then; a ratio or difference against the same reference."""

    group: str
    reference: str | None
    form: Judged
    now: Fraction
    before: Fraction
    change: RatioChange | Shift

    @property
    def fall(self) -> Fraction:
        """By how much it is lower than it was."""
        return self.before - self.now

    @property
    def is_shown(self) -> bool:
        """Whether the whole interval of the change lies below no change."""
        return side(self.change.high, Fraction(self.form == "ratio")) < 0

    def says(self) -> str:
        """Both numbers, and the change with its interval."""
        change = self.change
        if self.form == "ratio":
            return (
                f"{self.group}: ratio {rounded(self.now, 2)} against {self.reference}, "
                f"{rounded(self.before, 2)} then. That is {change.change:.2f} of what it was, "
                f"interval {change.low:.3g} to {change.high:.3g}."
            )
        against = f" against {self.reference}" if self.reference else ""
        now, before = write(self.form, self.now), write(self.form, self.before)
        return (
            f"{self.group}: {self.form} {now}{against}, {before} then. The change is "
            f"{100 * change.change:.1f} points, interval {100 * change.low:.3g} to "
            f"{100 * change.high:.3g}."
        )

    def numbers(self) -> dict[str, Any]:
        """Evidence in plain JSON values."""
        ratio = self.change if isinstance(self.change, RatioChange) else None
        return {
            "group": self.group,
            "reference": self.reference,
            self.form: float(self.now),
            f"{self.form}_before": float(self.before),
            "fall": float(self.fall),
            "change": self.change.change,
            "change_low": self.change.low,
            "change_high": self.change.high,
            "z": ratio.z if ratio else None,
            "p_value": ratio.p_value if ratio else None,
            "method": self.change.method,
        }


def moves_since(
    table: GroupTable,
    reference: int | None,
    before: Mapping[str, Pair],
    *,
    alpha: float,
    form: Judged = "ratio",
) -> tuple[list[Move], list[str]]:
    """Numbers of all groups now and then, the largest fall first, and the groups without one.

    Parameters
    ----------
    table : GroupTable
    reference : index of the group that all are compared with, now and then; None for rates
    before : favorable and considered people by group in the earlier result
    alpha : level of the tests, divided among the groups
    form : what is judged
    """
    now = {
        name: (int(x), int(n))
        for name, x, n in zip(table.groups, table.favorable, table.considered, strict=True)
    }
    against = None if reference is None else table.groups[reference]
    groups = [name for name, (_, n) in now.items() if n and name != against]
    moves, lacking = [], []
    for group in groups:
        here = [now[name] for name in (group, against) if name is not None]
        there = [before.get(name, (0, 0)) for name in (group, against) if name is not None]
        move = _move(group, against, here, there, alpha / len(groups), form)
        if move is None:
            lacking.append(group)
        else:
            moves.append(move)
    return sorted(moves, key=lambda move: (-move.fall, move.group)), lacking


def _move(
    group: str,
    against: str | None,
    here: list[Pair],
    there: list[Pair],
    alpha: float,
    form: Judged,
) -> Move | None:
    """Compare one group with what it was; None where one of the numbers does not exist."""
    if not all(n for _, n in there) or (form == "ratio" and not (here[1][0] and there[1][0])):
        return None
    change: RatioChange | Shift
    if form == "rate":
        change = rate_change(here[0], there[0], alpha=alpha)
    elif form == "ratio":
        change = ratio_change((*here[0], *here[1]), (*there[0], *there[1]), alpha=alpha)
    else:
        change = difference_change((*here[0], *here[1]), (*there[0], *there[1]), alpha=alpha)
    values = [_value(pairs, form) for pairs in (here, there)]
    return Move(
        group=group,
        reference=against,
        form=form,
        now=values[0],
        before=values[1],
        change=change,
    )


def _value(pairs: list[Pair], form: Judged) -> Fraction:
    rates = [Fraction(x, n) for x, n in pairs]
    if form == "rate":
        return rates[0]
    return rates[0] / rates[1] if form == "ratio" else rates[0] - rates[1]
