"""How long waivers last, each by itself and one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.policy.waiver_people import called

if TYPE_CHECKING:
    from datetime import date

    from auditor.documents import Document, PathKey
    from auditor.policy.waiver_schema import WaiverParts

_DAY = timedelta(days=1)


def day_problems(
    document: Document, entries: Sequence[tuple[PathKey, WaiverParts]], longest: int
) -> Iterator[Problem]:
    """Waivers that end before they begin, or last too long.

    Waivers of one finding that follow one another count together: else a limit is no limit for who
    writes a new waiver whenever the old one ends.
    """
    spans: dict[str, list[tuple[date, date, PathKey, WaiverParts]]] = {}
    for at, entry in entries:
        if entry.start is None or entry.until is None:
            continue
        length = (entry.until - entry.start).days + 1
        if length < 1:
            yield _problem(
                document,
                (*at, "until"),
                f"{called(entry)} ends on {entry.until}, before it begins",
            )
        elif length > longest:
            yield _problem(
                document,
                (*at, "until"),
                f"{called(entry)} lasts {length:,} days, longer than the {longest:,} that "
                "the limits allow",
                hint="end it earlier; a new waiver can be asked for then",
            )
        elif entry.finding is not None:
            spans.setdefault(entry.finding, []).append((entry.start, entry.until, at, entry))
    for several in spans.values():
        yield from _one_after_the_other(document, several, longest)


def _one_after_the_other(
    document: Document,
    spans: list[tuple[date, date, PathKey, WaiverParts]],
    longest: int,
) -> Iterator[Problem]:
    """Count the days that waivers of one finding cover, anew only after a break as long as one."""
    last, covered = None, 0
    for start, until, at, entry in sorted(spans, key=lambda span: span[:2]):
        if last is None or (start - last).days > longest:
            last, covered = until, (until - start).days + 1
            continue
        covered += max((until - max(start, last + _DAY)).days + 1, 0)
        last = max(last, until)
        if covered > longest:
            yield _problem(
                document,
                (*at, "until"),
                f"{called(entry)} follows another one of the same finding: together they cover "
                f"{covered:,} days, more than the {longest:,} that the limits allow before a break "
                "of as many",
                hint="mend what is waived, or let a longer limit be signed",
            )


def _problem(document: Document, at: PathKey, message: str, hint: str | None = None) -> Problem:
    return Problem(message=message, slug="bad-waiver", where=document.where(at), hint=hint)
