from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from auditor.documents import read_document
from auditor.errors import SystemRecordError
from tests.house import source

SCHEMA = source.ROOT / "policies" / "system.schema.json"
DEMO = source.PACKAGE / "demo" / "system.yaml"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    made = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def demo() -> dict[str, Any]:
    return copy.deepcopy(read_document(DEMO, error=SystemRecordError).data)


def test_the_record_of_the_demo_is_valid_for_editors(validator):
    assert [error.message for error in validator.iter_errors(demo())] == []


def test_every_reference_of_the_schema_leads_somewhere():
    made = json.loads(SCHEMA.read_text(encoding="utf-8"))
    named = {part for part in json.dumps(made).split('"') if part.startswith("#/$defs/")}

    assert named == {f"#/$defs/{name}" for name in made["$defs"]}


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("dipa", {}),
        ("retention", {"months": -1}),
        ("retention", {"months": "48"}),
        ("notices", [{"to": "applicants"}]),
        ("notices", [{"reference": "N"}]),
        ("health_data", {"used": True}),
        ("system", {"id": "a"}),
        ("auditor", "system/2"),
        ("questions", {"explanation": {"steps_to_person": 1.5}}),
    ],
    ids=str,
)
def test_an_editor_sees_what_is_wrong(validator, entry, value):
    assert not validator.is_valid({**demo(), entry: value})
