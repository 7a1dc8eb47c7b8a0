"""A result as a value: its text, what is read back from it, what is not."""

from __future__ import annotations

import copy
import json
import math
from datetime import date
from typing import Any

import pytest

import auditor
from auditor.errors import IntegrityError
from auditor.result import AuditDocument, AuditResult
from auditor.result.document import Tool
from auditor.result.shape import LARGEST, faults, read_json
from auditor.result.value import plain


@pytest.fixture(scope="module")
def result() -> AuditResult:
    counted = auditor.counts({"M": (400, 240), "F": (400, 160), "X": (3, 0)}, attribute="sex")
    return auditor.audit(counted, "us-adverse-impact", as_of=date(2026, 11, 22)).result


@pytest.fixture
def document(result) -> Any:
    return json.loads(result.to_json())


def read(document: Any) -> AuditResult:
    return AuditResult.from_json(json.dumps(document), "out/audit.json")


def test_it_reads_back_what_it_writes(result):
    text = result.to_json()

    again = AuditResult.from_json(text, "audit.json")
    assert again == result
    assert again.to_json() == text
    assert text.endswith("}\n")


def test_all_that_is_wrong_is_said_at_once_with_its_place(document):
    del document["comparisons"][0]["p_value"]
    document["findings"][1]["must_pass"] = []
    document["row_account"]["read"] = 803.0
    document["verdict"]["state"] = "ok"

    with pytest.raises(IntegrityError) as caught:
        read(document)

    messages = [problem.message.split(": ", 1)[1] for problem in caught.value.problems]
    assert messages == [
        "row_account.read is a number, not a whole number",
        "comparisons[0].p_value is missing",
        "findings[1].must_pass is a list, not true or false",
        "verdict.state is 'ok', not pass or fail or no_verdict",
    ]
    assert all(str(problem.where) == "out/audit.json" for problem in caught.value.problems)


def test_fields_that_a_later_version_adds_are_kept(document):
    document["signed_by"] = "nobody"
    document["findings"][0]["weight"] = 1

    again = read(document)
    assert json.loads(again.to_json()) == document


@pytest.mark.parametrize(
    ("value", "kind", "says"),
    [
        (None, AuditDocument, ["the whole is null, not an object"]),
        ({}, Tool, ["at.version is missing"]),
        (True, int, ["at is true or false, not a whole number"]),
        (1, bool, ["at is a whole number, not true or false"]),
        (1, float, []),
        (1.0, int, ["at is a number, not a whole number"]),
        (10**400, float, ["at is a number out of range, not a number"]),
        (LARGEST, int, []),
        (-LARGEST - 2, int, ["at is a number out of range, not a whole number"]),
        (None, float | None, []),
        ("x", float | None, ["at is a text, not a number"]),
        ({"a": "1"}, dict[str, int], ["at.a is a text, not a whole number"]),
        ([["a"], [1]], list[list[str]], ["at[1][0] is a whole number, not a text"]),
        ({"a": [{"b": 10**30}]}, Any, ["at.a[0].b is a number out of range"]),
        ({"a": [None, 1.5, "x", True]}, Any, []),
    ],
)
def test_a_value_is_held_against_its_kind(value, kind, says):
    place = "" if kind is AuditDocument else "at"

    assert list(faults(value, kind, place)) == says


def test_a_nest_without_end_is_a_fault_and_no_crash():
    nest: Any = 1
    for _ in range(500):
        nest = [nest]

    (said,) = faults(nest, Any, "at")
    assert said.endswith("is nested too deeply")
    with pytest.raises(ValueError, match="nested too deeply"):
        read_json("[" * 100_000)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "NaN", "-Infinity", "1e999", "[1,]", ""])
def test_what_is_no_strict_json_is_not_read(text):
    with pytest.raises(ValueError, match=r"."):
        read_json(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["row_account"].update(used=1),
        lambda d: d["policies"].append(d["policies"][0]),
        lambda d: d["findings"][0].update(rule="another"),
        lambda d: d["findings"][0].update(policy="another"),
        lambda d: d["not_evaluated"][0].update(policy="another"),
        lambda d: d["measurements"][0].update(favorable=-1),
    ],
    ids=["rows", "policy twice", "rule", "policy", "policy not evaluated", "counts"],
)
def test_parts_that_contradict_one_another_are_refused(document, change):
    changed = copy.deepcopy(document)
    change(changed)

    read(document)
    with pytest.raises(IntegrityError):
        read(changed)


def test_a_path_that_is_no_text_is_written_as_json_can():
    """A file name that is no UTF-8 holds lone surrogates."""
    counted = auditor.counts({"M": (40, 24), "F": (40, 16)}, attribute="sex")
    result = auditor.audit(counted, "us-adverse-impact").result
    document = copy.deepcopy(result.document)
    document["inputs"][0]["path"] = "caf\udce9.csv"

    text = AuditResult.of(document).to_json().encode("utf-8", "backslashreplace").decode()

    again = AuditResult.from_json(text, "audit.json")
    assert again.document["inputs"][0]["path"] == "caf\udce9.csv"


def test_undefined_numbers_are_null():
    assert [plain(v) for v in (math.nan, math.inf, None, 0.5)] == [None, None, None, 0.5]
