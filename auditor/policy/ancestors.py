"""A policy and those that it extends, from the nearest to the furthest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from auditor.policy.model import Policy


def ancestors(policy: Policy) -> Iterator[Policy]:
    """Policies that one extends, its parent first."""
    above = policy.parent
    while above is not None:
        yield above
        above = above.parent


def first_in_force(policy: Policy, as_of: date) -> Policy | None:
    """Nearest policy that moves the verdict on a day: the policy itself, or one that it extends."""
    return next((p for p in (policy, *ancestors(policy)) if p.in_force(as_of)), None)


def tightens(child: Policy, other: Policy) -> bool:
    """Whether a policy extends another, or one that does."""
    return any((p.id, p.sha256) == (other.id, other.sha256) for p in ancestors(child))
