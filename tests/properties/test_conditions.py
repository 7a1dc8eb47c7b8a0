"""Conditions against DuckDB's three-valued SQL, written here from the same condition."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from auditor.decisions import Coded
from auditor.policy.condition_columns import Columns, Numbers
from auditor.policy.condition_grammar import When
from auditor.policy.conditions import deciding, truth_of

read = TypeAdapter(When).validate_python

BOUNDS = ("0.5", "0.7", "0.3", "0.1", "0", "-0.5", "1", "16777217", "999999999")
EDGES = [
    *(float(bound) for bound in BOUNDS),
    *(float(np.float32(bound)) for bound in BOUNDS),
    *(float(np.nextafter(float(bound), side)) for bound in BOUNDS for side in (-9e18, 9e18)),
    *(float(np.nextafter(np.float32(b), np.float32(s))) for b in BOUNDS for s in (-9e18, 9e18)),
    0.1 + 0.2, -0.0, 5e-324, float("inf"), float("-inf"), float("nan"), None,
]  # fmt: skip
COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"
TEXTS = ("", "v1", "V1", "v1 ", "missing", COMPOSED, DECOMPOSED, None)
ASKED = ("v1", "missing", "v 1", COMPOSED, DECOMPOSED)
OUTCOMES = ("favorable", "unfavorable")

numbers = st.sampled_from(["score", "years", "single"])
bounds = st.sampled_from(BOUNDS)
several = st.lists(bounds, min_size=1, max_size=3, unique=True)
texts = st.sampled_from(ASKED)
versions = st.lists(st.sampled_from(["v1", "v 1", DECOMPOSED]), min_size=1, unique=True)

number_tests = st.one_of(
    st.just("missing"),
    st.tuples(st.sampled_from(["at_least", "above", "at_most", "below", "equals"]), bounds),
    st.tuples(st.just("between"), st.lists(bounds, min_size=2, max_size=2).map(
        lambda ends: sorted(ends, key=float))),
    st.tuples(st.sampled_from(["in", "not_in"]), several),
)  # fmt: skip
text_tests = st.one_of(
    st.just("missing"),
    st.tuples(st.just("equals"), texts),
    st.tuples(st.sampled_from(["in", "not_in"]), versions),
)


def leaf(name, test):
    return {name: dict([test]) if isinstance(test, tuple) else test}


leaves = st.one_of(
    st.builds(leaf, numbers, number_tests),
    st.builds(leaf, st.just("model_version"), text_tests),
    st.sampled_from(OUTCOMES).map(lambda word: {"outcome": {"equals": word}}),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(
            lambda key, parts: {key: parts},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
rows = st.lists(
    st.tuples(
        st.sampled_from(EDGES),
        st.sampled_from(EDGES),
        st.sampled_from(EDGES),
        st.sampled_from(TEXTS),
        st.sampled_from(OUTCOMES),
    ),
    min_size=1,
    max_size=25,
)


def columns(lines) -> Columns:
    """Table of the engine: what is missing and what is NaN are one."""
    score, years, single, version, outcome = zip(*lines, strict=True)

    def floats(values):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    def coded(values):
        levels = tuple(sorted({value for value in values if value is not None}))
        places = {level: n for n, level in enumerate(levels)}
        return Coded(
            levels=levels, codes=np.array([places.get(v, -1) for v in values], dtype=np.int32)
        )

    return Columns(
        n=len(lines),
        named={
            "score": Numbers(values=floats(score)),
            "years": Numbers(values=floats(years)),
            "single": Numbers(values=as_single(floats(single)), single=True),
            "model_version": coded(version),
            "outcome": coded(outcome),
        },
    )


def as_single(values):
    return values.astype(np.float32).astype(np.float64)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def sql(condition) -> str:
    """Translate a condition as written, not as the engine read it."""
    ((key, inner),) = condition.items()
    if key in ("all", "any"):
        return "(" + (" AND " if key == "all" else " OR ").join(map(sql, inner)) + ")"
    if key == "not":
        return f"(NOT {sql(inner)})"
    if key in ("model_version", "outcome"):
        return text_sql(key, inner)
    gone = f"({key} IS NULL OR isnan({key}))"
    return (
        gone
        if inner == "missing"
        else f"(CASE WHEN {gone} THEN NULL ELSE {number_sql(key, inner)} END)"
    )


def number_sql(key: str, test) -> str:
    kind = "FLOAT" if key == "single" else "DOUBLE"
    ((comparison, asked),) = test.items()
    values = [f"CAST('{v}' AS {kind})" for v in (asked if isinstance(asked, list) else [asked])]
    signs = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<", "equals": "="}
    if comparison in signs:
        return f"{key} {signs[comparison]} {values[0]}"
    if comparison == "between":
        return f"{key} BETWEEN {values[0]} AND {values[1]}"
    return f"{key} {'NOT ' * (comparison == 'not_in')}IN ({', '.join(values)})"


def text_sql(key: str, test) -> str:
    if test == "missing":
        return f"({key} IS NULL)"
    ((comparison, asked),) = test.items()
    values = [
        f"nfc_normalize({quoted(v)})" for v in (asked if isinstance(asked, list) else [asked])
    ]
    negated = "NOT " * (comparison == "not_in")
    return f"(nfc_normalize({key}) {negated}IN ({', '.join(values)}))"


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            "CREATE TABLE t (score DOUBLE, years DOUBLE, single FLOAT, model_version VARCHAR, "
            "outcome VARCHAR)"
        )
        yield connection


def asked_of(engine, lines, condition: str) -> list[bool | None]:
    engine.execute("DELETE FROM t")
    engine.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [list(line) for line in lines])
    query = f"SELECT {condition} FROM t ORDER BY rowid"  # noqa: S608 - written above
    return [row[0] for row in engine.execute(query).fetchall()]


def answers(condition, table: Columns) -> list[bool | None]:
    truth = truth_of(read(condition), table)
    assert not (truth.true & truth.false).any()
    return [
        None if unknown else bool(true)
        for true, unknown in zip(truth.true, truth.unknown, strict=True)
    ]


@settings(max_examples=200)
@given(lines=rows, condition=conditions)
def test_a_condition_says_what_sql_says(engine, lines, condition):
    found = answers(condition, columns(lines))

    assert found == asked_of(engine, lines, sql(condition))


def test_the_oracle_has_to_be_told_of_nan(engine):
    lines = [(float("nan"), 0.0, 0.0, None, "favorable")]
    condition = {"score": {"at_least": "0.5"}}

    assert asked_of(engine, lines, "score >= 0.5") == [True]
    assert asked_of(engine, lines, sql(condition)) == answers(condition, columns(lines)) == [None]


def test_the_oracle_sees_a_bound_that_was_not_rounded_to_single(engine):
    lines = [(None, None, float(np.float32("0.7")), None, "favorable")]
    condition = {"single": {"at_least": "0.7"}}
    table = columns(lines)
    doubled = Columns(n=1, named={"single": Numbers(values=table.named["single"].values)})

    assert asked_of(engine, lines, sql(condition)) == answers(condition, table) == [True]
    assert answers(condition, doubled) == [False]


def same(table, one, other):
    return answers(one, table) == answers(other, table)


@settings(max_examples=100)
@given(lines=rows, parts=st.lists(conditions, min_size=1, max_size=3))
def test_the_laws_of_de_morgan_hold_for_unknown_as_well(lines, parts):
    table = columns(lines)
    negated = [{"not": part} for part in parts]

    assert same(table, {"not": {"all": parts}}, {"any": negated})
    assert same(table, {"not": {"any": parts}}, {"all": negated})


@settings(max_examples=100)
@given(lines=rows, condition=conditions)
def test_two_negations_say_nothing(lines, condition):
    assert same(columns(lines), {"not": {"not": condition}}, condition)


@settings(max_examples=100)
@given(lines=rows, condition=conditions)
def test_every_line_has_a_comparison_that_makes_it_what_it_is(lines, condition):
    table = columns(lines)
    marks = deciding(read(condition), table)
    truth = truth_of(read(condition), table)

    assert np.logical_or.reduce([where for _, where in marks]).all()
    for found, where in marks:
        own = truth_of(found, table)
        # On a line that is open, nothing but what is open matters.
        assert (own.unknown == truth.unknown)[where].all()
