"""Why a model scored as it did: attributions, the gap between groups, reasons for one decision."""

from auditor.explain.attributions import Attributions
from auditor.explain.features import Features, from_columns, from_frame
from auditor.explain.gap import Gap, GapFeature, gap_table
from auditor.explain.reasons import Reason, reasons, strongest
from auditor.explain.score_check import ScoreCheck, check_scores, model_predictions, model_scores
from auditor.explain.shap_values import Explainer, explain_model, prepare

__all__ = [
    "Attributions",
    "Explainer",
    "Features",
    "Gap",
    "GapFeature",
    "Reason",
    "ScoreCheck",
    "check_scores",
    "explain_model",
    "from_columns",
    "from_frame",
    "gap_table",
    "model_predictions",
    "model_scores",
    "prepare",
    "reasons",
    "strongest",
]
