from __future__ import annotations

from functools import cache
from pathlib import Path

from auditor.policy import pack_names, pack_path, read_policy
from auditor.rules.base import Rule
from auditor.rules.kinds import KINDS
from tests.house import source
from tests.house.docstrings import markdown, parse
from tests.house.options import schema_of, table

INTRO = """\
Every kind of rule that a policy may ask for. Kinds under `gates` judge groups; kinds under
`reviews` pick single decisions that a person has to look at, and never read a group, but for the
few that have to say `reads_protected: true` and that no shipped pack uses. Numbers are read as
written: `0.80` and `4/5` are the same.
"""
FIXTURES = tuple((source.ROOT / "fixtures" / "policies").glob("*.yaml"))
SECTIONS = {"gates": "about groups", "reviews": "about one decision"}


def page() -> str:
    """Text of ``docs/rules.md``."""
    parts = ["# Rule kinds", INTRO.strip(), _contents()]
    for kind in KINDS:
        parts += _entry(kind)
    return "\n\n".join(parts) + "\n"


def example(kind: str) -> tuple[str, str] | None:
    """First entry of that kind in a shipped pack, else in a fixture: where, and its text."""
    places = [(f"the pack `{name}`", pack_path(name)) for name in pack_names()]
    places += [(f"`fixtures/policies/{path.name}`", path) for path in sorted(FIXTURES)]
    for where, path in places:
        found = _written(path).get(kind)
        if found:
            return where, found
    return None


@cache
def _written(path: Path) -> dict[str, str]:
    """Text of the first entry of each kind in a policy file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    for entry in read_policy(path).entries:
        found.setdefault(entry.kind, _block(lines, entry.places[()].line or 1))
    return found


def _contents() -> str:
    rows = ["| kind | under | what it says |", "| --- | --- | --- |"]
    for kind in KINDS:
        says = parse(kind.__doc__ or "")[""].partition("\n\n")[0]
        rows.append(f"| [`{kind.kind}`](#{kind.kind}) | `{kind.section}` | {markdown(says)} |")
    return "\n".join(rows)


def _entry(kind: type[Rule]) -> list[str]:
    parts = [f"## {kind.kind}", f"Under `{kind.section}`: {SECTIONS[kind.section]}."]
    for title, body in parse(kind.__doc__ or "").items():
        parts += [f"### {title}"] if title else []
        parts.append(markdown(body))
        if title == "Options":
            options = schema_of(kind.Options)
            parts.append(table(options, options))
    found = example(kind.kind)
    if found:
        parts.append(f"### In {found[0]}")
        parts.append(f"```yaml\n{found[1]}\n```")
    return parts


def _block(lines: list[str], start: int) -> str:
    """Text of a list item that starts in a line (from 1), as far as it is indented."""
    first = lines[start - 1]
    indent = len(first) - len(first.lstrip())
    block = [first]
    for line in lines[start:]:
        inside = len(line) - len(line.lstrip()) > indent
        if not inside:
            break
        block.append(line)
    return "\n".join(line[indent:] for line in block)
