from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.rules.base import Rule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoundPolicy:
    """A policy with its rules, each bound to its kind and its options understood."""

    policy: Policy
    rules: tuple[Rule, ...]
