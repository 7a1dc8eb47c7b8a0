"""What cannot stand in one and the same stored result, although each part of it is well formed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.result.directory import FLAGS_FILE
from auditor.result.flags import NO_FLAGS, flag_counts
from auditor.run.writing import verdict_document
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.findings import Finding
    from auditor.gate import Verdict
    from auditor.result import AuditResult

_WITH_STATE = "impact-ratio"


def contradictions(
    result: AuditResult, files: Mapping[str, bytes], decided: Verdict
) -> Iterator[str]:
    """Find what the stored fields say and the rest of the result does not.

    Parameters
    ----------
    result : AuditResult
    files : contents of the files beside it, by name
    decided : its verdict, decided anew
    """
    document = result.document
    content = files.get(FLAGS_FILE)
    if document["reviews"] is not None:
        yield "the result holds reviews, and those stand in a ledger only"
    counted = NO_FLAGS if content is None else flag_counts(content.decode())
    if any(document["flags"][name] != counted[name] for name in counted):  # type: ignore[literal-required]
        yield f"the flags that the result counts are not those of {FLAGS_FILE}"
    for finding in result.findings:
        if not _follows(finding):
            words = finding.verdict.replace("_", " ")
            yield f"the finding of {finding.rule} says {words}, and its evidence does not"
    verdict, stored = verdict_document(decided), document["verdict"]
    if any(verdict[name] != stored[name] for name in ("state", "reviews_open", "exit_code")):
        words = stored["state"].replace("_", " ")
        yield f"the result says {words}, and that does not follow from its findings and flags"


def _follows(finding: Finding) -> bool:
    """Whether a finding is no better than the state that its evidence names."""
    state = finding.evidence.get("state")
    if state is None:
        return finding.kind != _WITH_STATE or finding.verdict != FindingVerdict.PASS
    may = {
        "fail": (FindingVerdict.FAIL,),
        "no_verdict": (FindingVerdict.NO_VERDICT, FindingVerdict.FAIL),
        "pass": tuple(FindingVerdict),
    }
    return isinstance(state, str) and finding.verdict in may.get(state, ())
