from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter

from auditor.decisions import Coded
from auditor.documents import Written, check, parse_document
from auditor.errors import PolicyError
from auditor.policy.condition_columns import Columns, Numbers
from auditor.policy.condition_grammar import MAX_LEAVES, MAX_LEVELS, When, leaves, subject
from auditor.policy.conditions import deciding, truth_of

read = TypeAdapter(When).validate_python


class Options(Written):
    when: When


def problems(yaml: str) -> list[tuple[str, str, str, str | None]]:
    """Position, slug, message and hint of everything wrong in a condition of one line."""
    document = parse_document(f"when: {yaml}\n".encode(), "p.yaml", error=PolicyError)
    found, listed = check(document.data, Options, document)
    assert (found is None) == bool(listed)
    return [(str(p.where).removeprefix("p.yaml:1:"), p.slug, p.message, p.hint) for p in listed]


@pytest.mark.parametrize(
    "yaml",
    [
        "{score: missing}",
        "{score: {at_least: 0.50}}",
        "{score: {between: [1/3, 1/3]}}",
        "{years: {in: [1, 2.5]}}",
        '{model_version: {not_in: ["4.2", v5]}}',
        "{outcome: {equals: favorable}}",
        "{share_of_reason: {feature: gap, at_least: 0.3}}",
        "{all: [{score: missing}, {any: [{not: {years: {below: 2}}}]}]}",
        "{Jahre im Beruf: {above: -3}}",
    ],
)
def test_what_the_grammar_allows(yaml):
    assert problems(yaml) == []


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("{score: {at_leest: 1}}",
         ("16", "unknown-key", "unknown key 'at_leest'", "did you mean 'at_least'?")),
        ("{any: [{not: {years: {belwo: 1}}}]}",
         ("29", "unknown-key", "unknown key 'belwo'", "did you mean 'below'?")),
        ("{outcome: {at_least: 1}}",
         ("18", "unknown-key", "unknown key 'at_least'", "known here: equals")),
        ("{model_version: {below: 5}}",
         ("24", "unknown-key", "unknown key 'below'", "known here: equals, in, not_in")),
        ("{outcome: {equals: rejected}}",
         ("26", "not-one-of", "'equals' must be one of favorable, unfavorable, got 'rejected'",
          "known here: favorable, unfavorable")),
        ("{al: [{score: missing}]}",
         ("12", "bad-condition", "'al' must be a comparison or the word missing, got a list",
          "a comparison is a key with a value: at_least: 0.5; all, any and not join conditions")),
        ("{score: mising}",
         ("15", "bad-condition",
          "'score' must be a comparison or the word missing, got 'mising'",
          "a comparison is a key with a value: at_least: 0.5; all, any and not join conditions")),
        ("[{score: missing}]",
         ("7", "bad-condition", "'when' must be one condition, got a list",
          "a condition is a key with a value: score: missing")),
        ("{score: missing, years: missing}",
         ("7", "bad-condition", "'when' must be one condition, got 2 beside one another",
          "put them into a list under all, or under any")),
        ("{score: {above: 0, below: 1}}",
         ("33", "contradicting-options", "'below' cannot stand beside 'above'",
          "write between, or two conditions in a list under all")),
        ("{score: {between: [0.6, 0.5]}}",
         ("25", "bad-between", "'between' must be two numbers, the lower first",
          "such as [0.45, 0.55]; both ends are included")),
        ("{score: {between: [0.6]}}",
         ("25", "bad-between", "'between' must be two numbers, the lower first",
          "such as [0.45, 0.55]; both ends are included")),
        ("{years: {at_least: 80%}}",
         ("26", "not-a-number", "'at_least' must be a number such as 0.8 or 4/5, got '80%'",
          "write 0.8")),
        ("{model_version: {equals: 4.2}}",
         ("32", "wrong-type", "'equals' must be text, got 4.2", 'write "4.2"')),
        ('{model_version: {equals: " v4"}}',
         ("32", "bad-condition",
          "'equals' must not start or end with white space, got ' v4'",
          "exports are read without it, so it never matches")),
        ("{years: {in: [1, 1.0]}}", ("20", "listed-twice", "'in' lists 1 twice", None)),
        ("{years: {in: []}}", ("20", "empty-value", "'in' must not be empty", None)),
        ("{years: {in: [x]}}",
         ("21", "not-a-number", "item 1 of 'in' must be a number such as 0.8 or 4/5, got 'x'",
          "plain digits, at most 9 before and 18 after the point, or a/b")),
        ("{years: {}}", ("15", "empty-value", "'years' must not be empty", None)),
        ("{years: {above: }}", ("16", "empty-value", "'above' must not be empty", None)),
        ("{all: []}", ("13", "empty-value", "'all' must not be empty", None)),
        ("{}", ("7", "empty-value", "'when' must not be empty", None)),
        ("{all: {score: missing}}",
         ("13", "wrong-type", "'all' must be a list, got keys with values", None)),
        ("{share_of_reason: {feature: gap}}",
         ("25", "missing-key", "'at_least' is missing in 'share_of_reason'", None)),
        ("{share_of_reason: {feature: gap, at_least: 1.2}}",
         ("50", "out-of-range", "'at_least' must be at most 1, got 1.2", None)),
    ],
)  # fmt: skip
def test_what_the_grammar_refuses_is_said_at_its_place(yaml, expected):
    assert problems(yaml) == [expected]


def test_everything_that_is_wrong_is_said_at_once():
    found = problems("{all: [{outcome: missing}, {score: {abov: 1}}, {not: []}, {years: {in: a}}]}")

    assert [slug for _, slug, _, _ in found] == [
        "wrong-type",
        "unknown-key",
        "bad-condition",
        "wrong-type",
    ]


def nested(levels: int):
    condition = {"score": "missing"}
    for _ in range(levels - 1):
        condition = {"not": condition}
    return condition


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        (nested(MAX_LEVELS), nested(MAX_LEVELS + 1)),
        ({"any": [{"score": "missing"}] * MAX_LEAVES},
         {"any": [{"score": "missing"}] * (MAX_LEAVES + 1)}),
    ],
)  # fmt: skip
def test_a_condition_that_nobody_could_read_is_refused(allowed, refused):
    assert check({"when": allowed}, Options)[1] == []
    (problem,) = check({"when": refused}, Options)[1]

    assert problem.slug == "condition-too-large"
    assert "20 levels" in problem.message


def test_a_condition_without_end_is_refused():
    endless: dict[str, object] = {}
    endless["all"] = [endless, endless]

    (problem,) = check({"when": endless}, Options)[1]

    assert problem.slug == "condition-too-large"


def test_a_number_too_large_for_any_column_is_refused():
    (problem,) = check({"when": {"years": {"at_least": 10**400}}}, Options)[1]

    assert problem.slug == "out-of-range"


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [{"score": {"between": ["0.45", "0.55"]}}, {"outcome": {"equals": "favorable"}}]},
        {"not": {"any": [{"model_version": {"in": ["v1"]}}, {"years": "missing"}]}},
        {"share_of_reason": {"feature": "gap", "at_least": "0.3"}},
    ],
)
def test_a_condition_reads_back_from_its_plain_data(condition):
    found = Options.model_validate({"when": condition})

    written = found.model_dump(by_alias=True, exclude_unset=True)

    assert Options.model_validate(written) == found


def test_what_a_condition_looks_at_is_found_at_its_place():
    when = {"all": [{"score": "missing"}, {"not": {"any": [{"gap": {"above": 1}}]}},
                    {"share_of_reason": {"feature": "zip", "at_least": "1/2"}}]}  # fmt: skip

    found = [(path, subject(leaf)[0]) for path, leaf in leaves(read(when))]

    assert found == [
        (("all", 0, "score"), "score"),
        (("all", 1, "not", "any", 0, "gap"), "gap"),
        (("all", 2, "share_of_reason", "feature"), "zip"),
    ]


def answers(condition, **named) -> list[bool | None]:
    first = next(iter(named.values()))
    columns = Columns(
        n=len(first.codes if isinstance(first, Coded) else first),
        named={
            name: values if isinstance(values, Coded) else Numbers(values=np.array(values))
            for name, values in named.items()
        },
    )
    truth = truth_of(read(condition), columns)
    return [None if u else bool(t) for t, u in zip(truth.true, truth.unknown, strict=True)]


NAN = float("nan")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"at_least": "0.5"}, [False, True, True, None]),
        ({"above": "0.5"}, [False, False, True, None]),
        ({"at_most": "0.5"}, [True, True, False, None]),
        ({"below": "0.5"}, [True, False, False, None]),
        ({"equals": "1/2"}, [False, True, False, None]),
        ({"between": ["0.5", "0.6"]}, [False, True, True, None]),
        ({"in": ["0.6", "0.5"]}, [False, True, True, None]),
        ({"not_in": ["0.6", "0.5"]}, [True, False, False, None]),
        ("missing", [False, False, False, True]),
    ],
)
def test_comparisons_of_a_number(test, expected):
    assert answers({"score": test}, score=[0.4, 0.5, 0.6, NAN]) == expected


def test_texts_are_compared_letter_by_letter_in_composed_form():
    version = Coded(levels=("", "cafe\u0301", "v1"), codes=np.array([0, 1, 2, -1], dtype=np.int32))

    composed = {"model_version": {"equals": "caf\u00e9"}}
    assert answers(composed, model_version=version) == [False, True, False, None]
    upper = {"model_version": {"not_in": ["V1"]}}
    assert answers(upper, model_version=version) == [True, True, True, None]


def test_unknown_gives_way_only_to_what_settles_the_condition():
    low, high, gone = {"a": {"below": 1}}, {"a": {"above": 1}}, {"b": {"above": 1}}
    table = {"a": [0.0], "b": [NAN]}

    assert answers({"all": [low, gone]}, **table) == [None]
    assert answers({"all": [high, gone]}, **table) == [False]
    assert answers({"any": [low, gone]}, **table) == [True]
    assert answers({"any": [high, gone]}, **table) == [None]
    assert answers({"not": gone}, **table) == [None]


def test_a_column_that_is_not_there_is_unknown_everywhere():
    assert answers({"all": [{"c": {"above": 1}}]}, a=[0.0, 2.0]) == [None, None]
    assert answers({"c": "missing"}, a=[0.0, 2.0]) == [None, None]


def test_a_table_of_several_blocks_is_judged_line_by_line():
    score = np.random.default_rng(3).random(150_000)
    score[::7] = NAN
    columns = Columns(n=len(score), named={"score": Numbers(values=score)})

    truth = truth_of(read({"not": {"score": {"below": "0.25"}}}), columns)

    assert np.array_equal(truth.true, score >= 0.25)
    assert np.array_equal(truth.unknown, np.isnan(score))


def test_a_table_without_lines_has_no_answers():
    assert len(truth_of(read({"score": "missing"}), Columns(n=0, named={})).true) == 0


def test_the_comparisons_that_decide_are_named_line_by_line():
    condition = read({"any": [{"all": [{"a": {"above": 1}}, {"b": {"above": 1}}]},
                              {"c": {"above": 1}}]})  # fmt: skip
    columns = Columns(
        n=4,
        named={
            "a": Numbers(values=np.array([2.0, 2.0, 0.0, 2.0])),
            "b": Numbers(values=np.array([2.0, NAN, 2.0, 0.0])),
            "c": Numbers(values=np.array([0.0, 0.0, 2.0, 0.0])),
        },
    )

    marks = deciding(condition, columns)

    assert {subject(leaf)[0]: where.tolist() for leaf, where in marks} == {
        "a": [True, False, False, False],
        "b": [True, True, False, True],
        "c": [False, False, True, True],
    }
