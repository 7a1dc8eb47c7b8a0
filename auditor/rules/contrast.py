"""One group beside the printed reference, as rules on the size of a difference look at it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from auditor.findings import Finding
from auditor.inference.significance import cohen_h, pooled_z
from auditor.metrics import METRICS
from auditor.metrics.compare import FOUR_FIFTHS, below
from auditor.metrics.reference import printed_reference
from auditor.rules.group_rule import Case, GroupRule
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.cube import GroupTable

DEAD_ZONE = 1e-9
NEXT = (
    "Find out where the difference arises (requisition, step, criterion) and whether what is "
    "measured there is needed for the job."
)
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two groups, the one with the lower rate first; one of them is the printed reference.

    A small group may have a higher rate than the reference: then the reference is the lower one.
    """

    lower: str
    x_l: int
    n_l: int
    upper: str
    x_h: int
    n_h: int

    @property
    def ratio(self) -> Fraction | None:
        """Lower rate over upper rate, at most 1; None when both are 0."""
        return Fraction(self.x_l * self.n_h, self.x_h * self.n_l) if self.x_h else None

    @property
    def shortfall(self) -> Fraction:
        """People that the lower group is short of the pair's common rate."""
        return Fraction(self.n_l * (self.x_l + self.x_h), self.n_l + self.n_h) - self.x_l

    @property
    def z(self) -> float:
        """Pooled two-proportion z of lower minus upper; 0 for equal rates, all selected too."""
        if self.x_l * self.n_h == self.x_h * self.n_l:
            return 0.0
        return float(pooled_z(self.x_l, self.n_l, self.x_h, self.n_h))

    @property
    def h(self) -> float:
        """Cohen's h of lower minus upper."""
        return float(cohen_h(self.x_l, self.n_l, self.x_h, self.n_h))

    def is_below(self, threshold: Fraction) -> bool:
        """Whether the ratio is below a threshold, in exact integers."""
        return below(self.x_l, self.n_l, self.x_h, self.n_h, threshold)

    def numbers(self) -> dict[str, Any]:
        """Evidence in plain JSON values."""
        return {
            "group": self.lower,
            "favorable": self.x_l,
            "n": self.n_l,
            "reference": self.upper,
            "reference_favorable": self.x_h,
            "reference_n": self.n_h,
            "ratio": None if self.ratio is None else float(self.ratio),
            "z": self.z,
            "cohen_h": self.h,
            "shortfall": float(self.shortfall),
        }


def contrasts(table: GroupTable, metric: str) -> list[Contrast]:
    """Every group with people against the printed reference, largest difference first.

    Ordered by z, then by name; empty when nobody was considered.
    """
    reference = printed_reference(table, metric)
    if reference is None:
        return []
    groups = [
        (name, int(x), int(n))
        for name, x, n in zip(table.groups, table.favorable, table.considered, strict=True)
    ]
    against = groups[reference]
    found = [_contrast(group, against) for group in groups if group is not against and group[2]]
    return sorted(found, key=lambda c: (c.z, c.lower, c.upper))


def _contrast(one: tuple[str, int, int], other: tuple[str, int, int]) -> Contrast:
    lower, upper = (one, other) if one[1] * other[2] <= other[1] * one[2] else (other, one)
    return Contrast(
        lower=lower[0],
        x_l=lower[1],
        n_l=lower[2],
        upper=upper[0],
        x_h=upper[1],
        n_h=upper[2],
    )


def reaches(value: float, limit: Fraction) -> bool | None:
    """Whether the size of a float is at or above its limit; None within 1e-9 of it, relatively.

    Examples
    --------
    >>> reaches(-3.1, Fraction(3)), reaches(2.9, Fraction(3)), reaches(3.0, Fraction(3))
    (True, False, None)
    """
    size = abs(value)
    if math.isclose(size, float(limit), rel_tol=DEAD_ZONE):
        return None
    return size > limit


def all_hold(*conditions: bool | None) -> bool | None:
    """Whether all conditions hold, where None is a doubt.

    Examples
    --------
    >>> all_hold(True, None), all_hold(None, False), all_hold(True, True)
    (None, False, True)
    """
    if False in conditions:
        return False
    return None if None in conditions else True


def plain(limit: Fraction) -> str:
    """Write an option as people do.

    Examples
    --------
    >>> plain(Fraction("1.96")), plain(Fraction(3))
    ('1.96', '3')
    """
    return f"{float(limit):g}"


def rounded(value: Fraction, places: int, *limits: Fraction) -> str:
    """Write a number with as many places as keep it on its side of every limit.

    Examples
    --------
    >>> rounded(Fraction(2, 3), 2), rounded(Fraction(8996, 10000), 2, Fraction(9, 10))
    ('0.67', '0.8996')
    """
    apart = [limit for limit in limits if limit != value]
    shown = round(value, places)
    while any(shown == limit or (shown < limit) != (value < limit) for limit in apart):
        places += 1
        shown = round(value, places)
    return f"{float(shown):,.{places}f}"


def percent(part: int, whole: int, *limits: Fraction) -> str:
    """Write a share as per cent; 0 and 100 only when exact.

    Examples
    --------
    >>> percent(1, 3), percent(1, 3000)
    ('33.3%', '0.03%')
    """
    lines = (Fraction(0), Fraction(100), *(100 * limit for limit in limits))
    return f"{rounded(Fraction(100 * part, whole), 1, *lines)}%"


class ContrastRule(GroupRule, ABC):
    """A rule on the size of a difference between a group and the printed reference.

    A kind says when a contrast ``holds``. One that holds is a fail; a doubt about one, or a table
    in which nothing can differ, is no verdict.
    """

    @abstractmethod
    def holds(self, contrast: Contrast) -> bool | None:
        """Whether the rule speaks about this contrast; None when a float decides nothing."""

    @abstractmethod
    def reason(self, worst: Contrast) -> str:
        """Sentence after the numbers of the largest contrast that holds."""

    @abstractmethod
    def quiet(self, case: Case, found: Sequence[Contrast]) -> Finding:
        """Say what there is to say when no contrast holds."""

    @abstractmethod
    def limits(self) -> dict[str, Fraction]:
        """Options that decide, by name."""

    def judge(self, case: Case) -> Iterator[Finding]:
        """One finding an attribute, about the largest difference that holds."""
        found = contrasts(case.table, case.metric)
        judged = [(contrast, self.holds(contrast)) for contrast in found]
        holding = [contrast for contrast, holds in judged if holds]
        doubtful = [contrast for contrast, holds in judged if holds is None]
        nothing = _nothing_to_compare(case)
        if nothing is not None:
            yield self._no_verdict(case, *nothing)
        elif holding:
            yield self._speak(case, holding)
        elif doubtful:
            says = f"{self.sentence(case, doubtful[0])} That is too close to the limit to tell."
            yield self._no_verdict(case, "on-the-limit", says)
        else:
            yield self.quiet(case, found)

    def sentence(self, case: Case, contrast: Contrast) -> str:
        """Who against whom, with all numbers that a limit of the rule is about."""
        c, limits = contrast, tuple(self.limits().values())
        ratio = "" if c.ratio is None else f"ratio {rounded(c.ratio, 2, FOUR_FIFTHS, *limits)}, "
        z = ("-" if c.z else "") + rounded(Fraction(abs(c.z)), 2, *limits)
        return (
            f"{c.lower}: {c.x_l:,} of {c.n_l:,} {METRICS[case.metric].favorable} "
            f"({percent(c.x_l, c.n_l)}); {c.upper}: {c.x_h:,} of {c.n_h:,} "
            f"({percent(c.x_h, c.n_h)}). That is {ratio}z {z}, "
            f"{rounded(c.shortfall, 1, Fraction(1))} people short of their common rate."
        )

    def largest(self, case: Case, found: Sequence[Contrast]) -> str:
        """Sentence about the largest difference there is."""
        if not found[0].z:
            return "All groups have the same rate as the one compared with."
        return f"The largest difference: {self.sentence(case, found[0])}"

    def evidence(self, case: Case, named: Sequence[Contrast]) -> dict[str, Any]:
        """Options and the contrasts that a finding names."""
        return {
            "metric": case.metric,
            **{name: str(limit) for name, limit in self.limits().items()},
            "contrasts": [contrast.numbers() for contrast in named],
        }

    def _speak(self, case: Case, holding: Sequence[Contrast]) -> Finding:
        worst, *rest = holding
        says = f"{self.sentence(case, worst)} {self.reason(worst)}"
        if rest:
            named = [f"{c.lower} against {c.upper} (z {c.z:.2f})" for c in rest[:_NAMED]]
            more = f" and {len(rest) - _NAMED} more" if len(rest) > _NAMED else ""
            says += f" The same holds for {', '.join(named)}{more}."
        return self.finding(
            case.attribute,
            FindingVerdict.FAIL,
            says,
            group=worst.lower,
            reference=worst.upper,
            evidence=self.evidence(case, holding),
            next_step=NEXT,
        )

    def _no_verdict(self, case: Case, reason: str, says: str) -> Finding:
        return self.finding(
            case.attribute,
            FindingVerdict.NO_VERDICT,
            says,
            evidence={**self.evidence(case, ()), "reason": reason},
            next_step="Take a longer period or more requisitions and audit again.",
        )


def _nothing_to_compare(case: Case) -> tuple[str, str] | None:
    """Reason and sentence when no two rates of the table can differ; None when they can."""
    table, counted = case.table, METRICS[case.metric].favorable
    considered, favorable = int(table.considered.sum()), int(table.favorable.sum())
    groups = int((table.considered > 0).sum())
    if considered == 0:
        return "all-unknown", f"Nobody whose {case.attribute} is known was considered."
    if groups == 1:
        return "too-few-groups", f"All considered people are of one group of {case.attribute}."
    if favorable == 0:
        return "nobody-selected", f"Nobody is {counted}, so no rates can differ."
    if favorable == considered:
        return "everybody-selected", f"Everybody is {counted}, so no rates can differ."
    return None
