"""Evidence of a verdict on an impact ratio, as plain JSON values."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.inference.impact import ImpactRule, ImpactVerdict, PairEvidence
    from auditor.inference.impact_verdict import GroupEvidence

WORST_CASE = "worst-case"


def evidence_of(verdict: ImpactVerdict, metric: str) -> dict[str, Any]:
    """Everything that the verdict rests on; null stands for a number that does not exist.

    An infinite limit is null too, as in every interval; ``unknown.tips`` tells whether a tipping
    factor that is null was looked for and does not exist.
    """
    return {
        "metric": metric,
        "state": str(verdict.state),
        "reason": verdict.reason or None,
        **_parameters(verdict.rule),
        "intersection": verdict.intersection,
        "considered": verdict.people,
        "favorable": verdict.selected,
        "pairs": verdict.pairs,
        "reference": verdict.reference,
        "groups": [_group(group) for group in verdict.groups],
        "headline": _pair(verdict.headline),
        "proof": _pair(verdict.proof),
        "failing": [_pair(pair) for pair in verdict.failing],
        "deciding": _pair(verdict.deciding),
        "real_gap": _pair(verdict.real_gap),
        "smallest_ratio_not_ruled_out": number(verdict.compatible),
        "near_the_line": _near(verdict),
        "people_needed": verdict.people_needed,
        "unknown": {
            "considered": verdict.unknown_people,
            "favorable": verdict.unknown_selected,
            "tipping_factor": number(verdict.tipping),
            "tips": None if math.isnan(verdict.tipping) else math.isfinite(verdict.tipping),
        },
    }


def gap_evidence(verdict: ImpactVerdict, gap: PairEvidence, metric: str) -> dict[str, Any]:
    """Evidence about the gap of a pass that is real but above the threshold."""
    return {
        "metric": metric,
        "threshold": str(verdict.rule.threshold),
        "alpha": verdict.rule.alpha,
        "pairs": verdict.pairs,
        "gap": _pair(gap),
    }


def number(value: float) -> float | None:
    """Value of a float in JSON; null where it is not finite.

    Examples
    --------
    >>> number(0.5), number(float("nan")), number(float("inf"))
    (0.5, None, None)
    """
    return value if math.isfinite(value) else None


def _parameters(rule: ImpactRule) -> dict[str, Any]:
    factor = rule.unknown_factor
    return {
        "threshold": str(rule.threshold),
        "alpha": rule.alpha,
        "worth_detecting": str(rule.worth_detecting),
        "confidence": rule.confidence,
        "min_people": rule.min_people,
        "min_expected": rule.min_expected,
        "reference_share": str(rule.reference_share),
        "open_share": str(rule.open_share),
        "unknown_factor": WORST_CASE if math.isinf(factor) else factor,
    }


def _group(group: GroupEvidence) -> dict[str, Any]:
    low, high = group.bounds
    return {
        "group": group.name,
        "considered": group.n,
        "favorable": group.x,
        "share": number(group.share),
        "state": group.state,
        "in_play": group.in_play,
        "yardstick": group.yardstick,
        "sign": group.sign,
        "ratio": number(group.ratio),
        "worst_case": {"low": number(low), "high": number(high)},
        "would_have_caught": number(group.caught),
    }


def _pair(evidence: PairEvidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    pair = evidence.pair
    numbers = {
        name: number(value) if isinstance(value, float) else value
        for name, value in asdict(evidence).items()
        if name != "pair"
    }
    return {
        "group": pair.focal,
        "favorable": pair.x_l,
        "considered": pair.n_l,
        "against": pair.upper,
        "against_favorable": pair.x_h,
        "against_considered": pair.n_h,
        **numbers,
    }


def _near(verdict: ImpactVerdict) -> dict[str, Any] | None:
    near = verdict.near
    if near is None:
        return None
    return {
        name: number(value) if isinstance(value, float) else value
        for name, value in asdict(near).items()
    }
