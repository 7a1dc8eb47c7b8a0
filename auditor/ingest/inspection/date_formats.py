"""Which notations of a day a set of texts may have; where day or month may come first, both."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.ingest.dates import day_of

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
    return tuple(each for each in _FORMATS if all(day_of(text, each) for text in texts))
