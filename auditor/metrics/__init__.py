"""Rates by group and their comparisons, as functions of the cube."""

from auditor.metrics.catalogue import METRICS
from auditor.metrics.spec import Counts
from auditor.metrics.values import Bounds, Comparison, Measurement, Measures

__all__ = ["METRICS", "Bounds", "Comparison", "Counts", "Measurement", "Measures"]
