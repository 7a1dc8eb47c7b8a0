from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from auditor.documents.document import NumberText, PathKey, shown
from auditor.documents.guards import place
from auditor.errors import Problem, Where

if TYPE_CHECKING:
    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.nodes import Node

_WHOLE, _REST = re.compile(r"[+-]?[0-9]+"), re.compile(r"[0-9]+ ?%?")
# 18 digits fit 64 bits; longer ones stay text and no field for whole numbers takes them.
_PLAIN_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")


class Walk:
    """From composed YAML nodes to plain data, noting the place of everything on the way."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.texts: dict[PathKey, str] = {}
        self.places: dict[PathKey, Where] = {}
        self.keys: dict[PathKey, Where] = {}
        self.problems: list[Problem] = []

    def value(self, node: Node, at: PathKey) -> Any:
        """Plain data of a node that stands at a path."""
        from ruamel.yaml.nodes import MappingNode, SequenceNode

        self.places[at] = place(node.start_mark, self.path)
        if isinstance(node, MappingNode):
            return self.mapping(node, at)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*at, i)) for i, item in enumerate(node.value)]
        self.texts[at] = node.value
        return scalar(node)

    def mapping(self, node: Node, at: PathKey) -> dict[str, Any]:
        """Plain dict of a mapping; refused keys are noted and left out."""
        from ruamel.yaml.nodes import ScalarNode

        data: dict[str, Any] = {}
        before = None
        for key, item in node.value:
            where = place(key.start_mark, self.path)
            number = decimal_comma(before, key, item)
            before = item
            if number:
                self.refuse(
                    f"the number {number[0]} is written with a comma, which separates values",
                    "decimal-comma",
                    place(number[1], self.path),
                    f"write {number[0].replace(',', '.')}",
                )
            elif isinstance(key, ScalarNode) and key.value == "<<" and not key.style:
                self.refuse(
                    "the merge key '<<' is not allowed",
                    "yaml-alias",
                    where,
                    "write the keys out where they are used",
                )
            elif not isinstance(key, ScalarNode) or not key.value:
                what = "a key is empty" if isinstance(key, ScalarNode) else "a key is a list or map"
                self.refuse(what, "yaml-key", where, "write a word before the ':'")
            elif key.value in data:
                first = self.keys[(*at, key.value)]
                self.refuse(
                    f"the key {shown(key.value)} stands here a second time",
                    "duplicate-key",
                    where,
                    f"the first is in line {first.line}; keep one of them",
                )
            else:
                self.keys[(*at, key.value)] = where
                data[key.value] = self.value(item, (*at, key.value))
                if data[key.value] is None and not self.texts[(*at, key.value)]:
                    # The mark of an absent value stands wherever the next line begins.
                    self.places[(*at, key.value)] = where
        return data

    def refuse(self, message: str, slug: str, where: Where, hint: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(message=message, slug=slug, where=where, hint=hint))


def decimal_comma(before: Node | None, key: Node, item: Node) -> tuple[str, StreamMark] | None:
    """``0,8`` inside braces, which YAML takes for a 0 and a key 8; None when it is something else.

    Half of the number alone would make a wrong sentence about a value that nobody wrote.
    """
    if before is None or item.value or not isinstance(before.value, str):
        return None
    whole, rest = before.value, str(key.value)
    touching = before.end_mark.index + 1 == key.start_mark.index
    if touching and _WHOLE.fullmatch(whole) and _REST.fullmatch(rest):
        return f"{whole},{rest}", before.start_mark
    return None


def scalar(node: Node) -> str | int | bool | None:
    """Value of a scalar under YAML 1.2: ``no`` is text, ``0.80`` keeps its source text."""
    text: str = node.value
    match str(node.tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" if _PLAIN_INTEGER.fullmatch(text):
            return int(text)
        case "int" | "float":
            return NumberText(text)
    return text
