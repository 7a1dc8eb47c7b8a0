from __future__ import annotations

import inspect
import re

_HEADING = re.compile(r"^(?P<title>[A-Z][A-Za-z ]+)\n(?P<line>-{3,})$", re.MULTILINE)


def parse(doc: str) -> dict[str, str]:
    r"""Sections of a numpydoc text; the opening stands under the empty title.

    >>> parse("Share of people.\n\nReferences\n----------\nA book.\n")
    {'': 'Share of people.', 'References': 'A book.'}
    """
    text = inspect.cleandoc(doc)
    headings = [m for m in _HEADING.finditer(text) if len(m["title"]) == len(m["line"])]
    ends = [m.start() for m in headings[1:]] + [len(text)]
    sections = {"": text[: headings[0].start()].strip() if headings else text.strip()}
    for match, end in zip(headings, ends, strict=False):
        sections[match["title"]] = text[match.end() : end].strip()
    return sections


def markdown(text: str) -> str:
    """Markdown of a docstring's text: its literals in single backticks, lines joined."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    joined = [p if _keeps_lines(p) else " ".join(p.split()) for p in paragraphs]
    return "\n\n".join(joined).replace("``", "`")


def _keeps_lines(paragraph: str) -> bool:
    return any(
        line.lstrip().startswith(("- ", "* ", ">>>", "| ")) for line in paragraph.split("\n")
    )
