"""JSON Schema of ``audit.json`` from the typed dictionaries of `auditor.result.document`."""

from __future__ import annotations

import inspect
import json
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from auditor.result import FORMAT, AuditDocument

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def page() -> str:
    """Text of ``docs/audit.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Schema of a whole result. Further fields are allowed: a version may add some."""
    definitions: dict[str, Any] = {}
    reference = _of(AuditDocument, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "description": "Numbers are unrounded, counts are integers, an undefined number is null.",
        **reference,
        "$defs": dict(sorted(definitions.items())),
    }


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _typed_dict(kind, definitions)
    if kind is Any:
        return {}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _of(args[0], definitions)}
    if origin is dict and args[0] is str:
        return {"type": "object", "additionalProperties": _of(args[1], definitions)}
    if origin in (Union, UnionType):
        return _union([_of(arg, definitions) for arg in args])
    raise TypeError(f"no JSON Schema is known for {kind}")


def _union(branches: list[dict[str, Any]]) -> dict[str, Any]:
    if all(set(branch) == {"type"} for branch in branches):
        return {"type": [branch["type"] for branch in branches]}
    return {"anyOf": branches}


def _typed_dict(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # a placeholder while its own fields are read
        hints = get_type_hints(kind)
        entry: dict[str, Any] = {"type": "object"}
        if kind.__doc__:
            entry["description"] = inspect.cleandoc(kind.__doc__)
        entry["properties"] = {key: _of(hint, definitions) for key, hint in hints.items()}
        entry["required"] = [key for key in hints if key in kind.__required_keys__]
        definitions[name] = entry
    return {"$ref": f"#/$defs/{name}"}
