"""What an inspection found, as people read it: no value that tells who somebody is."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.cli.terminal import console

if TYPE_CHECKING:
    from auditor.ingest.inspection.choosing import Guessed
    from auditor.ingest.inspection.inspecting import Inspection

SMALL = 10
"""Fewer people than this are not counted out loud."""

FEW = 30
"""A column with more values is not listed, unless they are groups or outcomes."""

NOT_KNOWN = "only you know"
_WIDEST = 26
_SHOWN = ("constant", "category", "requisition or stratum", "model version")
_KINDS = {"text": "delimited text", "workbook": "Excel workbook", "parquet": "Parquet"}


def show_inspection(found: Inspection, *, written: str | None) -> None:
    """Print what a file seems to be, and what to do next.

    Parameters
    ----------
    found : Inspection
    written : where the profile went, if one was asked for
    """
    from auditor.ingest.inspection.doubts import doubts_of
    from auditor.report.page import Page
    from auditor.report.words import SYMBOLS, many

    page = Page(console=console(), hidden={}, lines=())
    encoding = f" in {found.encoding}" if found.encoding else ""
    page.line("File", f"{found.path}: {_KINDS[found.kind]}{encoding}")
    read = f"{many(found.rows, 'row')}, {many(len(found.columns), 'column')}"
    page.line("Read", f"{read}; nothing is changed")
    for note in found.notes:
        page.line("", note)
    page.gap()
    indent = min(max(len(facts.name) for facts, _ in found.columns), _WIDEST) + 2
    for facts, guess in found.columns:
        wide = len(facts.name) > _WIDEST
        if wide:
            page.line("", facts.name, indent=0)
        page.line("" if wide else facts.name, _about((facts, guess)), indent=indent)
        for values in _values((facts, guess), found):
            page.line("", values, indent=indent + 2)
    page.gap()
    for n, doubt in enumerate(doubts_of(found)):
        page.line("" if n else "Doubts", f"{SYMBOLS['warning']} {doubt}")
    for n, step in enumerate(_next(found, written)):
        page.line("" if n else "Next", step)


def small_cells(counts: Mapping[str, int]) -> dict[str, str]:
    """Say counts as they may be shown: none under ten, none that reveals one by subtraction.

    Examples
    --------
    >>> small_cells({"F": 40, "M": 30, "X": 3})
    {'F': '40', 'M': 'not shown', 'X': 'under 10'}
    >>> small_cells({"F": 40, "M": 30})
    {'F': '40', 'M': '30'}
    """
    rising = sorted((key for key in counts if counts[key]), key=lambda key: counts[key])
    hidden = [key for key in rising if counts[key] < SMALL]
    while hidden and len(hidden) < len(rising):
        if len(hidden) > 1 and sum(counts[key] for key in hidden) >= SMALL:
            break
        hidden.append(rising[len(hidden)])
    said = {key: f"{n:,}" for key, n in counts.items()}
    said |= {key: "under 10" if counts[key] < SMALL else "not shown" for key in hidden}
    return said


def _about(column: Guessed) -> str:
    """One column in a line: its part and its counts."""
    from auditor.ingest.inspection.roles import Role

    facts, guess = column
    role = str(guess.role) + (f": {guess.attribute}" if guess.attribute else "")
    if guess.role in (Role.UNREADABLE, Role.EMPTY):
        return role
    blank = _counts(column).get("", f"{facts.blanks:,}") if facts.blanks else "no"
    cells = [f"{role} ({guess.sure})", f"{facts.different:,} different", f"{blank} blank"]
    if guess.role is Role.SCORE and facts.low is not None and facts.high is not None:
        cells.append(f"from {facts.low:.6g} to {facts.high:.6g}")
    return ", ".join(cells)


def _counts(column: Guessed) -> dict[str, str]:
    """Rows of each value as they may be shown, the blank among them."""
    from auditor.ingest.inspection.guessing import values_of
    from auditor.ingest.inspection.roles import Role

    facts, guess = column
    counts = values_of(facts)
    if guess.role is Role.GROUP:
        return small_cells(counts)
    return {text: f"{n:,}" for text, n in counts.items()}


def _values(column: Guessed, found: Inspection) -> Iterator[str]:
    """Values of a column of few, a line for each meaning that they were given."""
    from auditor.documents import shown
    from auditor.ingest.inspection.guessing import MANY
    from auditor.ingest.inspection.roles import Role

    facts, guess = column
    listed = guess.role in (Role.GROUP, Role.OUTCOME, Role.LABEL)
    few = facts.different <= FEW and 2 * facts.different <= facts.filled
    if not facts.levels or guess.hides_values or not (listed or (few and guess.role in _SHOWN)):
        return
    meanings = _meanings(facts.name, found)
    by_meaning: dict[str, list[str]] = {}
    for text, n in [item for item in _counts(column).items() if item[0]][:MANY]:
        by_meaning.setdefault(meanings.get(text, ""), []).append(f"{shown(text)} {n}")
    for meaning, texts in by_meaning.items():
        yield f"{meaning}: {', '.join(texts)}" if meaning else ", ".join(texts)
    if facts.different > MANY:
        yield f"and {facts.different - MANY:,} more values"


def _meanings(name: str, found: Inspection) -> dict[str, str]:
    """Say what each value of a chosen column was taken for."""
    outcome = found.outcome
    if outcome is not None and outcome.column == name:
        spoken = outcome.spoken.items()
        return {text: str(said or NOT_KNOWN).replace("_", " ") for text, said in spoken}
    for group in found.groups:
        if group.column == name:
            placed = group.placed
            labels = {text: label for label, texts in placed.groups.items() for text in texts}
            labels |= dict.fromkeys(placed.unknown, "unknown")
            return labels | dict.fromkeys(placed.unplaced, NOT_KNOWN)
    return {}


def _next(found: Inspection, written: str | None) -> Iterator[str]:
    if written is None:
        yield f"auditor inspect {shlex.quote(found.path)} --write-profile profile.yaml"
        return
    if written != "-":
        yield f"{written} is written. Read it and correct it: nobody has checked what it says."
    if not found.is_settled:
        yield "As it is, an audit refuses the profile; its remarks say what it does not know."
    profile = "profile.yaml" if written == "-" else shlex.quote(written)
    yield f"auditor audit {shlex.quote(found.path)} --profile {profile} --policy us-adverse-impact"
