from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditor.vocabulary import CONSIDERED, OUTCOMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.decisions.table import Decisions

Counted: TypeAlias = Literal["considered", "scored"]
"""Which rows a rate counts: those that were selected or rejected, or those with a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """People who stand in several of the rows that count.

    Parameters
    ----------
    rows : int
        Rows that count.
    people : int
        Different people in them, as far as they are named.
    repeated : int
        Of these, people with several rows.
    repeated_rows : int
        Rows of those.
    nameless : int
        Rows without a person, who may be anybody.
    """

    rows: int
    people: int
    repeated: int
    repeated_rows: int
    nameless: int


def repeats(decisions: Decisions) -> dict[Counted, Repeats]:
    """Count people with several rows, by what a rate counts; empty where nothing names people."""
    if decisions.persons is None:
        return {}
    found: dict[Counted, Repeats] = {}
    if decisions.outcome is not None:
        counted = np.isin(decisions.outcome, [OUTCOMES.index(outcome) for outcome in CONSIDERED])
        found["considered"] = repeats_of(decisions.persons[counted])
    if decisions.score is not None:
        found["scored"] = repeats_of(decisions.persons[~np.isnan(decisions.score)])
    return found


def of_account(found: Mapping[Counted, Repeats]) -> Repeats | None:
    """Take what is told first: the rows considered, or those with a score where only scores are."""
    return found.get("considered", found.get("scored"))


def repeats_of(persons: NDArray[np.uint64]) -> Repeats:
    """Count people with several rows.

    Parameters
    ----------
    persons : uint64 array, one number a row, 0 where nobody is named

    Examples
    --------
    >>> repeats_of(np.array([5, 7, 5, 0, 5], dtype=np.uint64))
    Repeats(rows=5, people=2, repeated=1, repeated_rows=3, nameless=1)
    """
    ordered = np.sort(persons[persons > 0])
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    sizes = np.diff(np.flatnonzero(first), append=len(ordered))
    several = sizes[sizes > 1]
    return Repeats(
        rows=len(persons),
        people=len(sizes),
        repeated=len(several),
        repeated_rows=int(several.sum()),
        nameless=len(persons) - len(ordered),
    )
