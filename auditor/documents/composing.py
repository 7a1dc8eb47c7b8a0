from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from auditor.documents.document import NumberText, PathKey, shown
from auditor.documents.guards import place
from auditor.errors import Problem, Where

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

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
        for key, item in node.value:
            where = place(key.start_mark, self.path)
            if not isinstance(key, ScalarNode) or not key.value:
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
