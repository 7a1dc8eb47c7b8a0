from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.policy.model import Justification
    from auditor.result.waived import JustificationDoc, WaiverDoc
    from auditor.rules.waiving import Waived


def waiver_document(waived: Waived) -> WaiverDoc:
    """Entry of a waiver. The people under it stand in the policy; here are their roles."""
    waiver = waived.waiver
    return {
        "policy": waived.policy,
        "id": waiver.id,
        "finding": waiver.finding,
        "rule": waiver.rule,
        "attribute": waiver.attribute,
        "group": waiver.group,
        "stratum": waiver.stratum,
        "feature": waiver.feature,
        "version": waiver.version,
        "state": waived.state,
        "says": waived.says,
        "value": waiver.value_text,
        "because": waiver.because,
        "instead": waiver.instead,
        "requested_by": waiver.requested_by.role,
        "approved_by": [person.role for person in waiver.approved_by],
        "from": waiver.start.isoformat(),
        "until": waiver.until.isoformat(),
        "justification": _justification(waiver.justification),
    }


def _justification(why: Justification | None) -> JustificationDoc | None:
    if why is None:
        return None
    return {
        "job_related": why.job_related,
        "validation_study": why.validation_study,
        "alternatives": [
            {"tried": tried, "why_not": why_not} for tried, why_not in why.alternatives
        ],
    }
