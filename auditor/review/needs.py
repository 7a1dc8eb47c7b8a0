"""What the policies of a case need of a review besides what every review has to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from auditor.policy.needs import NEED_WORDS

if TYPE_CHECKING:
    from auditor.ledger.bodies import Reviewed
    from auditor.policy.needs import Need
    from auditor.review.case import Case, Demands, FlaggedRule


def needs_of(case: Case, demands: Demands) -> dict[Need, tuple[str, ...]]:
    """Policies of a case that need something more of a review, by what they need."""
    found: dict[Need, tuple[str, ...]] = {}
    policies = dict.fromkeys(rule.policy for one in case.decisions for rule in one.rules)
    for policy in policies:
        for need in demands.needs.get(policy, ()):
            found[need] = (*found.get(need, ()), policy)
    return found


def need_objections(
    body: Reviewed | Mapping[str, Any], rule: FlaggedRule, demands: Demands
) -> Iterator[str]:
    """Why a review settles nothing under a rule whose policy needs more of it.

    No time at all is none that was taken: a look that took less than half a second is no review.
    """
    for need in demands.needs.get(rule.policy, ()):
        if not said(need, body):
            yield f"it does not say {NEED_WORDS[need]}, which {rule.policy} needs of a review"


def said(need: Need, body: Reviewed | Mapping[str, Any]) -> bool:
    """Whether a review says what a policy needs of it."""
    match need:
        case "seconds":
            return (body["seconds"] or 0) > 0
