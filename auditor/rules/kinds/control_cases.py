from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field

from auditor.documents import FractionText
from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.decision_rule import DecisionRule


class ControlCasesOptions(Params):
    """``share`` of the cases put before reviewers whose answer is known."""

    share: Annotated[FractionText, Field(gt=0, le=0.5)] = Fraction(1, 20)


class ControlCases(DecisionRule):
    """Some cases with a known answer are put among those that people review.

    What it checks
    --------------
    Whether reviewers were given control cases, ``share`` of all, and found them. That stands in the
    ledger of reviews, which an audit of an export does not read: here the rule is not evaluated,
    and a mandatory one holds the run back. ``auditor review oversight --controls`` measures it, on
    a list that ``auditor review seal-controls`` sealed before its cases were read.

    Why it matters
    --------------
    Whether people look or only confirm does not show in their answers to open cases. It shows in
    cases of which the answer is known beforehand.

    When it misleads
    ----------------
    Reviewers who know the control cases prove nothing. A wrong answer to one case is a bad day, not
    a bad reviewer: the share found has an interval like any other rate. Cases made up by hand are
    easier to tell than real ones.

    Example
    -------
    ``share: 0.05`` with 200 reviews: ten of them are control cases. An audit says of it: "not
    evaluated".

    Options
    -------
    ``share`` (0.05): more than 0 and at most 1/2.

    References
    ----------
    J. M. Wolfe, T. S. Horowitz and N. M. Kenner, Rare items often missed in visual searches, Nature
    435 (2005), 439-440: people miss what they seldom meet.
    """

    kind: ClassVar[str] = "control-cases"
    beyond_examples: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = ControlCasesOptions

    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Say that the records of reviews are what this is judged on."""
        why = (
            "control cases are measured on the ledger of reviews, by 'auditor review oversight "
            "--controls', and not by an audit"
        )
        yield self.not_evaluated(evidence, "no-review-records", why)
