"""Kinds that look at what does not stand in an example are left out of examples, and say so."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.errors import PolicyError
from auditor.rules.bind import bind
from auditor.rules.lint import remarks
from auditor.run.example_cases import prepare
from auditor.run.examples import run_examples
from tests.house.source import ROOT

POLICY = ROOT / "fixtures" / "policies" / "reviews.yaml"


def test_an_example_of_such_a_review_is_refused_where_it_stands(tmp_path):
    text = POLICY.read_text(encoding="utf-8")
    changed = tmp_path / "reviews.yaml"
    changed.write_text(text.replace("{reviews: []}", "{reviews: [carried-by-a-stand-in]}", 1))

    with pytest.raises(PolicyError) as caught:
        bind([changed])

    (problem,) = caught.value.problems
    line = changed.read_text().splitlines()[problem.where.line - 1]
    assert problem.slug == "example-cannot-show"
    assert line[problem.where.column - 1 :].startswith("carried-by-a-stand-in")


def test_no_example_is_asked_of_it_and_no_example_speaks_of_it():
    (bound,) = bind([POLICY])

    tried = run_examples(bound, prepare(bound))

    assert [r.message for r in remarks(bound, date(2026, 6, 1)) if r.level == "warning"] == []
    assert all(one.as_expected for one in tried)
    assert not any("carried-by-a-stand-in" in said for one in tried for said in one.unseen)
