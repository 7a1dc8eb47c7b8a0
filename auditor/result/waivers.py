from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from auditor.findings import with_waivers

if TYPE_CHECKING:
    from auditor.findings import Finding
    from auditor.result.value import AuditResult


def still_waived(result: AuditResult, today: date) -> tuple[Finding, ...]:
    """Give the findings of a result, without the waivers that ended before that day.

    A group whose waiver the result does not list as in use for it has none.
    """
    until = {
        (waiver["policy"], waiver["finding"], waiver["id"]): waiver["until"]
        for waiver in result.document["waivers"]
        if waiver["state"] == "in-use"
    }

    def standing(finding: Finding) -> Finding:
        ends = [
            until.get((finding.policy, one.fingerprint, one.waiver or ""), "")
            for one in finding.failing
        ]
        return with_waivers(
            finding,
            [
                one.waiver if today.isoformat() <= end else None
                for one, end in zip(finding.failing, ends, strict=True)
            ],
        )

    return tuple(map(standing, result.findings))
