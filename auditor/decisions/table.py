from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditor.decisions.account import Period, RowAccount
from auditor.vocabulary import INTERSECTION, UNKNOWN, attributes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import BoolArray, CodeArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coded:
    """A text column as codes into its sorted levels; ``-1`` where the value is unknown."""

    levels: tuple[str, ...]
    codes: CodeArray

    def of_lines(self, lines: BoolArray | IntArray) -> Coded:
        """Keep some lines; the levels stay."""
        return Coded(levels=self.levels, codes=self.codes[lines])


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One input as the result records it; ``path`` is ``frame`` for data already in memory."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFacts:
    """What the profile and the reader say about the whole export.

    ``notes`` are sentences printed above the row account (delimiter found, encoding rewritten,
    outcome derived from the cut score, ...). ``decision_kind`` is one of
    ``vocabulary.DECISION_KINDS`` and ``taken_by`` one of ``vocabulary.TAKERS``; both None where
    nobody said so, ``taken_by`` also where a column does. ``absent_groups`` are, by attribute,
    those that the profile lists and no row is of.
    """

    profile_id: str
    profile_sha256: str
    inputs: tuple[InputFile, ...]
    unit: str = "application"
    decisions: Literal["taken", "test"] = "taken"
    decision_kind: str | None = None
    taken_by: str | None = None
    outcome_derived: bool = False
    cut_score: float | None = None
    better: Literal["high", "low"] = "high"
    scale: tuple[float, float] | None = None
    strata: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    absent_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """The canonical table: one line per row, or per distinct combination of values.

    Every array has one entry a line. ``rows`` is how many input rows a line stands for and
    ``people`` how many people; they differ only when the export has a count column. All rows that
    were read are here except the dropped duplicates; those that do not count in a rate carry their
    outcome code.

    Parameters
    ----------
    rows, people : int64 arrays
    outcome : int32 array of indices into ``vocabulary.OUTCOMES``, or None without outcome
    groups : mapping of attribute to Coded
    score : float64 array, NaN where missing, or None; ``score_is_single`` when it was float32
    taken_by : Coded, levels of ``vocabulary.TAKERS``, where a column says who took the decision
    label : int32 array, 1 positive, 0 negative, -1 missing, or None
    final : int32 array of what people decided in the end, 1 favorable, 0 unfavorable, -1 where that
        is open, or None; only when one line is one row
    strata : mapping of stratum name to Coded
    model_version : Coded or None
    features : mapping of name to float64 array (NaN missing); only when one line is one row
    missing : mapping of column name to bool array, True where the cell is missing: score and
        features, for rules about missing values; only when one line is one row
    period : Period, or None where no column says when decisions were taken
    persons : uint64 array, the same number for lines of one person and 0 where nobody is named, or
        None; only when one line is one row
    ids : function from line indices to the export's own ids; None when lines are combinations
    account : RowAccount
    export : ExportFacts

    Raises
    ------
    ValueError
        When a name would be ambiguous in an intersection or beside the line of the unknown.
    """

    rows: IntArray
    people: IntArray
    outcome: CodeArray | None
    groups: Mapping[str, Coded]
    account: RowAccount
    export: ExportFacts
    score: FloatArray | None = None
    score_is_single: bool = False
    label: CodeArray | None = None
    final: CodeArray | None = None
    taken_by: Coded | None = None
    strata: Mapping[str, Coded] = field(default_factory=dict)
    model_version: Coded | None = None
    features: Mapping[str, FloatArray] = field(default_factory=dict)
    missing: Mapping[str, BoolArray] = field(default_factory=dict)
    persons: NDArray[np.uint64] | None = None
    period: Period | None = None
    ids: Callable[[IntArray], Sequence[str]] | None = None

    def __post_init__(self) -> None:
        for name, coded in self.groups.items():
            if UNKNOWN in coded.levels or any(INTERSECTION in t for t in (name, *coded.levels)):
                raise ValueError(
                    f"The names of attributes and groups must not hold {INTERSECTION!r}, and no "
                    f"group is called {UNKNOWN!r}. Got {name!r} with {coded.levels}."
                )

    def group(self, attribute: str) -> Coded:
        """Codes of an attribute or intersection; unknown when any part is unknown.

        Levels of an intersection are the pairs that some line has, in order of their parts.
        """
        first, *rest = (self.groups[name] for name in attributes_of(attribute))
        for part in rest:
            first = _cross(first, part)
        return first


def _cross(a: Coded, b: Coded) -> Coded:
    """Pairs of two columns, only those that occur: all of them could fill the memory."""
    width = len(b.levels)
    pair = np.where((a.codes < 0) | (b.codes < 0), -1, a.codes.astype(np.int64) * width + b.codes)
    ascending = np.sort(pair)
    first = np.ones(len(pair), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    used = ascending[first & (ascending >= 0)]
    codes = np.where(pair < 0, -1, np.searchsorted(used, pair)).astype(np.int32)
    levels = tuple(
        f"{a.levels[cell // width]}{INTERSECTION}{b.levels[cell % width]}" for cell in used.tolist()
    )
    return Coded(levels=levels, codes=codes)
