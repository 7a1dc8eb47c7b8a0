"""Table of contents of the report formats: name on the command line, and what makes its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.report.formats.html import render_html
from auditor.report.formats.text import render_text
from auditor.result import AuditResult

FORMATS: Mapping[str, Callable[[AuditResult], str]] = {"html": render_html, "text": render_text}

__all__ = ["FORMATS"]
