from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.rules.base import Evidence

if TYPE_CHECKING:
    from auditor.cube import GroupTable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """What a group rule judges at a time: the table of one rate by one attribute."""

    metric: str
    table: GroupTable
    evidence: Evidence

    @property
    def attribute(self) -> str:
        """The attribute or intersection."""
        return self.table.attribute

    @property
    def by_score(self) -> bool:
        """Whether the rate counts people with a score, not those who were selected or rejected."""
        return self.metric != "selection-rate" or self.evidence.decisions.export.outcome_derived
