"""One audit from an export to a result: the picture of the system on one screen."""

from auditor.run.auditing import audit
from auditor.run.holding import Audit, load

__all__ = ["Audit", "audit", "load"]
