"""Oversight: whether people look, or only confirm, in numbers with their counts and intervals."""

from auditor.review.oversight.readings import Reading, readings_of

__all__ = ["Reading", "readings_of"]
