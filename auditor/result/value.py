from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, cast

from auditor.errors import IntegrityError, Where
from auditor.findings import Finding, NotEvaluated
from auditor.result.document import FORMAT, AuditDocument
from auditor.vocabulary import FindingVerdict, Severity

_PRINTED_ONLY = {"fingerprint"}


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
        """Read ``audit.json`` back.

        Raises
        ------
        IntegrityError
            When the text is not a result of this format.
        """
        try:
            document = json.loads(text)
            if document["format"] != FORMAT:
                raise IntegrityError(
                    f"the result has format {document['format']!r}, not {FORMAT!r}",
                    slug="result-format",
                    where=Where(path),
                    hint="make the result anew with 'auditor audit'",
                )
            return cls.of(cast("AuditDocument", document))
        except (ValueError, KeyError, TypeError, AttributeError) as cause:
            raise IntegrityError(
                f"this is not a result of an audit: {type(cause).__name__} {cause}",
                slug="result-unreadable",
                where=Where(path),
                hint="name the directory that 'auditor audit --out' wrote, or its audit.json",
            ) from cause


def plain(value: float | None) -> float | None:
    """JSON value of a number: None for NaN and for an infinite end of an interval."""
    return None if value is None or not math.isfinite(value) else value


def _finding(entry: dict[str, Any]) -> Finding:
    fields = {k: v for k, v in entry.items() if k not in _PRINTED_ONLY}
    fields["verdict"] = FindingVerdict(fields["verdict"])
    fields["severity"] = Severity(fields["severity"])
    fields["because"] = tuple(fields["because"])
    return Finding(**fields)


def _not_evaluated(entry: dict[str, Any]) -> NotEvaluated:
    return NotEvaluated(**{**entry, "severity": Severity(entry["severity"])})
