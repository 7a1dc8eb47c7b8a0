from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.house import generate
from tests.house.source import ROOT


@pytest.mark.parametrize("name", generate.PAGES)
def test_a_page_says_what_the_code_says(name):
    assert generate.is_current(name), f"{name} is stale: run 'make docs'"


@pytest.mark.parametrize("name", generate.PAGES)
def test_one_changed_sign_makes_a_page_stale(name, tmp_path):
    text = generate.text_of(name)
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(text, encoding="utf-8")
    current = generate.is_current(name, tmp_path)
    (tmp_path / name).write_text(text.replace("e", "E", 1), encoding="utf-8")

    assert current
    assert not generate.is_current(name, tmp_path)


def test_what_is_missing_is_written_and_what_is_current_is_left_alone(tmp_path):
    first = generate.write(tmp_path)

    assert first == list(generate.PAGES)
    assert generate.write(tmp_path) == []


def test_another_process_writes_the_same_bytes(tmp_path):
    script = (
        "import sys, pathlib; from tests.house.generate import write; "
        "write(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "17", "COLUMNS": "40", "PATH": "", "LANG": "C"},
        check=True,
    )

    written = {name: (tmp_path / name).read_text(encoding="utf-8") for name in generate.PAGES}
    assert written == {name: generate.text_of(name) for name in generate.PAGES}


def test_the_make_target_runs_the_generator():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert "python -m tests.house.generate" in makefile
    assert shutil.which("make") is None or _dry_run("docs").returncode == 0


def _dry_run(target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_every_page_in_docs_is_reached_from_the_readme_or_another_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {path.name: path.read_text(encoding="utf-8") for path in generate.DOCS.glob("*.md")}
    named = readme + "".join(pages.values()) + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    orphans = [name for name in [*pages, "audit.schema.json"] if f"{name}" not in named]

    assert orphans == []
