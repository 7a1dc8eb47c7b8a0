"""Every refusal of the package, read from its source: slug, kind, message and hint.

A slug has to be a literal where it is given, so that this reading is complete; a place whose slug
cannot be read is noted as ``unread`` and fails a house test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeGuard

from auditor import errors
from tests.house import source
from tests.house.functions import arguments, bound, called, last_name
from tests.house.kinds import FILE_KINDS, Carriers
from tests.house.templates import Scope, Texts

KINDS: Mapping[str, type[errors.AuditorError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.AuditorError)
}
_VALIDATOR = "PydanticCustomError"
_PASSED_ON = ("self.kind", "slug")
"""Ends of expressions that hand on a slug, which is read where it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One place of the package that refuses something."""

    slug: str
    kinds: tuple[str, ...]
    messages: tuple[str, ...]
    hints: tuple[str, ...]
    place: str


@dataclass(slots=True)
class Reading:
    """All refusals found, and the places whose slug could not be read."""

    refusals: list[Refusal] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@cache
def read_package() -> Reading:
    """Refusals of the whole package, in the order of the files."""
    return read({path: source.tree(path) for path in source.modules() if path.name != "errors.py"})


def read(trees: Mapping[Path, ast.Module]) -> Reading:
    """Refusals of some modules."""
    reader = _Reader(trees)
    for path, tree in trees.items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            reader.look_at(call, path)
    return reader.reading


class _Reader:
    def __init__(self, trees: Mapping[Path, ast.Module]) -> None:
        self.texts = Texts(trees)
        self.functions = self.texts.functions
        self.carriers = Carriers(trees)
        self.reading = Reading()

    def look_at(self, call: ast.Call, path: Path) -> None:
        """Note what a call refuses, if it refuses anything."""
        scope = Scope(path, self.functions.around.get(call))
        if called(call) == _VALIDATOR:
            self._validator(call, scope)
            return
        slug = _keyword(call, "slug")
        if slug is not None and not self._is_helper(call, path):
            self._refusal(call, slug, scope)

    def _refusal(self, call: ast.Call, slug: ast.expr, scope: Scope) -> None:
        message = _keyword(call, "message") or (call.args[0] if call.args else None)
        found = list(self._calls(call, slug, scope))
        for n, (text, inner) in enumerate(found):
            if text is None:
                self.reading.unread.append(_place(scope.path, call))
                continue
            messages = self.texts.of(message, inner)
            hints = self._hints(_keyword(call, "hint"), inner)
            if isinstance(slug, ast.Name) and len(found) == len(messages) == len(hints):
                messages, hints = (messages[n],), (hints[n],)  # the rows of one loop
            self.reading.refusals.append(
                Refusal(
                    slug=text,
                    kinds=self._kinds(call, inner),
                    messages=messages,
                    hints=hints,
                    place=_place(scope.path, call),
                )
            )

    def _validator(self, call: ast.Call, scope: Scope) -> None:
        slug, message, *context = call.args
        if not isinstance(slug, ast.Constant) or "-" not in str(slug.value):
            self.reading.unread.append(_place(scope.path, call))
            return
        entries = context[0] if context and isinstance(context[0], ast.Dict) else ast.Dict([], [])
        hint = next(
            (v for k, v in zip(entries.keys, entries.values, strict=True) if _is_text(k, "hint")),
            None,
        )
        kinds = [kind for kind in self.carriers.of(scope.path) if kind in FILE_KINDS]
        self.reading.refusals.append(
            Refusal(
                slug=str(slug.value),
                kinds=tuple(kinds) or FILE_KINDS,
                messages=tuple(f"{{name}} {text}" for text in self.texts.of(message, scope)),
                hints=self._hints(hint, scope),
                place=_place(scope.path, call),
            )
        )

    def _hints(self, hint: ast.expr | None, scope: Scope) -> tuple[str, ...]:
        """Hints that can be read; one that is all placeholder says nothing on a page."""
        return tuple(t for t in self.texts.of(hint, scope) if not re.fullmatch(r"\{\w+\}", t))

    def _calls(
        self, call: ast.Call, slug: ast.expr, scope: Scope
    ) -> Iterator[tuple[str | None, Scope]]:
        """Slugs of a call; where a helper only makes the error, one for each call of the helper."""
        found = list(self._literals(slug, scope))
        if not isinstance(slug, ast.Constant) or not _is_made_by(scope.function, call):
            yield from found
            return
        for path, caller in self.functions.callers(scope.function):
            outer = Scope(path, self.functions.around.get(caller))
            given = bound(scope.function, caller)
            yield from ((text, replace(scope, given=given, outer=outer)) for text, _ in found)

    def _literals(self, node: ast.expr | None, scope: Scope) -> Iterator[tuple[str | None, Scope]]:
        """Slugs that an expression can be, with the scope that a call gives; None if unreadable."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, scope
        elif isinstance(node, ast.IfExp):
            for branch in (node.body, node.orelse):
                yield from self._literals(branch, scope)
        elif isinstance(node, ast.Name) and node.id in scope.given and scope.outer:
            for text, outer in self._literals(scope.given[node.id], scope.outer):
                yield text, replace(scope, outer=outer)
        elif isinstance(node, ast.Name) and scope.function and scope.has_parameter(node.id):
            for path, caller in self.functions.callers(scope.function):
                outer = Scope(path, self.functions.around.get(caller))
                inner = replace(scope, given=bound(scope.function, caller), outer=outer)
                yield from self._literals(node if node.id in inner.given else None, inner)
        elif isinstance(node, ast.Name) and (given := list(self.texts.assigned(scope, node.id))):
            for value in given:
                yield from self._literals(value, scope)
        elif not (isinstance(node, ast.Attribute) and ast.unparse(node).endswith(_PASSED_ON)):
            yield None, scope

    def _is_helper(self, call: ast.Call, path: Path) -> bool:
        """Whether a call hands a slug to a function that refuses with it; read there."""
        found = self.functions.named(called(call), path)
        return found is not None and Scope(*found).has_parameter("slug")

    def _kinds(self, call: ast.Call, scope: Scope) -> tuple[str, ...]:
        name = called(call)
        while name not in KINDS and name in scope.given and scope.outer:
            name, scope = last_name(scope.given[name]), scope.outer
        if name in KINDS:
            return (name,)
        return FILE_KINDS if name == "error" else self.carriers.of(scope.path)


def _is_made_by(function: ast.FunctionDef | None, call: ast.Call) -> TypeGuard[ast.FunctionDef]:
    """Whether a private function returns what this call makes, from what it is given."""
    if function is None or not function.name.startswith("_") or not arguments(function):
        return False
    return any(isinstance(n, ast.Return) and n.value is call for n in ast.walk(function))


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _place(path: Path, node: ast.expr) -> str:
    shown = source.relative(path) if path.is_relative_to(source.ROOT) else path.name
    return f"{shown}:{node.lineno}"
