"""Waivers of a policy file, and what its grammar alone cannot see about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.documents import Document, PathKey, check, did_you_mean
from auditor.errors import Problem
from auditor.policy.inherited import Inherited
from auditor.policy.model import Justification, Person, Waiver, WaiverLimits
from auditor.policy.waiver_days import day_problems
from auditor.policy.waiver_people import apart_problems, people_problems
from auditor.policy.waiver_schema import LimitsEntry, WaiverEntry, WaiverParts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GRANTED: PathKey = ("waivers", "granted")


def waivers_of(granted: Sequence[WaiverEntry], document: Document) -> tuple[Waiver, ...]:
    """Waivers of a policy file, each with its places."""
    return tuple(_waiver(entry, document, (*GRANTED, n)) for n, entry in enumerate(granted))


def limits_of(entry: LimitsEntry) -> WaiverLimits:
    """Limits as the policy sets them."""
    return WaiverLimits(longest=entry.longest, approvals=entry.approvals, never_for=entry.never_for)


def limits_below(parent: WaiverLimits, child: WaiverLimits, said: Collection[str]) -> WaiverLimits:
    """Limits of a child, which are its parent's where it does not say others."""
    names = ("longest", "approvals", "never_for")
    return replace(child, **{name: getattr(parent, name) for name in names if name not in said})


def waiver_problems(document: Document, inherited: Inherited) -> Iterator[Problem]:
    """Problems of waivers with the limits, the roles and the rules of the policy."""
    limits = _limits(document, inherited)
    roles = document.data.get("roles")
    known: dict[str, Collection[str]] = dict(inherited.roles)
    known |= {
        name: [duty for duty in entry["may"] if isinstance(duty, str)]
        for name, entry in (roles if isinstance(roles, dict) else {}).items()
        if isinstance(entry, dict) and isinstance(entry.get("may"), list)
    }
    gates = document.data.get("gates")
    rules = {
        item["id"]
        for item in (gates if isinstance(gates, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    }
    rules |= inherited.rules["gates"]
    entries = list(_entries(document))
    first: dict[str, PathKey] = {}
    for n, name in enumerate(limits.never_for):
        if name not in rules:
            yield _unknown_rule(document, ("waivers", "limits", "never_for", n), name, rules)
    for at, entry in entries:
        if entry.rule is not None and entry.rule not in rules:
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
        if entry.id is not None:
            first.setdefault(entry.id, at)
        yield from people_problems(document, at, entry, limits.approvals, known)
    yield from day_problems(document, entries, limits.longest)
    yield from apart_problems(document, entries, known, inherited)


def _limits(document: Document, inherited: Inherited) -> WaiverLimits:
    """Limits as the file sets them, else those of its parent."""
    waivers = document.data.get("waivers")
    found = waivers.get("limits") if isinstance(waivers, dict) else None
    said = found if isinstance(found, dict) else {}
    entry, _ = check(said, LimitsEntry)
    limits = limits_of(entry or LimitsEntry())
    return limits if inherited.limits is None else limits_below(inherited.limits, limits, said)


def _entries(document: Document) -> Iterator[tuple[PathKey, WaiverParts]]:
    """Every waiver as far as it can be read; what is wrong in it the grammar says."""
    waivers = document.data.get("waivers")
    items = waivers.get("granted") if isinstance(waivers, dict) else None
    for n, item in enumerate(items if isinstance(items, list) else []):
        if not isinstance(item, dict):
            continue
        whole = {key: value for key, value in item.items() if _is_whole(key, value)}
        entry, _ = check(whole, WaiverParts)
        if entry is not None:
            yield (*GRANTED, n), entry


def _is_whole(key: object, value: object) -> bool:
    entry, problems = check({key: value}, WaiverParts)
    return entry is not None and not problems


def _waiver(entry: WaiverEntry, document: Document, at: PathKey) -> Waiver:
    why = entry.justification
    return Waiver(
        id=entry.id,
        finding=entry.finding,
        rule=entry.rule,
        attribute=entry.attribute,
        group=entry.group,
        stratum=entry.stratum,
        feature=entry.feature,
        version=entry.version,
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


def _problem(document: Document, at: PathKey, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=document.where(at), hint=hint)
