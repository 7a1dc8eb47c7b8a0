"""Drafts that a worksheet comes to, with the cells that they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.errors import Problem, Where
    from auditor.review.recording import Checked


@dataclass(slots=True, kw_only=True)
class Drafts:
    """What is new, how many entries are on record already, and what is wrong."""

    new: list[tuple[Where, Checked]] = field(default_factory=list)
    already: int = 0
    problems: list[Problem] = field(default_factory=list)
