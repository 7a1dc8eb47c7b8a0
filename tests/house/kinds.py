"""Which kinds of error carry the problems that a module collects."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor import errors
from tests.house import source
from tests.house.functions import last_name

FILE_KINDS = ("PolicyError", "ProfileError", "SignatureError", "SystemRecordError")
"""Kinds of the YAML files that people write; `auditor.documents` is told which of them."""


class Carriers:
    """Finds the ``X.of(problems)`` that a collected problem ends in."""

    def __init__(self, trees: Mapping[Path, ast.Module]) -> None:
        self._own = {path: set(_raised(tree)) for path, tree in trees.items()}
        self._importers: dict[Path, set[Path]] = {path: set() for path in trees}
        for path, tree in trees.items():
            for module in set(source.imported(tree)):
                target = source.PACKAGE.parent / Path(*module.split("."))
                for file in (target.with_suffix(".py"), target / "__init__.py"):
                    if file in self._importers and file != path:
                        self._importers[file].add(path)

    def of(self, path: Path) -> tuple[str, ...]:
        """Kinds of the module itself, else of the nearest modules that import it."""
        if path.is_relative_to(source.PACKAGE / "documents"):
            return FILE_KINDS
        seen, level = {path}, {path}
        while level:
            found = {kind for place in level for kind in self._own[place]}
            if found:
                return tuple(sorted(found))
            level = {other for place in level for other in self._importers[place]} - seen
            seen |= level
        return FILE_KINDS


def _raised(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "of":
            kind = getattr(errors, last_name(node.value), None)
            if isinstance(kind, type) and issubclass(kind, errors.AuditorError):
                yield kind.__name__
