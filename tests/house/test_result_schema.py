from __future__ import annotations

import copy
import json
from datetime import date

import jsonschema
import pytest

import auditor
from tests.house.generate import DOCS
from tests.house.pages.schema import schema


@pytest.fixture(scope="module")
def result() -> dict:
    counted = auditor.counts({"M": (400, 240), "F": (400, 160), "X": (3, 0)}, attribute="sex")
    made = auditor.audit(counted, ["us-adverse-impact"], as_of=date(2026, 11, 22))
    return json.loads(made.result.to_json())


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    text = (DOCS / "audit.schema.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    return jsonschema.Draft202012Validator(json.loads(text))


def test_a_result_is_valid(result, validator):
    assert [error.message for error in validator.iter_errors(result)] == []


def test_the_result_that_is_checked_holds_something(result):
    assert result["measurements"]
    assert result["comparisons"]
    assert result["findings"]


def test_further_fields_are_valid(result, validator):
    longer = copy.deepcopy(result)
    longer["verdict"]["signed_by"] = "nobody"

    assert validator.is_valid(longer)


def broken(result: dict, what: str) -> dict:
    changed = copy.deepcopy(result)
    match what:
        case "a verdict nobody knows":
            changed["findings"][0]["verdict"] = "ok"
        case "a text for a count":
            changed["row_account"]["read"] = "803"
        case "a missing field":
            del changed["comparisons"][0]["p_value"]
        case "another format":
            changed["format"] = "auditor-result/2"
        case "a fraction for a count":
            changed["measurements"][0]["n"] = 400.5
        case "nothing for a sentence":
            changed["verdict"]["says"] = None
    return changed


@pytest.mark.parametrize(
    "what",
    [
        "a verdict nobody knows",
        "a text for a count",
        "a missing field",
        "another format",
        "a fraction for a count",
        "nothing for a sentence",
    ],
)
def test_a_broken_result_is_not_valid(result, validator, what):
    assert not validator.is_valid(broken(result, what))


def test_every_reference_of_the_schema_leads_somewhere():
    made = schema()
    named = {part for part in json.dumps(made).split('"') if part.startswith("#/$defs/")}

    assert {f"#/$defs/{name}" for name in made["$defs"]} == named


def test_a_kind_without_a_schema_is_refused():
    from tests.house.pages.schema import _of

    with pytest.raises(TypeError, match="no JSON Schema is known"):
        _of(set[int], {})
