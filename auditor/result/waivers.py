from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.findings import Finding
    from auditor.result.value import AuditResult


def still_waived(result: AuditResult, today: date) -> tuple[Finding, ...]:
    """Give the findings of a result, without the waivers that ended before that day.

    A finding whose waiver the result does not list as in use for it has none.
    """
    until = {
        (waiver["policy"], waiver["finding"], waiver["id"]): waiver["until"]
        for waiver in result.document["waivers"]
        if waiver["state"] == "in-use"
    }

    def standing(finding: Finding) -> Finding:
        key = (finding.policy, finding.fingerprint, finding.waiver or "")
        if finding.waiver is None or today.isoformat() <= until.get(key, ""):
            return finding
        return replace(finding, waiver=None)

    return tuple(map(standing, result.findings))
