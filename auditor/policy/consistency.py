"""What no single entry of a policy can see: ids, citations and dates that must fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from auditor.documents import Document, PathKey, did_you_mean
from auditor.errors import Problem
from auditor.policy.inherited import Inherited
from auditor.vocabulary import INTERSECTION, attributes_of


def problems_between(document: Document, inherited: Inherited) -> Iterator[Problem]:
    """Problems between the parts of a policy file.

    Looks at the plain data, so that one misspelt key elsewhere hides none of them; parts of the
    wrong shape are left to the grammar.
    """
    if not any(inherited.rules.values()):
        yield from _no_rules(document)
    yield from _ids_twice(document, ("gates", "reviews", "requests"), "rule")
    yield from _kinds_twice(document)
    yield from _ids_twice(document, ("basis",), "basis")
    yield from _ids_twice(document, ("reason_codes",), "reason code")
    yield from _basis_of_the_parent(document, inherited)
    yield from _unknown_basis(document, inherited)
    yield from _turned_intersections(document)
    yield from _review_before_check(document)


def _items(document: Document, section: str) -> Iterator[tuple[PathKey, dict[str, Any]]]:
    items = document.data.get(section)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield (section, index), item


def _no_rules(document: Document) -> Iterator[Problem]:
    sections = [document.data.get(name, []) for name in ("gates", "reviews")]
    if not any(sections):
        yield Problem(
            message="the policy has no rules",
            slug="no-rules",
            where=document.where(),
            hint="write at least one entry under gates or reviews",
        )


def _ids_twice(document: Document, sections: tuple[str, ...], what: str) -> Iterator[Problem]:
    first: dict[str, PathKey] = {}
    for section in sections:
        for at, item in _items(document, section):
            found = item.get("id")
            if not isinstance(found, str):
                continue
            if found in first:
                line = document.where((*first[found], "id")).line
                yield Problem(
                    message=f"the {what} id {found!r} is used a second time",
                    slug="id-twice",
                    where=document.where((*at, "id")),
                    hint=f"the first is in line {line}; results name a {what} by its id alone",
                )
            first.setdefault(found, at)


def _kinds_twice(document: Document) -> Iterator[Problem]:
    """One clock a kind: two would leave open which one runs."""
    first: dict[str, PathKey] = {}
    for at, item in _items(document, "requests"):
        kind = item.get("kind")
        if isinstance(kind, str) and kind in first:
            line = document.where((*first[kind], "kind")).line
            yield Problem(
                message=f"the clock of requests for {kind!r} is set a second time",
                slug="clock-twice",
                where=document.where((*at, "kind")),
                hint=f"the first is in line {line}; keep the shorter one",
            )
        elif isinstance(kind, str):
            first[kind] = at


def _basis_of_the_parent(document: Document, inherited: Inherited) -> Iterator[Problem]:
    for at, item in _items(document, "basis"):
        if item.get("id") in inherited.basis:
            yield Problem(
                message=f"the basis {item['id']!r} stands in the parent already",
                slug="id-twice",
                where=document.where((*at, "id")),
                hint="cite it as it is there, or give yours another id",
            )


def _unknown_basis(document: Document, inherited: Inherited) -> Iterator[Problem]:
    known = {str(item["id"]) for _, item in _items(document, "basis") if "id" in item}
    known |= inherited.basis
    for section in ("gates", "reviews", "requests"):
        for at, item in _items(document, section):
            because = item.get("because")
            for n, name in enumerate(because if isinstance(because, list) else []):
                if isinstance(name, str) and name not in known:
                    yield Problem(
                        message=f"'because' names {name!r}, which is no id under basis",
                        slug="unknown-basis",
                        where=document.where((*at, "because", n)),
                        hint=did_you_mean(name, known),
                    )


def _turned_intersections(document: Document) -> Iterator[Problem]:
    """``race*sex`` beside ``[sex, race]`` would be counted as something of its own."""
    groups = document.data.get("groups")
    crossed = groups.get("intersections") if isinstance(groups, dict) else None
    declared = {
        frozenset(names): INTERSECTION.join(names)
        for names in (crossed if isinstance(crossed, list) else [])
        if isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and len(set(names)) == len(names) > 1
    }
    for at, item in _items(document, "gates"):
        for_each = item.get("for_each")
        for n, name in enumerate(for_each if isinstance(for_each, list) else []):
            if not isinstance(name, str):
                continue
            wanted = declared.get(frozenset(attributes_of(name)), name)
            if wanted != name:
                yield Problem(
                    message=f"{name!r} is declared as {wanted!r} under groups",
                    slug="turned-intersection",
                    where=document.where((*at, "for_each", n)),
                    hint=f"write {wanted}",
                )


def _review_before_check(document: Document) -> Iterator[Problem]:
    head = document.data.get("policy")
    if not isinstance(head, dict):
        return
    try:
        seen, review = (date.fromisoformat(str(head[k])) for k in ("verified_on", "review_by"))
    except (KeyError, ValueError):
        return
    if review < seen:
        yield Problem(
            message=f"'review_by' {review} lies before 'verified_on' {seen}",
            slug="dates-out-of-order",
            where=document.where(("policy", "review_by")),
        )
