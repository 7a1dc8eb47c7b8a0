"""The record of what people decided: append-only entries, proofs that none was changed."""

from auditor.ledger.addresses import shown_address
from auditor.ledger.entry import Draft, Entry, Words, new_draft, time_text
from auditor.ledger.opening import make_ledger, open_ledger
from auditor.ledger.store import Ledger

__all__ = [
    "Draft",
    "Entry",
    "Ledger",
    "Words",
    "make_ledger",
    "new_draft",
    "open_ledger",
    "shown_address",
    "time_text",
]
