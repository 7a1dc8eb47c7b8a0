from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

from auditor.errors import IntegrityError, Problem, Where
from auditor.findings import Failing, Finding, NotEvaluated, with_waivers
from auditor.result.document import FORMAT, AuditDocument
from auditor.result.shape import faults, read_json
from auditor.vocabulary import FindingVerdict, Severity

UNSIGNED = "signatures-not-checked"
"""Why a policy that has to be signed lets nothing pass: nobody looked at its signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """Everything an audit says; reports, gate and review read only this.

    ``document`` is the content of ``audit.json``; ``findings`` and ``not_evaluated`` are the same
    entries as typed values.
    """

    document: AuditDocument
    findings: tuple[Finding, ...]
    not_evaluated: tuple[NotEvaluated, ...]

    @classmethod
    def of(cls, document: AuditDocument) -> AuditResult:
        """Make the result of a document; its findings are read back as typed values."""
        return cls(
            document=document,
            findings=tuple(_finding(dict(entry)) for entry in document["findings"]),
            not_evaluated=tuple(_not_evaluated(dict(entry)) for entry in document["not_evaluated"]),
        )

    def to_json(self) -> str:
        """Text of ``audit.json``: two-space indent, keys in document order, final line end."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str, path: str) -> AuditResult:
        """Read ``audit.json`` back, strictly: an edited result is not taken for another one.

        Raises
        ------
        IntegrityError
            When the text is not a result of this format: a field is missing or of another kind, or
            parts of it contradict one another. What is edited consistently is not seen.
        """
        try:
            document = read_json(text)
        except ValueError as cause:
            raise _refused([f"this is not a result of an audit: {cause}"], path) from cause
        format_ = document.get("format") if isinstance(document, dict) else None
        if isinstance(format_, str) and format_ != FORMAT:
            raise IntegrityError(
                f"the result has format {format_!r}, not {FORMAT!r}",
                slug="result-format",
                where=Where(path),
                hint="make the result anew with 'auditor audit'",
            )
        found = list(faults(document, AuditDocument))
        if found:
            raise _refused([f"this is not a result of an audit: {fault}" for fault in found], path)
        result = cls.of(cast("AuditDocument", document))
        contradictions = list(_contradictions(result))
        if contradictions:
            raise _refused(contradictions, path)
        return result


def plain(value: float | None) -> float | None:
    """JSON value of a number: None for NaN and for an infinite end of an interval."""
    return None if value is None or not math.isfinite(value) else value


def _finding(entry: Mapping[str, Any]) -> Finding:
    known = {field.name: entry[field.name] for field in fields(Finding)}
    return Finding(
        **{
            **known,
            "verdict": FindingVerdict(entry["verdict"]),
            "severity": Severity(entry["severity"]),
            "because": tuple(entry["because"]),
            "failing": tuple(Failing(**one) for one in entry["failing"]),
        }
    )


def _not_evaluated(entry: Mapping[str, Any]) -> NotEvaluated:
    known = {field.name: entry[field.name] for field in fields(NotEvaluated)}
    return NotEvaluated(**{**known, "severity": Severity(entry["severity"])})


def _contradictions(result: AuditResult) -> Iterator[str]:
    """Find what cannot stand in one and the same result."""
    document = result.document
    account, policies = document["row_account"], [p["id"] for p in document["policies"]]
    parts = [account["used"], *account["buckets"].values()]
    if min(parts) < 0 or account["read"] != sum(parts):
        yield "the rows used and left out do not add up to the rows read"
    persons = account["persons"]
    if persons and persons["repeated_rows"] + persons["nameless"] > persons["rows"]:
        yield "people stand in more rows than are counted"
    if len(set(policies)) < len(policies):
        yield "a policy is listed twice"
    yield from _unsigned(result)
    for finding, entry in zip(result.findings, document["findings"], strict=True):
        if finding.fingerprint != entry["fingerprint"]:
            yield f"the finding of {finding.rule} does not have the fingerprint of its content"
    spoken = [(said.policy, said.rule) for said in result.findings]
    spoken += [(said.policy, said.rule) for said in result.not_evaluated]
    for policy, rule in dict.fromkeys(spoken):
        if policy not in policies:
            yield f"{rule} speaks for {policy}, a policy that is not listed"
    in_use = [w for w in document["waivers"] if w["state"] == "in-use"]
    used = {(w["policy"], w["finding"], w["id"]) for w in in_use}
    for finding in result.findings:
        named = [one for one in finding.failing if one.waiver]
        if any((finding.policy, one.fingerprint, one.waiver) not in used for one in named):
            yield f"the finding of {finding.rule} names a waiver that the result does not list"
        if finding != with_waivers(finding, [one.waiver for one in finding.failing]):
            yield f"the finding of {finding.rule} names other waivers than its groups do"
    for entry_ in document["system"]["entries"] if document["system"] else ():
        if (entry_["state"] == "answered") == bool(entry_["missing"]):
            yield f"{entry_['entry']} of the system record is {entry_['state']}, and is not"
    for row in document["measurements"]:
        if not 0 <= row["favorable"] <= row["n"]:
            yield f"the {row['metric']} of {row['attribute']} counts more people than it has"


def _unsigned(result: AuditResult) -> Iterator[str]:
    """Find policies that have to be signed, are not, and hold no pass back for that."""
    told = {
        entry.policy
        for entry in result.not_evaluated
        if entry.reason == UNSIGNED and entry.required and entry.severity == Severity.BLOCK
    }
    for policy in result.document["policies"]:
        missing = set(policy["signed_by"]) - set(policy["signed"] or ())
        if missing and policy["id"] not in told:
            roles = ", ".join(sorted(missing))
            yield f"{policy['id']} has to be signed by {roles}, and the result says no more of it"


def _refused(messages: list[str], path: str) -> IntegrityError:
    return IntegrityError.of(
        Problem(
            message=message,
            slug="result-unreadable",
            where=Where(path),
            hint="name the directory that 'auditor audit --out' wrote, or make the result anew",
        )
        for message in messages
    )
