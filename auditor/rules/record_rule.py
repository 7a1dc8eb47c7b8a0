from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Rule
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from auditor.system import SystemRecord

GIVE_RECORD = "Write down what is known about the system, and give it with --system FILE."
FILL_RECORD = "Write what is missing into the system record, and run the audit again."


class RecordRule(Rule, ABC):
    """A rule about what is on record of the audited system.

    A kind writes ``asks`` and ``judge``. What is not on record is never a pass: a rule that blocks
    has no verdict then, any other one is listed as not evaluated.
    """

    section: ClassVar[str] = "gates"

    @abstractmethod
    def asks(self) -> Sequence[str]:
        """Ways to what has to be on record."""

    @abstractmethod
    def judge(self, record: SystemRecord, evidence: Evidence) -> Finding | NotEvaluated:
        """Judge one record; every kind has its own way."""

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """One finding on the record, or why there is none."""
        if evidence.system is not None:
            yield self.judge(evidence.system, evidence)
            return
        says = f"No system record was given, so nothing says {listed(self.asks())}."
        if self.entry.severity == Severity.BLOCK and not self.entry.when_present:
            yield self.open(says, GIVE_RECORD, {"asked": list(self.asks())})
        else:
            yield self.not_evaluated("no-system-record", f"{says} {GIVE_RECORD}")

    def gap(self, record: SystemRecord, missing: Sequence[str]) -> Finding | NotEvaluated:
        """Say that a record does not hold what the rule is about."""
        says = f"The record of {record.name} does not say {listed(missing)}."
        if self.entry.when_present:
            return self.not_evaluated("not-on-record", says)
        return self.open(says, FILL_RECORD, {"record": record.id, "missing": list(missing)})

    def open(self, says: str, step: str, evidence: Mapping[str, Any]) -> Finding:
        """Say that there is no verdict."""
        return self.finding(FindingVerdict.NO_VERDICT, says, step, evidence)

    def finding(
        self, verdict: FindingVerdict, says: str, step: str, evidence: Mapping[str, Any]
    ) -> Finding:
        """Say something about the whole audit; a rule that blocks has to pass."""
        return Finding(
            policy=self.policy.id,
            rule=self.entry.id,
            kind=self.kind,
            verdict=verdict,
            severity=self.entry.severity,
            says=says,
            next=step,
            because=self.policy.cite(self.entry.because),
            must_pass=self.entry.severity == Severity.BLOCK,
            evidence=evidence,
        )

    def not_evaluated(self, reason: str, why: str) -> NotEvaluated:
        """Record of a rule that could not be judged."""
        return NotEvaluated(
            policy=self.policy.id,
            rule=self.entry.id,
            reason=reason,
            says=f"Rule {self.entry.id} of {self.policy.id} was not evaluated. {why}",
            severity=self.entry.severity,
            required=not self.entry.when_present,
        )


def listed(names: Sequence[str]) -> str:
    """Names in a row, the last after "and".

    Examples
    --------
    >>> listed(["dpia", "owners", "use"]), listed(["dpia"])
    ('dpia, owners and use', 'dpia')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def days(number: int) -> str:
    """Write a number of days.

    Examples
    --------
    >>> days(1), days(1200)
    ('1 day', '1,200 days')
    """
    return f"{number:,} {'day' if number == 1 else 'days'}"
