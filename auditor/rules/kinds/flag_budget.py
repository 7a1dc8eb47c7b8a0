from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from auditor.documents import FractionText
from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.considered import considered
from auditor.rules.contrast import percent, plain
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.rules.whole_rule import WholeRule
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part


class FlagBudgetOptions(Params):
    """``at_most``: the largest share of decisions that may be flagged."""

    at_most: Annotated[FractionText, Field(gt=0, le=1)]


class FlagBudget(WholeRule):
    """No more decisions are flagged than people can look at.

    What it checks
    --------------
    Whether the share of decisions that the reviews of all policies of the run flag, each decision
    counted once, is above ``at_most``, in exact integers. It is judged after the reviews. There is
    no pass while one of them could not look at every decision, nor where nobody was decided about.

    Why it matters
    --------------
    People who are sent more than they can read confirm without reading. A review that nobody has
    time for protects nobody, and looks like protection in the record.

    When it misleads
    ----------------
    The share says nothing about the hours that a case takes. Many flags can be right: where a
    value is missing in half of the export, the export has to be mended, not the rule loosened. A
    few requisitions can be over what their readers bear while the whole is not.

    Example
    -------
    ``at_most: 0.12`` and 150 of 1,000 decisions flagged: 15.0 %, above 12 %. It speaks. With 120 it
    does not.

    Options
    -------
    ``at_most``: a share such as 0.12; it has no default.

    References
    ----------
    R. Parasuraman and D. Manzey, Complacency and bias in human use of automation, Human Factors 52
    (2010), 381-410: attention to automated aids falls with load.
    """

    kind: ClassVar[str] = "flag-budget"
    can_be_waived: ClassVar[bool] = True
    counts_flags: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = FlagBudgetOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Name the share of the whole export."""
        share = Fraction(finding.evidence["flagged"], finding.evidence["decisions"])
        return highest([(None, share)])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:  # noqa: ARG002
        """Count a larger share as worse."""
        return higher_is_worse(value, waiver)

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """One finding on the whole export."""
        decisions = evidence.decisions
        if evidence.flagged is None or decisions.ids is None:
            why = "no policy of this run looks at single decisions."
            yield self.not_evaluated("no-reviews", why)
            return
        limit: Fraction = self.options.at_most
        flagged, of = evidence.flagged, len(considered(decisions))
        told = {"flagged": flagged, "decisions": of, "at_most": str(limit)}
        above = flagged * limit.denominator > limit.numerator * of
        if not of:
            says = "Nobody was decided about, so there is no share of flagged decisions."
            step = "Check that the outcomes of the export are mapped as they are meant."
            yield self.finding(FindingVerdict.NO_VERDICT, says, step, told)
            return
        if evidence.unlooked and not above:
            says = (
                f"{flagged:,} of {of:,} decisions are flagged ({percent(flagged, of, limit)}), and "
                f"more may have to be: {', '.join(evidence.unlooked)} could not look at all."
            )
            step = "Give the export what these reviews need, or leave them out of the policy."
            yield self.finding(
                FindingVerdict.NO_VERDICT, says, step, {**told, "unlooked": [*evidence.unlooked]}
            )
            return
        yield self.finding(
            FindingVerdict.FAIL if above else FindingVerdict.PASS,
            f"{flagged:,} of {of:,} decisions are flagged ({percent(flagged, of, limit)}), "
            f"{'more' if above else 'not more'} than the {plain(100 * limit)}% that people can "
            "look at.",
            "Find the review that flags most: mend the values that are missing, or have more "
            "people read. Only then narrow a rule."
            if above
            else "",
            told,
        )
