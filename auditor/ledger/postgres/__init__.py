"""A ledger on a PostgreSQL server: people append through a role that may do nothing else."""

from auditor.ledger.postgres.ledger import PostgresLedger
from auditor.ledger.postgres.making import make_ledger

__all__ = ["PostgresLedger", "make_ledger"]
