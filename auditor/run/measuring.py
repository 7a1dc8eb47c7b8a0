from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.cube import build_cube, build_profiles
from auditor.metrics import Counts
from auditor.metrics.measure import measure, tables

if TYPE_CHECKING:
    from auditor.cube import GroupTable
    from auditor.decisions import Decisions
    from auditor.metrics import Measures
    from auditor.run.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """The decisions of one run and everything counted on them."""

    decisions: Decisions
    attributes: tuple[str, ...]
    intersections: tuple[str, ...]
    tables: Mapping[tuple[str, str], GroupTable]
    measures: Measures
    people: int


def measured(decisions: Decisions, plan: Plan) -> Measured:
    """Count once, then measure every attribute and every intersection whose parts exist."""
    attributes = tuple(decisions.groups)
    intersections = plan.present(attributes)
    every = (*attributes, *intersections)
    cube = None if decisions.outcome is None else build_cube(decisions)
    counts = Counts(cube=cube, profiles=build_profiles(decisions, every))
    found = tables(counts, every, plan.metrics)
    return Measured(
        decisions=decisions,
        attributes=attributes,
        intersections=intersections,
        tables=found,
        measures=measure(found, counts),
        people=_people(found, decisions, attributes),
    )


def _people(
    found: Mapping[tuple[str, str], GroupTable],
    decisions: Decisions,
    attributes: tuple[str, ...],
) -> int:
    """People whom the rates count, known or not; every attribute holds the same people."""
    table = found.get(("selection-rate", attributes[0]))
    if table is None:
        return int(decisions.people.sum())
    return int(table.considered.sum()) + table.unknown_considered
