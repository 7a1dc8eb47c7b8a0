from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from auditor.documents import FractionText, Text
from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Needs, Params
from auditor.rules.case import Case
from auditor.rules.contrast import percent, plain
from auditor.rules.group_rule import GroupRule
from auditor.rules.left_out import MOST_LEFT_OUT
from auditor.rules.mean_levels import Level
from auditor.rules.waived_values import Part, higher_is_worse
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number
    from auditor.vocabulary import BoolArray

_CLOSE = 1e-9
_NAMED = 3
_EVERYBODY = ""
_STEPS = {
    FindingVerdict.FAIL: "Find out whether objective, neutral criteria explain the gap, and write "
    "down which; otherwise mend it.",
    FindingVerdict.NO_VERDICT: "Join categories of work of equal value until each has people "
    "enough, and give everybody a category and a number.",
}


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
    limit, a mean that is not above 0, or fewer than two such groups give no verdict. Nor is there a
    pass where more than a tenth of the people of known group are in none of the means compared: in
    a category that cannot be judged, in a small group of one that can, or in no category. Blank
    numbers are left out and counted.

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
            fewest = self.options.fewest_people
            yield self._judged(case, [Level.of(case, fewest, *part) for part in self._parts(case)])

    def _parts(self, case: Case) -> Iterator[tuple[str, BoolArray]]:
        """Levels that are looked at apart, and their lines."""
        decisions, within = case.evidence.decisions, self.options.within
        if within is None:
            yield _EVERYBODY, np.ones(len(decisions.rows), dtype=np.bool_)
            return
        strata = decisions.strata[within]
        for code, level in enumerate(strata.levels):
            yield level, strata.codes == code

    def _judged(self, case: Case, levels: Sequence[Level]) -> Finding:
        limit = self.options.at_most
        told = [level for level in levels if not math.isnan(level.gap)]
        without_share = [level for level in levels if level.is_compared and math.isnan(level.gap)]
        wide = [level for level in told if level.gap > float(limit) * (1 + _CLOSE)]
        near = [level for level in told if abs(level.gap / float(limit) - 1) <= _CLOSE]
        share = f"{plain(100 * limit)}%"
        widest = sorted(wide or near or told, key=lambda level: -level.gap)
        named = "; ".join(level.says() for level in widest[:_NAMED])
        more = f"; and {len(widest) - _NAMED} more" if len(widest) > _NAMED else ""
        everybody = self._people(case)
        outside = everybody - sum(level.judged for level in levels)
        verdict = FindingVerdict.NO_VERDICT
        if wide:
            verdict, says = FindingVerdict.FAIL, f"{named}{more}. That is {share} or more."
        elif near:
            says = f"{named}{more}. That is so close to {share} that it decides nothing."
        elif without_share:
            says = f"{_names(without_share)} mean is not above 0, so there is no gap as a share."
        elif not told:
            says = f"No two groups have {self.options.fewest_people} people with a number."
        else:
            says = f"No gap of {share} or more; the widest: {named}."
            if outside * MOST_LEFT_OUT.denominator <= MOST_LEFT_OUT.numerator * everybody:
                verdict = FindingVerdict.PASS
        if outside and told:
            says += f" {_outside(levels, outside, everybody, self.options.fewest_people)}"
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
                "people": everybody,
                "outside": outside,
                "blank": int(np.isnan(case.evidence.decisions.score).sum()),  # type: ignore[arg-type]
            },
            next_step=_STEPS.get(verdict, ""),
            group=group.lowest if group else None,
            reference=group.highest if group else None,
        )

    def _people(self, case: Case) -> int:
        """People of known group with a number, whatever their category."""
        every = np.ones(len(case.evidence.decisions.rows), dtype=np.bool_)
        return Level.of(case, self.options.fewest_people, _EVERYBODY, every).people


def _names(levels: Sequence[Level]) -> str:
    """Where a mean is not above 0."""
    named = ", ".join(level.name for level in levels[:_NAMED] if level.name)
    more = f" and {len(levels) - _NAMED} more" if len(levels) > _NAMED else ""
    return f"{named}{more}: a" if named else "A"


def _outside(levels: Sequence[Level], outside: int, everybody: int, fewest: int) -> str:
    """Say how many people are in none of the means compared, and where they are."""
    few = sum(not level.is_compared for level in levels)
    without_share = sum(level.is_compared and math.isnan(level.gap) for level in levels)
    small = any(0 < level.judged < level.people for level in levels)
    nowhere = everybody - sum(level.people for level in levels)
    of = f"of {len(levels)} categories"
    parts = [f"{few} {of} {'has' if few == 1 else 'have'} too few people to be judged"] * bool(few)
    parts += [f"{without_share} {of} have a mean that is not above 0"] * bool(without_share)
    parts += [f"groups of fewer than {fewest} people are in no mean"] * small
    parts += [f"{nowhere:,} {'person has' if nowhere == 1 else 'people have'} no category"] * bool(
        nowhere
    )
    return (
        f"{outside:,} of {everybody:,} people of known group "
        f"({percent(outside, everybody, MOST_LEFT_OUT)}) are in none of these means: "
        f"{'; '.join(parts)}."
    )
