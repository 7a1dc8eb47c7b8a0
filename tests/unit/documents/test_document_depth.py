"""How deep a file may go: the same wherever it is counted, and told before it costs anything."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.documents.guards import MAX_DEPTH
from auditor.documents.reading import parse_document
from auditor.errors import PolicyError

BLOCK = ("k:", "- k:", "- - k:", "? a\n:", "? - a\n:")
FLOW = {"[": "]", "{k: ": "}", "[k: ": "]", '["]", ': "]", "['[', ": "]", "[ # {[\n": "]",
        "{? ": "}", "[x, [y], ": "]", "{a: {b: [c]}, k: ": "}"}  # fmt: skip


def refused(text: str) -> list[tuple[str, str]]:
    try:
        parse_document(text.encode(), "f.yaml", error=PolicyError)
    except PolicyError as caught:
        return [(problem.slug, problem.message) for problem in caught.problems]
    return []


def depth_of(text: str) -> int:
    """Levels as the events of the plain reader have them, which stops at none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    deepest = depth = 0
    for event in yaml.parse(text):
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        deepest = max(deepest, depth)
    return deepest


@st.composite
def nests(draw) -> str:
    """Blocks inside one another, brackets inside those, all closed, near the limit."""
    text, indent = "top:", ""
    for block in draw(st.lists(st.sampled_from(BLOCK), max_size=6)):
        indent += " " * 6
        text += "\n" + "\n".join(f"{indent}{line}" for line in block.split("\n"))
    opened = draw(st.lists(st.sampled_from(sorted(FLOW)), min_size=15, max_size=52))
    inner = "".join(opened).replace("\n", f"\n{indent}  ")
    return f"{text} {inner}1{''.join(FLOW[one] for one in reversed(opened))}\n"


@settings(max_examples=60, deadline=None)
@given(nests())
def test_a_file_is_too_deep_exactly_where_its_levels_are_too_many(text):
    depth = depth_of(text)
    found = [message for slug, message in refused(text) if slug == "yaml-too-large"]

    assert bool(found) is (depth > MAX_DEPTH)


@pytest.mark.parametrize("opening", ["[", "{", "[[", "{a: [", "[{", "['x', "])
def test_brackets_without_end_are_refused_before_they_cost_anything(opening):
    text = f"a: {opening * 20_000}"
    calls = 0

    def count(_frame, event, _arg):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        found = refused(text)
    finally:
        sys.setprofile(None)

    assert found == [("yaml-too-large", "more than 50 levels inside one another")]
    assert calls < 60_000
