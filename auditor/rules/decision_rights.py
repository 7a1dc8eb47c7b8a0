"""Who took the decisions of an export, and whom a policy lets take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.rules.considered import considered
from auditor.vocabulary import TAKERS, Severity

if TYPE_CHECKING:
    from auditor.policy.model import Policy, Right, RuleEntry
    from auditor.rules.base import Evidence, Rule

ALLOWED: Mapping[Right, tuple[str, ...]] = {
    "automate": TAKERS,
    "assist": ("person", "both"),
    "human_only": ("person",),
}

RIGHT_WORDS: Mapping[Right, str] = {
    "automate": "a model take them alone",
    "assist": "a person take them, with or without a model",
    "human_only": "only a person take them, without a model",
}
"""After "the policy lets"."""

TAKER_WORDS = {
    "model": "a model alone",
    "person": "a person",
    "both": "a person together with a model",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """People in favorable or unfavorable decisions, by who took those; ``missing`` by nobody."""

    kind: str
    counts: Mapping[str, int]
    missing: int

    @property
    def people(self) -> int:
        """Everybody about whom something was decided."""
        return sum(self.counts.values()) + self.missing

    def against(self, right: Right) -> dict[str, int]:
        """People by who took the decision without the right to."""
        return {who: n for who, n in self.counts.items() if n and who not in ALLOWED[right]}

    @classmethod
    def of(cls, evidence: Evidence) -> Taken | None:
        """Count; None where the profile does not say what kind of decision it is."""
        decisions = evidence.decisions
        kind = decisions.export.decision_kind
        if kind is None:
            return None
        lines = considered(decisions)
        people, takers = decisions.people[lines], decisions.taken_by
        if takers is None:
            everybody = int(people.sum())
            constant = decisions.export.taken_by
            counts = {who: everybody if who == constant else 0 for who in TAKERS}
            return cls(kind=kind, counts=counts, missing=0 if constant else everybody)
        codes = takers.codes[lines]
        counts = dict.fromkeys(TAKERS, 0)
        for code, who in enumerate(takers.levels):
            counts[who] = int(people.sum(where=codes == code))
        return cls(kind=kind, counts=counts, missing=int(people.sum(where=codes < 0)))


def no_rights(rule: Rule) -> Iterator[Problem]:
    """Object to a policy that says nothing about what a model may do."""
    if not rule.policy.decision_rights:
        yield Problem(
            message=f"rule {rule.entry.id!r} needs 'decision_rights', and the policy has none",
            slug="missing-key",
            where=rule.entry.places.get(("kind",)),
            hint="such as decision_rights: {screening: assist, offer: human_only}",
        )


def unheld_rights(policy: Policy) -> Iterator[Problem]:
    """Object to rights that nothing holds: a model could do what it may not, and the run pass."""
    severities = {rule.severity for rule in policy.rules if rule.kind == "decision-right"}
    held = Severity.BLOCK in severities or (
        Severity.WARN in severities and any(_sends_to_people(rule, policy) for rule in policy.rules)
    )
    if policy.decision_rights and not held:
        only_warns = Severity.WARN in severities
        yield Problem(
            message="the policy says what a model may do, and where it did more a gate of the kind "
            "decision-right only warns, so the run can pass"
            if only_warns
            else "the policy says what a model may do, and no gate of the kind decision-right "
            "that blocks looks whether it did more",
            slug="rights-not-held",
            where=policy.places.get(("decision_rights",)),
            hint="let it block, or add a mandatory review of the kind decision-right-violated, "
            "which leaves out no decision for want of a value"
            if only_warns
            else "such as gates: [{id: rights, kind: decision-right, says: ..., because: [...]}]; "
            "or leave decision_rights out",
        )


def _sends_to_people(rule: RuleEntry, policy: Policy) -> bool:
    """Whether the gate waits until people took anew what a model took without the right to."""
    missing = rule.options.get("missing", policy.missing_values)
    return rule.kind == "decision-right-violated" and rule.mandatory and missing == "review"
