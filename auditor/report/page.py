"""A console that shows nothing it must not show, in signs that it can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.report import numbers, words
from auditor.report.privacy import reveals
from auditor.result.document import FindingDoc

if TYPE_CHECKING:
    from rich.console import Console

MASKED = "names a group with small counts; see report.html."
_ASCII = {
    words.SYMBOLS["pass"]: "+",
    words.SYMBOLS["fail"]: "X",
    words.SYMBOLS["no_verdict"]: "-",
    words.SYMBOLS["descriptive"]: "*",
    words.SYMBOLS["warning"]: "!",
    words.DIRECTIONS["tighter"][0]: "^",
    words.DIRECTIONS["looser"][0]: "v",
    "\N{MULTIPLICATION SIGN}": "x",
    numbers.MINUS: "-",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{MIDDLE DOT}": "-",
    "\N{REPLACEMENT CHARACTER}": "?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A console, what must not be shown on it, and the thresholds of the run."""

    console: Console
    hidden: Mapping[str, frozenset[str]]
    lines: tuple[Fraction, ...]

    def fit(self, text: str) -> str:
        """Text that this console can show."""
        text = words.visible(text)
        encoding = self.console.encoding
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            text = "".join(_ASCII.get(character, character) for character in text)
            return text.encode(encoding, "backslashreplace").decode(encoding)
        return text

    def safe(self, text: str, attribute: str | None = None) -> str:
        """Keep a sentence, or put words in its place when it names a hidden group."""
        return f"A sentence that {MASKED}" if reveals(text, attribute, self.hidden) else text

    def hides(self, finding: FindingDoc) -> bool:
        """Whether a finding is about a group whose numbers are hidden, or names one."""
        groups = self.hidden.get(finding["attribute"] or "", frozenset())
        about = {finding["group"], finding["reference"]} & groups
        text = f"{finding['says']} {finding['detail']}"
        return bool(about) or reveals(text, finding["attribute"], self.hidden)

    def line(self, head: str, text: str, *, indent: int = 10, style: str = "") -> None:
        """Print a head and a text that wraps beside it."""
        from rich.text import Text

        room = max(self.console.width - indent, 20)
        lines = Text(self.fit(text)).wrap(self.console, room, overflow="fold")
        for i, part in enumerate(lines):
            part.rstrip()
            start = Text((f"{self.fit(head)} " if i == 0 else "").ljust(indent), style=style)
            self.console.print(Text.assemble(start, part), soft_wrap=True)

    def gap(self) -> None:
        """Print an empty line."""
        self.console.print()
