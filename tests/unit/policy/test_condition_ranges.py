from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from auditor.policy.condition_grammar import When
from auditor.policy.condition_ranges import contradictions

read = TypeAdapter(When).validate_python


def both(*tests: dict) -> dict:
    return {"all": [{"age": test} for test in tests]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"at_least": 5}, {"below": 5}),
        ({"above": 5}, {"at_most": 5}),
        ({"between": [1, 2]}, {"at_least": 3}),
        ({"equals": 4}, {"above": 4}),
        ({"in": [1, 2]}, {"above": 2}),
        ({"equals": 1}, {"equals": 2}),
    ],
)
def test_ends_that_shut_each_other_out_are_found_either_way_round(first, second):
    assert list(contradictions(read(both(first, second)))) == [(("all",), "age")]
    assert list(contradictions(read(both(second, first)))) == [(("all",), "age")]
    inside = {"any": [{"score": "missing"}, {"not": both(first, second)}]}
    assert list(contradictions(read(inside))) == [(("any", 1, "not", "all"), "age")]


@pytest.mark.parametrize(
    "condition",
    [
        both({"at_least": 5}, {"at_most": 5}),
        both({"between": [1, 2]}, {"at_least": 2}),
        both({"in": [1, 3]}, {"above": 2}),
        both({"not_in": [1]}, {"equals": 1}),
        {"any": [{"age": {"below": 3}}, {"age": {"above": 5}}]},
        {"all": [{"age": {"below": 3}}, {"years": {"above": 5}}]},
        {"all": [{"age": {"below": 3}}, {"age": "missing"}]},
        {"all": [{"age": {"below": 3}}, {"not": {"age": {"below": 5}}}]},
    ],
)
def test_what_some_number_meets_or_is_not_looked_into_is_left_alone(condition):
    assert list(contradictions(read(condition))) == []
