from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence
from auditor.rules.whole_rule import WholeRule
from auditor.system import only
from auditor.vocabulary import FindingVerdict, Severity

if TYPE_CHECKING:
    from datetime import date

    from auditor.system import SystemRecord

GIVE_RECORD = "Write down what is known about the system, and give it with --system FILE."
FILL_RECORD = "Write what is missing into the system record, and run the audit again."


class RecordRule(WholeRule, ABC):
    """A rule about what is on record of the audited system.

    A kind writes ``asks`` and ``judge``. What is not on record is never a pass: a rule that blocks
    has no verdict then, any other one is listed as not evaluated.
    """

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

    def must_pass(self) -> bool:
        """Whether the run needs the record: where the policy blocks on it."""
        return self.entry.severity == Severity.BLOCK

    def not_evaluated(self, reason: str, why: str, *, mark: str = ". ") -> NotEvaluated:
        """Record of a rule that could not be judged; the reason is a sentence of its own."""
        return super().not_evaluated(reason, why, mark=mark)


class DatedRule(RecordRule, ABC):
    """A rule about one date on record. A kind writes ``compare``."""

    def asks(self) -> Sequence[str]:
        """Way to the date; a kind may add ways to further ones."""
        return (only(self.options.entry, "date") or self.options.entry,)

    def judge(self, record: SystemRecord, evidence: Evidence) -> Finding | NotEvaluated:
        """Compare what is on record with the day of the audit, where both are there."""
        asked, as_of = self.asks(), evidence.as_of
        if as_of is None:
            return self.not_evaluated("no-day", "The run has no day to count from.")
        missing = [leaf for leaf in asked if record.gaps(leaf)]
        if missing:
            return self.gap(record, missing)
        return self.compare(record, asked[0], as_of)

    @abstractmethod
    def compare(self, record: SystemRecord, leaf: str, as_of: date) -> Finding:
        """Judge the dates that stand at a way; every kind has its own measure."""


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
