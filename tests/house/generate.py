"""Files that come from code: ``make docs`` writes them, a house test compares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.house.pages import (
    cli,
    messages,
    metrics,
    policy_schema,
    profiles,
    rules,
    schema,
    system_schema,
    systems,
)
from tests.house.source import ROOT

DOCS = ROOT / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/metrics.md": metrics.page,
    "docs/rules.md": rules.page,
    "docs/profiles.md": profiles.page,
    "docs/system.md": systems.page,
    "docs/messages.md": messages.page,
    "docs/cli.md": cli.page,
    "docs/audit.schema.json": schema.page,
    "policies/policy.schema.json": policy_schema.page,
    "policies/system.schema.json": system_schema.page,
}
_NOTICE = "<!-- Made from the code by `make docs`; edit the code, not this page. -->\n\n"


def text_of(name: str) -> str:
    """Text of one page as the code says it now."""
    notice = _NOTICE if name.endswith(".md") else ""
    return notice + PAGES[name]()


def is_current(name: str, root: Path = ROOT) -> bool:
    """Whether a page is there and says what the code says."""
    path = root / name
    return path.is_file() and path.read_text(encoding="utf-8") == text_of(name)


def write(root: Path = ROOT) -> list[str]:
    """Write every page that is not current; their names."""
    stale = [name for name in PAGES if not is_current(name, root)]
    for name in stale:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text_of(name), encoding="utf-8")
    return stale


if __name__ == "__main__":
    for written in write():
        sys.stdout.write(f"written: {written}\n")
