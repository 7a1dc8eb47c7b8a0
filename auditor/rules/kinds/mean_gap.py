from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from auditor.documents import FractionText, Text
from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Needs, Params
from auditor.rules.case import Case
from auditor.rules.contrast import plain
from auditor.rules.group_rule import GroupRule
from auditor.rules.waived_values import Part, higher_is_worse
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number
    from auditor.vocabulary import BoolArray

_CLOSE = 1e-9
_NAMED = 3
_EVERYBODY = ""


class MeanGapOptions(Params):
    """``at_most``: from this gap on it is one; ``within``: a stratum that is looked at apart."""

    at_most: Annotated[FractionText, Field(gt=0, lt=1)]
    within: Text | None = None
    fewest_people: Annotated[int, Field(ge=1, le=1000)] = 10


class MeanGap(GroupRule):
    """The mean of a number, such as pay, is lower in one group than in another.

    What it checks
    --------------
    The mean of the profile's ``score`` column for each group with ``fewest_people`` or more. The
    gap is 1 minus the lowest mean over the highest, in every level of the stratum ``within``, or
    over all where none is named. A gap of ``at_most`` or more fails. A gap within 1e-9 of the
    limit, a mean that is not above 0, or fewer than two such groups give no verdict. Blank numbers
    are left out and counted.

    Why it matters
    --------------
    Texts on pay ask about means in a category of workers, not about selections, and put the burden
    of explaining a gap on the employer from a fixed size on.

    When it misleads
    ----------------
    It weighs no chance: in a small category one salary makes a gap. It adjusts for nothing; hours,
    grade and place have to be in the categories. A gap that is explained by neutral criteria is
    still named. A category with fewer people than ``fewest_people`` in a group is not judged.

    Example
    -------
    ``at_most: 0.05``, means of 94 and 100: the gap is 6 %. It fails. With 96 it does not, and with
    95 it is too close to the limit to decide.

    Options
    -------
    ``at_most``: such as 0.05; no default. ``within`` (all together): name of a stratum of the
    profile. ``fewest_people`` (10).

    References
    ----------
    Directive (EU) 2023/970, article 10(1)(a): a difference in the average pay level of at least 5 %
    in any category of workers.
    """

    kind: ClassVar[str] = "mean-gap"
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = MeanGapOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group so far below the highest of its category, each category by itself."""
        wide = float(self.options.at_most) * (1 + _CLOSE)
        found = []
        for level in finding.evidence["levels"]:
            means = {group["group"]: group["mean"] for group in level["groups"]}
            if level["gap"] is None:
                continue
            gaps = {group: 1 - mean / max(means.values()) for group, mean in means.items()}
            found += [
                Part(about=group, stratum=level["level"], value=gap)
                for group, gap in gaps.items()
                if gap > wide
            ]
        return found

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a wider gap as worse."""
        return higher_is_worse(value, waiver)

    def metrics(self) -> Sequence[str]:
        """Any rate tells which groups there are."""
        return ("scoring-rate", "selection-rate")

    def needs(self) -> Needs:
        """Ask for single rows: a mean needs every number."""
        needs = super().needs()
        return Needs(attributes=needs.attributes, metrics=needs.metrics, rows=True)

    def judge(self, case: Case) -> Iterator[Finding | NotEvaluated]:
        """One finding an attribute, about the levels with the widest gaps."""
        decisions = case.evidence.decisions
        within = self.options.within
        if decisions.score is None:
            why = "the profile declares no score, and so no number to take a mean of"
            yield self.not_evaluated("no-number", why, attribute=case.attribute)
        elif within is not None and within not in decisions.strata:
            why = f"the profile declares no stratum named {within}"
            yield self.not_evaluated("no-such-stratum", why, attribute=case.attribute)
        else:
            yield self._judged(
                case, [_Level.of(case, self.options, *part) for part in self._parts(case)]
            )

    def _parts(self, case: Case) -> Iterator[tuple[str, BoolArray]]:
        """Levels that are looked at apart, and their lines."""
        decisions, within = case.evidence.decisions, self.options.within
        if within is None:
            yield _EVERYBODY, np.ones(len(decisions.rows), dtype=np.bool_)
            return
        strata = decisions.strata[within]
        for code, level in enumerate(strata.levels):
            yield level, strata.codes == code

    def _judged(self, case: Case, levels: Sequence[_Level]) -> Finding:
        limit = self.options.at_most
        told = [level for level in levels if not math.isnan(level.gap)]
        wide = [level for level in told if level.gap > float(limit) * (1 + _CLOSE)]
        near = [level for level in told if abs(level.gap / float(limit) - 1) <= _CLOSE]
        share = f"{plain(100 * limit)}%"
        widest = sorted(wide or near or told, key=lambda level: -level.gap)
        named = "; ".join(level.says() for level in widest[:_NAMED])
        more = f"; and {len(widest) - _NAMED} more" if len(widest) > _NAMED else ""
        silent = len(levels) - len(told)
        if wide:
            verdict, says = FindingVerdict.FAIL, f"{named}{more}. That is {share} or more."
        elif near or not told:
            verdict = FindingVerdict.NO_VERDICT
            says = f"{named}{more}. That is so close to {share} that it decides nothing."
            if not told:
                says = f"No two groups have {self.options.fewest_people} people with a number."
        else:
            verdict, says = FindingVerdict.PASS, f"No gap of {share} or more; the widest: {named}."
        if silent and told:
            says += f" {silent} of {len(levels)} categories have too few people to be judged."
        group = widest[0] if wide else None
        return self.finding(
            case.attribute,
            verdict,
            says,
            evidence={
                "metric": case.metric,
                "at_most": str(limit),
                "within": self.options.within,
                "levels": [level.numbers() for level in levels],
                "blank": int(np.isnan(case.evidence.decisions.score).sum()),  # type: ignore[arg-type]
            },
            next_step="Find out whether objective, neutral criteria explain the gap, and write "
            "down which; otherwise mend it."
            if wide
            else "",
            group=group.lowest if group else None,
            reference=group.highest if group else None,
        )


class _Level:
    """Means of the groups of one category, and the gap between the lowest and the highest."""

    def __init__(self, name: str, means: dict[str, tuple[float, int]]) -> None:
        self.name = name
        self.means = means
        self.lowest = min(means, key=lambda group: means[group][0], default="")
        self.highest = max(means, key=lambda group: means[group][0], default="")
        enough = len(means) > 1 and means[self.lowest][0] > 0
        self.gap = 1 - means[self.lowest][0] / means[self.highest][0] if enough else math.nan

    @classmethod
    def of(cls, case: Case, options: Any, name: str, lines: BoolArray) -> _Level:
        """Take the means, in an order that does not depend on that of the rows."""
        decisions = case.evidence.decisions
        coded, score = decisions.group(case.attribute), decisions.score
        means = {}
        for code, group in enumerate(coded.levels):
            values = score[lines & (coded.codes == code)]  # type: ignore[index]
            values = values[~np.isnan(values)]
            if len(values) >= options.fewest_people:
                means[group] = (math.fsum(values.tolist()) / len(values), len(values))
        return cls(name, means)

    def says(self) -> str:
        """Say who against whom, and how wide the gap is."""
        where = f"{self.name}: " if self.name else ""
        (low, n), (high, of) = self.means[self.lowest], self.means[self.highest]
        return (
            f"{where}the mean of {self.lowest} ({low:,.6g}, {n:,} people) is {100 * self.gap:.3g}% "
            f"below that of {self.highest} ({high:,.6g}, {of:,} people)"
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
        }
