from __future__ import annotations

import json
import subprocess
import sys

import pytest

from auditor.cli import VERBS
from tests.house.pages.cli import verbs_of

HEAVY = frozenset(
    ("numpy", "pandas", "scipy", "sklearn", "shap", "fairlearn", "duckdb", "statsmodels", "numba")
)
MEDIUM = frozenset(("pydantic", "rich", "jinja2", "ruamel", "narwhals", "cryptography", "rfc8785"))
"""Not heavy, and still nothing that ``import auditor`` or a help text needs."""

_REPORT = """
import json, sys
def report():
    tops = sorted({name.partition('.')[0] for name in sys.modules})
    sys.stdout.write('\\n' + json.dumps(tops))
"""


def imported_by(code: str) -> frozenset[str]:
    """Top-level names of everything that a fresh interpreter imports for some code."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{_REPORT}\n{code}\nreport()"],
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(json.loads(ran.stdout.splitlines()[-1]))


def help_of(*verb: str) -> str:
    """Code that asks the command line for help the way the entry point does."""
    return (
        "from auditor.cli import main\n"
        "from auditor.cli.problems import exit_code_of\n"
        f"code = exit_code_of(lambda: main({[*verb, '--help']}, prog_name='auditor', "
        "standalone_mode=False))\n"
        "assert code == 0, code"
    )


def test_importing_the_package_imports_no_library():
    found = imported_by("import auditor")

    assert "auditor" in found
    assert found & (HEAVY | MEDIUM | {"click"}) == set()


def test_help_imports_no_heavy_library():
    found = imported_by(help_of())

    assert "click" in found
    assert found & (HEAVY | MEDIUM) == set()


@pytest.mark.parametrize("verb", [*VERBS, *(f"policy {name}" for name in verbs_of("policy"))])
def test_help_of_a_verb_imports_no_heavy_library(verb):
    found = imported_by(help_of(*verb.split()))

    assert "click" in found
    assert found & (HEAVY | MEDIUM) == set()


def test_the_entry_point_itself_is_light():
    assert imported_by("import auditor.__main__") & (HEAVY | MEDIUM) == set()


@pytest.mark.parametrize("code", ["import numpy", "import auditor\nauditor.Verdict\nimport pandas"])
def test_a_heavy_import_would_be_seen(code):
    assert imported_by(code) & HEAVY


def test_a_public_name_is_imported_when_it_is_used():
    assert "auditor" in imported_by("import auditor\nauditor.AuditorError")
    assert imported_by("import auditor\nauditor.load_policy") & MEDIUM
