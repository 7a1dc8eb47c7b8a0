from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.house import source

PROJECT = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = source.ROOT / "requirements" / "dev.txt"
WISHES = source.ROOT / "requirements" / "dev.in"

PART_OF = {"pydantic_core": "pydantic", "markupsafe": "jinja2"}
"""Packages that come with another one and in which that one's own types are defined."""


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name, maxsplit=1)[0]).lower()


def declared() -> set[str]:
    extras = PROJECT.get("optional-dependencies", {}).values()
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]
    return {canonical(line) for line in lines}


@cache
def distributions() -> dict[str, str]:
    """Distribution that each importable name comes from."""
    return {name: canonical(found[0]) for name, found in packages_distributions().items()}


def distributions_of(tree: ast.Module) -> set[str]:
    tops = {PART_OF.get(name, name) for name in source.third_party(tree)}
    return {distributions().get(name, name) for name in tops}


def used() -> set[str]:
    return set().union(*(distributions_of(source.tree(path)) for path in source.modules()))


def test_everything_that_is_imported_is_declared():
    assert used() - declared() == set()


def test_everything_that_is_declared_is_imported():
    assert declared() - used() == set()


def test_an_import_inside_a_function_is_seen_under_its_distribution():
    tree = ast.parse("def f():\n    import json, sklearn.tree\n    from ruamel.yaml import YAML")

    assert distributions_of(tree) == {"scikit-learn", "ruamel-yaml"}


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_a_dependency_has_a_lower_and_an_upper_bound(line):
    assert ">=" in line
    assert re.search(r",<\d", line)


def test_what_the_package_needs_is_among_the_pins():
    wished = {canonical(x) for x in lines_of(WISHES.read_text("utf-8")) if not x.startswith("#")}
    pinned = {canonical(line) for line in lines_of(PINS.read_text("utf-8")) if "==" in line}

    assert declared() <= wished
    assert wished <= pinned


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def problems_of_pins(text: str) -> list[str]:
    """What keeps a file of pins from being installed the same way everywhere."""
    problems = []
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.replace("\\\n", " "))
    for block in (b for b in blocks if b.strip() and not b.startswith("#")):
        first = block.splitlines()[0]
        if "==" not in first:
            problems.append(f"no exact version: {first}")
        if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block):
            problems.append(f"no hash: {first}")
    if re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|^-[if] ", text, re.M):
        problems.append("names a host")
    return problems


def test_the_pins_have_versions_and_hashes_and_name_no_host():
    text = PINS.read_text(encoding="utf-8")

    assert text.count("==") > len(PROJECT["dependencies"])
    assert problems_of_pins(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("numpy>=2 \\\n    --hash=sha256:" + "0" * 64, "no exact version: numpy>=2"),
        ("numpy==2.0\n", "no hash: numpy==2.0"),
        ("numpy==2.0 \\\n    --hash=sha256:1234\n", "no hash: numpy==2.0"),
        ("--index-url somewhere\nnumpy==2.0 --hash=sha256:" + "0" * 64, "names a host"),
    ],
)
def test_pins_that_are_not_whole_are_seen(text, problem):
    assert any(found.startswith(problem) for found in problems_of_pins(text))
