"""The rule kinds, group rules first: the table of contents of what a policy may ask for."""

from auditor.rules.base import Rule
from auditor.rules.kinds.gate_failed import GateFailedControl
from auditor.rules.kinds.near_cut_score import NearCutScore
from auditor.rules.kinds.random_control import RandomControl
from auditor.rules.kinds.value_missing import ValueMissing

KINDS: tuple[type[Rule], ...] = (NearCutScore, ValueMissing, RandomControl, GateFailedControl)

__all__ = ["KINDS"]
