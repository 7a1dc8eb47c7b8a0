from __future__ import annotations

import ast
from pathlib import Path

import pytest

from auditor.metrics import METRICS
from auditor.report.words import METRICS as TITLES
from tests.house import source
from tests.house.docstrings import parse

ANSWERS = source.ROOT / "tests" / "known_answers"


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_says_what_it_is_and_whose_definition_it_follows(name):
    sections = parse(METRICS[name].doc)

    assert sections[""]
    assert sections.get("References")


@pytest.mark.parametrize("name", METRICS)
def test_reports_have_the_title_of_the_catalogue(name):
    assert TITLES[name] == (METRICS[name].title, METRICS[name].favorable)


def measured_in(path: Path) -> set[str]:
    """Ids of metrics that a test file names, outside docstrings and comments."""
    texts = {n.value for n in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_text(n)}
    names = {n.id for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Name)}
    return {m for m in METRICS if m in texts or m.replace("-", "_") in names}


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_a_known_answer(name):
    assert [p.name for p in sorted(ANSWERS.rglob("test_*.py")) if name in measured_in(p)]


def test_a_name_in_a_docstring_is_no_known_answer(tmp_path):
    path = tmp_path / "test_made_up.py"
    path.write_text('"""About the selection-rate and more."""\n')
    silent = measured_in(path)
    path.write_text('rate = measured["selection-rate"]\n')

    assert silent == set()
    assert measured_in(path) == {"selection-rate"}
