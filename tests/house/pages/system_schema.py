"""JSON Schema of a system record, for editors."""

from __future__ import annotations

import json
from typing import Any

from auditor.system import FORMAT, SystemFile
from tests.house.options import given, schema_of
from tests.house.pages.policy_schema import as_written


def page() -> str:
    """Text of ``policies/system.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Schema of a whole record."""
    whole = _without_empty(as_written(schema_of(SystemFile)))
    definitions = whole.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": FORMAT,
        "$defs": dict(sorted(definitions.items())),
    }


def _without_empty(node: Any) -> Any:
    """Leave out defaults that say nothing."""
    if isinstance(node, list):
        return [_without_empty(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_empty(value)
        for key, value in node.items()
        if key != "default" or isinstance(value, bool) or given(value)
    }
