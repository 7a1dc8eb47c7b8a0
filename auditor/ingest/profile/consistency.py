"""What no single entry of a profile can see: roles and values that must fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from pydantic_core import PydanticCustomError

from auditor.documents import Document, PathKey, shown
from auditor.errors import Problem, Where
from auditor.ingest.profile.schema import to_number
from auditor.ingest.values import Declared, declared, trimmed
from auditor.vocabulary import UNKNOWN

Listed: TypeAlias = Iterator[tuple[str, PathKey, Any]]
"""What a value stands for, the path of the value, the value."""

_ROLES_OF_ROWS = ("id", "person", "features", "final")


def problems_between(data: Mapping[str, Any], document: Document | None) -> Iterator[Problem]:
    """Problems between the parts of a profile.

    Looks at the plain data, so that one misspelt key elsewhere hides none of them; parts of the
    wrong shape are left to the grammar.
    """
    if not isinstance(data.get("columns"), Mapping):
        return
    columns = data["columns"]
    if document is not None:
        yield from _keys_without_value(data, document)
    yield from _roles(columns, document)
    yield from _job_related(columns, document)
    yield from _counted(data, columns, document)
    for role in ("outcome", "label", "final"):
        listed = _lists(_entry(columns, role), ("columns", role))
        yield from _values_twice(listed, document)
    for name, entry in _entry(columns, "groups").items():
        if isinstance(entry, Mapping):
            at = ("columns", "groups", name)
            yield from _labels_twice(entry.get("values"), at, document)
            yield from _values_twice(_group_lists(entry, at), document)
    yield from _cut_outside_scale(_entry(columns, "score"), document)
    yield from _window_reversed(_entry(columns, "date"), document)


def _keys_without_value(data: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    """In Python None says "not given"; in a file it is a line that somebody did not finish."""
    entries = [(), ("columns",), ("columns", "score"), ("columns", "date"), ("decision",)]
    for at in entries:
        entry: Any = data
        for key in at:
            entry = _entry(entry, key)
        for key, value in entry.items():
            if value is None:
                yield Problem(
                    message=f"{key!r} has no value",
                    slug="empty-value",
                    where=document.where_key((*at, key)),
                    hint="write its value, or delete the key",
                )


def _roles(columns: Mapping[str, Any], document: Document | None) -> Iterator[Problem]:
    if not columns.get("groups"):
        yield Problem(
            message="the profile declares no protected attribute, so no group difference can be "
            "computed",
            slug="no-attribute",
            where=_where(document, ("columns", "groups")),
            hint="name one under groups, such as sex: {column: gender, values: as-is}",
        )
    if not columns.get("outcome") and not columns.get("score"):
        yield Problem(
            message="the profile names neither an outcome nor a score",
            slug="no-outcome",
            where=_where(document, ("columns",)),
            hint="name the column that says what was decided, or the model's score",
        )
    if not columns.get("id") and not columns.get("count"):
        yield Problem(
            message="'id' is missing in 'columns'",
            slug="missing-key",
            where=_where(document, ("columns",)),
            hint="name the column, or several, that no two rows have alike",
        )


def _job_related(columns: Mapping[str, Any], document: Document | None) -> Iterator[Problem]:
    """Name what the job is said to ask for that is no feature: nobody would be shown it."""
    listed, features = columns.get("job_related"), columns.get("features")
    if not isinstance(listed, list | tuple):
        return
    known = features if isinstance(features, list | tuple) else ()
    for n, name in enumerate(listed):
        if isinstance(name, str) and name not in known:
            yield Problem(
                message=f"{shown(name)} is job-related, and not among the features",
                slug="not-a-feature",
                where=_where(document, ("columns", "job_related", n)),
                hint="job_related says which of the features the job asks for: list it there too",
            )


def _counted(
    data: Mapping[str, Any], columns: Mapping[str, Any], document: Document | None
) -> Iterator[Problem]:
    """Where a row stands for several people, it is nobody's."""
    if not columns.get("count"):
        return
    for role in _ROLES_OF_ROWS:
        if columns.get(role):
            yield Problem(
                message=f"{role!r} cannot stand beside 'count'",
                slug="contradicting-columns",
                where=_where(document, ("columns", role), key=True),
                hint="a row of a table with counts stands for several people; keep one of them",
            )
    if _entry(data, "profile").get("duplicates") == "drop-identical":
        yield Problem(
            message="'duplicates: drop-identical' needs an id, which a table with counts has not",
            slug="contradicting-columns",
            where=_where(document, ("profile", "duplicates")),
            hint="delete the key; equal rows of a table with counts are added",
        )


def _values_twice(listed: Listed, document: Document | None) -> Iterator[Problem]:
    """Problems of values that stand for two things; a repeat in its own list does no harm."""
    first: dict[str, tuple[str, PathKey]] = {}
    for target, at, item in listed:
        text = _text(item)
        if text is None:
            continue
        before, place = first.setdefault(text, (target, at))
        if before != target:
            where = _where(document, place)
            yield Problem(
                message=f"the value {shown(text)} is listed under {before!r} and again under "
                f"{target!r}",
                slug="value-twice",
                where=_where(document, at),
                hint=f"the first is in line {where.line}; keep one" if where else "keep one",
            )


def _lists(entry: Mapping[str, Any], at: PathKey) -> Listed:
    for target, items in entry.items():
        for n, item in enumerate(items if isinstance(items, list | tuple) else ()):
            yield trimmed(str(target)), (*at, target, n), item


def _group_lists(entry: Mapping[str, Any], at: PathKey) -> Listed:
    values = entry.get("values")
    if isinstance(values, Mapping):
        yield from _lists(values, (*at, "values"))
    for n, item in enumerate(values if isinstance(values, list | tuple) else ()):
        yield _text(item) or "", (*at, "values", n), item
    yield from _lists({UNKNOWN: entry.get("unknown")}, at)


def _labels_twice(values: Any, at: PathKey, document: Document | None) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for label in values if isinstance(values, Mapping) else ():
        before = seen.setdefault(trimmed(str(label)), label)
        if before is not label:
            yield Problem(
                message=f"the groups {shown(before)} and {shown(label)} have the same name",
                slug="label-twice",
                where=_where(document, (*at, "values", label), key=True),
                hint="spaces around a name do not count; put the values into one list",
            )


def _cut_outside_scale(score: Mapping[str, Any], document: Document | None) -> Iterator[Problem]:
    try:
        cut = to_number(score.get("cut_score"))
        low, high = (to_number(end) for end in score.get("scale", ()))
    except (PydanticCustomError, TypeError, ValueError):
        return
    if low < high and not low <= cut <= high:
        yield Problem(
            message=f"the cut_score {cut:.15g} lies outside the scale {low:.15g} to {high:.15g}",
            slug="cut-outside-scale",
            where=_where(document, ("columns", "score", "cut_score")),
            hint="the scale is the lowest and the highest score that the model can give",
        )


def _window_reversed(entry: Mapping[str, Any], document: Document | None) -> Iterator[Problem]:
    try:
        start, until = (date.fromisoformat(str(entry.get(key))) for key in ("from", "until"))
    except ValueError:
        return
    if until < start:
        yield Problem(
            message=f"the window ends on {until}, before it begins on {start}",
            slug="window-reversed",
            where=_where(document, ("columns", "date", "until")),
            hint="from is its first day, until the last one; both lie inside",
        )


def _entry(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}


def _text(item: object) -> str | None:
    try:
        return item.text if isinstance(item, Declared) else declared(item).text
    except TypeError:
        return None


def _where(document: Document | None, path: PathKey, *, key: bool = False) -> Where | None:
    if document is None:
        return None
    return document.where_key(path) if key else document.where(path)
