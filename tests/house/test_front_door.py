from __future__ import annotations

import ast
import re
from functools import cache

import pytest

import auditor
from tests.house import source
from tests.house.docstrings import parse

PUBLIC_ROOMS = ("inference", "metrics")


def exported() -> list[str]:
    return sorted(auditor.__all__)


def submodules() -> set[str]:
    return {source.room(path) for path in source.modules()}


def shadowing(names: list[str], rooms: set[str]) -> set[str]:
    """Public names that would hide a module of the same name, or be hidden by it."""
    return set(names) & rooms


def test_no_public_name_is_called_like_a_module():
    assert shadowing(exported(), submodules()) == set()


def test_a_name_like_a_module_would_be_seen():
    assert shadowing([*exported(), "gate"], submodules()) == {"gate"}


@pytest.mark.parametrize("name", exported())
def test_a_public_name_can_be_imported_and_has_a_docstring(name):
    value = getattr(auditor, name)

    assert (value.__doc__ or "").strip()
    assert value.__module__.startswith("auditor.")


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        auditor.nothing  # noqa: B018


def test_names_are_listed_without_importing_them():
    assert dir(auditor) == exported()


@cache
def used_elsewhere() -> dict[str, ast.FunctionDef]:
    """Functions that the front door offers, and those of public rooms that other rooms import."""
    found = {}
    for path in source.modules():
        here = source.room(path)
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            room = node.module.partition("auditor.")[2].partition(".")[0]
            if here == "__init__" or (room in PUBLIC_ROOMS and here != room):
                for alias in node.names:
                    function = definition(room, alias.name)
                    if function is not None:
                        found[f"{room}.{alias.name}"] = function
    return dict(sorted(found.items()))


def definition(room: str, name: str) -> ast.FunctionDef | None:
    """Top-level function of that name in a room, None when it is something else."""
    for path in source.modules():
        if source.room(path) == room:
            for node in source.tree(path).body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return node
    return None


def undocumented(node: ast.FunctionDef) -> list[str]:
    """What the docstring of a public function leaves out.

    Every parameter opens a line of the section Parameters or is a word of the text; what comes
    back has a section, unless it is a class that says it, or a yes to a sentence with "Whether".
    """
    doc = ast.get_docstring(node) or ""
    words = set(re.findall(r"\w+", parse(doc)[""] + parse(doc).get("Parameters", "")))
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    gaps = [f"parameter {argument.arg}" for argument in arguments if argument.arg not in words]
    returns = ast.unparse(node.returns) if node.returns else "None"
    said = returns == "None" or returns[0].isupper() or "Returns" in parse(doc)
    if not said and not (returns == "bool" and doc.startswith("Whether ")):
        gaps.append(f"what it returns ({returns})")
    return gaps


@pytest.mark.parametrize("name", used_elsewhere())
def test_a_public_function_says_what_it_takes_and_gives(name):
    assert undocumented(used_elsewhere()[name]) == []


def test_the_functions_that_people_call_are_among_those_looked_at():
    assert {"run.audit", "run.load", "policy.load_policy"} <= used_elsewhere().keys()
    assert {"ingest.counts", "ingest.load_profile"} <= used_elsewhere().keys()


def test_a_parameter_that_is_not_told_is_seen():
    text = '''
def rate(x, n, *, places) -> float:
    """Rate.

    Parameters
    ----------
    x, n : int
        Selected, and all.
    """
'''
    node = ast.parse(text).body[0]

    assert isinstance(node, ast.FunctionDef)
    assert undocumented(node) == ["parameter places", "what it returns (float)"]
