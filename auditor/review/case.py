"""What waits for a person: flagged decisions, merged into cases, and what the result asks of each.

Everything here comes from a result alone: from ``audit.json`` and its ``flags.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.policy.model import Duty
    from auditor.policy.needs import Need
    from auditor.result import AuditDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedRule:
    """One rule that flagged one decision. ``name`` is ``policy/rule``, unique in a result.

    ``mandatory`` holds of the day of the audit: a policy that advises only asks for nothing.
    Where the person concerned asked for it, ``asked`` is the number of that entry; an appeal is for
    ``another_person`` than those who decided before.
    """

    name: str
    policy: str
    mandatory: bool
    reason: str
    evidence: str
    factors: str
    reviewer: str
    due: date | None
    readers: int
    asked: int | None = None
    another_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedDecision:
    """One decision: its pseudonym, its id in the export, what the model said, what flagged it.

    ``named`` are ids that requests gave it, which nobody checked against its pseudonym.
    """

    identity: str
    decision: str
    outcome: str
    score: str
    model_version: str
    rules: tuple[FlaggedRule, ...]
    named: tuple[str, ...] = ()

    @property
    def flagged(self) -> bool:
        """Whether a rule of the result flagged it; else somebody only asked about it."""
        return any(rule.asked is None for rule in self.rules)

    @property
    def mandatory(self) -> tuple[FlaggedRule, ...]:
        """Rules that a person has to settle before the decision is released."""
        return tuple(rule for rule in self.rules if rule.mandatory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What one person looks at in one go: one decision, or several of one person."""

    id: str
    decisions: tuple[FlaggedDecision, ...]

    @property
    def mandatory(self) -> bool:
        """Whether a release waits for it."""
        return any(decision.mandatory for decision in self.decisions)

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that its rules name as reviewers, in their order."""
        named = (rule.reviewer for one in self.decisions for rule in one.rules)
        return tuple(dict.fromkeys(named))

    def decision(self, identity: str) -> FlaggedDecision | None:
        """Decision of a pseudonym."""
        return next((one for one in self.decisions if one.identity == identity), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What the policies of a result ask of people: duties by policy and role, pairs kept apart.

    ``clocks`` are the requests that they set a clock for, by policy and id: kind and reviewer.
    ``reasons`` are the sentences of the reason codes that they list, by policy and code.
    ``reviewers`` are the roles that their rules name, by policy; ``needs`` is what their reviews
    have to say besides what every review says.
    """

    roles: Mapping[str, Mapping[str, tuple[Duty, ...]]]
    keep_apart: Mapping[str, tuple[frozenset[Duty], ...]]
    clocks: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reviewers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    needs: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: AuditDocument) -> Demands:
        """Read them from the entries of the policies."""
        return cls(
            roles={
                policy["id"]: {
                    name: tuple(may)  # type: ignore[arg-type]
                    for name, may in policy["roles"].items()
                }
                for policy in document["policies"]
            },
            keep_apart={
                policy["id"]: tuple(
                    frozenset(pair)  # type: ignore[arg-type]
                    for pair in policy["keep_apart"]
                )
                for policy in document["policies"]
            },
            clocks={
                (policy["id"], clock["id"]): (clock["kind"], clock["reviewer"])
                for policy in document["policies"]
                for clock in policy["requests"]
            },
            reasons={
                policy["id"]: {code["id"]: code["says"] for code in policy["reason_codes"]}
                for policy in document["policies"]
            },
            reviewers={
                policy["id"]: frozenset(
                    rule["reviewer"]
                    for rule in document["review_rules"]
                    if rule["policy"] == policy["id"]
                )
                for policy in document["policies"]
            },
            needs={
                policy["id"]: tuple(policy["reviews_need"])  # type: ignore[arg-type]
                for policy in document["policies"]
            },
        )

    def part_of(self, policy: str) -> frozenset[str]:
        """Roles with a part in a policy: those that it names, its reviewers, its clocks' ones."""
        clocks = (reviewer for (of, _), (_, reviewer) in self.clocks.items() if of == policy)
        named = self.roles.get(policy, {}).keys()
        return frozenset((*named, *self.reviewers.get(policy, ()), *clocks))

    def may(self, policy: str, duty: Duty) -> frozenset[str]:
        """Roles that have a duty in a policy; nobody where it names no roles."""
        roles = self.roles.get(policy, {})
        return frozenset(name for name, duties in roles.items() if duty in duties)


def cases_of(document: AuditDocument, rows: Iterable[Mapping[str, str]]) -> tuple[Case, ...]:
    """Merge the lines of ``flags.csv`` into cases, in the order of their first lines.

    Parameters
    ----------
    document : AuditDocument
    rows : as `auditor.result.flags.read_flags` gives them

    Raises
    ------
    ValueError
        When a line names a rule that the result does not list, or no day as its due date.
    """
    readers = {
        f"{rule['policy']}/{rule['rule']}": rule["readers"] for rule in document["review_rules"]
    }
    lines: dict[str, dict[str, list[Mapping[str, str]]]] = {}
    for row in rows:
        lines.setdefault(row["case"], {}).setdefault(row["identity"], []).append(row)
    return tuple(
        Case(
            id=case,
            decisions=tuple(_decision(found, readers) for found in decisions.values()),
        )
        for case, decisions in lines.items()
    )


def _decision(rows: list[Mapping[str, str]], readers: Mapping[str, int]) -> FlaggedDecision:
    first = rows[0]
    return FlaggedDecision(
        identity=first["identity"],
        decision=first["decision"],
        outcome=first["outcome"],
        score=first["score"],
        model_version=first["model_version"],
        rules=tuple(_rule(row, readers) for row in rows),
    )


def _rule(row: Mapping[str, str], readers: Mapping[str, int]) -> FlaggedRule:
    name = f"{row['policy']}/{row['rule']}"
    if name not in readers:
        raise ValueError(f"it names {name}, a review that the result does not list")
    return FlaggedRule(
        name=name,
        policy=row["policy"],
        mandatory=row["mandatory"] == "yes",
        reason=row["reason"],
        evidence=row["evidence"],
        factors=row["factors"],
        reviewer=row["reviewer"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        readers=readers[name],
    )
