from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.policy.model import Policy, WaiverLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """What a file may refer to, and what holds for it, although it stands in the parent."""

    basis: frozenset[str] = frozenset()
    rules: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {"gates": frozenset(), "reviews": frozenset()}
    )
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep_apart: tuple[tuple[str, str], ...] = ()
    signed_by: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    limits: WaiverLimits | None = None

    @classmethod
    def of(cls, parent: Policy | None) -> Inherited:
        """Names of a parent; nothing without one."""
        if parent is None:
            return cls()
        ids = {
            section: frozenset(rule.id for rule in parent.rules if rule.section == section)
            for section in ("gates", "reviews")
        }
        basis = frozenset(entry.id for entry in parent.basis)
        reviewers = [rule.reviewer for rule in parent.rules if rule.section == "reviews"]
        reviewers += [asked.reviewer for asked in parent.requests]
        return cls(
            basis=basis,
            rules=ids,
            roles=dict(parent.roles),
            keep_apart=parent.keep_apart,
            signed_by=parent.signed_by,
            reviewers=tuple(dict.fromkeys(reviewers)),
            limits=parent.waiver_limits,
        )
