from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from auditor.rules.kinds import KINDS
from tests.house import source
from tests.house.docstrings import parse
from tests.house.pages.rules import example

SECTIONS = [
    "What it checks",
    "Why it matters",
    "When it misleads",
    "Example",
    "Options",
    "References",
]
TESTS = source.ROOT / "tests" / "unit" / "rules" / "kinds"

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)


def gaps(doc: str, options: list[str]) -> list[str]:
    """What the docstring of a rule kind leaves out."""
    sections = parse(doc)
    found = [title for title in sections if title]
    missing = [f"section {title}" for title in SECTIONS if not sections.get(title)]
    order = [] if found == [t for t in SECTIONS if t in found] else ["order of the sections"]
    told = sections.get("Options", "")
    return (
        missing
        + order
        + [f"option {name}" for name in options if not re.search(rf"``{name}\b", told)]
    )


@every_kind
def test_a_rule_kind_has_every_section_and_tells_every_option(kind):
    assert parse(kind.__doc__)[""]
    assert gaps(kind.__doc__, list(kind.Options.model_fields)) == []


def test_a_section_that_is_missing_is_seen():
    doc = KINDS[0].__doc__ or ""

    assert gaps(doc.replace("When it misleads", "When it hides it"), []) != []
    assert gaps(doc, ["no_such_option"]) == ["option no_such_option"]


@every_kind
def test_a_rule_kind_stands_in_a_pack_or_an_example_policy(kind):
    found = example(kind.kind)

    assert found is not None
    assert f"kind: {kind.kind}" in found[1]


def told(path: Path) -> set[str]:
    """Which of ``firing`` and ``silent`` the assertions of a test file show.

    An empty expectation, or a verdict that stops nobody, is silence; any other expectation about
    what the rule said is a shot.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assert):
            found |= _shown(node.test)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.parametrize":
            found |= _verdicts(node)
    return found


def _shown(test: ast.expr) -> set[str]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return {"silent"}
    shown = _verdicts(test)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
        for side in (test.left, test.comparators[0]):
            if isinstance(side, ast.List | ast.Tuple | ast.Set | ast.Dict):
                elements = side.values if isinstance(side, ast.Dict) else side.elts
                shown.add("firing" if elements else "silent")
            elif ast.unparse(side) in ("set()", "0"):
                shown.add("silent")
            elif isinstance(side, ast.Constant) and isinstance(side.value, int):
                shown.add("firing")
    return shown


def _verdicts(node: ast.AST) -> set[str]:
    words = {
        ast.unparse(n).strip("'").rpartition(".")[2].lower() for n in ast.walk(node) if _leaf(n)
    }
    shown = {"silent"} if words & {"pass", "descriptive"} else set()
    return shown | ({"firing"} if words & {"fail", "no_verdict"} else set())


def _leaf(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute | ast.Constant)


@every_kind
def test_a_rule_kind_is_shown_firing_and_silent(kind):
    paths = list(TESTS.glob(f"test_{kind.kind.replace('-', '_')}*.py"))

    assert paths
    assert set().union(*map(told, paths)) == {"firing", "silent"}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("assert lines == []", {"silent"}),
        ("assert not flags", {"silent"}),
        ("assert lines == [3]", {"firing"}),
        ("assert finding.verdict == FindingVerdict.FAIL", {"firing"}),
        ("assert finding.verdict == 'pass'", {"silent"}),
        ("x = []", set()),
    ],
)
def test_what_an_assertion_shows(line, shown, tmp_path):
    path = tmp_path / "test_made_up.py"
    path.write_text(f"def test_it():\n    {line}\n")

    assert told(path) == shown
