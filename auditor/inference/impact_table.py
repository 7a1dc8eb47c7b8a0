"""One table after the steps of the verdict rule: who the reference is, and pairs by name."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.impact_evidence import Decided, PairEvidence, weigh
from auditor.inference.impact_moves import Pair
from auditor.inference.impact_steps import Steps, Tables
from auditor.inference.significance import doubled_mid_p, holm

if TYPE_CHECKING:
    from auditor.inference.impact_rule import ImpactRule
    from auditor.vocabulary import BoolArray


@dataclass(kw_only=True)
class JudgedTable:
    """Names and counts of one table, with what the steps found.

    Masks are over the pairs of the steps.
    """

    names: list[str]
    n: list[int]
    x: list[int]
    tables: Tables
    rule: ImpactRule
    steps: Steps

    @property
    def people(self) -> int:
        """People of known group."""
        return sum(self.n)

    @property
    def selected(self) -> int:
        """Selected people of known group."""
        return sum(self.x)

    @property
    def family(self) -> int:
        """Number of compared pairs m."""
        return int(self.steps.compared.sum())

    @cached_property
    def reference(self) -> int | None:
        """The yardstick in play with the highest rate; equal ones: the larger, then by name."""
        candidates = np.flatnonzero(self.steps.in_play[0] & self.steps.big[0]).tolist()
        return min(
            candidates,
            key=lambda i: (-Fraction(self.x[i], self.n[i]), -self.n[i], self.names[i]),
            default=None,
        )

    @property
    def shown_pairs(self) -> BoolArray:
        """Compared pairs of two shown groups."""
        low, high, shown = self.steps.low[0], self.steps.high[0], self.steps.shown[0]
        mask: BoolArray = self.steps.compared[0] & shown[low] & shown[high]
        return mask

    @cached_property
    def adjusted(self) -> dict[int, float]:
        """Holm-adjusted mid-p of every compared pair, by its position."""
        compared = np.flatnonzero(self.steps.compared[0]).tolist()
        counts = np.array([self.pair(i).counts for i in compared], dtype=np.float64)
        p_mid = np.asarray(doubled_mid_p(*counts.reshape(-1, 4).T))
        return dict(zip(compared, holm(p_mid.tolist()), strict=True))

    def pair(self, position: int) -> Pair:
        """Look up a pair."""
        l, h = int(self.steps.low[0, position]), int(self.steps.high[0, position])
        return Pair(
            focal=self.names[l],
            upper=self.names[h],
            x_l=self.x[l],
            n_l=self.n[l],
            x_h=self.x[h],
            n_h=self.n[h],
        )

    def weighed(self, mask: BoolArray) -> list[PairEvidence]:
        """Weigh the masked pairs, all of them compared."""
        decided = [
            Decided(
                pair=self.pair(i),
                p_adjusted=self.adjusted[i],
                fails=bool(self.steps.fails[0, i]),
                settled=bool(self.steps.settled[0, i]),
            )
            for i in np.flatnonzero(mask).tolist()
        ]
        if not decided:
            return []
        rate = Fraction(self.selected, self.people)
        return weigh(decided, self.rule, pairs=self.family, rate=rate)

    def against_reference(self, focal: str) -> PairEvidence:
        """Weigh a group that is the lower one of its pair with the reference."""
        l = self.names.index(focal)
        mask = (self.steps.low[0] == l) & (self.steps.high[0] == self.reference)
        (found,) = self.weighed(mask)
        return found

    def lowest(self, mask: BoolArray) -> PairEvidence | None:
        """Weigh the masked pair with the lowest ratio, the larger of equals, if one has a ratio."""
        ratios = [
            (pair.exact, -min(pair.n_l, pair.n_h), pair.focal, pair.upper, i)
            for i in np.flatnonzero(mask).tolist()
            if (pair := self.pair(i)).x_h
        ]
        if not ratios:
            return None
        only = np.zeros_like(mask)
        only[min(ratios)[-1]] = True
        return self.weighed(only)[0]
