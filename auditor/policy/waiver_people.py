"""Who asks for waivers and who approves them: nobody both, and nobody twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.documents import did_you_mean
from auditor.errors import Problem
from auditor.policy.people import same_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditor.documents import Document, PathKey
    from auditor.policy.inherited import Inherited
    from auditor.policy.waiver_schema import PersonEntry, WaiverParts

_ASK, _APPROVE = "request-waivers", "approve-waivers"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """Somebody in one waiver: what they do in it, and what their role there lets them do."""

    at: PathKey
    waiver: WaiverParts
    person: PersonEntry
    duties: frozenset[str]


def people_problems(
    document: Document,
    at: PathKey,
    entry: WaiverParts,
    approvals: int,
    roles: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Nobody approves what they asked for, and nobody counts twice."""
    requester = entry.requested_by
    asked = same_name(requester.name) if requester else None
    approvers: set[str] = set()
    for n, person in enumerate(entry.approved_by or ()):
        place = (*at, "approved_by", n)
        if requester and same_name(person.name) == asked:
            yield _problem(
                document,
                place,
                f"{person.name!r} approves a waiver that {requester.name!r} asked for",
                hint="somebody else has to approve it",
            )
        elif same_name(person.name) in approvers:
            yield _problem(document, place, f"{person.name!r} approves it a second time")
        approvers.add(same_name(person.name))
        yield from _role(document, (*place, "role"), person.role, _APPROVE, roles)
    if entry.requested_by:
        role = entry.requested_by.role
        yield from _role(document, (*at, "requested_by", "role"), role, _ASK, roles)
    if entry.approved_by and len(approvers - {asked}) < approvals:
        yield _problem(
            document,
            (*at, "approved_by"),
            f"{called(entry)} has {len(approvers - {asked})} of {approvals} approvals of other "
            "people",
        )


def apart_problems(
    document: Document,
    entries: Sequence[tuple[PathKey, WaiverParts]],
    roles: Mapping[str, Collection[str]],
    inherited: Inherited,
) -> Iterator[Problem]:
    """Nobody has two duties that are kept apart, also not one in each of two waivers."""
    people: dict[str, list[_Act]] = {}
    for act in _acts(entries, roles):
        people.setdefault(same_name(act.person.name), []).append(act)
    for one, other in dict.fromkeys((*_pairs(document), *inherited.keep_apart)):
        for acts in people.values():
            # what one role or one waiver has together is said where it stands
            apart = [act for act in acts if not {one, other} <= act.duties]
            having = [act for act in apart if one in act.duties]
            against = [act for act in apart if other in act.duties]
            if not having or not against or having[0].waiver is against[0].waiver:
                continue
            last = max(having[0], against[0], key=lambda act: act.at)
            name = last.person.name
            yield Problem(
                message=f"{name!r} has the duty {one} in {called(having[0].waiver)} and {other} in "
                f"{called(against[0].waiver)}, which keep_apart keeps apart",
                slug="duties-together",
                where=document.where(last.at),
                hint="let somebody else ask for one of them, or approve it",
            )


def called(entry: WaiverParts) -> str:
    """Name a waiver."""
    return "this waiver" if entry.id is None else f"the waiver {entry.id!r}"


def _pairs(document: Document) -> Iterator[tuple[str, str]]:
    said = document.data.get("keep_apart")
    for pair in said if isinstance(said, list) else ():
        match pair:
            case [str(one), str(other)]:
                yield one, other


def _acts(
    entries: Sequence[tuple[PathKey, WaiverParts]], roles: Mapping[str, Collection[str]]
) -> Iterator[_Act]:
    for at, entry in entries:
        people = [] if entry.requested_by is None else [("requested_by", entry.requested_by, _ASK)]
        acting = [((*at, key), person, duty) for key, person, duty in people]
        acting += [
            ((*at, "approved_by", n), person, _APPROVE)
            for n, person in enumerate(entry.approved_by or ())
        ]
        for place, person, duty in acting:
            duties = frozenset({duty, *roles.get(person.role, ())})
            yield _Act(at=place, waiver=entry, person=person, duties=duties)


def _role(
    document: Document, at: PathKey, role: str, duty: str, roles: Mapping[str, Collection[str]]
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


def _problem(document: Document, at: PathKey, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=document.where(at), hint=hint)
