"""Audits HR decision models for group differences, and keeps people in charge of decisions.

>>> import auditor
>>> counted = auditor.counts({"M": (100, 60), "F": (100, 40)}, attribute="sex")
>>> result = auditor.audit(counted, policy="us-adverse-impact")
>>> result.verdict.state.value
'fail'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.errors import AuditorError, GateFailed, NoVerdict, ReviewsOpen
    from auditor.gate import Verdict
    from auditor.ingest import GroupCounts, Profile, counts, load_profile
    from auditor.policy import Policy, load_policy
    from auditor.run import Audit, audit, load
    from auditor.system import SystemRecord, load_system

_PLACES = {
    "Audit": "auditor.run",
    "AuditorError": "auditor.errors",
    "GateFailed": "auditor.errors",
    "GroupCounts": "auditor.ingest",
    "NoVerdict": "auditor.errors",
    "Policy": "auditor.policy",
    "Profile": "auditor.ingest",
    "ReviewsOpen": "auditor.errors",
    "SystemRecord": "auditor.system",
    "Verdict": "auditor.gate",
    "audit": "auditor.run",
    "counts": "auditor.ingest",
    "load": "auditor.run",
    "load_policy": "auditor.policy",
    "load_profile": "auditor.ingest",
    "load_system": "auditor.system",
}

__all__ = [
    "Audit",
    "AuditorError",
    "GateFailed",
    "GroupCounts",
    "NoVerdict",
    "Policy",
    "Profile",
    "ReviewsOpen",
    "SystemRecord",
    "Verdict",
    "audit",
    "counts",
    "load",
    "load_policy",
    "load_profile",
    "load_system",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``import auditor`` itself stays fast."""
    if name not in _PLACES:
        raise AttributeError(f"module 'auditor' has no attribute {name!r}")
    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
