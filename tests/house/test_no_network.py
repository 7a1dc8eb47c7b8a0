from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.house import source

NETWORK = frozenset(
    ("socket", "socketserver", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp")
) | {"ftplib", "smtplib", "imaplib", "poplib", "xmlrpc", "asyncio", "webbrowser"}


FORBIDDEN = "'autoinstall_known_extensions': False"


def network_imports(tree: ast.Module) -> set[str]:
    """Modules that can reach another machine, among what a module imports."""
    found = set()
    for name in source.imported(tree):
        if name.partition(".")[0] in NETWORK and name != "urllib.parse":
            found.add(name)
    return found


def test_a_module_imports_nothing_that_reaches_another_machine():
    found = {source.relative(path): network_imports(source.tree(path)) for path in source.modules()}

    assert {name: seen for name, seen in found.items() if seen} == {}


@pytest.mark.parametrize(
    "line", ["import socket", "from urllib import request", "import http.client"]
)
def test_an_import_that_reaches_out_is_seen(line):
    assert network_imports(ast.parse(f"def f():\n    {line}"))


_BLOCKED = """
import sys

def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        raise RuntimeError(f"network: {event}")

sys.addaudithook(refuse)
"""


def run_without_network(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _BLOCKED + code, *args],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_whole_demo_runs_without_a_network(tmp_path):
    code = """
from pathlib import Path
from auditor.demo import audit_demo

files, made = audit_demo(Path(sys.argv[1]))
print(made.verdict.state.value)
"""
    ran = run_without_network(code, str(tmp_path / "demo"))

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() in {"pass", "fail", "no_verdict"}


@pytest.mark.parametrize(
    "code",
    [
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
    ],
)
def test_a_run_that_reaches_out_is_stopped(code):
    ran = run_without_network(code)

    assert ran.returncode != 0
    assert "network: socket." in ran.stderr


def engines_that_may_download(tree: ast.Module) -> list[int]:
    """Lines that open DuckDB where the function around does not forbid it to fetch extensions."""
    allowed = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and FORBIDDEN in ast.unparse(function):
            allowed |= {id(node) for node in ast.walk(function)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "duckdb.connect"
        and (id(node) not in allowed or not any(k.arg == "config" for k in node.keywords))
    ]


def test_the_reading_engine_may_fetch_no_extension():
    found = {
        source.relative(p): engines_that_may_download(source.tree(p)) for p in source.modules()
    }

    assert {name: lines for name, lines in found.items() if lines} == {}


def test_an_engine_left_as_it_comes_is_seen():
    bare = "def f():\n    import duckdb\n    duckdb.connect()"
    offline = "def f():\n    import duckdb\n    duckdb.connect(config={%s})"

    assert engines_that_may_download(ast.parse(bare)) == [3]
    assert engines_that_may_download(ast.parse(offline % "")) == [3]
    assert engines_that_may_download(ast.parse(offline % FORBIDDEN)) == []
