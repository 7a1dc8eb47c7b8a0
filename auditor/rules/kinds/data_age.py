from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from auditor.findings import Finding, NotEvaluated
from auditor.rules.base import Evidence, Params
from auditor.rules.record_options import Span
from auditor.rules.record_rule import days
from auditor.rules.whole_rule import WholeRule
from auditor.vocabulary import FindingVerdict, Severity


class DataAgeOptions(Params):
    """``at_most``: so many days the oldest decision may lie back."""

    at_most: Span


class DataAge(WholeRule):
    """The decisions are recent enough to say something about today.

    What it checks
    --------------
    That the oldest decision of the export, by the date column of the profile, lies at most
    ``at_most`` days before the day of the audit (``--as-of``), and none after it. One on the very
    last day still counts. Older decisions, decisions of a later day and rows without a date give no
    verdict: this rule never fails. All rows count, also those that no rate counts.

    Why it matters
    --------------
    A model is trained anew, applicants change, a form gets another field. An export of three years
    ago passes as easily as one of last month, and says nothing about what is decided now.

    When it misleads
    ----------------
    A date says when a cell was written, which need not be when the decision was taken. One old row
    is enough for no verdict: cut the export to the period that is meant. Recent decisions can be
    few, or of one week only. A year is 365 days here, also where a leap day lies in it.

    Example
    -------
    ``at_most: 365 days``, decisions from 2025-11-21 on and a run as of 2026-11-22: "The oldest
    decision is of 2025-11-21, 366 days before the audit of 2026-11-22, more than 365 days." From
    2025-11-22 on it passes.

    Options
    -------
    ``at_most``: such as ``365 days`` or ``52 weeks``; it has no default.

    References
    ----------
    6 RCNY 5-301(a): no use when more than one year has passed since the audit.
    2 CCR 11009(f): recency is one of the things that testing is weighed by.
    """

    kind: ClassVar[str] = "data-age"
    beyond_examples: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = DataAgeOptions

    def check(self, evidence: Evidence) -> Iterator[Finding | NotEvaluated]:
        """One finding on the whole export."""
        period, as_of = evidence.decisions.period, evidence.as_of
        if period is None:
            why = "the profile names no column with the day of the decision (columns.date)."
            yield self.not_evaluated("no-date-column", why)
            return
        if as_of is None:
            yield self.not_evaluated("no-day", "the run has no day to count from.")
            return
        most: int = self.options.at_most
        told = {
            "first": None if period.first is None else period.first.isoformat(),
            "last": None if period.last is None else period.last.isoformat(),
            "missing": period.missing,
            "as_of": as_of.isoformat(),
            "at_most_days": most,
        }
        if period.first is None or period.last is None or period.missing:
            rows = "1 row has" if period.missing == 1 else f"{period.missing:,} rows have"
            says = f"{rows} no date, so nothing says how old these decisions are."
            step = "Find out when they were decided, or leave them out of the export."
            yield self._open(says, step, told)
        elif period.last > as_of:
            says = f"The last decision is of {period.last}, after the audit of {as_of}."
            step = "Check the format of the date column, and the day of the audit."
            yield self._open(says, step, told)
        else:
            age = (as_of - period.first).days
            says = (
                f"The oldest decision is of {period.first}, {days(age)} before the audit of "
                f"{as_of}, {'more' if age > most else 'not more'} than {days(most)}."
            )
            told = {**told, "age_days": age}
            if age > most:
                yield self._open(says, "Export the decisions of a later period.", told)
            else:
                yield self.finding(FindingVerdict.PASS, says, "", told)

    def must_pass(self) -> bool:
        """Whether the run needs recent data: where the policy blocks on it."""
        return self.entry.severity == Severity.BLOCK

    def _open(self, says: str, step: str, told: Mapping[str, Any]) -> Finding:
        return self.finding(FindingVerdict.NO_VERDICT, says, step, told)
