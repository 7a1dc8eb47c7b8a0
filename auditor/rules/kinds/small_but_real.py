from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from auditor.documents import FractionText
from auditor.findings import Finding
from auditor.metrics.compare import FOUR_FIFTHS
from auditor.rules.base import Params
from auditor.rules.case import Case
from auditor.rules.contrast import Contrast, all_hold, plain, reaches
from auditor.rules.contrast_rule import ContrastRule
from auditor.rules.group_rule import MetricOptions
from auditor.rules.waived_values import lower_is_worse, lowest
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part


class SmallButRealOptions(MetricOptions):
    """What counts as clear (``deviations``) and as large enough (the other two, one suffices)."""

    ratio_below: Annotated[FractionText, Field(gt=0, le=1)] = Fraction(9, 10)
    effect_size: Annotated[FractionText, Field(gt=0, le=3)] = Fraction(1, 5)
    deviations: Annotated[FractionText, Field(gt=0)] = Fraction("1.96")


class SmallButReal(ContrastRule):
    """The ratio is not below four fifths, yet the difference is neither chance nor a trifle.

    What it checks
    --------------
    Each group against the printed reference, whichever of the two has the lower rate. It speaks
    when all hold: the ratio of the lower to the higher rate is not below 4/5; the pooled
    two-proportion z is at least ``deviations`` in size; the lower group is short of the pair's
    common rate by at least one person; and the ratio is below ``ratio_below`` or Cohen's h is at
    least ``effect_size`` in size. Ratios and the shortfall are compared in exact fractions; a z or
    h within 1e-9 of its limit decides nothing. A pass needs people who could have shown a
    difference: two groups or more of 30, of whom 5 or more are selected at the rate of all and 5 or
    more are not, and nine in ten people in such groups.

    Why it matters
    --------------
    Four fifths is a rule of thumb. The text behind it counts smaller differences too when they are
    significant in both statistical and practical terms.

    When it misleads
    ----------------
    With ten groups or more, one pair in twenty passes 1.96 by chance: the limit is not adjusted
    for the number of groups. Among many thousand people z is large for every difference, and the
    ratio alone carries the finding. Where rates are high, a ratio hides much: 0.90 of 1.00 leaves
    one in ten rejected against none. A gap under four fifths is left to the rules on it: one that
    is clear makes this rule descriptive, never a pass.

    Example
    -------
    430 of 1,000 women and 500 of 1,000 men selected: ratio 0.86, z -3.14, 35 people short. It
    speaks. With 4,600 and 5,000 of 10,000 each z is -5.66, but ratio 0.92 and h -0.08 are too
    small a difference.

    Options
    -------
    ``metric`` (selection-rate), ``ratio_below`` (0.90), ``effect_size`` (0.2), ``deviations``
    (1.96).

    References
    ----------
    29 CFR 1607.4(D). J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed.
    (1988), 6.2: h of 0.2 is small.
    """

    kind: ClassVar[str] = "small-but-real"
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = SmallButRealOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group with such a difference."""
        return lowest((pair["group"], pair["ratio"]) for pair in finding.evidence["contrasts"])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a lower ratio as worse."""
        return lower_is_worse(value, waiver)

    def limits(self) -> dict[str, Fraction]:
        """Options that decide, by name."""
        options = self.options
        return {
            "ratio_below": options.ratio_below,
            "effect_size": options.effect_size,
            "deviations": options.deviations,
        }

    def holds(self, contrast: Contrast) -> bool | None:
        """Whether the difference is clear and large enough although not below four fifths."""
        if contrast.is_below(FOUR_FIFTHS):
            return False
        large = contrast.is_below(self.options.ratio_below) or reaches(
            contrast.h, self.options.effect_size
        )
        return all_hold(self._clear(contrast), large)

    def reason(self, worst: Contrast) -> str:
        """Which of the two measures of size was met."""
        options = self.options
        size = f"Cohen's h is {worst.h:.2f}, {plain(options.effect_size)} or more in size"
        if worst.is_below(options.ratio_below):
            size = f"the ratio is below {plain(options.ratio_below)}"
        return (
            f"The ratio is not below 4/5, but z is {plain(options.deviations)} or more in size and "
            f"{size}."
        )

    def quiet(self, case: Case, found: Sequence[Contrast]) -> Finding:
        """Pass, unless a clear gap lies below four fifths, where this rule does not look."""
        beyond = [c for c in found if c.is_below(FOUR_FIFTHS) and self._clear(c) is not False]
        if beyond:
            verdict = FindingVerdict.DESCRIPTIVE
            says = (
                f"{self.sentence(case, beyond[0])} The ratio is below 4/5, which is for a rule on "
                "four fifths to judge; this one looks at smaller differences."
            )
        else:
            verdict = FindingVerdict.PASS
            says = (
                "No group is at 4/5 or more of another's rate and yet clearly and considerably "
                f"apart from it. {self.largest(case, found)}"
            )
        return self.finding(
            case.attribute, verdict, says, evidence=self.evidence(case, (beyond or found)[:1])
        )

    def evidence(self, case: Case, named: Sequence[Contrast]) -> dict[str, Any]:
        """Add the line that tables keep their ratios on the right side of."""
        threshold = {"threshold": str(self.options.ratio_below)}
        return {**super().evidence(case, named), **threshold}

    def _clear(self, contrast: Contrast) -> bool | None:
        return contrast.shortfall >= 1 and reaches(contrast.z, self.options.deviations)
