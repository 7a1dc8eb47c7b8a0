"""What was decided, about whom: the canonical table and the account of the rows read."""

from auditor.decisions.account import RowAccount
from auditor.decisions.table import Coded, Decisions, ExportFacts, InputFile

__all__ = ["Coded", "Decisions", "ExportFacts", "InputFile", "RowAccount"]
