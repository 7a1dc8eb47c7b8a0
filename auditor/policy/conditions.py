"""Conditions over a decisions table: true, false, or unknown, for every line at once.

Numbers are compared as float64. A bound is the decimal that the policy says, rounded once; for
scores that were stored in single precision it is rounded to single precision, so that 0.7 reaches
0.7. ``between`` includes both ends. Texts are compared letter by letter after Unicode NFC. A
missing value, or NaN, makes a comparison unknown, and unknown goes through ``all``, ``any`` and
``not`` by the rules of Kleene: false and unknown is false, true or unknown is true.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.decisions import Coded
from auditor.policy.comparison_grammar import Share
from auditor.policy.condition_columns import Columns, Numbers
from auditor.policy.condition_grammar import AllOf, AnyOf, Condition, Leaf, NotOf, subject

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditor.vocabulary import BoolArray

_BLOCK = 1 << 16
"""Lines judged at a time, so that what is compared stays in the processor's cache."""

_NOISE = 1e-9
"""Relative error with which a computed share still reaches its bound."""

_ORDERS = {
    "at_least": (np.greater_equal, np.less),
    "above": (np.greater, np.less_equal),
    "at_most": (np.less_equal, np.greater),
    "below": (np.less, np.greater_equal),
}
"""What makes a comparison true, and what makes it false: NaN does neither."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """Answers to one condition, one entry a line; unknown where neither true nor false."""

    true: BoolArray
    false: BoolArray

    @property
    def unknown(self) -> BoolArray:
        """Lines for which a missing value leaves the condition open."""
        return ~(self.true | self.false)

    def __and__(self, other: Truth) -> Truth:
        return Truth(true=self.true & other.true, false=self.false | other.false)

    def __or__(self, other: Truth) -> Truth:
        return Truth(true=self.true | other.true, false=self.false & other.false)

    def __invert__(self) -> Truth:
        return Truth(true=self.false, false=self.true)

    def agrees(self, other: Truth) -> BoolArray:
        """Lines on which two answers are the same, unknown included."""
        same: BoolArray = (self.true == other.true) & (self.false == other.false)
        return same


def truth_of(condition: Condition, columns: Columns) -> Truth:
    """Judge every line.

    A comparison of a column that is not there is unknown everywhere.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> from auditor.policy.condition_grammar import When
    >>> condition = TypeAdapter(When).validate_python({"score": {"at_least": "0.7"}})
    >>> scores = Numbers(values=np.array([0.7, 0.6, np.nan]))
    >>> found = truth_of(condition, Columns(n=3, named={"score": scores}))
    >>> found.true.tolist(), found.unknown.tolist()
    ([True, False, False], [False, False, True])
    """
    true, false = np.zeros(columns.n, dtype=np.bool_), np.zeros(columns.n, dtype=np.bool_)
    for start in range(0, columns.n, _BLOCK):
        block = slice(start, min(start + _BLOCK, columns.n))
        found = _truth(condition, columns.of_lines(block, block.stop - start))
        true[block], false[block] = found.true, found.false
    return Truth(true=true, false=false)


def deciding(condition: Condition, columns: Columns) -> list[tuple[Leaf, BoolArray]]:
    """Say which comparisons make the condition what it is: each with the lines where it matters.

    Of an ``all`` that is true every part matters, of one that is false only the false parts, of one
    that is unknown only the unknown ones; ``any`` is the same the other way round.
    """
    return _traced(condition, columns)[1]


def _truth(condition: Condition, columns: Columns) -> Truth:
    match condition:
        case AllOf():
            return reduce(and_, (_truth(part, columns) for part in condition.parts))
        case AnyOf():
            return reduce(or_, (_truth(part, columns) for part in condition.parts))
        case NotOf():
            return ~_truth(condition.part, columns)
    return _compared(condition, columns)


def _traced(condition: Condition, columns: Columns) -> tuple[Truth, list[tuple[Leaf, BoolArray]]]:
    if isinstance(condition, NotOf):
        truth, marks = _traced(condition.part, columns)
        return ~truth, marks
    if not isinstance(condition, AllOf | AnyOf):
        return _compared(condition, columns), [(condition, np.ones(columns.n, dtype=np.bool_))]
    parts = [_traced(part, columns) for part in condition.parts]
    whole = reduce(and_ if isinstance(condition, AllOf) else or_, (truth for truth, _ in parts))
    return whole, [
        (leaf, where & truth.agrees(whole)) for truth, marks in parts for leaf, where in marks
    ]


def _compared(leaf: Leaf, columns: Columns) -> Truth:
    _, test = subject(leaf)
    column = columns.column(leaf)
    if column is None:
        nowhere = np.zeros(columns.n, dtype=np.bool_)
        return Truth(true=nowhere, false=nowhere)
    if test == "missing":
        gone = column.codes < 0 if isinstance(column, Coded) else np.isnan(column.values)
        return Truth(true=gone, false=~gone)
    if isinstance(column, Coded):
        return _texts(column, *test.given)
    if isinstance(test, Share):
        reached = float(test.at_least) * (1 - _NOISE)
        return Truth(true=column.values >= reached, false=column.values < reached)
    return _numbers(column, *test.given)


def _numbers(column: Numbers, comparison: str, asked: Any) -> Truth:
    values = column.values
    match comparison:
        case "between":
            low, high = map(column.stored, asked)
            return Truth(
                true=(values >= low) & (values <= high), false=(values < low) | (values > high)
            )
        case "equals" | "in" | "not_in":
            wanted = [asked] if comparison == "equals" else asked
            found = np.isin(values, [column.stored(value) for value in wanted])
            truth = Truth(true=found, false=~found & ~np.isnan(values))
            return ~truth if comparison == "not_in" else truth
    holds, fails = _ORDERS[comparison]
    bound = column.stored(asked)
    return Truth(true=holds(values, bound), false=fails(values, bound))


def _texts(column: Coded, comparison: str, asked: Any) -> Truth:
    wanted: Collection[str] = {asked} if comparison == "equals" else set(asked)
    levels = [unicodedata.normalize("NFC", level) in wanted for level in column.levels]
    # The last entry is what -1 picks.
    found = np.array([*levels, False], dtype=np.bool_)[column.codes]
    truth = Truth(true=found, false=~found & (column.codes >= 0))
    return ~truth if comparison == "not_in" else truth
