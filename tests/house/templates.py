"""Texts that a piece of source can produce, with ``{placeholders}`` for what is only known later.

>>> tree = ast.parse("def f(n):\\n    what = 'row' if n else 'rows'\\n    return f'{n} {what}'")
>>> made_up = Path("made_up.py")
>>> Texts({made_up: tree}).of(tree.body[0].body[1].value, Scope(made_up, tree.body[0]))
('{n} row', '{n} rows')
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.functions import Functions, arguments, bound

_MOST = 6
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module and function, and what one call of that gives it.

    ``given`` holds the arguments of the call, to be read in the scope ``outer``.
    """

    path: Path
    function: ast.FunctionDef | None = None
    given: Mapping[str, ast.expr] = field(default_factory=dict)
    outer: Scope | None = None

    def has_parameter(self, name: str) -> bool:
        """Whether a name is a parameter of the function."""
        return self.function is not None and name in arguments(self.function)


class Texts:
    """Evaluates text expressions over a set of modules."""

    def __init__(self, trees: Mapping[Path, ast.Module]) -> None:
        self.functions = Functions(trees)
        self.busy: set[str] = set()
        self.constants: dict[tuple[Path, str], ast.expr] = {}
        for path, tree in trees.items():
            for node in tree.body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    self.constants[path, node.targets[0].id] = node.value

    def of(self, node: ast.expr | None, scope: Scope) -> tuple[str, ...]:
        """Every text that an expression can be, a few at most; none for None."""
        return tuple(dict.fromkeys(self._of(node, scope, 0)))[:_MOST]

    def _of(self, node: ast.expr | None, scope: Scope, depth: int) -> list[str]:
        if node is None or depth > _DEEPEST:
            return []
        deeper = depth + 1
        match node:
            case ast.Constant(value=value):
                return [value] if isinstance(value, str) else []
            case ast.Call(func=ast.Attribute(value=ast.JoinedStr() as text)):
                return self._joined(text, scope, deeper)
            case ast.Call(func=ast.Attribute(value=inner, attr="format"), args=[first, *_]):
                return [t.replace("{}", placeholder(first)) for t in self._of(inner, scope, deeper)]
            case ast.JoinedStr():
                return self._joined(node, scope, deeper)
            case ast.BinOp(op=ast.Add()):
                parts = (self._of(side, scope, deeper) for side in (node.left, node.right))
                return _all(*parts)
            case ast.IfExp():
                return [t for b in (node.body, node.orelse) for t in self._of(b, scope, deeper)]
            case ast.BoolOp():
                return [t for value in node.values for t in self._of(value, scope, deeper)]
            case ast.Name():
                return self._named(node, scope, deeper)
            case ast.Call(func=ast.Name(id=name)):
                return self._returned(name, node, scope, deeper)
        return [placeholder(node)]

    def _joined(self, node: ast.JoinedStr, scope: Scope, depth: int) -> list[str]:
        parts = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._inserted(part, scope, depth))
            else:
                parts.append([str(part.value)])  # type: ignore[attr-defined]
        return _all(*parts)

    def _inserted(self, part: ast.FormattedValue, scope: Scope, depth: int) -> list[str]:
        value = part.value
        readable = isinstance(value, ast.Name | ast.IfExp | ast.BoolOp | ast.Call)
        texts = (self._of(value, scope, depth) if readable else []) or [placeholder(value)]
        return [f"'{text}'" for text in texts] if part.conversion == ord("r") else texts

    def _named(self, node: ast.Name, scope: Scope, depth: int) -> list[str]:
        if node.id in scope.given and scope.outer is not None:
            return self._of(scope.given[node.id], scope.outer, depth) or []
        assigned = list(self.assigned(scope, node.id))
        if assigned:
            return self._once(node.id, assigned, scope, depth) or [placeholder(node)]
        return self._constant(node, scope, depth) or [placeholder(node)]

    def assigned(self, scope: Scope, name: str) -> Iterator[ast.expr]:
        """Values that a local name is given in a function, by assignment or by a loop over rows."""
        for node in ast.walk(scope.function) if scope.function else ():
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    yield from _unpacked(target, node.value, name)
            elif isinstance(node, ast.For):
                rows: ast.AST | None = node.iter
                if isinstance(rows, ast.Name):
                    rows = self.constants.get((scope.path, rows.id))
                for row in rows.elts if isinstance(rows, ast.Tuple | ast.List) else ():
                    yield from _unpacked(node.target, row, name)

    def _constant(self, node: ast.Name, scope: Scope, depth: int) -> list[str]:
        found = self.constants.get((scope.path, node.id))
        if found is None and node.id.isupper():
            same = [value for (_, name), value in self.constants.items() if name == node.id]
            found = same[0] if len(set(map(ast.unparse, same))) == 1 else None
        if isinstance(found, ast.Constant) and isinstance(found.value, int):
            return [f"{found.value:,}"]
        textual = found is not None and _is_textual(found)
        return self._of(found, Scope(scope.path), depth) if textual else []

    def _once(self, name: str, assigned: list[ast.expr], scope: Scope, depth: int) -> list[str]:
        """Texts that a local name is given; a name that is made of itself adds nothing."""
        if name in self.busy:
            return []
        self.busy.add(name)
        texts = [t for v in assigned if _is_textual(v) for t in self._of(v, scope, depth)]
        self.busy.discard(name)
        return texts

    def _returned(self, name: str, call: ast.Call, scope: Scope, depth: int) -> list[str]:
        found = self.functions.named(name, scope.path)
        if found is None:
            return [placeholder(call)]
        path, function = found
        returns = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
        if not all(_is_textual(value) or isinstance(value, ast.Constant) for value in returns):
            return [placeholder(call)]
        inner = Scope(path, function, bound(function, call), scope)
        return [text for value in returns for text in self._of(value, inner, depth)]


def placeholder(node: ast.expr) -> str:
    """Name in braces for a value that is only known when the message is made."""
    return "{" + _word(node) + "}"


def _word(node: ast.AST) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute(attr="__name__"):
            return "type"
        case ast.Attribute():
            return node.attr.lstrip("_")
        case ast.Subscript(slice=ast.Constant(value=str() as key) | ast.Name(id=key)):
            return key
        case ast.Call(func=ast.Name(id="len"), args=[counted]):
            return f"number of {_word(counted)}"
        case ast.Call(func=ast.Name(id="map" | "sorted" | "filter"), args=[*_, last]):
            return _word(last)
        case ast.Call(args=[first, *_]):
            return _word(first)
        case ast.Call(func=ast.Attribute(value=inner) | inner) | ast.Subscript(value=inner):
            return _word(inner)
        case ast.BinOp(left=inner):
            return _word(inner)
        case ast.GeneratorExp() | ast.ListComp():
            return _word(node.generators[0].iter)
    return "value"


def _unpacked(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """What an assignment gives to a name, if it gives it anything."""
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        yield from (v for t, v in pairs if isinstance(t, ast.Name) and t.id == name)


def _is_textual(node: ast.AST | None) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Add()):
            return _is_textual(node.left) or _is_textual(node.right)
        case ast.IfExp():
            return _is_textual(node.body) or _is_textual(node.orelse)
    return False


def _all(*parts: list[str]) -> list[str]:
    """Join parts; where several have alternatives, the first ones belong together, and so on."""
    if not all(parts):
        return []
    longest = max(len(part) for part in parts)
    return ["".join(part[min(n, len(part) - 1)] for part in parts) for n in range(longest)]
