"""Whether a review counts: everything that has to hold before a record settles anything.

A record that lacks one of these counts as no human involvement. Each reason is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from auditor.ledger.authentic import SERVICE
from auditor.ledger.reading import moment
from auditor.policy.people import same_name
from auditor.review.wording import names_something

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.case import Demands, FlaggedDecision, FlaggedRule
    from auditor.signing.keyring import Holder, Keyring

BOTH = frozenset({"review", "second-review"})
"""Duties of somebody who looks at flagged decisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a keyring, on one day: every role that any of their keys holds that day."""

    name: str
    key: str
    roles: frozenset[str]
    trained_on: date | None
    may_change: bool

    @property
    def self(self) -> str:
        """What two keys of one person have in common."""
        return same_name(self.name)


def person_on(day: date, key: str, keyring: Keyring) -> Person | None:
    """Who holds a key on a day."""
    holder = keyring.holder(key)
    if holder is None or not holder.holds_on(day):
        return None
    roles = [role for own in _all_keys(holder, keyring) if own.holds_on(day) for role in own.roles]
    return Person(
        name=holder.name,
        key=key,
        roles=frozenset(roles),
        trained_on=holder.trained_on,
        may_change=holder.may_change,
    )


def person_called(name: str, day: date, keyring: Keyring) -> Person | None:
    """Find somebody by name; of several keys one whose holder is trained and free to decide."""
    found = [
        person
        for holder in keyring.holders
        if same_name(holder.name) == same_name(name)
        and (person := person_on(day, holder.key, keyring)) is not None
        and person.roles - {SERVICE}
    ]
    return min(found, key=lambda one: (one.trained_on is None, not one.may_change), default=None)


def _all_keys(holder: Holder, keyring: Keyring) -> Iterator[Holder]:
    me = same_name(holder.name)
    return (other for other in keyring.holders if same_name(other.name) == me)


def record_objections(
    entry: Entry, person: Person, earlier: Sequence[tuple[Entry, Person]]
) -> Iterator[str]:
    """Why a review counts for nothing at all, whatever it settles.

    Parameters
    ----------
    entry : of kind ``reviewed``, said by ``person``
    person : Person
    earlier : what people said about this case before, authentic entries only
    """
    body: Any = entry.draft.body
    at = moment(entry.at)
    if body["role"] not in person.roles or body["role"] == SERVICE:
        yield f"its reviewer did not hold the role {body['role']!r} on that day"
    yield from unable(person, at.date())
    if _trained(person, at.date()) and day_of(body["trained_on"]) != person.trained_on:
        yield "it does not say on which day its reviewer was trained, as the keyring does"
    if person.may_change and not body["may_change"]:
        yield "it does not say that its reviewer may decide otherwise than the model"
    if not names_something(body["considered"]):
        yield "it names no information that was considered beyond the score"
    if not names_something(body["explanation_shown"]):
        yield "it names no explanation of the model's answer that was shown"
    yield from _before_effect(body["takes_effect"], at)
    if "rationale" not in entry.draft.words:
        yield "it gives no rationale"
    yield from time_objections(body)
    if body["statement"] == "not-considered":
        yield "what the person concerned had to say was not considered"
    if body["conflict"]:
        yield "its reviewer declared a conflict of interest"
    settled = [part["identity"] for part in body["settles"]]
    if body["statement"] == "none-given" and _gave_statement(settled, earlier):
        yield "the person concerned gave a statement, and it says that they gave none"
    if len(set(settled)) < len(settled):
        yield "it settles one decision twice"
    if not settled:
        yield "it settles nothing"
    yield from _names_earlier(body, person, earlier)


def time_objections(body: Any) -> Iterator[str]:
    """Why the time that somebody says to have taken cannot be."""
    if body["seconds"] is not None and body["seconds"] < 0:
        yield "it says that it took less than no time"


def _gave_statement(settled: Sequence[str], earlier: Sequence[tuple[Entry, Person]]) -> bool:
    return any(
        entry.draft.kind == "requested"
        and "statement" in entry.draft.words
        and entry.draft.body["identity"] in settled
        for entry, _ in earlier
    )


def day_of(text: str | None) -> date | None:
    """Day of its text; None where it is none."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def unable(person: Person, day: date) -> Iterator[str]:
    """Why nothing that somebody decides on a day counts, whatever the case."""
    if not _trained(person, day):
        yield "the keyring does not say that its reviewer was trained by that day"
    if not person.may_change:
        yield "its reviewer may not decide otherwise than the model"


def _trained(person: Person, day: date) -> bool:
    return person.trained_on is not None and person.trained_on <= day


def _before_effect(text: str | None, at: datetime) -> Iterator[str]:
    day = day_of(text)
    if day is None:
        yield "it does not say on which day the decision takes effect"
    elif at.date() > day:
        yield f"it was made after the decision took effect on {day}"


def _names_earlier(
    body: Any, person: Person, earlier: Sequence[tuple[Entry, Person]]
) -> Iterator[str]:
    """Look at this person's own earlier words on this case: what it points to is among them."""
    own = {
        (entry.draft.kind, entry.draft.id) for entry, other in earlier if other.self == person.self
    }
    if body["corrects"] is not None and ("reviewed", body["corrects"]) not in own:
        yield "it corrects a review that is not its reviewer's own, or not of this case"
    if body["first"] is not None and ("first-judgement", body["first"]) not in own:
        yield "it names a first judgement that is not its reviewer's own, or not of this case"


def settling_objections(
    settled: Any, decision: FlaggedDecision, rule: FlaggedRule, role: str, person: Person,
    escalated_to: str | None, demands: Demands,
) -> Iterator[str]:  # fmt: skip
    """Why a review that counts settles nothing of one decision under one rule."""
    if settled["model"] != decision.outcome:
        yield "it is about another outcome of the model"
    same = settled["final"] == decision.outcome
    if settled["outcome"] == "kept" and not same:
        yield "it says kept, and its outcome is not the model's"
    if settled["outcome"] == "changed" and same:
        yield "it says changed, and its outcome is the model's"
    wanted = reviewing_roles(rule, escalated_to, demands)
    if role not in wanted:
        yield f"{rule.name} asks for {_either(wanted)}, not {role}"
    yield from duty_objections(rule, person, demands)


def duty_objections(rule: FlaggedRule, person: Person, demands: Demands) -> Iterator[str]:
    """Why somebody is not independent enough for a rule, by all of their roles together."""
    roles = demands.roles.get(rule.policy, {})
    duties = {duty for role in person.roles for duty in roles.get(role, ())}
    for pair in demands.keep_apart.get(rule.policy, ()):
        if pair <= duties and pair & BOTH:
            yield f"its reviewer may both {' and '.join(sorted(pair))}, which {rule.policy} keeps apart"  # noqa: E501


def reviewing_roles(
    rule: FlaggedRule, escalated_to: str | None, demands: Demands
) -> tuple[str, ...]:
    """Roles in which a review of this rule counts: first its reviewer."""
    second = sorted(demands.may(rule.policy, "second-review")) if rule.readers > 1 else []
    to = [] if escalated_to is None else [escalated_to]
    return tuple(dict.fromkeys([rule.reviewer, *to, *second]))


def may_take_over(role: str, rule: FlaggedRule, demands: Demands) -> bool:
    """Whether a case under this rule may be escalated to a role.

    Where the policy names roles, to those that may review, and back to its reviewer; else to any
    that a keyring gives people.
    """
    if role == SERVICE:
        return False
    named = demands.roles.get(rule.policy)
    return not named or role == rule.reviewer or role in demands.may(rule.policy, "review")


def _either(roles: Sequence[str]) -> str:
    return " or ".join(roles)
