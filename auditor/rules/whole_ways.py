"""Ways of a change that one value cannot tell: both policies have to be looked at whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from auditor.policy.ancestors import tightens
from auditor.rules.kinds.decision_right import DecisionRight
from auditor.rules.kinds.decision_right_violated import DecisionRightViolated
from auditor.rules.kinds.descriptive import Descriptive
from auditor.rules.kinds.measure_limit import MeasureLimit
from auditor.rules.scales import Scale, harmless, or_nothing
from auditor.vocabulary import Severity

if TYPE_CHECKING:
    from auditor.policy import Policy
    from auditor.policy.model import Right
    from auditor.rules.bound import BoundPolicy
    from auditor.rules.policy_lines import Line
    from auditor.rules.scales import Direction, Way

NAMES_MORE = {Descriptive.kind: "exclude_below", MeasureLimit.kind: "fewest_people"}
"""Floors of kinds in which one more group leaves every fail a fail.

Not of those whose p-values are multiplied by the number of pairs, and not of mean-gap: one mean
that is not above 0 ends the gap.
"""

OPENING = frozenset({"review", "second-review", "approve-waivers", "sign-policies"})
"""Duties that settle a review, let a fail through or put a policy in force."""


def way_between(line: Line, old: BoundPolicy, new: BoundPolicy) -> Way:
    """Way of a value: its own, or what the rest of both policies makes of it."""
    match line.name:
        case ("roles", _):
            return partial(_duties, before=old.policy, after=new.policy)
        case ("decision_rights", _):
            kinds = (DecisionRight, DecisionRightViolated)
            read = any(isinstance(rule, kinds) for rule in old.rules)
            return partial(_right, own=line.way, read=read)
        case (_, rule, "options", option) if _only_tells(rule, option, old):
            return Scale(size=or_nothing, up="looser", down="tighter")
        case ("policy", "effective_from") if tightens(new.policy, old.policy):
            # until its own day a child counts from that of its parent
            return harmless
    return line.way


def _only_tells(rule: str, option: str, old: BoundPolicy) -> bool:
    """Whether a floor decides which groups a rule names that moved no verdict before.

    Below a lower one it names more. Of a rule that moves the verdict nobody can say: groups that
    were too few to judge may come to pass.
    """
    return any(
        one.entry.id == rule
        and one.entry.severity != Severity.BLOCK
        and NAMES_MORE.get(one.kind) == option
        for one in old.rules
    )


def _duties(
    old: Sequence[str] | None, new: Sequence[str] | None, *, before: Policy, after: Policy
) -> Direction:
    """More people who may open something are looser; without any role everybody may."""
    had, has = frozenset(old or ()), frozenset(new or ())
    if new is None:
        return "neutral" if after.roles else "looser"
    if old is None:
        if not before.roles:
            return "tighter"
        return "looser" if has & OPENING else "neutral"
    if has > had and has - had & OPENING:
        return "looser"
    apart = {duty for pair in before.keep_apart for duty in pair}
    if has - had or (had - has) & apart:
        # without a duty that is kept apart from another, somebody may take the other one
        return "unclear"
    return "tighter" if had - has else "neutral"


def _right(old: Right | None, new: Right | None, *, own: Way, read: bool) -> Direction:
    """Of a kind of decision without a right there is no verdict, where a rule looks."""
    if old is not None:
        return own(old, new)
    if not read:
        return "neutral"
    return "tighter" if new == "human_only" else "looser"
