"""What was decided, about whom: the canonical table and the account of the rows read."""

from auditor.decisions.account import Period, RowAccount
from auditor.decisions.repeats import Counted, Repeats, of_account, repeats
from auditor.decisions.table import Coded, Decisions, ExportFacts, InputFile

__all__ = [
    "Coded",
    "Counted",
    "Decisions",
    "ExportFacts",
    "InputFile",
    "Period",
    "Repeats",
    "RowAccount",
    "of_account",
    "repeats",
]
