from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

from auditor.gate import EXIT_WORDS
from auditor.report import numbers
from auditor.report.charts import gap_chart, rate_chart
from auditor.report.checklist import SIGNS, checklist
from auditor.report.opening import cautions, period_words, policy_lines
from auditor.report.reviews import review_lines
from auditor.report.tables import (
    RateTable,
    by_weight,
    in_force,
    lines_of,
    next_steps,
    rate_tables,
)
from auditor.report.templating import environment
from auditor.result import AuditDocument, AuditResult
from auditor.result.document import GapDoc
from auditor.vocabulary import is_intersection

Effect: TypeAlias = Sequence[tuple[str, Sequence[str]]]
JUDGED_BY_DEFAULT = "selection-rate"


def render_html(result: AuditResult, *, effect: Effect = ()) -> str:
    """One self-contained page: no script, no request, every text escaped.

    Parameters
    ----------
    result : AuditResult
    effect : sequence of attributes with lines
        What review did to groups, for the section about human review.

    Returns
    -------
    str
        HTML that shows small groups and says so; same result, same text.
    """
    document = result.document
    lines = lines_of(document["findings"])
    views = [_view(t, i, document) for i, t in enumerate(rate_tables(document), start=1)]
    main = next((v["table"].metric for v in views), None)
    front = [v for v in views if _is_front(v["table"], main)]
    page = environment().get_template("report.html.j2")
    return page.render(
        doc=document,
        review_lines=review_lines,
        effect=effect,
        cautions=cautions(document),
        period=period_words(document),
        policies=policy_lines(document),
        front=front,
        others=[v for v in views if v not in front],
        findings=by_weight(document),
        steps=next_steps(document),
        gaps=_gaps(document),
        checklist=checklist(document),
        signs=SIGNS,
        exit_words=EXIT_WORDS.get(document["verdict"]["exit_code"], "not known"),
        balanced=_balances(document),
        citations=_citations(document),
        in_force=in_force(document),
        ratio=partial(_ratio, lines=lines),
    )


def _view(table: RateTable, number: int, document: AuditDocument) -> dict[str, Any]:
    judged = any(
        f["attribute"] == table.attribute
        and "threshold" in f["evidence"]
        and f["evidence"].get("metric", JUDGED_BY_DEFAULT) == table.metric
        for f in document["findings"]
    )
    chart = rate_chart(table, number, with_line=judged)
    compared = [row.comparison for row in table.rows if row.comparison is not None]
    return {
        "table": table,
        "chart": chart,
        "number": number,
        "tests": list(dict.fromkeys(c["test"] for c in compared if c["test"])),
        "family": max((c["family_size"] for c in compared), default=0),
        "rate_methods": list(dict.fromkeys(row.rate["method"] for row in table.rows)),
        "methods": list(dict.fromkeys(c["method"] for c in compared if c["method"])),
        "judged": judged,
    }


def _gaps(document: AuditDocument) -> list[dict[str, Any]]:
    """Put the gaps of groups that a finding failed for first, then the others by their size."""
    explanations = document["explanations"]
    failed = {(f["attribute"], f["group"]) for f in document["findings"] if f["verdict"] == "fail"}

    def order(gap: GapDoc) -> tuple[bool, bool, float]:
        judged = (gap["attribute"], gap["group"]) in failed
        return (not judged, is_intersection(gap["attribute"]), -abs(gap["gap"]))

    ordered = sorted(explanations["gap"] if explanations else (), key=order)
    return [
        {
            "gap": gap,
            "chart": gap_chart(gap, number),
            "failed": (gap["attribute"], gap["group"]) in failed,
        }
        for number, gap in enumerate(ordered, start=1)
    ]


def _is_front(table: RateTable, metric: str | None) -> bool:
    alone = not is_intersection(table.attribute)
    return alone and table.metric == metric and table.stratum is None


def _ratio(
    value: float | None,
    undefined: str | None = None,
    below: bool | None = None,  # noqa: FBT001 - called from templates
    *,
    lines: tuple[Fraction, ...],
) -> str:
    return numbers.ratio(value, undefined, below=below, lines=lines)


def _balances(document: AuditDocument) -> bool:
    account = document["row_account"]
    return account["read"] == account["used"] + sum(account["buckets"].values())


def _citations(document: AuditDocument) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {p["id"]: {} for p in document["policies"]}
    for finding in document["findings"]:
        found.setdefault(finding["policy"], {}).update(dict.fromkeys(finding["because"]))
    return {policy: list(texts) for policy, texts in found.items()}
