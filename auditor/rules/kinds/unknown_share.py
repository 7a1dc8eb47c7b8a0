from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from auditor.documents import FractionText
from auditor.findings import Finding
from auditor.rules.base import Params
from auditor.rules.case import Case
from auditor.rules.contrast import percent, plain
from auditor.rules.group_rule import GroupRule
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part


class UnknownShareOptions(Params):
    """``limit``: the largest share of considered people whose group may be unknown."""

    limit: Annotated[FractionText, Field(ge=0, lt=1)] = Fraction(1, 5)


class UnknownShare(GroupRule):
    """So many people have no group on record that comparisons of the others say little.

    What it checks
    --------------
    Whether the share of considered people (selected or rejected; scored, where there is no outcome)
    whose value is unknown is above ``limit``, in exact integers. In an intersection a person is
    unknown when any part is. A share of exactly the limit is not above it.

    Why it matters
    --------------
    Comparisons are made among those whose group is known. Who leaves it out is rarely a matter of
    chance, and missing records can themselves be held against the one who should have kept them.

    When it misleads
    ----------------
    The share says how many are unknown, not who: 15 % can turn a ratio if they are all rejected
    people of one group, 30 % can be harmless. The bounds beside each ratio show what is possible.
    Values that the profile maps to unknown by mistake count as well.

    Example
    -------
    2,100 of 10,000 considered people without race: 21.0 %, above 0.20. It speaks. With 2,000 it
    does not.

    Options
    -------
    ``limit`` (0.20).

    References
    ----------
    29 CFR 1607.4(D), last sentence: missing data allow an inference. It names no share.
    """

    kind: ClassVar[str] = "unknown-share"
    weighs_unknown: ClassVar[bool] = True
    can_be_waived: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = UnknownShareOptions

    def metrics(self) -> Sequence[str]:
        """Any rate tells who was considered."""
        return ("selection-rate", "scoring-rate")

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Name the share of the attribute."""
        share = Fraction(finding.evidence["unknown"], finding.evidence["considered"])
        return highest([(None, share)])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a larger share as worse."""
        return higher_is_worse(value, waiver)

    def judge(self, case: Case) -> Iterator[Finding]:
        """One finding an attribute."""
        limit: Fraction = self.options.limit
        unknown = case.table.unknown_considered
        everybody = int(case.table.considered.sum()) + unknown
        evidence = {"limit": str(limit), "unknown": unknown, "considered": everybody}
        if everybody == 0:
            yield self.finding(
                case.attribute,
                FindingVerdict.NO_VERDICT,
                "Nobody was considered, so there is no share of unknown groups.",
                evidence={**evidence, "reason": "nobody-considered"},
                next_step="Check that the outcomes of the export are mapped as they are meant.",
            )
            return
        above = unknown * limit.denominator > limit.numerator * everybody
        share = percent(unknown, everybody, limit)
        yield self.finding(
            case.attribute,
            FindingVerdict.FAIL if above else FindingVerdict.PASS,
            f"The group of {unknown:,} of {everybody:,} considered people is not on record "
            f"({share}), {'more' if above else 'not more'} than {plain(100 * limit)}%.",
            evidence=evidence,
            next_step=(
                f"Find out where {case.attribute} gets lost (form, export, profile) and ask again "
                "those who were not asked; until then read the bounds beside each ratio."
            )
            if above
            else "",
        )
