"""The package as text: what the house tests read without importing it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "auditor"

_MADE = {
    ".git",
    ".venv",
    "build",
    "dist",
    "__pycache__",
    "audit-result",
    "auditor-demo",
    "actual",
    "mutants",
}


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the package, sorted."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def relative(path: Path) -> str:
    """Path below the root of the house, with slashes."""
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    """Top-level module that a file of the package belongs to: ``rules``, ``errors``, ..."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(node: ast.Module) -> Iterator[str]:
    """Absolute names of everything that a module imports, at any depth of its code."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from (alias.name for alias in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module and not found.level:
            yield found.module


def third_party(node: ast.Module) -> set[str]:
    """Top-level names of what a module imports beside the standard library and this package."""
    tops = {name.partition(".")[0] for name in imported(node)}
    return tops - sys.stdlib_module_names - {"auditor"}


def written_files() -> Iterator[Path]:
    """Every file that people wrote: no environment, no cache, nothing that a target makes."""
    todo = [ROOT]
    while todo:
        for path in sorted(todo.pop().iterdir()):
            made = path.name in _MADE or (path.is_dir() and path.name.endswith("_cache"))
            if made or path.name == ".hypothesis" or path.is_symlink():
                continue
            if path.is_dir():
                todo.append(path)
            else:
                yield path
