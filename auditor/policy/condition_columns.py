"""What a condition may look at: columns of a decisions table, never a protected attribute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np

from auditor.decisions import Coded
from auditor.policy.comparison_grammar import Share
from auditor.policy.condition_grammar import WORDS, Condition, Leaf, leaves, subject
from auditor.vocabulary import OUTCOMES

if TYPE_CHECKING:
    from fractions import Fraction

    from auditor.decisions import Decisions
    from auditor.vocabulary import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """A column of numbers, NaN where missing; ``single`` when they were stored as float32."""

    values: FloatArray
    single: bool = False

    def stored(self, bound: Fraction) -> float:
        """Give a bound as the column could hold it."""
        return float(np.float32(float(bound))) if self.single else float(bound)


Column: TypeAlias = Numbers | Coded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """What a condition looks at, all of ``n`` lines: columns, and shares of reasons by feature."""

    n: int
    named: Mapping[str, Column]
    shares: Mapping[str, Column] = field(default_factory=dict)

    @classmethod
    def of(
        cls, condition: Condition, decisions: Decisions, shares: Mapping[str, FloatArray]
    ) -> Self:
        """Columns that a condition names, as far as the table has them.

        Nothing that bears the name of a protected attribute is handed out.
        """
        asked = {subject(leaf)[0] for _, leaf in leaves(condition)} - set(decisions.groups)
        named: dict[str, Column] = {
            name: Numbers(values=values)
            for name, values in decisions.features.items()
            if name in asked and name not in WORDS
        }
        if decisions.score is not None:
            named["score"] = Numbers(values=decisions.score, single=decisions.score_is_single)
        if decisions.outcome is not None:
            named["outcome"] = Coded(levels=OUTCOMES, codes=decisions.outcome)
        if decisions.model_version is not None:
            named["model_version"] = decisions.model_version
        return cls(
            n=len(decisions.rows),
            named=named,
            shares={
                name: Numbers(values=values) for name, values in shares.items() if name in asked
            },
        )

    def column(self, leaf: Leaf) -> Column | None:
        """Give the column that a comparison looks at; None when there is none."""
        name, test = subject(leaf)
        return (self.shares if isinstance(test, Share) else self.named).get(name)

    def of_lines(self, lines: slice | IntArray, n: int) -> Columns:
        """Keep ``n`` of the lines."""
        return Columns(
            n=n,
            named={name: _of_lines(column, lines) for name, column in self.named.items()},
            shares={name: _of_lines(column, lines) for name, column in self.shares.items()},
        )


def _of_lines(column: Column, lines: slice | IntArray) -> Column:
    if isinstance(column, Coded):
        return Coded(levels=column.levels, codes=column.codes[lines])
    return Numbers(values=column.values[lines], single=column.single)
