"""Examples that hold a system record, and the example policies of the fixtures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.policy import RecordExample, load_policy
from auditor.rules.bind import bind
from auditor.rules.resolve import resolved, resolved_text
from auditor.run.example_cases import prepare
from auditor.run.examples import example_problems, run_examples
from auditor.run.nudging import nudge_all

FIXTURES = sorted((Path(__file__).parents[3] / "fixtures" / "policies").glob("*.yaml"))
HEAD = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b1, cite: C, says: S.}]
gates:
  - {id: kept, kind: record-limit, says: K., because: [b1],
     options: {entry: retention, at_least: 48}}
  - {id: same, kind: record-version, says: S., because: [b1]}
examples:
"""
RECORD = (
    '  - {name: a, as_of: 2026-11-22, model_versions: ["1", null], '
    'record: {system: {id: r, name: R, version: "1"}, retention: {months: 48}}, '
    "expect: {kept: pass, same: no_verdict}}\n"
)


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        Path("p.yaml").write_text(text, encoding="utf-8")
        return Path("p.yaml")

    return write


def test_a_record_of_an_example_is_read(write):
    (example,) = load_policy(write(HEAD + RECORD)).examples

    assert isinstance(example, RecordExample)
    assert (example.as_of, example.versions) == (date(2026, 11, 22), ("1", None))
    assert example.record is not None
    assert example.record["retention"] == {"months": 48}


def test_a_record_is_judged_by_the_engine(write):
    (bound,) = bind([write(HEAD + RECORD)])
    (wrong,) = bind([write(HEAD + RECORD.replace("months: 48", "months: 47"))])

    assert run_examples(bound, prepare(bound))[0].as_expected
    found = run_examples(wrong, prepare(wrong))[0].differences
    assert [(d.rule, d.expected, d.found) for d in found] == [("kept", "pass", "fail")]


def test_the_resolved_form_reads_back_alike(write):
    (bound,) = bind([write(HEAD + RECORD)])

    (again,) = bind([write(resolved_text(bound))])

    assert resolved(again) == resolved(bound)
    assert example_problems(again, run_examples(again, prepare(again))) == []


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        ("retention: {months", "@retenton: {months", "unknown-key"),
        ("months: 48", "months: @many", "wrong-type"),
        (", name: R", "", "missing-key"),
        ("2026-11-22", "@soon", "not-a-date"),
        ("kept: pass", "@kep: pass", "unknown-rule"),
        ("record: {system", "record: @x, system: {system", "wrong-type"),
        ("as_of: 2026-11-22, ", "", "missing-key"),
        ('["1", null]', "@1.0", "wrong-type"),
    ],
)
def test_a_record_that_no_file_could_hold_is_refused_where_it_stands(write, old, new, slug):
    assert old in RECORD
    text = RECORD.replace(old, new)

    with pytest.raises(PolicyError) as caught:
        bind([write(HEAD + text.replace("@", ""))])

    problems = [p for p in caught.value.problems if p.slug == slug]
    assert problems
    assert {p.where.line for p in problems if p.where} == {9}
    if "@" in text:
        assert problems[0].where.column == text.index("@") + 1


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_examples_of_a_fixture_hold_every_number_of_it(path):
    (bound,) = bind([path])
    prepared = prepare(bound)

    assert example_problems(bound, run_examples(bound, prepared)) == []
    assert nudge_all(bound, prepared).survivors == ()
