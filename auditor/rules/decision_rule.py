from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from auditor.findings import Flag, NotEvaluated
from auditor.rules.base import Evidence, Needs, Rule
from auditor.rules.considered import considered
from auditor.vocabulary import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.vocabulary import IntArray


class DecisionRule(Rule, ABC):
    """A rule about one decision. It never reads groups.

    Only decisions that count in a rate (favorable or unfavorable) can be flagged: a withdrawn or
    open application holds no decision that a person could look at again. Without outcome every
    scored line counts.
    """

    section: ClassVar[str] = "reviews"

    def needs(self) -> Needs:
        """Ask for single rows: a flag names one decision."""
        return Needs(rows=True)

    def check(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Flag decisions; not evaluated when lines are combinations of several decisions."""
        if evidence.decisions.ids is None:
            yield self.not_evaluated(
                evidence,
                "no-single-decisions",
                "the lines of this input stand for several decisions, so none can be flagged",
            )
        else:
            yield from self.flags(evidence)

    @abstractmethod
    def flags(self, evidence: Evidence) -> Iterator[Flag | NotEvaluated]:
        """Judge single decisions; every kind has its own way."""

    def considered(self, evidence: Evidence) -> IntArray:
        """Lines that hold a decision, in order: int64 array."""
        return considered(evidence.decisions)

    def flag_all(self, lines: IntArray, evidence: Callable[[int], str]) -> Iterator[Flag]:
        """One flag for each line, with the text that ``evidence`` gives for it."""
        for line in lines.tolist():
            yield Flag(
                line=line,
                policy=self.policy.id,
                rule=self.entry.id,
                mandatory=self.entry.mandatory,
                says=self.entry.says,
                evidence=evidence(line),
                reviewer=self.entry.reviewer,
                due_days=self.entry.due_days,
            )

    def not_evaluated(self, evidence: Evidence, reason: str, why: str) -> NotEvaluated:
        """Record that this rule could not look at any decision, and why.

        The run cannot pass without a mandatory review of decisions that were taken: nobody knows
        which of them a person has to look at.
        """
        required = self.entry.mandatory and evidence.decisions.export.decisions == "taken"
        return NotEvaluated(
            policy=self.policy.id,
            rule=self.entry.id,
            reason=reason,
            says=f"Rule {self.entry.id} of {self.policy.id} was not evaluated: {why}.",
            severity=Severity.BLOCK if required else self.entry.severity,
            required=required,
        )

    def in_part(self, evidence: Evidence, reason: str, why: str) -> NotEvaluated:
        """Record that this rule could look at a part of what it names only, and why."""
        said = self.not_evaluated(evidence, reason, why)
        name = f"{self.entry.id} of {self.policy.id}"
        return replace(said, says=f"Rule {name} was evaluated in part: {why}.")

    def left_open(self, evidence: Evidence, n: int, of: int) -> Iterator[NotEvaluated]:
        """Say how many decisions a missing value leaves open, for kinds with such an option.

        The policy itself says what becomes of them, so the run does not wait for this.
        """
        if not n:
            return
        fate = "they are flagged"
        if self.options.missing == "skip":
            fate = "they are not flagged, as the policy says"
        why = f"{n:,} of {of:,} decisions are open for want of a value; {fate}"
        said = self.in_part(evidence, "values-missing", why)
        yield replace(said, required=False, severity=self.entry.severity)
