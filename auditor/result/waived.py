"""What a result says of waivers, and of everything that a fail is about."""

from __future__ import annotations

from typing import Literal, TypedDict


class FailingDoc(TypedDict):
    """One group, feature or version that a fail is about, and the waiver in use for it."""

    about: str | None
    stratum: str | None
    fingerprint: str
    value: float | None
    waiver: str | None


class AlternativeDoc(TypedDict):
    """Another way that was compared, and why it is not used."""

    tried: str
    why_not: str


class JustificationDoc(TypedDict):
    """Why a difference between groups is accepted for a while."""

    job_related: str
    validation_study: str
    alternatives: list[AlternativeDoc]


WaiverDoc = TypedDict(
    "WaiverDoc",
    {
        "policy": str,
        "id": str,
        "finding": str,
        "rule": str,
        "attribute": str | None,
        "group": str | None,
        "stratum": str | None,
        "feature": str | None,
        "version": str | None,
        "state": Literal["in-use", "unused", "expired", "not-yet", "void", "too-wide"],
        "says": str,
        "value": str,
        "because": str,
        "instead": str,
        "requested_by": str,
        "approved_by": list[str],
        "from": str,
        "until": str,
        "justification": JustificationDoc | None,
    },
)
"""A waiver and what became of it; people stand here by their roles."""
