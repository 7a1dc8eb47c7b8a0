"""Options by which rules name what has to be on record, refused where no record can have it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from auditor.documents import Text, did_you_mean, shown
from auditor.policy.days import due_days
from auditor.system import ASKS, LEAVES, PATHS, only
from auditor.system.entries import YES_NO, Kind


def _known(value: str) -> str:
    if value not in PATHS:
        near = did_you_mean(value, PATHS)
        raise PydanticCustomError(
            "unknown-entry",
            "names {value}, which no system record has",
            {
                "value": shown(value),
                # the whole list of ways would fill a screen
                "hint": did_you_mean(value, ASKS) if near.startswith("known") else near,
            },
        )
    return value


def _ways(value: str, kind: Kind) -> str:
    """Hint with the ways below one that lead to values of a kind; with all where there are none."""
    every = [leaf for leaf, found in LEAVES.items() if found == kind]
    below = [leaf for leaf in every if leaf.startswith(f"{value}.")]
    return f"name one of {', '.join(below or every)}"


def _dated(value: str) -> str:
    if only(_known(value), "date") is None:
        raise PydanticCustomError(
            "no-date-entry",
            "must lead to one date, and {value} does not",
            {"value": shown(value), "hint": _ways(value, "date")},
        )
    return value


def _counted(value: str) -> str:
    if only(_known(value), "number") is None:
        raise PydanticCustomError(
            "no-number-entry",
            "must lead to one number, and {value} does not",
            {"value": shown(value), "hint": _ways(value, "number")},
        )
    return value


def _yes_or_no(value: str) -> str:
    if _known(value) not in YES_NO:
        raise PydanticCustomError(
            "no-yes-or-no",
            "must lead to a yes or no, and {value} does not",
            {"value": shown(value), "hint": f"name one of {', '.join(sorted(YES_NO))}"},
        )
    return value


def _span(value: object) -> object:
    return due_days(value) if not isinstance(value, int) or isinstance(value, bool) else value


def counts_days(options: type[BaseModel], name: str) -> bool:
    """Whether an option is a number of days."""
    field = options.model_fields.get(name)
    return field is not None and any(getattr(m, "func", None) is _span for m in field.metadata)


Entry: TypeAlias = Annotated[Text, AfterValidator(_known)]
"""Dotted way to an entry of a system record, or to one value in it."""

YesNoEntry: TypeAlias = Annotated[Text, AfterValidator(_yes_or_no)]
"""Way to a value that is yes or no."""

DateEntry: TypeAlias = Annotated[Text, AfterValidator(_dated)]
"""Way that leads to one date."""

NumberEntry: TypeAlias = Annotated[Text, AfterValidator(_counted)]
"""Way that leads to one number."""

Span: TypeAlias = Annotated[
    int,
    Field(ge=1, le=9999),
    BeforeValidator(_span),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 9999},
                {"type": "string", "pattern": "^[0-9]{1,4} (day|days|week|weeks)$"},
            ]
        }
    ),
]
"""A number of days: ``365 days``, ``52 weeks``, or the bare number."""
