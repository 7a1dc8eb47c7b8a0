"""Numbers and recurring phrases of a verdict on an impact ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.rules.contrast import percent, rounded

if TYPE_CHECKING:
    from auditor.inference.impact import ImpactVerdict, PairEvidence

_NAMED = 8
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases about one verdict; ``favorable`` says what the counted people are."""

    attribute: str
    favorable: str
    verdict: ImpactVerdict

    @property
    def line(self) -> str:
        """The threshold as it is written."""
        return str(self.verdict.rule.threshold)

    @property
    def worth(self) -> str:
        """The ratio that a pass rules out."""
        return rounded(self.verdict.rule.worth_detecting, 2)

    @property
    def sure(self) -> str:
        """Confidence of ruling it out."""
        return f"{self.verdict.rule.confidence * 100:g} %"

    def ratio(self, value: float | Fraction) -> str:
        """Write a ratio on its side of every line it is judged by."""
        exact = value if isinstance(value, Fraction) else Fraction(repr(value))
        rule = self.verdict.rule
        return rounded(exact, 2, rule.threshold, rule.worth_detecting, Fraction(1))

    def at(self, evidence: PairEvidence) -> str:
        """Who against whom."""
        pair = evidence.pair
        return (
            f"Group {pair.focal} was {self.favorable} at {self.ratio(pair.exact)} times the rate "
            f"of group {pair.upper}"
        )

    def rates(self, evidence: PairEvidence) -> str:
        """Both rates in people and per cent."""
        pair = evidence.pair
        return (
            f"{pair.x_l:,} of {pair.n_l:,} ({percent(pair.x_l, pair.n_l)}) against {pair.x_h:,} of "
            f"{pair.n_h:,} ({percent(pair.x_h, pair.n_h)})"
        )

    def beside(self, evidence: PairEvidence) -> str:
        """Interval and shortfall."""
        return (
            f"The ratio is {self.ratio(evidence.pair.exact)} (95 % interval "
            f"{self.ratio(evidence.low)} to {self.ratio(evidence.high)}), "
            f"{evidence.shortfall:,.1f} people short of the common rate"
        )

    def real(self, evidence: PairEvidence) -> str:
        """Say that a gap above the threshold is not chance."""
        return (
            f"The difference is real (adjusted p {p_value(evidence.p_adjusted)}) but smaller than "
            f"{self.line}."
        )

    def not_shown(self) -> Iterator[str]:
        """Name the open groups, largest first."""
        groups = sorted(self.verdict.open, key=lambda group: (-group.n, group.name))
        named = [
            f"{group.name} ({group.x:,} of {group.n:,}"
            + ("" if math.isnan(group.ratio) else f", ratio {self.ratio(group.ratio)}")
            + ")"
            for group in groups
        ]
        if named:
            yield f"Not shown: {listed(named)}."

    def near_the_line(self) -> Iterator[str]:
        """Say that the line is near, and how many selections away a fail is."""
        near, deciding = self.verdict.near, self.verdict.deciding
        if near is None or deciding is None:
            return
        yield (
            f"A true ratio between {near.band_low:.2f} and {near.band_high:.2f} "
            "could get either verdict at this size."
        )
        if near.selections is not None and not deciding.fails:
            moved = "1 selection" if near.selections == 1 else f"{near.selections:,} selections"
            pair = deciding.pair
            yield f"It would fail with {moved} moved from {pair.focal} to {pair.upper}."

    @property
    def unknown_people(self) -> str:
        """The people whose group is not known."""
        unknown, known = self.verdict.unknown_people, self.verdict.people
        return (
            f"The {unknown:,} people whose {self.attribute} is not known "
            f"({percent(unknown, unknown + known)})"
        )

    @property
    def tipping(self) -> str:
        """The tipping factor, on its side of the one that a pass has to hold up to."""
        factor = self.verdict.rule.unknown_factor
        limits = () if math.isinf(factor) else (Fraction(factor),)
        return rounded(Fraction(repr(self.verdict.tipping)), 1, *limits)


def p_value(value: float) -> str:
    """Write a p-value to three places, or two figures below 0.001.

    Examples
    --------
    >>> p_value(0.17), p_value(0.04996), p_value(4.76e-5), p_value(0.0)
    ('0.170', '0.04996', '4.8e-5', 'below 1e-300')
    """
    if value < _TINY:
        return "below 1e-300"
    if value < 0.001:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return rounded(Fraction(repr(value)), 3, Fraction(1, 20))


def times(alpha: float) -> str:
    """Write a chance as so many audits.

    Examples
    --------
    >>> times(0.05), times(0.001)
    ('5 of 100', '1 of 1,000')
    """
    of = 100 if alpha >= 0.01 else 1000
    return f"{alpha * of:g} of {of:,}"


def listed(names: Sequence[str]) -> str:
    """List names, the first eight of many.

    Examples
    --------
    >>> listed(["F", "M"]), listed([*"abcdefghij"])
    ('F, M', 'a, b, c, d, e, f, g, h and 2 more')
    """
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
