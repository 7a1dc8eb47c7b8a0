"""Fields of a pydantic model as rows of a table, in the words of the files that people write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

Json: TypeAlias = Mapping[str, Any]

_LIMITS = {
    "gt": "more than", "exclusiveMinimum": "more than", "ge": "at least", "minimum": "at least",
    "lt": "less than", "exclusiveMaximum": "less than", "le": "at most", "maximum": "at most",
}  # fmt: skip
_WORDS = {
    "integer": "whole number", "number": "number", "string": "text", "boolean": "true or false",
    "null": "`null`",
}  # fmt: skip
_COUNTED = {"value", "text", "number", "whole number"}


class _AnyValue(GenerateJsonSchema):
    """A field that only a validator knows may hold any single value."""

    def handle_invalid_for_json_schema(self, *_: Any) -> dict[str, Any]:
        return {}


def schema_of(model: type[BaseModel]) -> Json:
    """JSON Schema of a model."""
    return model.model_json_schema(schema_generator=_AnyValue)


def table(owner: Json, whole: Json, *, first: str = "option") -> str:
    """Markdown table of the fields of an object: name, default, what each may be."""
    rows = [f"| {first} | default | may be |", "| --- | --- | --- |"]
    required = owner.get("required", [])
    for name, field in owner.get("properties", {}).items():
        default = "required" if name in required else _default(field.get("default"))
        rows.append(f"| `{name}` | {default} | {allowed(field, whole)} |")
    return "\n".join(rows)


def allowed(field: Json, whole: Json) -> str:
    """Say what one field may be: its kinds, its words, its limits."""
    words = list(dict.fromkeys(_kinds(field, whole)))
    limits = list(dict.fromkeys(_limits(field, whole)))
    nothing = ["or `null`"] if "`null`" in words else []
    named = " or ".join(word for word in words if word != "`null`")
    return ", ".join([named, *limits, *nothing])


def parts(owner: Json, whole: Json) -> Iterator[tuple[str, Json]]:
    """Objects that stand inside an object: the key that leads there, and their schema."""
    for name, field in owner.get("properties", {}).items():
        yield from ((name + tail, inner) for tail, inner in _objects(field, whole))


def _objects(field: Json, whole: Json) -> Iterator[tuple[str, Json]]:
    field = _resolved(field, whole)
    for branch in _branches(field):
        yield from _objects(branch, whole)
    if "properties" in field:
        yield "", field
    elif isinstance(field.get("additionalProperties"), Mapping):
        for tail, inner in _objects(field["additionalProperties"], whole):
            yield f".<name>{tail}", inner
    elif field.get("type") == "array":
        for tail, inner in _objects(field["items"], whole):
            yield f"[]{tail}", inner


def _branches(field: Json) -> list[Json]:
    return [*field.get("anyOf", []), *field.get("oneOf", [])]


def _kinds(field: Json, whole: Json) -> Iterator[str]:
    field = _resolved(field, whole)
    if field.get("format") == "condition":
        yield "condition, see above"
    elif _branches(field):
        for branch in _branches(field):
            yield from _kinds(branch, whole)
    elif "const" in field or "enum" in field:
        yield from (f"`{word}`" for word in field.get("enum", [field.get("const")]))
    elif field.get("format") == "fraction":
        yield "number"
    elif field.get("type") == "array":
        yield f"list of {_several(field.get('items', {}), whole)}"
    elif "properties" in field:
        yield "keys, see below"
    elif field.get("type") == "object":
        yield f"names, each with {_several(field['additionalProperties'], whole, plural='')}"
    else:
        yield _WORDS[field["type"]] if "type" in field else "value"


def _several(field: Json, whole: Json, plural: str = "s") -> str:
    """Kinds of what a list or a mapping holds."""
    kinds = dict.fromkeys(_kinds(field, whole))
    return " or ".join(kind + plural if kind in _COUNTED else kind for kind in kinds)


def _limits(field: Json, whole: Json) -> Iterator[str]:
    field = _resolved(field, whole)
    for branch in _branches(field):
        yield from _limits(branch, whole)
    yield from (f"{words} {field[key]}" for key, words in _LIMITS.items() if key in field)
    if field.get("minItems"):
        yield "not empty"


def _resolved(field: Json, whole: Json) -> Json:
    if "$ref" not in field:
        return field
    found: Json = whole["$defs"][field["$ref"].rpartition("/")[2]]
    return found


def given(default: object) -> bool:
    """Whether a default says anything: nothing, and keys that all hold nothing, do not."""
    if isinstance(default, Mapping):
        return any(given(value) for value in default.values())
    return default is not None and default != []


def _default(value: object) -> str:
    if not given(value):
        return "not given"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
