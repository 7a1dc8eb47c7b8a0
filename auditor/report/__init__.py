"""Reports: they read a result and compute nothing."""

from auditor.report.base import write
from auditor.report.formats import FORMATS
from auditor.report.formats.html import render_html
from auditor.report.formats.text import render_text, summary

__all__ = ["FORMATS", "render_html", "render_text", "summary", "write"]
