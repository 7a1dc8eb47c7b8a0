"""Findings on one screen: what moves the verdict and every warning, each in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.report import words
from auditor.report.page import MASKED
from auditor.report.tables import by_weight, in_force

if TYPE_CHECKING:
    from auditor.report.page import Page
    from auditor.result import AuditDocument
    from auditor.result.document import FindingDoc

STYLES = {
    "pass": "green",
    "fail": "bold red",
    "warning": "yellow",
    "no_verdict": "yellow",
    "descriptive": "",
}


def finding_lines(page: Page, document: AuditDocument) -> None:
    """Print what moves the verdict and every warning; count what had nothing to report."""
    moving = in_force(document)
    quiet = 0
    for finding in by_weight(document):
        state = words.shown_state(finding, in_force=finding["policy"] in moving)
        advises = finding["policy"] not in moving or finding["severity"] != "block"
        if advises and state in ("pass", "descriptive"):
            quiet += 1
            continue
        said = document["verdict"]["says"]
        says = f"A finding that {MASKED}" if page.hides(finding) else _sentences(finding, said)
        about = words.attribute_label(finding["attribute"] or "whole audit")
        head = f"{words.SYMBOLS[state]} {words.STATES[state].lower()}"
        head += ", waived" if finding["waiver"] else ""
        tail = f" [{finding['policy']}/{finding['rule']}{', advises' if advises else ''}]"
        page.line(head, f"{about}: {says}{tail}", indent=14, style=STYLES[state])
        for said in _on_record(document, finding):
            page.line("", page.safe(said), indent=14)
    for missing in document["not_evaluated"]:
        says = page.safe(missing["says"])
        head = f"{words.SYMBOLS['no_verdict']} not judged"
        page.line(head, f"{says} [{missing['policy']}/{missing['rule']}]", indent=14)
    if quiet:
        findings = "finding" if quiet == 1 else "findings"
        says = f"{quiet} further {findings} that neither warn nor move the verdict: report.html."
        page.line("", says, indent=14)
    page.gap()


def _on_record(document: AuditDocument, finding: FindingDoc) -> Iterator[str]:
    """Say what is on record in place of a pass: the word waived alone hides it."""
    listed = {(one["policy"], one["finding"], one["id"]): one for one in document["waivers"]}
    for failing in finding["failing"]:
        if failing["waiver"] is None:
            continue
        waiver = listed[finding["policy"], failing["fingerprint"], failing["waiver"]]
        who = f"{failing['waiver']}. " if len(finding["failing"]) > 1 else ""
        why = waiver["justification"]
        if why is None:
            yield f"{who}Because: {waiver['because']} Instead: {waiver['instead']}"
            continue
        tried = " ".join(f"{a['tried']}; not used: {a['why_not']}" for a in why["alternatives"])
        yield (
            f"{who}Justification on record: {why['job_related']} Validation study: "
            f"{why['validation_study']} Alternatives: {tried}"
        )


def _sentences(finding: FindingDoc, said: str) -> str:
    """Give a pass in short and the numbers with the rest; what the verdict said is not repeated."""
    first = "as said above." if finding["says"] in said else finding["says"]
    return first if finding["verdict"] == "pass" else f"{first} {finding['detail']}".rstrip()
