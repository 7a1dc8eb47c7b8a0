"""Examples of a policy file, and what its grammar alone cannot see about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.documents import Document, PathKey, check, did_you_mean
from auditor.errors import Problem
from auditor.policy.example_schema import (
    RecordExampleEntry,
    RowExampleEntry,
    TableExampleEntry,
    shape_of,
)
from auditor.policy.inherited import Inherited
from auditor.policy.model import Example, RecordExample, RowExample, TableExample
from auditor.vocabulary import INTERSECTION, UNKNOWN, Outcome, attributes_of


def examples_of(document: Document) -> Iterator[Example]:
    """Examples of a policy file; those that its grammar refuses are left out."""
    for at, item in _items(document):
        entry, problems = check(item, shape_of(item), document, at)
        if isinstance(entry, TableExampleEntry) and not problems:
            yield from _tables(entry, document, at)
        elif isinstance(entry, RowExampleEntry):
            yield _row(entry, document, at)
        elif isinstance(entry, RecordExampleEntry):
            yield _record(entry, document, at)


def example_problems(document: Document, inherited: Inherited) -> Iterator[Problem]:
    """Problems between the examples and the rules of a policy file.

    Looks at the plain data, so that one misspelt key elsewhere hides none of them.
    """
    known = {
        section: {*_rule_ids(document, section), *ids} for section, ids in inherited.rules.items()
    }
    first: dict[str, PathKey] = {}
    for at, item in _items(document):
        yield from _name_twice(document, at, item, first)
        yield from _about_groups(document, (*at, "table"), item.get("table"))
        expect = item.get("expect")
        if not isinstance(expect, dict):
            continue
        if "row" in item:
            names = expect.get("reviews")
            for n, name in enumerate(names if isinstance(names, list) else []):
                path = (*at, "expect", "reviews", n)
                yield from _unknown_rule(document, path, name, "reviews", known)
        else:
            for name in expect:
                yield from _unknown_rule(document, (*at, "expect", name), name, "gates", known)


def _items(document: Document) -> Iterator[tuple[PathKey, dict[str, Any]]]:
    items = document.data.get("examples")
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield ("examples", index), item


def _rule_ids(document: Document, section: str) -> Iterator[str]:
    items = document.data.get(section)
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield item["id"]


def _tables(entry: TableExampleEntry, document: Document, at: PathKey) -> Iterator[TableExample]:
    if len(entry.table) == 1:
        ((attribute, groups),) = entry.table.items()
        yield TableExample(
            name=entry.name,
            attribute=attribute,
            counts={group: (pair[0], pair[1]) for group, pair in groups.items()},
            expect=entry.expect,
            decision_kind=entry.decision.kind if entry.decision else None,
            taken_by=entry.decision.taken_by if entry.decision else None,
            features=entry.features,
            means=entry.means,
            within=entry.within,
            left_out=entry.left_out,
            places=document.places_below(at),
        )


def _row(entry: RowExampleEntry, document: Document, at: PathKey) -> RowExample:
    row = entry.row
    score = {"score": row.score} if "score" in row.model_fields_set else {}
    return RowExample(
        name=entry.name,
        outcome=Outcome(row.outcome),
        values={**score, **row.__pydantic_extra__},
        versions=(row.model_version,) if "model_version" in row.model_fields_set else (),
        cut_score=row.cut_score,
        better=row.better,
        scale=None if row.scale is None else (row.scale[0], row.scale[1]),
        expect=entry.expect.reviews,
        finals=(row.final,) if "final" in row.model_fields_set else (),
        decision_kind=row.decision_kind,
        taken_by=row.taken_by,
        places=document.places_below(at),
    )


def _record(entry: RecordExampleEntry, document: Document, at: PathKey) -> RecordExample:
    return RecordExample(
        name=entry.name,
        record=entry.record,
        as_of=entry.as_of,
        versions=entry.model_versions,
        expect=entry.expect,
        places=document.places_below(at),
    )


def _name_twice(
    document: Document, at: PathKey, item: dict[str, Any], first: dict[str, PathKey]
) -> Iterator[Problem]:
    name = item.get("name")
    if not isinstance(name, str):
        return
    if name in first:
        line = document.where((*first[name], "name")).line
        yield Problem(
            message=f"a second example is called {name!r}",
            slug="example-twice",
            where=document.where((*at, "name")),
            hint=f"the first is in line {line}; say what sets this one apart",
        )
    first.setdefault(name, at)


def _about_groups(document: Document, at: PathKey, table: Any) -> Iterator[Problem]:
    """Find names that are no group, and a second attribute: of two, nobody knows the overlap."""
    if not isinstance(table, dict):
        return
    if len(table) > 1:
        yield Problem(
            message=f"the table has {len(table)} attributes: {', '.join(table)}",
            slug="example-of-several-attributes",
            where=document.where_key((*at, list(table)[1])),
            hint="give each an example of its own, or the counts of the intersection, such as "
            "sex*race: {F*Black: [100, 40]}",
        )
    for attribute, groups in table.items():
        parts = len(attributes_of(attribute))
        for group in groups if isinstance(groups, dict) else ():
            if not _names_group(group, parts):
                yield Problem(
                    message=f"{group!r} is no group of {attribute}",
                    slug="bad-label",
                    where=document.where_key((*at, attribute, group)),
                    hint=f"write it like {INTERSECTION.join('F' * parts)}; people whose group is "
                    f"not known are {UNKNOWN}",
                )


def _names_group(group: str, parts: int) -> bool:
    found = group.split(INTERSECTION)
    return len(found) == parts and all(
        part and part == part.strip() and (part == UNKNOWN or part.casefold() != UNKNOWN)
        for part in found
    )


def _unknown_rule(
    document: Document, at: PathKey, name: Any, section: str, known: dict[str, set[str]]
) -> Iterator[Problem]:
    if not isinstance(name, str) or name in known[section]:
        return
    other = "reviews" if section == "gates" else "gates"
    if name in known[other]:
        hint = f"it stands under {other}: " + (
            "give a row, and list it under reviews" if section == "gates" else "give a table"
        )
    else:
        hint = did_you_mean(name, known[section])
    yield Problem(
        message=f"the example expects something of {name!r}, which is no rule under {section}",
        slug="unknown-rule",
        where=document.where_key(at),
        hint=hint,
    )
