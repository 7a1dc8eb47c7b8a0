"""What every reader hands over: raw texts and numbers, not yet mapped to a meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditor.decisions import InputFile
    from auditor.errors import Where
    from auditor.vocabulary import CodeArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a reader is asked for, from the profile and the plan.

    Parameters
    ----------
    texts : column names whose distinct raw values are mapped later (outcome, groups, strata, ...)
    numbers : column names that hold numbers (score, count, features)
    ids : columns that identify a row together; empty with a count column
    rows : whether one line must be one row; otherwise lines are distinct combinations
    duplicates : what to do with rows whose id occurs before
    person : column that names the person of a row; then lines are rows
    encoding : declared encoding of a text file, or None
    """

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    ids: tuple[str, ...]
    rows: bool
    duplicates: Literal["refuse", "drop-identical"] = "refuse"
    encoding: str | None = None
    person: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is asked for, once."""
        person = () if self.person is None else (self.person,)
        return tuple(dict.fromkeys((*self.ids, *self.texts, *self.numbers, *person)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextColumn:
    """Raw values of one column: distinct levels (None where null) and one code a line.

    Levels are untrimmed raw texts in files; in frames a non-text value stands as the text that a
    profile would write for it (``True``, ``1``), so one mapping serves both. ``typed`` says that
    levels are such texts of values (`values.value_text`): they match by equality, not by spelling.
    Every level stands in some line.
    """

    levels: tuple[str | None, ...]
    codes: CodeArray
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumberColumn:
    """Typed numbers of one column, NaN where missing; ``single`` when stored as float32."""

    values: FloatArray
    single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawTable:
    """Lines of raw values. ``rows`` is how many input rows each line stands for.

    ``ids`` gives the id texts of lines (several id columns joined with ``/``) when lines are rows.
    ``dropped`` counts identical duplicates that were left out; they are in ``file.rows`` and in no
    line. ``locate`` finds the first row whose cell of a column holds exactly this raw value; it
    may read the input again, so only messages call it. ``persons`` is one number a line, the
    same for rows of one person and 0 where nobody is named; None where no column says it.
    """

    rows: IntArray
    texts: Mapping[str, TextColumn]
    numbers: Mapping[str, NumberColumn | TextColumn]
    file: InputFile
    locate: Callable[[str, str | None], Where]
    dropped: int = 0
    ids: Callable[[IntArray], Sequence[str]] | None = None
    notes: tuple[str, ...] = ()
    persons: NDArray[np.uint64] | None = None
