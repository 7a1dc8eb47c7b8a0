from __future__ import annotations

import re
from pathlib import Path

from tests.house import source

_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def anchors(page: str) -> set[str]:
    """Anchors of the headings of a page, as they are made from their words."""
    titles = re.findall(r"^#+ (.+)$", _FENCED.sub("", page), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {word.strip().replace(" ", "-") for word in words}


def broken_links(path: Path) -> list[str]:
    """Links of a page that lead to no file, or to no heading of it."""
    page = _FENCED.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for target in (match["target"] for match in _LINK.finditer(page)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if not file.exists() or (anchor and anchor not in anchors(text)):
            broken.append(target)
    return broken


def pages() -> list[Path]:
    return [path for path in source.written_files() if path.suffix == ".md"]


def test_every_link_leads_somewhere():
    found = {source.relative(path): broken_links(path) for path in pages()}

    assert {name: links for name, links in found.items() if links} == {}


def test_every_decision_record_is_in_their_table_and_numbered_once():
    folder = source.ROOT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    table = (folder / "README.md").read_text(encoding="utf-8")
    numbers = [name[:4] for name in records]

    assert [name for name in records if f"]({name})" not in table] == []
    assert numbers == [f"{n:04}" for n in range(1, len(records) + 1)]


def test_a_link_that_leads_nowhere_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title, here\n[a](gone.md) [b](#a-title-here) [c](page.md#other)\n")

    assert broken_links(page) == ["gone.md", "page.md#other"]
