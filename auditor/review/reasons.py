"""Reason codes that the policies of a case list, and what becomes of reviews that name others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.documents import did_you_mean, shown
from auditor.errors import Problem

if TYPE_CHECKING:
    from auditor.ledger.bodies import Done
    from auditor.review.case import Case, Demands, FlaggedDecision, FlaggedRule


def reasons_of(case: Case, demands: Demands) -> dict[str, str]:
    """Sentences of the codes to choose from in a case, by code; empty where labels are free.

    Where two policies list one code, it says what both say.
    """
    found: dict[str, str] = {}
    policies = dict.fromkeys(rule.policy for one in case.decisions for rule in one.rules)
    for policy in policies:
        for code, says in demands.reasons.get(policy, {}).items():
            both = f"{found[code]} / {says}" if found.get(code, says) != says else says
            found[code] = both
    return found


def no_reason(
    codes: Sequence[str], decision: FlaggedDecision, outcome: Done, demands: Demands
) -> str:
    """Say which list a review takes no code of, and has to; empty where nothing is missing."""
    found = (
        why for rule in decision.rules for why in reason_objections(codes, outcome, rule, demands)
    )
    return next(found, "")


def reason_objections(
    codes: Sequence[str], outcome: Done, rule: FlaggedRule, demands: Demands
) -> Iterator[str]:
    """Why a review settles nothing under a rule whose policy lists reason codes.

    Whoever does not keep the model's outcome names one of the list, as the owners of the model
    learn from it; codes that are on no list are no reason.
    """
    listed = demands.reasons.get(rule.policy)
    if not listed or any(code in listed for code in codes):
        return
    known = ", ".join(listed)
    if codes:
        named = ", ".join(map(shown, codes))
        yield f"no code that it names is on the list of {rule.policy} ({known}): {named}"
    elif outcome != "kept":
        yield (
            f"it does not keep the model's outcome, and names no reason code of {rule.policy} "
            f"({known})"
        )


def unlisted(codes: Sequence[str], case: Case, demands: Demands) -> Iterator[Problem]:
    """Name codes that no policy of a case lists, where one has a list."""
    listed = reasons_of(case, demands)
    for number, code in enumerate(codes, start=1):
        if listed and code not in listed:
            yield Problem(
                message=f"reason code {number} of {len(codes)} is on no list of the policies of "
                "this case",
                slug="unknown-reason-code",
                hint=did_you_mean(code, listed),
            )
