from __future__ import annotations

import re

from auditor.errors import Where

_RUN = re.compile("\n{2,}")


class LineCount:
    r"""Lines and quotes of a text that comes in pieces and has only ``\n`` as line end.

    Examples
    --------
    >>> count = LineCount()
    >>> count.feed("a,b\n\n")
    >>> count.feed('\n1,"x')
    >>> count.lines, count.blank_lines, count.quotes, count.closed
    (4, 2, 1, False)
    >>> str(count.place("f.csv"))
    'f.csv:4:5'
    """

    def __init__(self) -> None:
        self.quotes = 0
        self.blank_lines = 0
        self._ends = 0
        self._column = 0
        self._at_start = True

    def feed(self, text: str) -> None:
        """Count the next piece."""
        if not text:
            return
        self._ends += text.count("\n")
        self.quotes += text.count('"')
        self.blank_lines += self._at_start and text.startswith("\n")
        if "\n\n" in text:
            self.blank_lines += sum(len(run[0]) - 1 for run in _RUN.finditer(text))
        self._at_start = text.endswith("\n")
        last = text.rfind("\n")
        self._column = len(text) - last - 1 if last >= 0 else self._column + len(text)

    @property
    def lines(self) -> int:
        """Physical lines; a last one without a line end counts."""
        return self._ends + (not self._at_start)

    @property
    def closed(self) -> bool:
        """Whether the last line has a line end."""
        return self._at_start

    def place(self, path: str) -> Where:
        """Place of the character that would come next."""
        return Where(path, self._ends + 1, self._column + 1)
