"""Where a case may be passed on to: people who can decide it, and had no part in it so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auditor.review.authority import duty_objections, may_take_over, person_on, unable

if TYPE_CHECKING:
    from auditor.review.authority import Person
    from auditor.review.case import Demands
    from auditor.review.settling import DecisionStanding, RuleStanding
    from auditor.signing.keyring import Keyring

NOTHING_WAITS = "nothing of this case waits for a person, so there is nothing to pass on"


def waiting_parts(
    decisions: Sequence[DecisionStanding],
) -> Iterator[tuple[DecisionStanding, RuleStanding]]:
    """Rules under which there is something to pass on; only a request reopens what is settled."""
    for one in decisions:
        for rule in one.rules if one.waiting else ():
            if not rule.settled or rule in one.waiting:
                yield one, rule


def why_not_to(
    rule: RuleStanding, role: str, to_role: str, person: Person,
    demands: Demands, keyring: Keyring | None, day: date,
) -> str:  # fmt: skip
    """Say why somebody cannot pass on what waits under a rule; empty where they can.

    Parameters
    ----------
    rule : RuleStanding
    role, to_role : in which the person looks at it, and which is to decide
    person : Person
        Who passes it on; they do not decide it themselves afterwards.
    demands, keyring, day
        Somebody of the keyring has to be able to decide on that day: it would wait for nobody.
    """
    at = rule.to or rule.rule.reviewer
    if role not in rule.may or to_role == at or not may_take_over(to_role, rule.rule, demands):
        return f"{to_role} is no role that the case can go to"
    if rule.to and rule.begun and role != rule.to:
        return f"people of {rule.to} have decided about it, and only they pass it on"
    out = {person.self, *rule.barred, *rule.decided}
    others = (one for one in _able(to_role, day, keyring) if one.self not in out)
    if any(not any(duty_objections(rule.rule, one, demands)) for one in others):
        return ""
    return (
        f"nobody else in the keyring holds the role {to_role!r} and may decide about it on this day"
    )


def _able(role: str, day: date, keyring: Keyring | None) -> Iterator[Person]:
    """People who hold a role on a day, are trained, and may decide otherwise than the model."""
    for holder in keyring.holders if keyring else ():
        person = person_on(day, holder.key, keyring) if keyring else None
        if person is not None and role in person.roles and not any(unable(person, day)):
            yield person
