from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from auditor.findings import Finding
from auditor.metrics import METRICS
from auditor.rules.base import Params
from auditor.rules.case import Case
from auditor.rules.group_rule import GroupRule
from auditor.rules.limit_options import FEWEST, MeasureLimitOptions
from auditor.rules.slices import COMPUTED, Slice, side, slices, write
from auditor.rules.waived_values import further_is_worse, highest
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part

_NAMED = 3
_TOO_CLOSE = "that is so close to a limit that it decides nothing"


class MeasureLimit(GroupRule):
    """A measure of some group lies outside the limits that the policy sets.

    What it checks
    --------------
    The measure of every group of known members, or what it is beside the printed reference, against
    ``at_least`` and ``at_most``, both ends inside. With ``judge: value`` the number itself decides,
    in exact fractions; a group of fewer than ``fewest_people``, or one compared with such a group,
    gives no verdict. What is no ratio of counts (z, p-values, the ratio that would have been
    caught) is compared as a float, and within 1e-9 of a limit, relatively, gives no verdict. With
    ``judge: interval`` the whole 95 % interval has to lie inside to pass and outside to fail;
    anything else, and an end within 1e-9 of a limit, gives no verdict. With ``judge: lower-end`` or
    ``upper-end`` that end alone decides in the same way. One group
    that fails makes a fail, else one without verdict makes no verdict. A number that does not exist
    gives no verdict, with its reason; so does a measure of one group alone.

    Why it matters
    --------------
    An organisation can promise more than a text asks: that no group is selected less often than one
    in five, or that no rates are more than ten points apart. A promise is worth what is measured.

    When it misleads
    ----------------
    A value beside a limit weighs no chance: two groups of 100 that are treated alike often differ
    by more than a fifth. An interval weighs it, and then a small export passes nothing and fails
    nothing. Every group is judged, so with many groups one of them lies outside by chance more
    often. A p-value is small for every difference among many thousand people, and hardly ever among
    few: a limit on it alone judges the size of the export. A rate of everybody can be low for good
    reasons that have nothing to do with groups.

    Example
    -------
    ``measure: selection-rate``, ``taken_as: ratio``, ``at_least: 0.8``: 40 of 100 women and 50 of
    100 men selected is 0.80. It passes. With 39 it fails; with ``judge: interval`` there is no
    verdict on either, as the interval holds 0.8.

    Options
    -------
    ``measure``: an id of the catalogue; it has no default. ``taken_as`` (rate): the rate of each
    group; or the ``ratio`` or ``difference`` of a group and the printed reference; or its
    ``shortfall``, the people that it is short of the common rate of the two; its
    ``shortfall-to-reference``; the ``z`` of the two, a ``p-value``, ``p-mid`` or ``p-adjusted``; or
    the ``detectable-ratio``. ``at_least``, ``at_most``: one of them or both. ``judge`` (value).
    ``fewest_people`` (30): for values only.

    References
    ----------
    C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404-413 (rates). R. G. Newcombe,
    Statistics in Medicine 17 (1998), 873-890 (differences). G. Y. Zou and A. Donner, Statistics in
    Medicine 27 (2008), 1693-1702 (ratios).
    """

    kind: ClassVar[str] = "measure-limit"
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = MeasureLimitOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group whose number lies outside the limits."""
        number = {"lower-end": "low", "upper-end": "high"}.get(self.options.judge, "value")
        return highest((group["group"], group[number]) for group in finding.evidence["groups"])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count further outside as worse."""
        return further_is_worse(value, waiver, self.options.at_least, self.options.at_most)

    def metrics(self) -> Sequence[str]:
        """Only the measure that is named."""
        return (self.options.measure,)

    def judge(self, case: Case) -> Iterator[Finding]:
        """One finding an attribute, about the groups that decide it."""
        found = slices(case.evidence.measures, case.metric, case.attribute, self.options.taken_as)
        judged = [(one, *self._stand(one)) for one in found]
        failing = [one for one, stand, _ in judged if stand is False]
        doubtful = [(one, why) for one, stand, why in judged if stand is None]
        alone = self.options.taken_as == "rate" and len(found) < 2
        if not found or (alone and not failing):
            yield self._finding(
                case, FindingVerdict.NO_VERDICT, "No two groups have people to compare.", (),
                reason="too-few-groups",
            )  # fmt: skip
        elif failing:
            says = f"{self._named(failing)}. Every group has to have {self._wanted()}."
            yield self._finding(case, FindingVerdict.FAIL, says, failing, group=failing[0].group)
        elif doubtful:
            held = [one for one, _ in doubtful]
            says = f"{self._named(held)}: {doubtful[0][1]}."
            yield self._finding(
                case, FindingVerdict.NO_VERDICT, says, held, reason=_slug(doubtful[0][0], self)
            )
        else:
            says = f"Every group has {self._wanted()}. {self._named(found)}."
            yield self._finding(case, FindingVerdict.PASS, says, found)

    def _stand(self, one: Slice) -> tuple[bool | None, str]:
        """Whether a group lies inside; None with a sentence when nothing decides that."""
        options = self.options
        low, high = options.at_least, options.at_most
        if one.value is None:
            return None, "a number that does not exist lies on no side of a limit"
        if options.judge == "value":
            if one.fewest < self._fewest:
                why = f"fewer than {self._fewest} people, so chance decides most of it"
                return None, why
            if options.taken_as in COMPUTED:
                return self._by_ends(float(one.value), float(one.value), _TOO_CLOSE)
            return (low is None or one.value >= low) and (high is None or one.value <= high), ""
        if options.judge == "interval":
            why = "the interval lies on both sides of a limit, so the data do not decide"
            return self._by_ends(one.low, one.high, why)
        end = one.low if options.judge == "lower-end" else one.high
        return self._by_ends(end, end, _TOO_CLOSE)

    def _by_ends(self, first: float, last: float, doubt: str) -> tuple[bool | None, str]:
        """Whether floats lie inside: both do, both lie outside on one side, or there is a doubt."""
        low, high = self.options.at_least, self.options.at_most
        if math.isnan(first) or math.isnan(last):
            return None, "an end that does not exist lies on no side of a limit"
        above = [side(end, low) for end in (first, last)] if low is not None else [1, 1]
        below = [side(end, high) for end in (first, last)] if high is not None else [-1, -1]
        if above[1] < 0 or below[0] > 0:
            return False, ""
        if above[0] > 0 and below[1] < 0:
            return True, ""
        return None, doubt

    @property
    def _fewest(self) -> int:
        return self.options.fewest_people or FEWEST

    def _limits(self) -> tuple[Fraction, ...]:
        return tuple(x for x in (self.options.at_least, self.options.at_most) if x is not None)

    def _wanted(self) -> str:
        """Write what the policy asks of every group."""
        options, form = self.options, self.options.taken_as
        title = METRICS[options.measure].title.lower()
        what = f"a {title}" if form == "rate" else f"a {form} of {title}s"
        if options.judge in ("lower-end", "upper-end"):
            what = f"{what} with the {options.judge.replace('-', ' ')} of its interval"
        ends = [
            f"{word} {write(form, limit)}"
            for word, limit in (("of at least", options.at_least), ("of at most", options.at_most))
            if limit is not None
        ]
        return f"{what} {' and '.join(ends)}"

    def _named(self, found: Sequence[Slice]) -> str:
        """Name groups with their numbers; the counts of a small one are not for every surface."""
        limits, fewest = self._limits(), self._fewest
        told = []
        for one in found[:_NAMED]:
            text = f"{one.group}: {one.shown(*limits, counts=one.fewest >= fewest)}"
            if self.options.judge != "value" and one.value is not None:
                text += f", interval {one.interval(*limits)}"
            told.append(text)
        more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return "; ".join(told) + more

    def _finding(
        self,
        case: Case,
        verdict: FindingVerdict,
        says: str,
        named: Sequence[Slice],
        *,
        group: str | None = None,
        reason: str | None = None,
    ) -> Finding:
        options = self.options
        evidence: dict[str, Any] = {
            "metric": case.metric,
            "taken_as": options.taken_as,
            "at_least": None if options.at_least is None else str(options.at_least),
            "at_most": None if options.at_most is None else str(options.at_most),
            "judge": options.judge,
            "groups": [one.numbers() for one in named],
        }
        next_step = {
            FindingVerdict.FAIL: "Find out where the number arises (requisition, step, criterion), "
            "and look at its interval before you act on it.",
            FindingVerdict.NO_VERDICT: "Take a longer period or more requisitions and audit again.",
        }.get(verdict, "")
        return self.finding(
            case.attribute,
            verdict,
            says,
            group=group,
            reference=named[0].reference if group else None,
            evidence=evidence if reason is None else {**evidence, "reason": reason},
            next_step=next_step,
        )


def _slug(one: Slice, rule: MeasureLimit) -> str:
    if one.value is None:
        return one.reason or "undefined"
    few = rule.options.judge == "value" and one.fewest < rule.options.filled().fewest_people
    if few:
        return "too-few-people"
    return "on-both-sides" if rule.options.judge == "interval" else "on-the-limit"
