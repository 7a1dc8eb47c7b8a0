"""Profiles from YAML files and from Python data of the same grammar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from auditor.documents import (
    Document,
    PathKey,
    check,
    read_document,
    wrong_format,
)
from auditor.errors import Problem, ProfileError, in_order
from auditor.ingest.profile.consistency import problems_between
from auditor.ingest.profile.date_entry import DateEntry
from auditor.ingest.profile.model import DateColumn, DecisionKind, Profile, ScoreColumn, ValueMap
from auditor.ingest.profile.schema import (
    AS_IS,
    ColumnsEntry,
    DecisionEntry,
    FinalEntry,
    GroupEntry,
    LabelEntry,
    OutcomeEntry,
    ProfileFile,
    ScoreEntry,
    TakersEntry,
)
from auditor.ingest.values import Declared, declared_in_yaml
from auditor.vocabulary import UNKNOWN

FORMAT = "profile/1"
_FIRST_LINE = "the first line of a profile is 'auditor: profile/1'"


def load_profile(source: str | Path | Mapping[str, Any] | Profile) -> Profile:
    """Read a profile.

    Parameters
    ----------
    source : str, Path, mapping or Profile
        Path of a YAML file, or the same grammar as Python data, where a raw value may be any
        Python scalar. A Profile is handed back.

    Raises
    ------
    ProfileError
        With every problem of the profile; in a file at its line and column.
    PathError
        When the file cannot be opened.
    """
    if isinstance(source, Profile):
        return source
    if isinstance(source, Mapping):
        return profile_from_data(source, path="dict")
    document = read_document(source, error=ProfileError)
    profile = _checked(_with_source_texts(document), document, path=document.path)
    return replace(profile, sha256=document.sha256)


def profile_from_data(data: Mapping[str, Any], *, path: str) -> Profile:
    """Profile of Python data in the grammar of the file; ``path`` names it in messages.

    Raises
    ------
    ProfileError
    """
    profile = _checked(data, None, path=path)
    content = asdict(profile)
    del content["path"], content["sha256"]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return replace(profile, sha256=hashlib.sha256(text.encode()).hexdigest())


def _checked(data: Mapping[str, Any], document: Document | None, *, path: str) -> Profile:
    problem = _format_problem(data, document)
    if problem:
        # Under another format every key may mean something else.
        raise ProfileError.of([problem])
    file, problems = check(dict(data), ProfileFile, document)
    problems += problems_between(data, document)
    if problems or file is None:
        raise ProfileError.of(sorted(problems, key=in_order))
    return _profile(file, path)


def _format_problem(data: Mapping[str, Any], document: Document | None) -> Problem | None:
    found = data.get("auditor")
    if found == FORMAT:
        return None
    where = document.where(("auditor",)) if document else None
    if found is None:
        return Problem(
            message="'auditor' is missing", slug="missing-key", where=where, hint=_FIRST_LINE
        )
    return wrong_format(found, FORMAT, _FIRST_LINE, document)


def _with_source_texts(document: Document) -> dict[str, Any]:
    """Copy the data of a document, every raw value with its source text."""

    def copy(item: Any, at: PathKey) -> Any:
        if isinstance(item, dict):
            return {key: copy(value, (*at, key)) for key, value in item.items()}
        if isinstance(item, list):
            return [copy(value, (*at, n)) for n, value in enumerate(item)]
        if _is_raw_value(at):
            return declared_in_yaml(document.texts[at], item)
        return item

    copied: dict[str, Any] = copy(document.data, ())
    return copied


def _is_raw_value(at: PathKey) -> bool:
    match at:
        case ("columns", "outcome" | "label" | "final", str(), int()):
            return True
        case ("columns", "groups", str(), "values" | "unknown", int()):
            return True
        case ("columns", "groups", str(), "values", str(), int()):
            return True
    return False


def _profile(file: ProfileFile, path: str) -> Profile:
    columns = file.columns
    return Profile(
        id=file.profile.id,
        path=path,
        sha256="",
        unit=file.profile.unit,
        decisions=file.profile.decisions,
        duplicates=file.profile.duplicates,
        expected_rows=file.profile.expected_rows,
        ids=columns.id or (),
        groups={name: _groups(entry) for name, entry in columns.groups.items()},
        outcome=_value_map(columns, "outcome"),
        score=_score(columns.score) if columns.score else None,
        label=_value_map(columns, "label"),
        final=_value_map(columns, "final"),
        strata=columns.strata,
        features=columns.features,
        job_related=columns.job_related,
        model_version=columns.model_version,
        count=columns.count,
        person=columns.person,
        date=_date(columns.date) if columns.date else None,
        decision=_decision(file.decision) if file.decision else None,
    )


def _score(entry: ScoreEntry) -> ScoreColumn:
    scale = (entry.scale[0], entry.scale[1]) if entry.scale else None
    return ScoreColumn(
        column=entry.column, cut_score=entry.cut_score, better=entry.better, scale=scale
    )


def _date(entry: DateEntry) -> DateColumn:
    start, until = (day.isoformat() if day else None for day in (entry.start, entry.until))
    return DateColumn(column=entry.column, format=entry.format, start=start, until=until)


def _value_map(
    columns: ColumnsEntry, role: Literal["outcome", "label", "final"]
) -> ValueMap | None:
    entry = getattr(columns, role)
    return _listed_values(entry) if entry else None


def _listed_values(entry: OutcomeEntry | LabelEntry | FinalEntry | TakersEntry) -> ValueMap:
    targets = [name for name in type(entry).model_fields if name != "column"]
    return ValueMap(
        column=entry.column, values={name: _sorted(getattr(entry, name)) for name in targets}
    )


def _groups(entry: GroupEntry) -> ValueMap:
    values: dict[str, tuple[Declared, ...]] = {}
    if isinstance(entry.values, dict):
        values = {label: _sorted(listed) for label, listed in entry.values.items()}
    elif isinstance(entry.values, tuple):
        values = {value.text: (value,) for value in entry.values}
    values[UNKNOWN] = _sorted(entry.unknown)
    return ValueMap(column=entry.column, values=values, as_is=entry.values == AS_IS)


def _sorted(values: tuple[Declared, ...]) -> tuple[Declared, ...]:
    """Order in a list means nothing; two ways to write a profile should have one sum."""
    return tuple(sorted(values, key=lambda value: (value.text, value.value)))


def _decision(entry: DecisionEntry) -> DecisionKind:
    if isinstance(entry.taken_by, TakersEntry):
        return DecisionKind(kind=entry.kind, takers=_listed_values(entry.taken_by))
    return DecisionKind(kind=entry.kind, taken_by=entry.taken_by)
