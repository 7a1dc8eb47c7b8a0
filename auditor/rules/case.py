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
