from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.cube import Cube, GroupTable, ScoreProfile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """All that a metric may read: the cube (None without outcomes) and score profiles."""

    cube: Cube | None
    profiles: Mapping[str, ScoreProfile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One entry of the catalogue: how many of each group count, out of how many.

    ``table`` returns None when the export does not carry what the metric needs. ``among_all`` says
    that the metric's own definition compares with the highest rate of all groups, small ones too.
    """

    id: str
    title: str
    favorable: str
    among_all: bool
    table: Callable[[Counts, str], GroupTable | None]
    doc: str


def metric(
    *, title: str, favorable: str, among_all: bool = False
) -> Callable[[Callable[[Counts, str], GroupTable | None]], Metric]:
    """Make a catalogue entry of a function; its id is the function's name in kebab-case."""

    def wrap(table: Callable[[Counts, str], GroupTable | None]) -> Metric:
        return Metric(
            id=table.__name__.replace("_", "-"),
            title=title,
            favorable=favorable,
            among_all=among_all,
            table=table,
            doc=table.__doc__ or "",
        )

    return wrap
