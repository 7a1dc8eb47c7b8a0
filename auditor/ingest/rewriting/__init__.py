"""An export written again: the same rows in the same order, one column's cells changed."""

from auditor.ingest.rewriting.rewriting import Rewritten, rewrite

__all__ = ["Rewritten", "rewrite"]
