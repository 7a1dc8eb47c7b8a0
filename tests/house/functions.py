"""Functions of a set of modules: which one a name means, who calls it, what stands inside it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

Placed = tuple[Path, ast.FunctionDef]


class Functions:
    """Index of functions and calls by name."""

    def __init__(self, trees: Mapping[Path, ast.Module]) -> None:
        self.around: dict[ast.AST, ast.FunctionDef] = {}
        self._functions: dict[str, list[Placed]] = defaultdict(list)
        self._calls: dict[str, list[tuple[Path, ast.Call]]] = defaultdict(list)
        for path, tree in trees.items():
            for node, function in _with_functions(tree):
                if function is not None:
                    self.around[node] = function
                if isinstance(node, ast.FunctionDef):
                    self._functions[node.name].append((path, node))
                elif isinstance(node, ast.Call):
                    self._calls[called(node)].append((path, node))

    def named(self, name: str, path: Path) -> Placed | None:
        """Function that a name means in a module: its own, else the only one of that name."""
        found = self._functions.get(name, [])
        own = [placed for placed in found if placed[0] == path]
        chosen = own or found
        return chosen[0] if len(chosen) == 1 else None

    def callers(self, function: ast.FunctionDef) -> Iterator[tuple[Path, ast.Call]]:
        """Calls that mean a function, in its own module or in others."""
        for path, call in self._calls.get(function.name, []):
            found = self.named(function.name, path)
            if found is not None and found[1] is function:
                yield path, call


def arguments(function: ast.FunctionDef) -> list[str]:
    """Names of the parameters of a function, without ``self``."""
    declared = function.args
    names = [arg.arg for arg in (*declared.posonlyargs, *declared.args, *declared.kwonlyargs)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def bound(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr]:
    """Expressions that a call gives to the parameters of a function, defaults included."""
    declared = function.args
    positional = [arg.arg for arg in (*declared.posonlyargs, *declared.args)]
    defaults = declared.defaults
    given: dict[str, ast.expr] = dict(
        zip(positional[len(positional) - len(defaults) :], defaults, strict=True)
    )
    for arg, default in zip(declared.kwonlyargs, declared.kw_defaults, strict=True):
        if default is not None:
            given[arg.arg] = default
    given.update(zip(arguments(function), call.args, strict=False))
    given.update({k.arg: k.value for k in call.keywords if k.arg})
    return given


def called(call: ast.Call) -> str:
    """Last name of what is called: ``of`` in ``PolicyError.of(...)``."""
    return last_name(call.func)


def last_name(node: ast.expr) -> str:
    """Last part of a dotted name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _with_functions(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.FunctionDef | None]]:
    todo: list[tuple[ast.AST, ast.FunctionDef | None]] = [(tree, None)]
    while todo:
        node, function = todo.pop()
        yield node, function
        inside = node if isinstance(node, ast.FunctionDef) else function
        todo += [(child, inside) for child in reversed(list(ast.iter_child_nodes(node)))]
