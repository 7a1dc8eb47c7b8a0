"""What an inspection found, as people read it: no value that tells who somebody is."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.cli.terminal import console

if TYPE_CHECKING:
    from auditor.ingest.inspecting import Inspection
    from auditor.ingest.choosing import Guessed
    from auditor.report.page import Page

SMALL = 10
"""Fewer people than this are not counted out loud."""

_INDENT = 10
_WIDEST = 26
_KINDS = {"text": "delimited text", "workbook": "Excel workbook", "parquet": "Parquet"}


def show_inspection(found: Inspection, *, written: str | None) -> None:
    """Print what a file seems to be, and what to do next.

    Parameters
    ----------
    found : Inspection
    written : where the profile went, if one was asked for
    """
    from auditor.report.page import Page
    from auditor.report.words import SYMBOLS

    page = Page(console=console(), hidden={}, lines=())
    facts = [_KINDS[found.kind], *([found.encoding] if found.encoding else [])]
    page.line("File", f"{found.path}: {', '.join(facts)}")
    page.line("Read", f"{found.rows:,} rows, {len(found.columns):,} columns; nothing is changed")
    for note in found.notes:
        page.line("", note)
    page.gap()
    indent = min(max(len(facts.name) for facts, _ in found.columns), _WIDEST) + 2
    for facts, guess in found.columns:
        wide = len(facts.name) > _WIDEST
        if wide:
            page.line("", facts.name, indent=0)
        cells, values = _about((facts, guess), found)
        page.line("" if wide else facts.name, cells, indent=indent)
        if values:
            page.line("", values, indent=indent)
    page.gap()
    for n, doubt in enumerate(found.doubts):
        page.line("" if n else "Doubts", f"{SYMBOLS['warning']} {doubt}", indent=_INDENT)
    for n, step in enumerate(_next(found, written)):
        page.line("" if n else "Next", step, indent=_INDENT)


def small_cells(counts: Mapping[str, int]) -> dict[str, str]:
    """Counts as they may be shown: none under ten, and none that reveals one by subtraction.

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


def _about(column: Guessed, found: Inspection) -> tuple[str, str]:
    """One column in a line, and its values in another where they may be shown."""
    from auditor.ingest.guessing import MANY, values_of
    from auditor.ingest.roles import Role

    facts, guess = column
    role = str(guess.role) + (f": {guess.attribute}" if guess.attribute else "")
    if guess.role in (Role.UNREADABLE, Role.EMPTY):
        return role, ""
    counts = values_of(facts)
    is_listed = facts.levels is not None and not guess.hides_values
    said = (
        small_cells(counts)
        if guess.role is Role.GROUP and is_listed
        else {text: f"{n:,}" for text, n in counts.items()}
    )
    blank = said.get("", f"{facts.blanks:,}") if facts.blanks else "no"
    cells = [f"{role} ({guess.sure})", f"{facts.distinct:,} different", f"{blank} blank"]
    if guess.role is Role.SCORE and facts.low is not None and facts.high is not None:
        cells.append(f"from {facts.low:.6g} to {facts.high:.6g}")
    named = guess.role in (Role.GROUP, Role.OUTCOME, Role.LABEL)
    if not is_listed or not counts or not (named or 2 * facts.distinct <= facts.filled):
        return ", ".join(cells), ""
    if guess.role in (Role.SCORE, Role.NUMBER, Role.DATE, Role.COUNT):
        return ", ".join(cells), ""
    meanings = _meanings(facts.name, found)
    values = [
        f"{_shown(text)} {n}{meanings.get(text, '')}" for text, n in said.items() if text
    ]
    more = f", and {len(values) - MANY:,} more values" if len(values) > MANY else ""
    return ", ".join(cells), ", ".join(values[:MANY]) + more


def _meanings(name: str, found: Inspection) -> dict[str, str]:
    """What each value of a chosen column was taken for."""
    outcome = found.outcome
    if outcome is not None and outcome.column == name:
        return {
            text: f" ({str(spoken or 'not known').replace('_', ' ')})"
            for text, spoken in outcome.spoken.items()
        }
    for group in found.groups:
        if group.column == name:
            labels = {
                text: f" ({label})"
                for label, texts in group.placed.groups.items()
                for text in texts
                if text != label
            }
            labels |= dict.fromkeys(group.placed.unknown, " (unknown)")
            return labels | dict.fromkeys(group.placed.unplaced, " (not known)")
    return {}


def _shown(text: str) -> str:
    from auditor.documents import shown

    return shown(text)


def _next(found: Inspection, written: str | None) -> Iterator[str]:
    if written is None:
        yield f"auditor inspect {shlex.quote(found.path)} --write-profile profile.yaml"
        return
    if written != "-":
        yield f"{written} is written. Read it and correct it: nobody has checked what it says."
    if not found.is_settled:
        yield "As it is, an audit refuses it; its remarks say what it does not know."
    profile = "profile.yaml" if written == "-" else shlex.quote(written)
    yield f"auditor audit {shlex.quote(found.path)} --profile {profile} --policy us-adverse-impact"
