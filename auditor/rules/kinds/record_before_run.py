from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from auditor.rules.base import Params
from auditor.rules.record_options import DateEntry, Span
from auditor.rules.record_rule import DatedRule, days
from auditor.rules.waived_values import lower_is_worse, lowest
from auditor.system import only
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.findings import Finding
    from auditor.policy.model import Waiver
    from auditor.rules.waived_values import Beside, Number, Part
    from auditor.system import SystemRecord


class RecordBeforeRunOptions(Params):
    """``entry`` with a date, ``at_least`` so many days before the run or the date of ``before``."""

    entry: DateEntry
    before: DateEntry | None = None
    at_least: Span = 1


class RecordBeforeRun(DatedRule):
    """What had to happen first is dated before the run.

    What it checks
    --------------
    That the date under ``entry`` in the system record lies at least ``at_least`` days before the
    day of the audit (``--as-of``), or before the date under ``before``. Of several notices the
    first counts. Later is a fail. A date that is not on record is no verdict, and beside ``before``
    so is one after the day of the audit: it is not yet.

    Why it matters
    --------------
    A target that is set, an answer that is given or a notice that is sent after the numbers are
    known says nothing about what was meant before.

    When it misleads
    ----------------
    Without ``before`` it compares with the day of the audit, not with the day on which the model
    was first used (``use.since``). Days are calendar days: ten business days are fourteen of them
    or more. It believes the date.

    Example
    -------
    ``entry: notices.candidates, at_least: 14 days``, a notice of 2026-11-12 and a run as of
    2026-11-22: "notices.candidates.given_on is 2026-11-12, 10 days before the audit of 2026-11-22,
    less than 14 days before it." With a notice of 2026-11-08 it passes. ``entry:
    testing.before_use, before: use.since`` and both on 2026-01-15 is a fail, whenever the audit is.

    Options
    -------
    ``entry``: a way that leads to one date; ``before`` (none: the day of the audit): another, such
    as ``use.since``; ``at_least`` (1 day): such as ``10 days``.

    References
    ----------
    6 RCNY 5-304 and Administrative Code 20-871(b): notice before use. Regulation (EU) 2024/1689,
    article 9(8): testing against prior defined metrics and thresholds.
    """

    kind: ClassVar[str] = "record-before-run"
    can_be_waived: ClassVar[bool] = True
    Options: ClassVar[type[Params]] = RecordBeforeRunOptions

    def failing(self, finding: Finding) -> Sequence[Part]:
        """Name the days between."""
        return lowest([(None, finding.evidence["lead_days"])])

    def beside(self, value: Number, waiver: Waiver, finding: Finding) -> Beside:
        """Count fewer days as worse. They grow with every later day, and may since it began.

        Between two dates on record they do not grow.
        """
        if self.options.before:
            return lower_is_worse(value, waiver)
        since = (date.fromisoformat(finding.evidence["as_of"]) - waiver.start).days
        now, then = (lower_is_worse(lead, waiver) for lead in (value, value - max(since, 0)))
        return "alike" if now == "better" != then else now

    def asks(self) -> Sequence[str]:
        """Ways to the date, and to the one that it is held against."""
        other = self.options.before
        return (*super().asks(), *([only(other, "date") or other] if other else []))

    def compare(self, record: SystemRecord, leaf: str, as_of: date) -> Finding:
        """Compare the first date with the day of the audit, or with the other date."""
        first, least = record.dates(leaf)[0], self.options.at_least
        others = self.asks()[1:]
        told = {"record": record.id, "entry": leaf, "as_of": as_of.isoformat()}
        told["date"] = first.isoformat()
        if others and first > as_of:
            return self.open(
                f"{leaf} is {first}, after the audit of {as_of}: not yet.",
                "Correct the date, or run the audit when the day has come.",
                told,
            )
        until, name = as_of, f"the audit of {as_of}"
        for other in others:
            until = record.dates(other)[0]
            told |= {"before": other, "until": until.isoformat()}
            name = f"{other}, {until}"
        lead = (until - first).days
        late = lead < least
        where = f"{days(lead)} before" if lead >= 0 else f"{days(-lead)} after"
        return self.finding(
            FindingVerdict.FAIL if late else FindingVerdict.PASS,
            f"{leaf} is {first}, {where} {name}, "
            f"{'less' if late else 'not less'} than {days(least)} before it.",
            "What came too late cannot be mended afterwards: do it now, and audit a later period."
            if late
            else "",
            {**told, "lead_days": lead, "at_least_days": least},
        )
