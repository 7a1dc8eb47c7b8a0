"""A stored result that a later audit is compared with, as rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Counts of a stored result: per metric and attribute, favorable and people by group.

    ``sha256`` is of its ``audit.json``, ``as_of`` the day that it was audited for; ``inputs`` are
    the sha256 of the files that it read.
    """

    sha256: str
    as_of: str
    counts: Mapping[tuple[str, str], Mapping[str, tuple[int, int]]]
    inputs: frozenset[str] = frozenset()
