from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from auditor.rules.base import Params
from auditor.rules.record_options import DateEntry, Span
from auditor.rules.record_rule import DatedRule, days
from auditor.rules.waived_values import higher_is_worse, highest
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.findings import Finding
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part
    from auditor.system import SystemRecord


class RecordRecentOptions(Params):
    """``entry`` with a date, which is ``at_most`` so many days old."""

    entry: DateEntry
    at_most: Span


class RecordRecent(DatedRule):
    """What is on record about the system is recent enough.

    What it checks
    --------------
    That the date under ``entry`` in the system record lies at most ``at_most`` days before the day
    of the audit (``--as-of``); a date on the very last day still counts. Of several notices the
    latest counts. A date after the day of the audit is not yet: no verdict, as where none is there.

    Why it matters
    --------------
    Models are trained anew and uses widen. An answer, a test or an audit from outside says
    something about the system of its day.

    When it misleads
    ----------------
    A new date is not a new look: an old answer that is dated anew passes. A year is 365 days here,
    also where a leap day lies in it.

    Example
    -------
    ``entry: audit, at_most: 365 days``, an audit on 2025-11-21 and a run as of 2026-11-22:
    "audit.on is 2025-11-21, 366 days before the audit of 2026-11-22, more than 365 days." With an
    audit on 2025-11-22 it passes.

    Options
    -------
    ``entry``: a way that leads to one date, such as ``questions.training`` or ``audit.on``;
    ``at_most``: such as ``365 days`` or ``52 weeks``. Neither has a default.

    References
    ----------
    6 RCNY 5-301(a): no use when more than one year has passed since the audit.
    2 CCR 11009(f): recency is one of the things that testing is weighed by.
    """

    kind: ClassVar[str] = "record-recent"
    can_be_waived: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = RecordRecentOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Name the age of the date."""
        return highest([(None, finding.evidence["age_days"])])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:
        """Count older as worse. A date ages while a waiver holds: its value may be ahead."""
        ahead = (waiver.until - date.fromisoformat(finding.evidence["as_of"])).days
        now, then = (higher_is_worse(age, waiver) for age in (value, value + max(ahead, 0)))
        return "alike" if now == "better" != then else now

    def compare(self, record: SystemRecord, leaf: str, as_of: date) -> Finding:
        """Compare the latest date that is not after the day of the audit."""
        dates = record.dates(leaf)
        past = [day for day in dates if day <= as_of]
        told = {"record": record.id, "entry": leaf, "as_of": as_of.isoformat()}
        if not past:
            return self.open(
                f"{leaf} is {dates[0]}, after the audit of {as_of}: not yet.",
                "Correct the date, or run the audit when the day has come.",
                {**told, "date": dates[0].isoformat()},
            )
        age, most = (as_of - past[-1]).days, self.options.at_most
        old = age > most
        return self.finding(
            FindingVerdict.FAIL if old else FindingVerdict.PASS,
            f"{leaf} is {past[-1]}, {days(age)} before the audit of {as_of}, "
            f"{'more' if old else 'not more'} than {days(most)}.",
            "Look at it again, and write down what is found with the day." if old else "",
            {**told, "date": past[-1].isoformat(), "age_days": age, "at_most_days": most},
        )
