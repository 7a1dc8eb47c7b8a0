"""Which notations of a day a set of texts may have; where day or month may come first, both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?", re.ASCII)
_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%m/%d/%y", "%d/%m/%y")


def date_formats(texts: Sequence[str]) -> tuple[str, ...]:
    """Find the formats of ``strptime`` that read every text; of an ISO moment, that of its day.

    Examples
    --------
    >>> date_formats(["2026-01-31T10:00:00"]), date_formats(["03/04/2026"]), date_formats(["x"])
    (('%Y-%m-%d',), ('%m/%d/%Y', '%d/%m/%Y'), ())
    """
    if not texts:
        return ()
    days = [text[:10] if _ISO.fullmatch(text) else text for text in texts]
    return tuple(each for each in _FORMATS if all(_reads(day, each) for day in days))


def _reads(text: str, format_: str) -> bool:
    try:
        datetime.strptime(text, format_)  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return False
    return True
