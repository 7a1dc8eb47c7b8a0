"""Waivers of a policy file, and what its grammar alone cannot see about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.documents import Document, PathKey, check, did_you_mean
from auditor.errors import Problem
from auditor.policy.inherited import Inherited
from auditor.policy.model import Justification, Person, Waiver, WaiverLimits
from auditor.policy.people import same_name
from auditor.policy.waiver_schema import LimitsEntry, WaiverEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GRANTED: PathKey = ("waivers", "granted")


def waivers_of(granted: Sequence[WaiverEntry], document: Document) -> tuple[Waiver, ...]:
    """Waivers of a policy file, each with its places."""
    return tuple(_waiver(entry, document, (*GRANTED, n)) for n, entry in enumerate(granted))


def limits_of(entry: LimitsEntry) -> WaiverLimits:
    """Limits as the policy sets them."""
    return WaiverLimits(longest=entry.longest, approvals=entry.approvals, never_for=entry.never_for)


def waiver_problems(document: Document, inherited: Inherited) -> Iterator[Problem]:
    """Problems of waivers with the limits, the roles and the rules of the policy."""
    limits = _limits(document, inherited)
    roles = document.data.get("roles")
    known: dict[str, Collection[str]] = dict(inherited.roles)
    known |= {
        name: entry.get("may", ())
        for name, entry in (roles if isinstance(roles, dict) else {}).items()
        if isinstance(entry, dict)
    }
    gates = document.data.get("gates")
    rules = {
        item["id"]
        for item in (gates if isinstance(gates, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    }
    rules |= inherited.rules["gates"]
    first: dict[str, PathKey] = {}
    for n, name in enumerate(limits.never_for):
        if name not in rules:
            yield _unknown_rule(document, ("waivers", "limits", "never_for", n), name, rules)
    for at, entry in _entries(document):
        if entry.rule not in rules:
            yield _unknown_rule(document, (*at, "rule"), entry.rule, rules)
        if entry.rule in limits.never_for:
            yield _problem(
                document, (*at, "rule"), f"{entry.rule} is never waived, as the limits say"
            )
        if entry.id in first:
            line = document.where((*first[entry.id], "id")).line
            yield _problem(
                document, (*at, "id"), f"a second waiver is called {entry.id!r} (line {line})"
            )
        first.setdefault(entry.id, at)
        yield from _days(document, at, entry, limits)
        yield from _people(document, at, entry, limits, known)


def _days(
    document: Document, at: PathKey, entry: WaiverEntry, limits: LimitsEntry
) -> Iterator[Problem]:
    length = (entry.until - entry.start).days + 1
    if length < 1:
        yield _problem(
            document,
            (*at, "until"),
            f"{_called(entry)} ends on {entry.until}, before it begins",
        )
    elif length > limits.longest:
        yield _problem(
            document,
            (*at, "until"),
            f"{_called(entry)} lasts {length:,} days, longer than the {limits.longest:,} that "
            "the limits allow",
            hint="end it earlier; a new waiver can be asked for then",
        )


def _people(
    document: Document,
    at: PathKey,
    entry: WaiverEntry,
    limits: LimitsEntry,
    roles: dict[str, Collection[str]],
) -> Iterator[Problem]:
    """Nobody approves what they asked for, and nobody counts twice."""
    asked = same_name(entry.requested_by.name)
    approvers: set[str] = set()
    for n, person in enumerate(entry.approved_by):
        place = (*at, "approved_by", n)
        if same_name(person.name) == asked:
            yield _problem(
                document,
                place,
                f"{person.name!r} approves a waiver that {person.name!r} asked for",
                hint="somebody else has to approve it",
            )
        elif same_name(person.name) in approvers:
            yield _problem(document, place, f"{person.name!r} approves it a second time")
        approvers.add(same_name(person.name))
        yield from _role(document, (*place, "role"), person.role, "approve-waivers", roles)
    yield from _role(
        document,
        (*at, "requested_by", "role"),
        entry.requested_by.role,
        "request-waivers",
        roles,
    )
    if len(approvers - {asked}) < limits.approvals:
        yield _problem(
            document,
            (*at, "approved_by"),
            f"{_called(entry)} has {len(approvers - {asked})} approvals of other people, not "
            f"{limits.approvals}",
        )


def _role(
    document: Document, at: PathKey, role: str, duty: str, roles: dict[str, Collection[str]]
) -> Iterator[Problem]:
    if roles and duty not in roles.get(role, ()):
        yield Problem(
            message=f"the role {role!r} is none that may {duty}",
            slug="not-a-role",
            where=document.where(at),
            hint=did_you_mean(role, [name for name, may in roles.items() if duty in may])
            if any(duty in may for may in roles.values())
            else f"give one of the roles the duty {duty!r}",
        )


def _limits(document: Document, inherited: Inherited) -> LimitsEntry:
    """Limits as the file writes them, else those of its parent."""
    waivers = document.data.get("waivers")
    found = waivers.get("limits") if isinstance(waivers, dict) else None
    entry, _ = check(found, LimitsEntry) if isinstance(found, dict) else (None, [])
    entry, theirs = entry or LimitsEntry(), inherited.limits
    if theirs is None:
        return entry
    names = [name for name in LimitsEntry.model_fields if name not in entry.model_fields_set]
    return entry.model_copy(update={name: getattr(theirs, name) for name in names})


def _entries(document: Document) -> Iterator[tuple[PathKey, WaiverEntry]]:
    waivers = document.data.get("waivers")
    items = waivers.get("granted") if isinstance(waivers, dict) else None
    for n, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            entry, problems = check(item, WaiverEntry, document, (*GRANTED, n))
            if entry is not None and not problems:
                yield (*GRANTED, n), entry


def _waiver(entry: WaiverEntry, document: Document, at: PathKey) -> Waiver:
    why = entry.justification
    return Waiver(
        id=entry.id,
        finding=entry.finding,
        rule=entry.rule,
        attribute=entry.attribute,
        group=entry.group,
        value=entry.value.value,
        half=entry.value.half,
        value_text=entry.value.text,
        because=entry.because,
        instead=entry.instead,
        requested_by=Person(name=entry.requested_by.name, role=entry.requested_by.role),
        approved_by=tuple(Person(name=p.name, role=p.role) for p in entry.approved_by),
        start=entry.start,
        until=entry.until,
        justification=None
        if why is None
        else Justification(
            job_related=why.job_related,
            validation_study=why.validation_study,
            alternatives=tuple((a.tried, a.why_not) for a in why.alternatives),
        ),
        places=document.places_below(at),
    )


def _unknown_rule(document: Document, at: PathKey, name: str, known: set[str]) -> Problem:
    return Problem(
        message=f"{name!r} is no rule under gates",
        slug="unknown-rule",
        where=document.where(at),
        hint=did_you_mean(name, known),
    )


def _called(entry: WaiverEntry) -> str:
    return f"the waiver {entry.id!r}"


def _problem(document: Document, at: PathKey, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=document.where(at), hint=hint)
