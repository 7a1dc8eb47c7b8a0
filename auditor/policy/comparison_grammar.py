"""What a condition may compare one value with. Which comparisons there are depends on the value."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import FractionText, Listed, Text, Written, no_repeats, shown

_FARTHEST = 10**18
_A_COMPARISON = (
    "a comparison is a key with a value: at_least: 0.5; all, any and not join conditions"
)


def _two_ends(ends: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    if len(ends) != 2 or ends[0] > ends[1]:
        raise PydanticCustomError(
            "bad-between",
            "must be two numbers, the lower first",
            {"hint": "such as [0.45, 0.55]; both ends are included"},
        )
    return ends


def _plain_text(value: str) -> str:
    if value != value.strip():
        raise PydanticCustomError(
            "bad-condition",
            "must not start or end with white space, got {value}",
            {"value": shown(value), "hint": "exports are read without it, so it never matches"},
        )
    return unicodedata.normalize("NFC", value)


def _missing(value: object) -> object:
    if value != "missing":
        raise PydanticCustomError(
            "bad-condition",
            "must be a comparison or the word missing, got {value}",
            {"value": shown(value), "hint": _A_COMPARISON},
        )
    return value


def _shape(value: object) -> str:
    return "<comparison>" if isinstance(value, dict | Comparison) else "<missing>"


Bound: TypeAlias = Annotated[FractionText, Field(ge=-_FARTHEST, le=_FARTHEST)]
Bounds: TypeAlias = Annotated[Listed[Bound], Field(min_length=1), AfterValidator(no_repeats)]
PlainText: TypeAlias = Annotated[Text, AfterValidator(_plain_text)]
PlainTexts: TypeAlias = Annotated[
    Listed[PlainText], Field(min_length=1), AfterValidator(no_repeats)
]
Missing: TypeAlias = Annotated[Literal["missing"], BeforeValidator(_missing), Tag("<missing>")]


class Comparison(Written):
    """One comparison of one value; the fields of a subclass are those to choose from."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        fields = type(self).model_fields
        names = [fields[n].alias or n for n in fields if n in self.model_fields_set]
        if not names:
            raise PydanticCustomError("empty-value", "must not be empty")
        if len(names) > 1:
            raise PydanticCustomError(
                "contradicting-options",
                "cannot stand beside {other}",
                {
                    "at": names[1],
                    "other": shown(names[0]),
                    "hint": "write between, or two conditions in a list under all",
                },
            )
        if self.given[1] is None:
            raise PydanticCustomError("empty-value", "must not be empty", {"at": names[0]})
        return self

    @property
    def given(self) -> tuple[str, Any]:
        """Name of the comparison, as in the file, and what it compares with."""
        (name,) = self.model_fields_set
        return type(self).model_fields[name].alias or name, getattr(self, name)


class NumberComparison(Comparison):
    """Comparison with numbers, which are rounded once, to what the column can hold."""

    at_least: Bound | None = None
    above: Bound | None = None
    at_most: Bound | None = None
    below: Bound | None = None
    equals: Bound | None = None
    between: Annotated[Listed[Bound], AfterValidator(_two_ends)] | None = None
    among: Bounds | None = Field(default=None, alias="in")
    not_in: Bounds | None = None


class TextComparison(Comparison):
    """Comparison with texts, letter by letter after Unicode NFC."""

    equals: PlainText | None = None
    among: PlainTexts | None = Field(default=None, alias="in")
    not_in: PlainTexts | None = None


class OutcomeComparison(Comparison):
    """What was decided; every decision that a rule looks at has an outcome."""

    equals: Literal["favorable", "unfavorable"] | None = None


NumberTest: TypeAlias = Annotated[
    Annotated[NumberComparison, Tag("<comparison>")] | Missing, Discriminator(_shape)
]
TextTest: TypeAlias = Annotated[
    Annotated[TextComparison, Tag("<comparison>")] | Missing, Discriminator(_shape)
]


class Share(Written):
    """A feature, and the least part of all reasons for the score that is asked of it."""

    feature: Text
    at_least: Annotated[FractionText, Field(gt=0, le=1)]
