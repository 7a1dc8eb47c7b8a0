"""JSON Schema of a policy file, for editors: the grammar, and the options of every rule kind."""

from __future__ import annotations

import json
from typing import Any

from auditor.policy import EVERY_ATTRIBUTE
from auditor.policy.schema import PolicyFile
from auditor.rules.base import Rule
from auditor.rules.kinds import KINDS
from tests.house.options import schema_of

NUMBER = {
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+|[0-9]+/[0-9]+)$"},
    ]
}
"""A threshold as it is written: editors read 0.8 as a number and 4/5 as a text."""

_KEYS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "oneOf": "anyOf",  # which of them is meant is told by a key; two may fit
}
_ENTRIES = {"gates": "GateEntry", "reviews": "ReviewEntry"}


def page() -> str:
    """Text of ``policies/policy.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Schema of a whole policy file."""
    whole = as_written(schema_of(PolicyFile))
    definitions = whole.pop("$defs")
    definitions["GateEntry"]["properties"]["for_each"]["default"] = EVERY_ATTRIBUTE
    for section, name in _ENTRIES.items():
        kinds = [kind for kind in KINDS if kind.section == section]
        entry = definitions[name]
        entry["properties"]["kind"] = {"enum": [kind.kind for kind in kinds]}
        entry["properties"]["options"] = {"type": "object"}
        entry["allOf"] = [_by_kind(kind, definitions) for kind in kinds]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": "policy/1",
        "$defs": dict(sorted(definitions.items())),
    }


def _by_kind(kind: type[Rule], definitions: dict[str, Any]) -> dict[str, Any]:
    """Bind the options of an entry to its kind; a kind that needs some asks for them."""
    options = as_written(schema_of(kind.Options))
    definitions.update(options.pop("$defs", {}))
    definitions[kind.Options.__name__] = options
    then: dict[str, Any] = {"properties": {"options": {"$ref": f"#/$defs/{kind.Options.__name__}"}}}
    if options.get("required"):
        then["required"] = ["options"]
    return {
        "if": {"properties": {"kind": {"const": kind.kind}}, "required": ["kind"]},
        "then": then,
    }


def as_written(node: Any) -> Any:
    """Turn what pydantic says of exact numbers into what an editor checks."""
    if isinstance(node, list):
        return [as_written(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {_KEYS.get(key, key): as_written(value) for key, value in node.items()}
    branches = made.get("anyOf", [])
    if {"type": "string", "format": "fraction"} in branches:
        others = [
            b for b in branches if b not in ({"type": "string", "format": "fraction"}, NUMBER)
        ]
        made["anyOf"] = [*NUMBER["anyOf"], *(b for b in others if b != {"type": "number"})]
    return made
