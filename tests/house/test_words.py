from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house import source

WORDS = re.compile(r"(?<![\w-])(un)?(fair|biased)(?![\w])|(?<![\w-])(non-)?compliant(?![\w])", re.I)
"""What no surface calls a decision, a model or a group: it says what was measured instead."""

_QUOTED = re.compile(r"\bnever\b", re.IGNORECASE)


def judging_words(text: str) -> list[str]:
    """Words that judge, outside paragraphs that say that they are never used."""
    paragraphs = re.split(r"\n\s*\n", text)
    return [m[0] for p in paragraphs if not _QUOTED.search(p) for m in WORDS.finditer(p)]


def pages() -> list[str]:
    paths = [
        *source.ROOT.glob("*.md"),
        *(source.ROOT / "docs").rglob("*.md"),
        *(source.ROOT / "policies").iterdir(),
        *(source.PACKAGE / "report" / "templates").iterdir(),
        *(source.PACKAGE / "review" / "page" / "templates").iterdir(),
        *source.PACKAGE.rglob("*.yaml"),
        *source.PACKAGE.rglob("*.txt"),
    ]
    return sorted(source.relative(path) for path in paths if path.is_file())


def test_a_page_says_what_was_measured_and_does_not_judge():
    found = {n: judging_words((source.ROOT / n).read_text(encoding="utf-8")) for n in pages()}

    assert {name: words for name, words in found.items() if words} == {}


def texts_of(path: Path) -> str:
    """Every text in a module that could reach a reader, docstrings included."""
    nodes = ast.walk(source.tree(path))
    return "\n\n".join(
        n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )


def test_no_text_in_the_code_judges():
    found = {source.relative(path): judging_words(texts_of(path)) for path in source.modules()}

    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "text", ["The model is fair.", "an UNFAIR gap", "unbiased by sex", "This is NYC compliant"]
)
def test_a_judging_word_is_seen(text):
    assert judging_words(text)


@pytest.mark.parametrize(
    "text",
    ["fairlearn", "a bias audit", "We never say that a model is fair.", "compliance", "fairness"],
)
def test_names_of_things_are_no_judgement(text):
    assert judging_words(text) == []
