"""Stored results that rules compare this audit with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import PathError
from auditor.result.directory import AUDIT_FILE
from auditor.rules.baseline import Baseline
from auditor.run.holding import load

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy


def read_baselines(bound: Iterable[BoundPolicy]) -> dict[str, Baseline]:
    """Read every result that a rule names; one that is not there is left out, and the rule says so.

    Raises
    ------
    IntegrityError
        When one is no result, or was changed since it was made, as `auditor gate` refuses it.
    """
    needed = {p for policy in bound for rule in policy.rules for p in rule.needs().baselines}
    found = {}
    for path in sorted(needed):
        try:
            found[path] = _read(Path(path))
        except PathError:
            continue
    return found


def _read(path: Path) -> Baseline:
    document = load(path).result.document
    counts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for row in document["measurements"]:
        if row["stratum"] is None:
            groups = counts.setdefault((row["metric"], row["attribute"]), {})
            groups[row["group"]] = (row["favorable"], row["n"])
    content = (path / AUDIT_FILE if path.is_dir() else path).read_bytes()
    return Baseline(
        sha256=hashlib.sha256(content).hexdigest(),
        as_of=document["as_of"],
        counts=counts,
        inputs=frozenset(item["sha256"] for item in document["inputs"]),
    )
