from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, cast

from auditor.findings import with_waivers

if TYPE_CHECKING:
    from auditor.result.document import AuditDocument
    from auditor.result.value import AuditResult
    from auditor.result.waived import WaiverDoc


def on_day(result: AuditResult, today: date) -> AuditResult:
    """Give a result as it is on a day: a waiver that ended before it covers nothing any more.

    A clock that was set back revives none: the day is never before one that the result itself shows
    to have come. What the result does not list as in use for a group covers it neither.
    """
    document = result.document
    period = document["row_account"]["period"]
    last = period["last"] if period else None
    # texts, so that a day that is none counts as late where it is not before all others
    day = max(today.isoformat(), document["as_of"], document["created"][:10], last or "")
    waivers = [_on_day(waiver, day) for waiver in document["waivers"]]
    in_use = {(w["policy"], w["finding"], w["id"]) for w in waivers if w["state"] == "in-use"}
    findings = tuple(
        with_waivers(
            finding,
            [
                one.waiver
                if (finding.policy, one.fingerprint, one.waiver or "") in in_use
                else None
                for one in finding.failing
            ],
        )
        for finding in result.findings
    )
    entries = [
        {
            **entry,
            "says": finding.says,
            "failing": [asdict(one) for one in finding.failing],
            "waiver": finding.waiver,
        }
        for entry, finding in zip(document["findings"], findings, strict=True)
    ]
    changed = {**document, "findings": entries, "waivers": waivers}
    return replace(result, document=cast("AuditDocument", changed), findings=findings)


def _on_day(waiver: WaiverDoc, day: str) -> WaiverDoc:
    if waiver["state"] != "in-use" or day <= waiver["until"]:
        return waiver
    says = f"Waiver {waiver['id']} of {waiver['rule']} ended on {waiver['until']}, after the audit."
    return {**waiver, "state": "expired", "says": says}
