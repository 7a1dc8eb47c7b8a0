"""The record of what people decided: append-only entries, proofs that none was changed."""

from auditor.ledger.entry import Draft, Entry, Words, new_draft, time_text
from auditor.ledger.opening import open_ledger
from auditor.ledger.store import Ledger

__all__ = ["Draft", "Entry", "Ledger", "Words", "new_draft", "open_ledger", "time_text"]
