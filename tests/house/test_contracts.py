from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house import source

CONFIG = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = CONFIG["tool"]["importlinter"]["contracts"]
LAYERS = next(contract for contract in CONTRACTS if contract["type"] == "layers")


def rooms() -> set[str]:
    return {source.room(path) for path in source.modules()} - {"__init__"}


def floors() -> list[set[str]]:
    """Rooms of every floor, the highest first."""
    return [set(re.split(r"\s*\|\s*", layer)) for layer in LAYERS["layers"]]


def test_every_room_has_a_floor():
    assert set().union(*floors()) == rooms()
    assert LAYERS["exhaustive"] is True


def test_no_room_stands_on_two_floors():
    named = [room for floor in floors() for room in floor]

    assert len(named) == len(set(named))


def climbing(path: Path, tree: ast.Module) -> list[str]:
    """Imports of a module that go up, or sideways to a stranger."""
    height = {room: n for n, floor in enumerate(reversed(floors())) for room in floor}
    here = source.room(path)
    names = {n.split(".")[1] for n in source.imported(tree) if n.startswith("auditor.")}
    return sorted(
        name for name in names & height.keys() - {here} if height[name] >= height.get(here, 99)
    )


def test_every_module_imports_only_floors_below():
    inside = [path for path in source.modules() if source.room(path) != "__init__"]
    found = {source.relative(path): climbing(path, source.tree(path)) for path in inside}

    assert {name: rooms for name, rooms in found.items() if rooms} == {}


def test_an_import_that_climbs_is_seen():
    tree = ast.parse("from auditor.rules.base import Rule\nfrom auditor.errors import Where")

    assert climbing(source.PACKAGE / "metrics" / "made_up.py", tree) == ["rules"]
    assert climbing(source.PACKAGE / "cli" / "made_up.py", tree) == []


@pytest.mark.parametrize("folder", ["rules/kinds", "report/formats"])
def test_files_of_a_folder_that_grows_do_not_know_one_another(folder):
    module = "auditor." + folder.replace("/", ".") + ".*"
    independent = [c["modules"] for c in CONTRACTS if c["type"] == "independence"]

    assert [module] in independent


def test_rooms_that_contracts_name_exist():
    named = {
        module
        for contract in CONTRACTS
        for key in ("source_modules", "forbidden_modules", "modules")
        for module in contract.get(key, [])
        if module.startswith("auditor.") and "*" not in module
    }
    missing = [m for m in named if m.removeprefix("auditor.").split(".")[0] not in rooms()]

    assert missing == []


def test_every_folder_of_modules_is_a_package():
    folders = {path.parent for path in source.modules()}

    assert [source.relative(f) for f in folders if not (f / "__init__.py").is_file()] == []
