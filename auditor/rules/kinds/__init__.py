"""The rule kinds, group rules first: the table of contents of what a policy may ask for."""

from auditor.rules.base import Rule
from auditor.rules.kinds.change_from_baseline import ChangeFromBaseline
from auditor.rules.kinds.condition import ConditionHolds
from auditor.rules.kinds.control_cases import ControlCases
from auditor.rules.kinds.counterfactual_flip import CounterfactualFlip
from auditor.rules.kinds.coverage import Coverage
from auditor.rules.kinds.data_age import DataAge
from auditor.rules.kinds.decision_right import DecisionRight
from auditor.rules.kinds.decision_right_violated import DecisionRightViolated
from auditor.rules.kinds.descriptive import Descriptive
from auditor.rules.kinds.feature_not_allowed import FeatureNotAllowed
from auditor.rules.kinds.flag_budget import FlagBudget
from auditor.rules.kinds.gate_failed import GateFailedControl
from auditor.rules.kinds.impact_ratio import ImpactRatio
from auditor.rules.kinds.mean_gap import MeanGap
from auditor.rules.kinds.measure_limit import MeasureLimit
from auditor.rules.kinds.model_and_human_disagree import ModelAndHumanDisagree
from auditor.rules.kinds.near_cut_score import NearCutScore
from auditor.rules.kinds.neighbours_differ import NeighboursDiffer
from auditor.rules.kinds.out_of_range import OutOfRange
from auditor.rules.kinds.protected_among_drivers import ProtectedAmongDrivers
from auditor.rules.kinds.proxy_among_drivers import ProxyAmongDrivers
from auditor.rules.kinds.random_control import RandomControl
from auditor.rules.kinds.record_before_run import RecordBeforeRun
from auditor.rules.kinds.record_limit import RecordLimit
from auditor.rules.kinds.record_present import RecordPresent
from auditor.rules.kinds.record_recent import RecordRecent
from auditor.rules.kinds.record_version import RecordVersion
from auditor.rules.kinds.small_but_real import SmallButReal
from auditor.rules.kinds.three_deviations import ThreeDeviations
from auditor.rules.kinds.unknown_share import UnknownShare
from auditor.rules.kinds.value_missing import ValueMissing

KINDS: tuple[type[Rule], ...] = (
    ImpactRatio,
    Descriptive,
    SmallButReal,
    ThreeDeviations,
    UnknownShare,
    MeasureLimit,
    MeanGap,
    ChangeFromBaseline,
    Coverage,
    DecisionRight,
    FeatureNotAllowed,
    FlagBudget,
    DataAge,
    RecordPresent,
    RecordRecent,
    RecordBeforeRun,
    RecordVersion,
    RecordLimit,
    NearCutScore,
    ValueMissing,
    OutOfRange,
    ConditionHolds,
    ProxyAmongDrivers,
    ProtectedAmongDrivers,
    CounterfactualFlip,
    NeighboursDiffer,
    ModelAndHumanDisagree,
    RandomControl,
    GateFailedControl,
    DecisionRightViolated,
    ControlCases,
)

__all__ = ["KINDS"]
