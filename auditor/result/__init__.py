"""What an audit says: one frozen value and its versioned JSON file."""

from auditor.result.document import FORMAT, AuditDocument
from auditor.result.value import AuditResult

__all__ = ["FORMAT", "AuditDocument", "AuditResult"]
