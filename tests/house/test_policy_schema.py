from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from auditor.documents import NumberText, read_document
from auditor.errors import PolicyError
from auditor.policy import pack_names, pack_path
from auditor.rules.kinds import KINDS
from tests.house import source
from tests.house.pages.policy_schema import schema

SCHEMA = source.ROOT / "policies" / "policy.schema.json"
FIRST_LINE = "# yaml-language-server: $schema=./policy.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    made = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def as_editors_read(value: Any) -> Any:
    """Plain data of a policy file with decimals as numbers, as an editor's parser has them."""
    if isinstance(value, dict):
        return {key: as_editors_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_editors_read(inner) for inner in value]
    return float(Fraction(value)) if isinstance(value, NumberText) else value


def pack(name: str) -> dict[str, Any]:
    return as_editors_read(read_document(pack_path(name), error=PolicyError).data)


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_valid_for_editors(name, validator):
    assert [error.message for error in validator.iter_errors(pack(name))] == []


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_names_the_schema_in_its_first_line(name):
    first, *_ = pack_path(name).read_text(encoding="utf-8").splitlines()

    assert first == FIRST_LINE
    assert (Path(pack_path(name)).parent / first.rpartition("=")[2]).is_file()


def test_every_kind_has_its_options_in_the_schema():
    made = schema()["$defs"]
    bound = [
        branch["if"]["properties"]["kind"]["const"]
        for entry in ("GateEntry", "ReviewEntry")
        for branch in made[entry]["allOf"]
    ]

    assert sorted(bound) == sorted(kind.kind for kind in KINDS)


def test_every_reference_of_the_schema_leads_somewhere():
    made = schema()
    named = {part for part in json.dumps(made).split('"') if part.startswith("#/$defs/")}

    assert named == {f"#/$defs/{name}" for name in made["$defs"]}


def broken(what: str) -> dict[str, Any]:
    policy = copy.deepcopy(pack("us-adverse-impact"))
    gate, example = policy["gates"][0], policy["examples"][0]
    match what:
        case "an option nobody knows":
            gate["options"]["treshold"] = 0.8
        case "a threshold of 80":
            gate["options"]["threshold"] = 80
        case "a share in per cent":
            gate["options"]["alpha"] = "5%"
        case "a kind of the other section":
            gate["kind"] = "near-cut-score"
        case "an option of another kind":
            policy["gates"][4]["options"] = {"alpha": 0.05}
        case "no options where some are required":
            policy["gates"][4] = {**policy["gates"][4], "kind": "coverage"}
            del policy["gates"][4]["options"]
        case "a severity nobody knows":
            gate["severity"] = "blocks"
        case "a word no rule says":
            example["expect"] = {"four-fifths-and-clear": "ok"}
        case "three counts":
            example["table"] = {"sex": {"M": [100, 60, 1]}}
        case "a row and a table":
            example["row"] = {"outcome": "favorable"}
        case "due in words":
            policy["reviews"] = [
                {"id": "a", "kind": "value-missing", "says": "b", "because": ["c"], "due": "soon"}
            ]
    return policy


@pytest.mark.parametrize(
    "what",
    [
        "an option nobody knows",
        "a threshold of 80",
        "a share in per cent",
        "a kind of the other section",
        "an option of another kind",
        "no options where some are required",
        "a severity nobody knows",
        "a word no rule says",
        "three counts",
        "a row and a table",
        "due in words",
    ],
)
def test_an_editor_sees_what_is_wrong(what, validator):
    assert not validator.is_valid(broken(what))
