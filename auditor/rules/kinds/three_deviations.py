from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from auditor.documents import FractionText
from auditor.findings import Finding
from auditor.rules.base import Params
from auditor.rules.case import Case
from auditor.rules.contrast import Contrast, plain, reaches
from auditor.rules.contrast_rule import ContrastRule
from auditor.rules.group_rule import MetricOptions
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part


class ThreeDeviationsOptions(MetricOptions):
    """``deviations``: the size of z from which the rule speaks."""

    deviations: Annotated[FractionText, Field(gt=0)] = Fraction(3)


class ThreeDeviations(ContrastRule):
    """The difference is hard to explain by chance, whatever the ratio.

    What it checks
    --------------
    Each group against the printed reference, whichever of the two has the lower rate. It speaks
    when the pooled two-proportion z, without continuity correction, is at least ``deviations`` in
    size and the lower group is short of the pair's common rate by at least one person. The
    shortfall is compared in exact fractions; a z within 1e-9 of its limit decides nothing. A pass
    needs people who could have shown a difference: two groups or more of 30, of whom 5 or more are
    selected at the rate of all and 5 or more are not, and nine in ten people in such groups.

    Why it matters
    --------------
    Courts have asked for a difference of more than two or three standard deviations before they
    infer anything from numbers, and some ask for nothing else.

    When it misleads
    ----------------
    z grows with the number of people: among a million, rates of 30.0 % and 30.3 % are three
    deviations apart. It says that a difference is there, not that it is large. Among a few people
    z is rough: with expected counts under five look at the exact test beside it. The limit is not
    adjusted for the number of groups.

    Example
    -------
    430 of 1,000 women and 500 of 1,000 men selected: z -3.14, 35 people short. It speaks. One
    woman rejected and 1,000 men selected is z -31.6, but 0.999 people short: it does not, and one
    woman is too few for a pass.

    Options
    -------
    ``metric`` (selection-rate), ``deviations`` (3).

    References
    ----------
    Castaneda v. Partida, 430 U.S. 482, n. 17 (1977). Hazelwood School District v. United States,
    433 U.S. 299, n. 14 (1977).
    """

    kind: ClassVar[str] = "three-deviations"
    can_be_waived: ClassVar[bool] = True
    needs_justification: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = ThreeDeviationsOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Every group that falls short of another by so many deviations."""
        return highest((pair["group"], abs(pair["z"])) for pair in finding.evidence["contrasts"])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count more deviations as worse."""
        return higher_is_worse(value, waiver)

    def limits(self) -> dict[str, Fraction]:
        """Options that decide, by name."""
        return {"deviations": self.options.deviations}

    def holds(self, contrast: Contrast) -> bool | None:
        """Whether the difference is as many deviations, and at least one person."""
        return contrast.shortfall >= 1 and reaches(contrast.z, self.options.deviations)

    def reason(self, worst: Contrast) -> str:  # noqa: ARG002 - the limit is the same for all
        """Say that the ratio does not matter here."""
        return (
            f"A difference of {plain(self.options.deviations)} standard deviations or more is hard "
            "to explain by chance, whatever the ratio."
        )

    def quiet(self, case: Case, found: Sequence[Contrast]) -> Finding:
        """Pass, with the largest difference."""
        return self.finding(
            case.attribute,
            FindingVerdict.PASS,
            f"No group is {plain(self.options.deviations)} standard deviations and one person or "
            f"more from the group compared with. {self.largest(case, found)}",
            evidence=self.evidence(case, found[:1]),
        )
