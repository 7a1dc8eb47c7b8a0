"""Policy files: what is judged about groups, and what a person must decide."""

from auditor.policy.load import Draft, load_policy, read_policy
from auditor.policy.model import (
    EVERY_ATTRIBUTE,
    Basis,
    Example,
    Policy,
    RecordExample,
    RowExample,
    RuleEntry,
    Status,
    TableExample,
)
from auditor.policy.packs import pack_names, pack_path

__all__ = [
    "EVERY_ATTRIBUTE",
    "Basis",
    "Draft",
    "Example",
    "Policy",
    "RecordExample",
    "RowExample",
    "RuleEntry",
    "Status",
    "TableExample",
    "load_policy",
    "pack_names",
    "pack_path",
    "read_policy",
]
