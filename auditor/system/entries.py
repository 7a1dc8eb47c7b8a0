"""The entries of a system record and the ways to them, read from the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType, NoneType
from typing import Any, Literal, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from auditor.system.schema import Audience, RecordBody

Kind: TypeAlias = Literal["text", "date", "number"]
Value: TypeAlias = str | date | int

ASKS: Mapping[str, str] = {
    "system": "Which system is it, from whom, in which version?",
    "questions.model": "Which model does it use, open or closed?",
    "questions.training": "How was it trained, on what, until when?",
    "questions.data": "Which data of the person does it use?",
    "questions.explanation": "How are outcomes explained, and in how many steps to the person?",
    "questions.verification": "How are results verified and repeated?",
    "use": "What is it used for, since when, under which framework?",
    "owners": "Who answers for it in HR and in IT?",
    "reviewers": "Are the people who review trained, and may they decide otherwise?",
    "notices.candidates": "Were candidates told?",
    "notices.employees": "Were employees told?",
    "notices.workers-representatives": "Were the representatives of the workers told?",
    "consultation": "With whom was it talked about before its use?",
    "health_data": "Are health data used, and on which basis?",
    "special_data": "Why are protected attributes processed, who sees them, when are they deleted?",
    "retention": "How long are inputs, outputs and decisions kept?",
    "logs": "How long are the system's logs kept?",
    "dpia": "Is there a data protection impact assessment?",
    "risk_assessment": "Is there a risk assessment?",
    "audit": "Who audited it from outside, and when?",
    "testing": "How well, how recently and how widely was it tested, and what followed?",
    "targets": "What was it meant to reach?",
    "alternatives": "Which other ways were compared?",
    "appeal": "Where can a person object, and how soon is there an answer?",
    "opt_out": "Where can a person refuse to be decided about by it, and how soon does it end?",
    "opt_out_exception": "Why can nobody refuse: what is it used for alone, and what proves that?",
    "requests": "Where are questions answered, and how soon?",
    "correction": "Where can a person see and correct the data about them, and how soon?",
    "adverse_outcome": "What is a person told after an adverse outcome, and how soon?",
    "disclosure": "What is a person told about logic, significance and consequences?",
}
"""Every entry in the order of the checklist, and what it answers."""

LISTED = ("targets", "alternatives")
BY_AUDIENCE = "notices"

ASIDE = frozenset(
    {
        *("system.model_digest", "audit.published_on", "audit.published_at"),
        *("testing.before_use", "appeal.acknowledged_in"),
    }
)
"""What an entry does not need unless somebody asks for it by name: a hosted model has no file."""

YES_NO = frozenset({"health_data.used", "audit.independent"})
"""Values that are yes or no: a rule may ask which."""

_AHEAD = frozenset({"special_data.delete_on"})
"""Dates of what is still to come: they say nothing about since when something is on record."""

_EITHER = frozenset({"use.since"})
"""Dates of what may have begun or be planned: a system is audited before its use as well."""

_NAMES = ("id", "name")


def _kind(annotation: Any) -> Kind | None:
    """Tell what a plain field holds; None for a model or a list."""
    parts = list(_parts(annotation))
    if date in parts:
        return "date"
    if int in parts:
        return "number"
    models = any(isinstance(part, type) and issubclass(part, BaseModel) for part in parts)
    return None if models or tuple in parts else "text"


def _parts(annotation: Any) -> Iterator[Any]:
    """Types behind optional and annotated ones."""
    origin = get_origin(annotation)
    if origin is None or origin is tuple or origin is Literal:
        yield origin or annotation
    elif hasattr(annotation, "__metadata__"):
        yield from _parts(annotation.__origin__)
    else:
        for arg in get_args(annotation):
            if arg is not NoneType:
                yield from _parts(arg)


def _leaves(model: type[BaseModel], at: str = "") -> Iterator[tuple[str, Kind]]:
    for name, field in model.model_fields.items():
        path = f"{at}{field.alias or name}"
        kind = _kind(field.annotation)
        if kind is not None:
            yield path, kind
            continue
        for leaf, kind_ in _leaves(_model_of(field.annotation)):
            if path != BY_AUDIENCE:
                yield f"{path}.{leaf}", kind_
            elif leaf != "to":
                yield from ((f"{path}.{who}.{leaf}", kind_) for who in get_args(Audience))


def _model_of(annotation: Any) -> type[BaseModel]:
    """Model of a field that holds one, or a list of them."""
    found: type[BaseModel] = get_args(annotation)[0] if get_args(annotation) else annotation
    return found


LEAVES: Mapping[str, Kind] = MappingProxyType(
    {
        path: kind
        for path, kind in _leaves(RecordBody)
        if path not in [f"system.{name}" for name in _NAMES]
    }
)
"""Every plain value that a record may hold, by its dotted way, and what it is."""

PATHS: frozenset[str] = frozenset(
    ".".join(path.split(".")[:n]) for path in LEAVES for n in range(1, path.count(".") + 2)
)
"""Every way that a rule may name: values, entries, and what holds several entries."""


def below(path: str) -> tuple[str, ...]:
    """Values that a way leads to, in the order of the grammar; the needed ones of an entry.

    Examples
    --------
    >>> below("dpia"), below("audit.published_on")
    (('dpia.reference', 'dpia.on'), ('audit.published_on',))
    """
    if path in LEAVES:
        return (path,)
    return tuple(leaf for leaf in LEAVES if leaf.startswith(f"{path}.") and leaf not in ASIDE)


def entry_of(leaf: str) -> str:
    """Entry that a value stands in.

    Examples
    --------
    >>> entry_of("reviewers.training.last_on"), entry_of("notices.candidates.law")
    ('reviewers', 'notices.candidates')
    """
    return next(entry for entry in ASKS if leaf.startswith(f"{entry}."))


def only(path: str, kind: Kind) -> str | None:
    """Way to the one value of a kind that a way leads to; None where there is none or several.

    Examples
    --------
    >>> only("audit", "date"), only("retention", "number"), only("questions", "date")
    ('audit.on', 'retention.months', None)
    """
    found = [leaf for leaf in below(path) if LEAVES[leaf] == kind]
    return found[0] if len(found) == 1 else None


def since(entry: str) -> str | None:
    """Way to the date from which an entry is on record, None where it has no such date.

    Examples
    --------
    >>> since("dpia"), since("special_data"), since("owners")
    ('dpia.on', None, None)
    """
    found = only(entry, "date")
    return None if found in _AHEAD else found


def time_of(leaf: str) -> Literal["past", "ahead"] | None:
    """Side of the day of an audit on which a date has to lie; None for others and for no date.

    Examples
    --------
    >>> time_of("dpia.on"), time_of("special_data.delete_on"), time_of("use.since")
    ('past', 'ahead', None)
    """
    if LEAVES[leaf] != "date" or leaf in _EITHER:
        return None
    return "ahead" if leaf in _AHEAD else "past"


def ways_to(kind: Kind) -> tuple[str, ...]:
    """Every way that leads to just one value of a kind, sorted."""
    return tuple(sorted(path for path in PATHS if only(path, kind) is not None))
