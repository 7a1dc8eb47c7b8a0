"""From the parts of a run to the fields of ``audit.json``; nothing is computed here."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from auditor.decisions import of_account
from auditor.result.directory import EXPLANATIONS_FILE
from auditor.result.document import (
    FORMAT,
    AuditDocument,
    ExplanationsDoc,
    FlagsDoc,
    PeriodDoc,
    PolicyRef,
    VerdictDoc,
)
from auditor.result.reviews import ReviewRuleDoc
from auditor.result.value import plain
from auditor.run.lineage import lineage
from auditor.run.system_document import system_document
from auditor.run.waiver_documents import waiver_document

if TYPE_CHECKING:
    from auditor.decisions import Period
    from auditor.findings import Finding, NotEvaluated
    from auditor.gate import Verdict
    from auditor.rules.base import Rule
    from auditor.rules.bound import BoundPolicy
    from auditor.rules.evaluate import Judged
    from auditor.run.arguments import Settings
    from auditor.run.explaining import Explained
    from auditor.run.measuring import Measured
    from auditor.run.signed import Signed
    from auditor.system import SystemRecord

_MATTERING = ("numpy", "scipy", "pandas", "duckdb", "narwhals")


def document(
    bound: Sequence[BoundPolicy],
    taken: Measured,
    judged: Judged,
    *,
    flags: FlagsDoc,
    notes: Sequence[str],
    explanations: ExplanationsDoc | None,
    verdict: Verdict,
    active: Collection[str],
    settings: Settings,
    system: SystemRecord | None,
    stamps: Mapping[str, Signed],
) -> AuditDocument:
    """Content of ``audit.json``, fields in the order in which they are printed."""
    export, account = taken.decisions.export, taken.decisions.account
    persons = of_account(taken.repeats)
    return cast(
        "AuditDocument",
        {
            "format": FORMAT,
            "tool": {"version": version("auditor")},
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "as_of": settings.as_of.isoformat(),
            "seed": settings.seed,
            "versions": _versions(explained=explanations is not None),
            "policies": [_policy(entry, active, stamps[entry.policy.id]) for entry in bound],
            "profile": {
                "id": export.profile_id,
                "sha256": export.profile_sha256,
                "decisions": export.decisions,
                "unit": export.unit,
            },
            "inputs": [asdict(file) for file in export.inputs],
            "row_account": {
                "read": account.read,
                "used": account.used,
                "buckets": dict(account.buckets),
                "people": taken.people,
                "persons": None if persons is None else asdict(persons),
                "period": _period(taken.decisions.period),
                "absent_groups": {n: list(gone) for n, gone in export.absent_groups.items()},
                "notes": list(export.notes),
            },
            "measurements": [_numbers(asdict(m)) for m in taken.measures.measurements],
            "comparisons": [_numbers(asdict(c)) for c in taken.measures.comparisons],
            "notes": [*taken.measures.notes, *notes],
            "findings": [_finding(finding) for finding in judged.findings],
            "not_evaluated": [_missing(entry) for entry in judged.not_evaluated],
            "waivers": [waiver_document(waived) for waived in judged.waivers],
            "system": system_document(system),
            "flags": flags,
            "review_rules": [_review(entry, active) for entry in _reviews(bound)],
            "reviews": None,
            "explanations": explanations,
            "verdict": verdict_document(verdict),
        },
    )


def _period(period: Period | None) -> PeriodDoc | None:
    if period is None:
        return None
    first, last = (None if day is None else day.isoformat() for day in (period.first, period.last))
    return {"column": period.column, "first": first, "last": last, "missing": period.missing}


def verdict_document(verdict: Verdict) -> VerdictDoc:
    """Entry of a verdict."""
    return {
        "state": verdict.state.value,
        "reviews_open": verdict.reviews_open,
        "exit_code": verdict.exit_code,
        "says": verdict.says,
    }


def explanations_document(
    explained: Explained | None, files: Mapping[str, bytes]
) -> ExplanationsDoc | None:
    """Entry of the attributions: how they were made, and every gap split by feature."""
    if explained is None:
        return None
    made = explained.attributions
    check = explained.score_check
    content = files[EXPLANATIONS_FILE]
    return {
        "unit": made.unit,
        "method": made.method,
        "background": {"rows": made.background_rows, "method": made.background},
        "rows": len(made.lines),
        "additivity": made.additivity,
        "score_check": None
        if check is None
        else {
            "compared": check.compared,
            "differing": check.differing,
            "largest": plain(check.largest),
            "says": check.says,
        },
        "gap": [
            {
                "attribute": gap.attribute,
                "group": gap.group,
                "reference": gap.reference,
                "gap": gap.gap,
                "residual": gap.residual,
                "features": [
                    {
                        "feature": f.feature,
                        "share": f.share,
                        "low": plain(f.low),
                        "high": plain(f.high),
                    }
                    for f in gap.features
                ],
            }
            for gap in explained.gaps
        ],
        "file": EXPLANATIONS_FILE,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _versions(*, explained: bool) -> dict[str, str]:
    names = (*_MATTERING, "scikit-learn", "shap") if explained else _MATTERING
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _policy(entry: BoundPolicy, active: Collection[str], stamp: Signed) -> PolicyRef:
    policy = entry.policy
    return {
        "id": policy.id,
        "version": policy.version,
        "status": policy.status,
        "effective_from": policy.effective_from.isoformat(),
        "in_force": policy.id in active,
        "title": policy.title,
        "notice": policy.notice,
        "sha256": policy.sha256,
        "digest": stamp.digest,
        "extends": lineage(entry),
        "signed_by": list(policy.signed_by),
        "signed": None if stamp.roles is None else list(stamp.roles),
        "roles": {name: list(may) for name, may in policy.roles.items()},
        "keep_apart": [list(pair) for pair in policy.keep_apart],
        "requests": [
            {
                "id": asked.id,
                "kind": asked.kind,
                "due_days": asked.due_days,
                "reviewer": asked.reviewer,
            }
            for asked in policy.requests
        ],
        "reason_codes": [{"id": code.id, "says": code.says} for code in policy.reason_codes],
        "reviews_need": list(policy.reviews_need),
    }


def _reviews(bound: Sequence[BoundPolicy]) -> Iterator[Rule]:
    for policy in bound:
        yield from (rule for rule in policy.rules if rule.entry.section == "reviews")


def _review(rule: Rule, active: Collection[str]) -> ReviewRuleDoc:
    entry = rule.entry
    return {
        "policy": rule.policy.id,
        "rule": entry.id,
        "mandatory": entry.mandatory,
        "reviewer": entry.reviewer,
        "due_days": entry.due_days,
        "readers": entry.readers,
        "in_force": rule.policy.id in active,
    }


def _numbers(fields: dict[str, Any]) -> dict[str, Any]:
    """Make undefined numbers null, also inside bounds."""
    return {name: _number(value) for name, value in fields.items()}


def _number(value: Any) -> Any:
    if isinstance(value, dict):
        return _numbers(value)
    return plain(value) if isinstance(value, float) else value


def _finding(finding: Finding) -> dict[str, Any]:
    fields = asdict(finding)
    return {
        **fields,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "because": list(finding.because),
        "evidence": _json(finding.evidence),
        "failing": list(fields["failing"]),
        "fingerprint": finding.fingerprint,
    }


def _missing(entry: NotEvaluated) -> dict[str, Any]:
    return {**asdict(entry), "severity": entry.severity.value}


def _json(value: Any) -> Any:
    """Evidence as JSON holds it: lists for tuples, null for numbers that do not exist."""
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_json(v) for v in value]
    return plain(value) if isinstance(value, float) else value
