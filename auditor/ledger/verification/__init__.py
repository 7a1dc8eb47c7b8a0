"""What a ledger can and cannot show about itself, with checkpoints from outside and without."""

from auditor.ledger.verification.findings import Fault, FaultKind, LedgerCheck
from auditor.ledger.verification.refusing import refusal
from auditor.ledger.verification.verifying import verify_ledger

__all__ = ["Fault", "FaultKind", "LedgerCheck", "refusal", "verify_ledger"]
