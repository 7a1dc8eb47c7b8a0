from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from auditor.documents import (
    DateText,
    FractionText,
    Listed,
    Text,
    check,
    did_you_mean,
    parse_document,
    problems_of,
)
from auditor.errors import PolicyError


class Strict(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )


class Column(Strict):
    column: Text
    values: dict[str, Listed[str]] = {}


class Sample(Strict):
    name: Text = "x"
    limit: Annotated[FractionText, Field(gt=0, le=1)] = Fraction(4, 5)
    people: Annotated[int, Field(ge=1)] = 30
    either: Text | Column | Listed[Text] = "x"
    groups: dict[str, Column] = {}
    items: Listed[Column] = ()
    maybe: Column | None = None
    since: DateText | None = None
    on: bool = False
    shown: Literal[True] = True
    status: Literal["draft", "in-force"] = "draft"
    ids: Annotated[Listed[str], Field(min_length=1)] = ("x",)
    odd: int = 1

    @field_validator("odd")
    @classmethod
    def _is_odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("must be odd")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.people == 13:
            raise PydanticCustomError("not-thirteen", "must not be 13", {"at": "people"})
        return self


def found(text: str) -> list[tuple[str, str, str | None]]:
    document = parse_document(text.encode(), "f", error=PolicyError)
    _, problems = check(document.data, Sample, document)
    return [(str(p.where), p.message, p.hint) for p in problems]


@pytest.mark.parametrize(
    ("text", "where", "message", "hint"),
    [
        ("nme: a", "f:1:1", "unknown key 'nme'", "did you mean 'name'?"),
        ("groups: {sex: {colum: a, column: b}}", "f:1:16", "unknown key 'colum'",
         "did you mean 'column'?"),
        ("items: [{column: b, zzz: 1}]", "f:1:21", "unknown key 'zzz'",
         "known here: column, values"),
        ("either: {column: a, valeus: {}}", "f:1:21", "unknown key 'valeus'",
         "did you mean 'values'?"),
        ("maybe: {colum: a, column: b}", "f:1:9", "unknown key 'colum'", "did you mean 'column'?"),
        ("groups: {sex: {}}", "f:1:15", "'column' is missing in 'sex'", None),
        ("people: '30'", "f:1:9", "'people' must be a whole number, got '30'", "write 30"),
        ("people: 30.0", "f:1:9", "'people' must be a whole number, got 30.0",
         "write plain digits, such as 30"),
        ("people: 030", "f:1:9", "'people' must be a whole number, got 030", "write 30"),
        ("people: true", "f:1:9", "'people' must be a whole number, got true", None),
        ("people: 0", "f:1:9", "'people' must be at least 1, got 0", None),
        ("people:", "f:1:1", "'people' must be a whole number, got nothing", None),
        ("people: 13", "f:1:9", "'people' must not be 13", None),
        ("odd: 2", "f:1:6", "'odd' must be odd", None),
        ("on: yes", "f:1:5", "'on' must be true or false, got 'yes'",
         "yes, no, on and off are plain text in YAML 1.2"),
        ("name: 5", "f:1:7", "'name' must be text, got 5", 'write "5"'),
        ("name: 1.0", "f:1:7", "'name' must be text, got 1.0", 'write "1.0"'),
        ("name: true", "f:1:7", "'name' must be text, got true", 'write "true"'),
        ("name: ' '", "f:1:7", "'name' must not be empty", None),
        ("name: [a]", "f:1:7", "'name' must be text, got a list", None),
        ("either: 5", "f:1:9", "'either' must be text or keys with values or a list, got 5", None),
        ("either: [a, 5]", "f:1:13", "item 2 of 'either' must be text, got 5", 'write "5"'),
        ("either: {column: 5}", "f:1:18", "'column' must be text, got 5", 'write "5"'),
        ("either: {}", "f:1:9", "'column' is missing in 'either'", None),
        ("groups: {sex: a}", "f:1:15", "'sex' must be keys with values, got 'a'",
         "known here: column, values"),
        ("groups: {sex: {column: a, values: {F: F}}}", "f:1:39", "'F' must be a list, got 'F'",
         None),
        ("status: on", "f:1:9", "'status' must be one of draft, in-force, got 'on'",
         "known here: draft, in-force"),
        ("status: in_force", "f:1:9", "'status' must be one of draft, in-force, got 'in_force'",
         "did you mean 'in-force'?"),
        ("shown: false", "f:1:8", "'shown' must be true, got false", "write true"),
        ("ids: []", "f:1:6", "'ids' must not be empty", None),
        ("limit: 80", "f:1:8", "'limit' must be at most 1, got 80",
         "write 0.8 for 80 per cent"),
        ("limit: -0.5", "f:1:8", "'limit' must be more than 0, got -0.5", None),
        ("since: 2026-13-01", "f:1:8", "'since' must be a calendar date, got '2026-13-01'",
         "write it as 2026-11-22"),
    ],
)  # fmt: skip
def test_each_problem_has_its_place_and_its_mending(text, where, message, hint):
    assert found(text) == [(where, message, hint)]


def test_all_problems_come_at_once_in_the_order_of_the_file():
    places = [where for where, _, _ in found("on: 1\nnme: a\npeople: '3'\nlimit: 7\n")]

    assert places == ["f:1:5", "f:2:1", "f:3:9", "f:4:8"]


def test_good_data_gives_the_model_and_no_problem():
    document = parse_document(b"limit: 4/5\neither: [a]\n", "f", error=PolicyError)

    model, problems = check(document.data, Sample, document)

    assert problems == []
    assert model is not None
    assert (model.limit, model.either) == (Fraction(4, 5), ("a",))


def test_data_from_python_is_named_by_its_whole_way():
    _, problems = check({"groups": {"sex": {"column": 3}}, "items": [{"column": ""}]}, Sample)

    assert [p.message for p in problems] == [
        "'items.column' must not be empty",
        "'groups.sex.column' must be text, got 3",
    ]
    assert all(p.where is None for p in problems)


def test_a_part_of_a_document_is_placed_by_its_prefix():
    document = parse_document(b"rules:\n- options: {peple: 1}\n", "f", error=PolicyError)
    prefix = ("rules", 0, "options")

    _, problems = check(document.data["rules"][0]["options"], Sample, document, prefix)

    assert [str(p.where) for p in problems] == ["f:2:13"]


def test_without_a_model_an_unknown_key_has_no_suggestion():
    with pytest.raises(ValidationError, match="Extra inputs") as caught:
        Sample.model_validate({"nme": "a"})

    assert [p.hint for p in problems_of(caught.value, None)] == [None]


def test_did_you_mean_lists_what_is_known_when_nothing_is_near():
    assert did_you_mean("q", []) == "known here: nothing"
