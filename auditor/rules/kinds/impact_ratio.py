from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import FractionText, Listed, no_repeats, shown, to_fraction
from auditor.findings import Finding, NotEvaluated
from auditor.inference.impact import ImpactRule, PairEvidence, judge
from auditor.inference.impact_moves import is_below
from auditor.metrics import METRICS
from auditor.policy.attribute_names import Attribute
from auditor.rules.base import Evidence, Needs, Params
from auditor.rules.case import Case
from auditor.rules.contrast import plain
from auditor.rules.group_rule import GroupRule, MetricOptions
from auditor.rules.impact_json import evidence_of, gap_evidence
from auditor.rules.impact_phrases import Phrases
from auditor.rules.impact_words import detail, gap_detail, gap_says, gap_step, next_step, says
from auditor.rules.waived_values import exact_ratio, lower_is_worse, lowest
from auditor.vocabulary import FindingVerdict, Severity, State, is_intersection

WORST_CASE = "worst-case"
STRATA_NOT_EVALUATED = "strata-not-evaluated"
if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part

DEFAULT_WORTH_DETECTING = Fraction(7, 10)
PRACTICE = Fraction(9, 10)
HALF = Fraction(1, 2)


def _between(low: str, high: str) -> AfterValidator:
    """Range of an option, both ends included and printed as they are written here."""

    def check(value: Fraction) -> Fraction:
        if not Fraction(low) <= value <= Fraction(high):
            raise PydanticCustomError(
                "out-of-range",
                "must be from {low} to {high}, got {value}",
                {"low": low, "high": high, "value": plain(value)},
            )
        return value

    return AfterValidator(check)


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise PydanticCustomError(
            "empty-value",
            "must not be empty",
            {"hint": "with fail_only: true nothing has to pass"},
        )
    return no_repeats(values)


def _factor(value: object) -> Fraction | str:
    if value == WORST_CASE:
        return WORST_CASE
    factor = to_fraction(value)
    if factor < 1:
        raise PydanticCustomError(
            "out-of-range",
            "must be at least 1, or worst-case, got {value}",
            {"value": shown(value)},
        )
    return factor


class ImpactRatioOptions(MetricOptions):
    """Parameters of the verdict; `ImpactRule` says what each of them does."""

    threshold: Annotated[FractionText, Field(gt=0, le=1)] = Fraction(4, 5)
    alpha: Annotated[FractionText, _between("0.001", "0.10")] = Fraction(1, 20)
    worth_detecting: FractionText | None = None
    pass_needs: Literal["equivalence"] | None = None
    confidence: Annotated[FractionText, _between("0.90", "0.999")] = Fraction(19, 20)
    min_people: Annotated[int, Field(ge=1)] = 30
    min_expected: Annotated[int, Field(ge=1)] = 5
    reference_share: Annotated[FractionText, _between("0", "0.10")] = Fraction(1, 50)
    open_share: Annotated[FractionText, _between("0", "0.25")] = Fraction(1, 10)
    must_pass: Annotated[Listed[Attribute], AfterValidator(_some)] | None = None
    unknown_factor: Annotated[Fraction | Literal["worst-case"], BeforeValidator(_factor)] = (
        Fraction(2)
    )
    strata_decide: bool = True
    fail_only: bool = False

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.worth_detecting is None:
            return self
        if self.pass_needs is not None:
            raise PydanticCustomError(
                "contradicting-options",
                "cannot stand beside 'worth_detecting'",
                {"at": "pass_needs", "hint": "equivalence is worth_detecting at the threshold"},
            )
        if not HALF <= self.worth_detecting <= self.threshold:
            raise PydanticCustomError(
                "out-of-range",
                "must be from 0.5 to the threshold {threshold}, got {value}",
                {
                    "at": "worth_detecting",
                    "threshold": str(self.threshold),
                    "value": plain(self.worth_detecting),
                },
            )
        return self

    def filled(self) -> Self:
        """Spell out what a pass has to rule out."""
        if self.worth_detecting is not None or self.pass_needs is not None:
            return self
        return self.model_copy(
            update={"worth_detecting": min(DEFAULT_WORTH_DETECTING, self.threshold)}
        )

    def rule(self) -> ImpactRule:
        """Parameters as the verdict takes them."""
        return ImpactRule(
            threshold=self.threshold,
            alpha=float(self.alpha),
            worth_detecting=self.filled().worth_detecting or self.threshold,
            confidence=float(self.confidence),
            min_people=self.min_people,
            min_expected=self.min_expected,
            reference_share=self.reference_share,
            open_share=self.open_share,
            unknown_factor=math.inf
            if self.unknown_factor == WORST_CASE
            else float(self.unknown_factor),
        )


class ImpactRatio(GroupRule):
    """A group is selected at a rate clearly below four fifths of another's, or clearly is not.

    What it checks
    --------------
    Every pair of groups with enough people, at least one of them large enough to be a yardstick.
    **Fail**: for some pair the ratio of the rates is below ``threshold`` in exact integers, still
    is after one selection moves from the higher to the lower group, and the doubled mid-p of that
    moved table times the number of pairs is below ``alpha``; in an intersection the group must also
    be below the threshold of everyone else. **Pass**: nothing fails, the groups between which the
    data rule out a ratio below ``worth_detecting`` (one-sided ``confidence``) hold all but
    ``open_share`` of the people, no group left open differs from everyone else beyond chance, and
    people of unknown group could not bring a shown pair below ``worth_detecting`` unless they were
    unlike the known by more than ``unknown_factor``. **No verdict** otherwise, with the reason.

    Why it matters
    --------------
    A ratio below four fifths is what regulators and courts look at first. On its own it fails
    nearly every audit of equal groups with a few thousand people, and its absence shows nothing in
    a small one: pass has to be earned by evidence, as fail has.

    When it misleads
    ----------------
    Pooling unequal jobs or requisitions can make a gap, or hide one (Simpson). At a true ratio of
    four fifths the verdict is a coin toss, however large the sample; the finding says when it is
    near that line. Groups left open may be treated very differently: they are named, not cleared.
    Repeated applications by one person, or a fixed number of places, make p-values inexact. A pass
    does not mean that rates are equal, or that the selection measures what the job needs.

    Example
    -------
    40 of 100 women and 60 of 100 men selected: ratio 0.67, p 0.012 after one selection moved. Fail.
    555 of 1,181 and 667 of 1,390: ratio 0.98, a ratio below 0.70 is ruled out. Pass. 12 of 40 and
    11 of 40: no verdict, about 690 people are needed.

    Options
    -------
    ``metric`` (selection-rate), ``threshold`` (4/5), ``alpha`` (0.05 an attribute; 0.001 to 0.10),
    ``worth_detecting`` (0.7, or the threshold where that is lower; 0.5 to the threshold) or
    ``pass_needs: equivalence`` (the threshold itself), ``confidence`` (0.95; 0.90 to 0.999),
    ``min_people`` (30) and ``min_expected`` (5) to be in play, ``reference_share`` (0.02; to 0.10)
    to be a yardstick, ``open_share`` (0.10; to 0.25), ``must_pass`` (single attributes; else the
    attributes listed, the others may fail but need not pass), ``unknown_factor`` (2; 1 or more, or
    ``worst-case``), ``strata_decide`` (true: with declared strata the pooled counts give no
    verdict; false: they decide), ``fail_only`` (false: the rule can only add a fail).

    References
    ----------
    29 CFR 1607.4(D); Questions and Answers 20-22, 44 FR 11996 (1979), for the moved selection. O.
    Miettinen, M. Nurminen, Statistics in Medicine 4 (1985), 213-226, for the score limit.
    """

    kind: ClassVar[str] = "impact-ratio"
    weighs_unknown: ClassVar[bool] = True
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = ImpactRatioOptions

    def needs(self) -> Needs:
        """Ask for what must pass as well."""
        needs = super().needs()
        return replace(needs, attributes=needs.attributes | {*(self.options.must_pass or ())})

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group that is clearly below another one, or the one whose real gap is named."""
        evidence = finding.evidence
        pairs = evidence["failing"] if "failing" in evidence else [evidence["gap"]]
        return lowest((pair["group"], exact_ratio(pair)) for pair in pairs)

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a lower ratio as worse."""
        return lower_is_worse(value, waiver)

    def attributes(self, evidence: Evidence) -> Sequence[str]:
        """Attributes asked for, and those that must pass."""
        asked = (*super().attributes(evidence), *(self.options.must_pass or ()))
        return tuple(dict.fromkeys(asked))

    def must_pass(self, attribute: str) -> bool:
        """Whether the run needs a pass on this attribute."""
        if self.options.must_pass is None:
            return super().must_pass(attribute)
        return attribute in self.options.must_pass

    def judge(self, case: Case) -> Iterator[Finding | NotEvaluated]:
        """One finding an attribute, and one more for a pass with a real gap."""
        strata = case.evidence.decisions.export.strata
        if strata and self.options.strata_decide:
            yield self._strata(case, strata)
            return
        verdict = judge(
            case.table.groups,
            case.table.considered,
            case.table.favorable,
            self.options.rule(),
            intersection=is_intersection(case.attribute),
            unknown_considered=case.table.unknown_considered,
            unknown_favorable=case.table.unknown_favorable,
        )
        words = Phrases(case.attribute, METRICS[case.metric].favorable, verdict)
        yield self._verdict(case, words)
        if verdict.real_gap is not None:
            yield self._gap(case, words, verdict.real_gap)

    def _verdict(self, case: Case, words: Phrases) -> Finding:
        verdict, sentence = words.verdict, says(words)
        state = FindingVerdict(verdict.state)
        if self.options.fail_only and verdict.state == State.PASS:
            state = FindingVerdict.DESCRIPTIVE
            sentence += " This rule can only fail, so this counts as no pass."
        return self.finding(
            case.attribute,
            state,
            sentence,
            detail=detail(words),
            evidence=evidence_of(verdict, case.metric),
            next_step=next_step(words),
            group=verdict.focal,
            reference=verdict.reference,
            must_pass=self.must_pass(case.attribute) and not self.options.fail_only,
        )

    def _gap(self, case: Case, words: Phrases, gap: PairEvidence) -> Finding:
        """Name the gap of a pass that is real but smaller than the threshold."""
        warns = is_below(gap.pair.counts, PRACTICE) and self.entry.severity != Severity.INFO
        return self.finding(
            case.attribute,
            FindingVerdict.FAIL if warns else FindingVerdict.DESCRIPTIVE,
            gap_says(words, gap),
            detail=gap_detail(words, gap),
            evidence=gap_evidence(words.verdict, gap, case.metric),
            next_step=gap_step(words),
            group=gap.pair.focal,
            reference=gap.pair.upper,
            must_pass=False,
            severity=Severity.WARN if warns else Severity.INFO,
        )

    def _strata(self, case: Case, strata: Sequence[str]) -> Finding:
        names = ", ".join(strata)
        return self.finding(
            case.attribute,
            FindingVerdict.NO_VERDICT,
            f"Strata are declared ({names}), and comparisons inside them are not evaluated. The "
            "pooled counts do not decide: between strata they can make a gap, or hide one.",
            evidence={
                "metric": case.metric,
                "reason": STRATA_NOT_EVALUATED,
                "strata": list(strata),
            },
            next_step="Audit each stratum on its own, or let the pooled counts decide with "
            "strata_decide: false.",
            must_pass=self.must_pass(case.attribute) and not self.options.fail_only,
        )
