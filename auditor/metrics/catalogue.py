"""All metrics, in printing order."""

from __future__ import annotations

from auditor.metrics.selection import scoring_rate, scoring_rate_known, selection_rate

METRICS = {metric.id: metric for metric in (selection_rate, scoring_rate, scoring_rate_known)}
