"""A ledger in one file: SQLite, with the settings under which a confirmed entry stays."""

from auditor.ledger.sqlite.ledger import SqliteLedger
from auditor.ledger.sqlite.making import make_ledger

__all__ = ["SqliteLedger", "make_ledger"]
