"""A profile out of keyword arguments, for people who have a frame and no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from auditor.ingest.profile.load import profile_from_data

if TYPE_CHECKING:
    from auditor.ingest.profile.model import Profile


def profile_of(
    *,
    id: str | Sequence[str] | None = None,  # noqa: A002 - the word of the profile
    outcome: str | None = None,
    favorable: Any = (),
    unfavorable: Any = (),
    withdrawn: Any = (),
    not_considered: Any = (),
    open: Any = (),  # noqa: A002
    groups: str | Iterable[str] | Mapping[str, Any] = (),
    score: str | None = None,
    cut_score: float | None = None,
    better: Literal["high", "low"] = "high",
    scale: Sequence[float] | None = None,
    label: str | None = None,
    positive: Any = (),
    negative: Any = (),
    final: str | Mapping[str, Any] | None = None,
    strata: str | Iterable[str] | Mapping[str, str] = (),
    features: Sequence[str] = (),
    count: str | None = None,
    model_version: str | None = None,
    person: str | None = None,
    date: str | Mapping[str, Any] | None = None,
    decision: Mapping[str, Any] | None = None,
    decisions: Literal["taken", "test"] = "taken",
    duplicates: Literal["refuse", "drop-identical"] = "refuse",
    expected_rows: int | None = None,
    unit: str = "application",
    name: str = "keyword-arguments",
) -> Profile:
    """Profile of keyword arguments, by the grammar of the file.

    Parameters
    ----------
    id : column, or several that name a row together
    outcome : column
    favorable, unfavorable, withdrawn, not_considered, open : raw values, or a single one
        In a text column a value matches by its text after trimming; in a column of numbers,
        booleans or dates it must be equal: 1 matches 1 and 1.0, and True only matches True.
    groups : columns, or mapping of attribute to a column or to ``{"column": …, "values": …,
        "unknown": […]}``
    score : column
    cut_score : float; derives the outcome when there is no ``outcome``
    better : whether high or low scores are selected
    scale : lowest and highest possible score
    label : column; ``positive`` and ``negative`` are its raw values
    final : column of what people decided in the end, with the ``favorable`` and ``unfavorable`` of
        the outcome; or mapping as in the file, with its own
    strata : columns, or mapping of name to column
    features : columns
    count : column that says how many people a row stands for; then no ``id``
    model_version : column
    person : column that names the person of a row, who may stand in several
    date : column, or mapping as in the file
        ``{"column": …, "format": "%d.%m.%Y", "from": …, "until": …}``
    decision : mapping, as in the file: ``{"kind": "offer", "taken_by": "both"}``
    decisions, duplicates, expected_rows, unit : as in the file
    name : id of the profile in the result

    Raises
    ------
    ProfileError
        With every problem; names are those of the file, such as ``'columns.outcome.favorable'``.

    Examples
    --------
    >>> profile = profile_of(
    ...     id="id", outcome="hired", favorable=True, unfavorable=False, groups=["sex"]
    ... )
    >>> profile.attributes, profile.columns
    (('sex',), ('id', 'sex', 'hired'))
    """
    meanings = {
        "favorable": favorable,
        "unfavorable": unfavorable,
        "withdrawn": withdrawn,
        "not_considered": not_considered,
        "open": open,
    }
    columns = {
        "id": id if id is None or isinstance(id, str) else list(id),
        "outcome": _entry(outcome, {key: _listed(value) for key, value in meanings.items()}),
        "groups": _groups(groups),
        "score": _entry(score, {"cut_score": cut_score, "scale": _scale(scale), "better": better}),
        "label": _entry(label, {"positive": _listed(positive), "negative": _listed(negative)}),
        "final": _final(final, favorable, unfavorable),
        "strata": _named(strata),
        "features": _listed(features),
        "count": count,
        "model_version": model_version,
        "person": person,
        "date": {"column": date} if isinstance(date, str) else date,
    }
    head = {
        "id": name,
        "unit": unit,
        "decisions": decisions,
        "duplicates": duplicates,
        "expected_rows": expected_rows,
    }
    said = {} if decision is None else {"decision": _decision(decision)}
    data = {"auditor": "profile/1", "profile": head, **said, "columns": columns}
    return profile_from_data(data, path=name)


def _entry(column: str | None, rest: dict[str, Any]) -> dict[str, Any] | None:
    """Entry of a role; without its column when only the rest was said, for the grammar to see."""
    said = {key: value for key, value in rest.items() if not _says_nothing(value)}
    if column is not None:
        return {"column": column, **said}
    return said if said and said != {"better": "high"} else None


def _says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, list) and not value)


def _listed(values: Any) -> list[Any]:
    """Items of a list-like, or the one scalar; a text is one value, never its letters."""
    if values is None:
        return []
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        return [values]
    return list(values)


def _scale(scale: Any) -> Any:
    return None if scale is None else _listed(scale)


def _final(final: Any, favorable: Any, unfavorable: Any) -> Any:
    """Entry of the final decision; a bare column has the words of the outcome."""
    if isinstance(final, str):
        said = {"favorable": _listed(favorable), "unfavorable": _listed(unfavorable)}
        return _entry(final, said)
    if not isinstance(final, Mapping):
        return final
    return {key: value if key == "column" else _listed(value) for key, value in final.items()}


def _decision(decision: Any) -> Any:
    if not isinstance(decision, Mapping) or not isinstance(decision.get("taken_by"), Mapping):
        return decision
    takers = {
        key: value if key == "column" else _listed(value)
        for key, value in decision["taken_by"].items()
    }
    return {**decision, "taken_by": takers}


def _named(columns: Any) -> dict[Any, Any]:
    return dict(columns) if isinstance(columns, Mapping) else {c: c for c in _listed(columns)}


def _groups(groups: Any) -> dict[Any, Any]:
    return {name: _group(entry) for name, entry in _named(groups).items()}


def _group(entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    entry = dict(entry)
    values = entry.get("values")
    if isinstance(values, Mapping):
        entry["values"] = {label: _listed(listed) for label, listed in values.items()}
    elif "values" in entry and values != "as-is":
        entry["values"] = _listed(values)
    if "unknown" in entry:
        entry["unknown"] = _listed(entry["unknown"])
    return entry
