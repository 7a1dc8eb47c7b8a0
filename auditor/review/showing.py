"""What reviewers are shown: before their own judgement only what the job asks for, then the rest.

Whoever sees the model's answer first tends to follow it, so nothing of it stands in `Before`: no
outcome, no score, no reasons, and not the rule either, which tells where the score lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.review.case import Case, FlaggedDecision

Evidence = Mapping[str, tuple[tuple[str, str], ...]]
"""Job-related values by identity of a decision: pairs of a feature's name and its value."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BANDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """One decision of a case, as it is shown before the reviewer's own judgement."""

    identity: str
    decision: str
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One rule that sent a decision to a person. ``evidence`` is empty where it tells the score."""

    rule: str
    says: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What is revealed of one decision once a first judgement is on record.

    ``band`` is the tenth of the scale in which the score lies, or empty; ``raised`` and
    ``lowered`` are the model's strongest reasons, each a sentence.
    """

    identity: str
    model: str
    model_version: str
    band: str
    raised: tuple[str, ...]
    lowered: tuple[str, ...]
    why: tuple[Why, ...]


def before(case: Case, evidence: Evidence) -> tuple[Before, ...]:
    """Show the decisions of a case without anything of the model's answer."""
    return tuple(
        Before(
            identity=one.identity,
            decision=one.decision,
            evidence=evidence.get(one.identity, ()),
        )
        for one in case.decisions
    )


def after(case: Case, scale: tuple[float, float] | None) -> tuple[After, ...]:
    """Reveal what the model said of the decisions of a case, and why they are here.

    Parameters
    ----------
    case : Case
    scale : lowest and highest score, or None
        As `scale_of` gives it for all cases of the result.
    """
    return tuple(_revealed(one, scale) for one in case.decisions)


def scale_of(cases: Iterable[Case]) -> tuple[float, float] | None:
    """Range over which scores are banded: 0 to 1 where all lie in it, else theirs; None without.

    Examples
    --------
    >>> scale_of([]) is None
    True
    """
    scores = [
        found for case in cases for one in case.decisions if (found := _score(one)) is not None
    ]
    if not scores:
        return None
    if min(scores) >= 0 and max(scores) <= 1:
        return 0.0, 1.0
    return min(scores), max(scores)


def band(score: float, scale: tuple[float, float]) -> str:
    """Tenth of a scale in which a score lies.

    Examples
    --------
    >>> band(0.5446, (0.0, 1.0))
    '0.5 to 0.6'
    >>> band(1.0, (0.0, 1.0))
    '0.9 to 1'
    """
    low, high = scale
    if high <= low:
        return ""
    step = min(max(int((score - low) / (high - low) * _BANDS), 0), _BANDS - 1)
    ends = [low + (high - low) * (step + n) / _BANDS for n in (0, 1)]
    return f"{ends[0]:.4g} to {ends[1]:.4g}"


def _revealed(one: FlaggedDecision, scale: tuple[float, float] | None) -> After:
    score = _score(one)
    factors = [text for text in _rule_texts(one) if text]
    return After(
        identity=one.identity,
        model=one.outcome,
        model_version=one.model_version,
        band="" if scale is None or score is None else band(score, scale),
        raised=tuple(text for text in factors if " raised the score by " in text),
        lowered=tuple(text for text in factors if " lowered the score by " in text),
        why=tuple(
            Why(
                rule=rule.name,
                says=rule.reason,
                evidence="" if _tells(rule.evidence, score) else rule.evidence,
            )
            for rule in one.rules
        ),
    )


def _rule_texts(one: FlaggedDecision) -> Sequence[str]:
    """Reasons of the model: they are the decision's, so every rule has the same."""
    found = next((rule.factors for rule in one.rules if rule.factors), "")
    return found.split("; ")


def _score(one: FlaggedDecision) -> float | None:
    try:
        score = float(one.score)
    except ValueError:
        return None
    return score if isfinite(score) else None


def _tells(text: str, score: float | None) -> bool:
    """Whether a text holds the exact score, in full or rounded to what it prints."""
    if score is None:
        return False
    for found in _NUMBER.findall(text):
        digits = len(found.partition(".")[2])
        if digits and round(score, digits) == float(found):
            return True
    return False
