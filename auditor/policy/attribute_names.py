"""Attributes as policies name them: ``sex``, or an intersection such as ``sex*race``."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from auditor.documents import Listed, Text, no_repeats, shown
from auditor.vocabulary import INTERSECTION


def _attribute(value: str) -> str:
    parts = value.split(INTERSECTION)
    if any(not part or part != part.strip() for part in parts) or len(set(parts)) < len(parts):
        raise PydanticCustomError(
            "bad-attribute",
            "must be an attribute such as sex, or an intersection such as sex*race, got {value}",
            {"value": shown(value)},
        )
    return value


def _single_attribute(value: str) -> str:
    if INTERSECTION in value:
        raise PydanticCustomError(
            "bad-attribute",
            "must be a single attribute, got {value}",
            {"value": shown(value), "hint": "write an intersection as a list: [sex, race]"},
        )
    return _attribute(value)


def _several(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) < 2:
        raise PydanticCustomError("bad-attribute", "must join at least two attributes")
    return values


Attribute: TypeAlias = Annotated[Text, AfterValidator(_attribute)]
SingleAttribute: TypeAlias = Annotated[Text, AfterValidator(_single_attribute)]
Crossed: TypeAlias = Annotated[
    Listed[SingleAttribute], AfterValidator(_several), AfterValidator(no_repeats)
]
