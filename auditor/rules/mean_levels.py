"""Means of a number by group in one category, and the gap between the lowest and the highest."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from auditor.rules.case import Case
    from auditor.vocabulary import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Level:
    """One category: ``means`` and people of the groups with enough of them, by group.

    ``people`` are all of known group with a number, those of smaller groups too. ``others`` are the
    means of groups that are shown and not compared, whose people are not among these.
    """

    name: str
    means: Mapping[str, tuple[float, int]]
    people: int
    others: Mapping[str, tuple[float, int]] = field(default_factory=dict)

    @property
    def lowest(self) -> str:
        """Group with the lowest mean."""
        return min(self.means, key=lambda group: self.means[group][0], default="")

    @property
    def highest(self) -> str:
        """Group with the highest mean."""
        return max(self.means, key=lambda group: self.means[group][0], default="")

    @property
    def is_compared(self) -> bool:
        """Whether two groups have people enough."""
        return len(self.means) > 1

    @property
    def gap(self) -> float:
        """Share that the lowest mean is below the highest; NaN where there is no such share."""
        if not self.is_compared or self.means[self.lowest][0] <= 0:
            return math.nan
        return 1 - self.means[self.lowest][0] / self.means[self.highest][0]

    @property
    def judged(self) -> int:
        """People in the means that a gap is the gap of."""
        return 0 if math.isnan(self.gap) else sum(n for _, n in self.means.values())

    @classmethod
    def of(
        cls, case: Case, fewest: int, name: str, lines: BoolArray, *, between: Collection[str]
    ) -> Level:
        """Take the means, in an order that does not depend on that of the rows.

        ``between`` names the groups that are compared; where it is empty all are.
        """
        decisions = case.evidence.decisions
        coded, score = decisions.group(case.attribute), decisions.score
        means: dict[str, tuple[float, int]] = {}
        others: dict[str, tuple[float, int]] = {}
        people = 0
        for code, group in enumerate(coded.levels):
            values = score[lines & (coded.codes == code)]  # type: ignore[index]
            values = values[~np.isnan(values)]
            compared = not between or group in between
            people += len(values) * compared
            if len(values) >= fewest:
                told = means if compared else others
                told[group] = (math.fsum(values.tolist()) / len(values), len(values))
        return cls(name=name, means=means, people=people, others=others)

    def says(self) -> str:
        """Say who against whom, and how wide the gap is."""
        where = f"{self.name}: " if self.name else ""
        (low, n), (high, of) = self.means[self.lowest], self.means[self.highest]
        beside = "".join(
            f" (not compared: {group}, {mean:,.6g}, {n:,} people)"
            for group, (mean, n) in self.others.items()
        )
        if low == high:
            return f"{where}the means of {' and '.join(self.means)} are equal ({low:,.6g}){beside}"
        return (
            f"{where}the mean of {self.lowest} ({low:,.6g}, {n:,} people) is {_percent(self.gap)} "
            f"below that of {self.highest} ({high:,.6g}, {of:,} people){beside}"
        )

    def numbers(self) -> dict[str, Any]:
        """Plain values for the evidence."""
        return {
            "level": self.name or None,
            "gap": None if math.isnan(self.gap) else self.gap,
            "groups": [
                {"group": group, "mean": mean, "people": n}
                for group, (mean, n) in self.means.items()
            ],
            "not_compared": [
                {"group": group, "mean": mean, "people": n}
                for group, (mean, n) in self.others.items()
            ],
        }


def _percent(share: float) -> str:
    """Write a share so that 4.9999 % never reads as the limit it stays under."""
    short = f"{100 * share:.3g}"
    whole = float(short).is_integer() and float(short) != 100 * share
    return f"{100 * share:.6g}%" if whole else f"{short}%"
