from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditor.metrics.measure import DEFAULT_METRICS
from auditor.policy.ancestors import first_in_force
from auditor.vocabulary import INTERSECTION, attributes_of

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one run asks of the floors below, known before the export is opened.

    ``intersections`` are those of the policies and of the call; ``metrics`` the default ones and
    those that rules name; ``rows`` whether single decisions are needed, ``flips`` whether the
    model is asked again with protected features changed.
    """

    intersections: tuple[str, ...]
    metrics: tuple[str, ...]
    rows: bool
    flips: bool = False

    @classmethod
    def of(
        cls, bound: Iterable[BoundPolicy], intersections: Sequence[Sequence[str]], *, model: bool
    ) -> Plan:
        """Union of what every bound rule needs."""
        bound = list(bound)
        needs = [rule.needs() for policy in bound for rule in policy.rules]
        crossed = [name for policy in bound for name in policy.policy.intersections]
        crossed += [INTERSECTION.join(names) for names in intersections]
        crossed += sorted(a for need in needs for a in need.attributes if INTERSECTION in a)
        metrics = [*DEFAULT_METRICS, *sorted(m for need in needs for m in need.metrics)]
        return cls(
            intersections=tuple(dict.fromkeys(crossed)),
            metrics=tuple(dict.fromkeys(metrics)),
            rows=model or any(need.rows for need in needs),
            flips=model and any(need.flips for need in needs),
        )

    def present(self, attributes: Iterable[str]) -> tuple[str, ...]:
        """Intersections whose attributes the export has."""
        known = set(attributes)
        return tuple(name for name in self.intersections if set(attributes_of(name)) <= known)


def in_force(bound: Iterable[BoundPolicy], as_of: date) -> frozenset[str]:
    """Ids of the policies that move the verdict on that day.

    A child that does not apply yet counts as its parent does, so that no duty of the parent stops
    blocking meanwhile; unless the parent is named beside it, and blocks by itself.
    """
    policies = [entry.policy for entry in bound]
    named = {(policy.id, policy.sha256) for policy in policies}
    found = set()
    for policy in policies:
        first = first_in_force(policy, as_of)
        if first is not None and (first is policy or (first.id, first.sha256) not in named):
            found.add(policy.id)
    return frozenset(found)
