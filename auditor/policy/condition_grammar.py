"""The grammar of a condition: ``all``, ``any`` and ``not`` over comparisons of one value each.

A condition is one key with its value, so that it can be read aloud in one way only. Which
comparisons a value allows is part of the grammar: a score is no text, an outcome no number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from auditor.documents import Listed, PathKey, Text, Written, shown
from auditor.policy.comparison_grammar import NumberTest, OutcomeComparison, Share, TextTest

MAX_LEVELS = 20
MAX_LEAVES = 200
WORDS = ("score", "outcome", "model_version")
"""What a condition may name beside the features that a profile declares."""

_BRANCHES = ("all", "any", "not", "share_of_reason", *WORDS)


class ScoreIs(Written):
    """A condition on the score."""

    score: NumberTest


class OutcomeIs(Written):
    """A condition on the outcome."""

    outcome: OutcomeComparison


class VersionIs(Written):
    """A condition on the version of the model."""

    model_version: TextTest


class ReasonIs(Written):
    """A condition on what moved the score."""

    share_of_reason: Share


class AllOf(Written):
    """True where every part is true, false where one is false."""

    parts: Listed[Condition] = Field(min_length=1, alias="all")


class AnyOf(Written):
    """True where one part is true, false where every one is false."""

    parts: Listed[Condition] = Field(min_length=1, alias="any")


class NotOf(Written):
    """True where the part is false; unknown stays unknown."""

    part: Condition = Field(alias="not")


def _branch(value: dict[str, object] | Written) -> str:
    if isinstance(value, Written):  # on its way back to plain data
        ((name, field),) = type(value).model_fields.items()
        key = field.alias or name
    else:
        key = next(iter(value))
    return f"<{key}>" if key in _BRANCHES else "<feature>"


def _one_key(value: object) -> object:
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "bad-condition",
            "must be one condition, got {value}",
            {"value": shown(value), "hint": "a condition is a key with a value: score: missing"},
        )
    if not value:
        raise PydanticCustomError("empty-value", "must not be empty")
    if len(value) > 1:
        raise PydanticCustomError(
            "bad-condition",
            "must be one condition, got {n} beside one another",
            {"n": len(value), "hint": "put them into a list under all, or under any"},
        )
    return value


def _within_limits(value: object) -> object:
    """Refuse what nobody could read, before anything is built from it."""
    leaves, todo = 0, [(value, 1)]
    while todo:
        part, level = todo.pop()
        for key, inner in part.items() if isinstance(part, dict) else ():
            leaves += key not in ("all", "any", "not")
            if key in ("all", "any") and isinstance(inner, list | tuple):
                todo += [(item, level + 1) for item in inner]
            elif key == "not":
                todo.append((inner, level + 1))
        if level > MAX_LEVELS or leaves > MAX_LEAVES:
            raise PydanticCustomError(
                "condition-too-large",
                "must not be deeper than {levels} levels or hold more than {leaves} comparisons",
                {"levels": MAX_LEVELS, "leaves": MAX_LEAVES, "hint": "write several rules"},
            )
    return value


FeatureIs: TypeAlias = dict[Text, NumberTest]
"""A condition on one declared feature, by its name."""

Leaf: TypeAlias = ScoreIs | OutcomeIs | VersionIs | ReasonIs | FeatureIs
Condition: TypeAlias = Annotated[
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")]
    | Annotated[ScoreIs, Tag("<score>")]
    | Annotated[OutcomeIs, Tag("<outcome>")]
    | Annotated[VersionIs, Tag("<model_version>")]
    | Annotated[ReasonIs, Tag("<share_of_reason>")]
    | Annotated[FeatureIs, Tag("<feature>")],
    Discriminator(_branch),
    BeforeValidator(_one_key),
]
When: TypeAlias = Annotated[Condition, BeforeValidator(_within_limits)]
"""A whole condition, as an option of a rule."""

for _model in (AllOf, AnyOf, NotOf):
    _model.model_rebuild()


def leaves(condition: Condition, at: PathKey = ()) -> Iterator[tuple[PathKey, Leaf]]:
    """Every comparison in a condition, and the path to the name of what it looks at."""
    match condition:
        case AllOf() | AnyOf():
            key = "all" if isinstance(condition, AllOf) else "any"
            for n, part in enumerate(condition.parts):
                yield from leaves(part, (*at, key, n))
        case NotOf():
            yield from leaves(condition.part, (*at, "not"))
        case ReasonIs():
            yield (*at, "share_of_reason", "feature"), condition
        case _:
            yield (*at, subject(condition)[0]), condition


def subject(leaf: Leaf) -> tuple[str, Any]:
    """Name of what a comparison looks at, a word or a feature, and its test."""
    if isinstance(leaf, ReasonIs):
        return leaf.share_of_reason.feature, leaf.share_of_reason
    ((name, test),) = dict(leaf).items()
    return name, test
