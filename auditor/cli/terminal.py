from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from auditor.result import AuditResult


def console() -> Console:
    """Console for people: standard error, so that standard output stays free for machines."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def show_summary(result: AuditResult, *, where: str | None = None) -> None:
    """Print the summary of a result, and the directory it was written to."""
    from auditor.report import summary

    summary(result, console(), where=where)
