from __future__ import annotations

import re

import pytest

from tests.house import source

# Put together here, so that this file does not name them itself.
_HOSTS = [
    "pypi" + ".org",
    "python" + "hosted",
    "anaconda" + ".org",
    "npmjs" + ".",
    "crates" + ".io",
]
_PATHS = ["work", "opt", "home", "root", "Users", "mnt"]
PLACES = re.compile(
    "|".join([*map(re.escape, _HOSTS), *(rf"(?<![\w.~$}}/-])/{name}/" for name in _PATHS)])
)
_DATA = {".csv", ".parquet", ".xlsx", ".png", ".jpg"}
_LICENCE = "LICENSE"


def places_in(text: str) -> list[str]:
    """Registry hosts and paths of one machine that a text names."""
    return [match[0] for match in PLACES.finditer(text)]


def texts() -> list[str]:
    paths = [p for p in source.written_files() if p.suffix not in _DATA and p.name != _LICENCE]
    return [source.relative(path) for path in paths]


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    found = {name: places_in(read(name)) for name in texts()}

    assert {name: places for name, places in found.items() if places} == {}


def read(name: str) -> str:
    return (source.ROOT / name).read_text(encoding="utf-8", errors="replace")


def test_the_files_looked_at_are_those_that_people_wrote():
    names = set(texts())

    assert {"pyproject.toml", "auditor/errors.py", "requirements/dev.txt", "Makefile"} <= names
    assert not [name for name in names if name.startswith((".venv", ".git/"))]


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + "pypi" + ".org/simple",
        "cd /" + "work/main",
        "PYTHON=/" + "opt/python/bin/python",
        "open('/" + "home/me/x.csv')",
    ],
)
def test_a_place_is_seen(text):
    assert places_in(text)


@pytest.mark.parametrize("text", ["~/.config/auditor", "./work/x", "/path/to/python3.11", "/tmp/x"])  # noqa: S108
def test_a_path_that_is_nobodys_is_left_alone(text):
    assert places_in(text) == []
