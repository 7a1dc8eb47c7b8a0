from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.cube import build_cube, build_profiles
from auditor.decisions import repeats
from auditor.errors import DecisionError, Problem
from auditor.metrics import Counts
from auditor.metrics.measure import measure, tables

if TYPE_CHECKING:
    from auditor.cube import GroupTable
    from auditor.decisions import Counted, Decisions, Repeats
    from auditor.metrics import Measures
    from auditor.run.plan import Plan

MOST_GROUPS, FEW_GROUPS = 200, 10
"""No attribute has more groups than the first; above the second, each needs two people or more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """The decisions of one run and everything counted on them."""

    decisions: Decisions
    attributes: tuple[str, ...]
    intersections: tuple[str, ...]
    tables: Mapping[tuple[str, str], GroupTable]
    measures: Measures
    people: int
    repeats: Mapping[Counted, Repeats]


def measured(decisions: Decisions, plan: Plan) -> Measured:
    """Count once, then measure every attribute and every intersection whose parts exist.

    Raises
    ------
    DecisionError
        When a column of groups names people rather than groups.
    """
    _refuse_names(decisions)
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
        repeats=repeats(decisions),
    )


def _refuse_names(decisions: Decisions) -> None:
    """Refuse an attribute with a group for nearly every person: a result would list the people."""
    problems = []
    for name, coded in decisions.groups.items():
        groups, people = len(coded.levels), int(decisions.people.sum(where=coded.codes >= 0))
        if groups > MOST_GROUPS or (groups > FEW_GROUPS and 2 * groups > people):
            problems.append(
                Problem(
                    message=f"the attribute {name!r} has {groups:,} groups for {people:,} people",
                    slug="too-many-groups",
                    hint="is it the right column? map its values to fewer groups in the profile",
                )
            )
    if problems:
        raise DecisionError.of(problems)


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
