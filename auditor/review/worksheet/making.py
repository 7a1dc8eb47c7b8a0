"""A worksheet before it is written: its origin, its titles and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.review.anchoring import told_reviewers
from auditor.review.authority import person_called
from auditor.review.needs import needs_of
from auditor.review.reasons import reasons_of
from auditor.review.showing import scale_of
from auditor.review.worksheet.choosing import Chosen, chosen
from auditor.review.worksheet.columns import LAYOUTS, Layout
from auditor.review.worksheet.marks import Origin, cell_text, mark_of
from auditor.review.worksheet.showing import lead_of

if TYPE_CHECKING:
    from auditor.review.authority import Person
    from auditor.review.desk import Desk
    from auditor.review.queue import Queue
    from auditor.review.showing import Evidence
    from auditor.review.worksheet.columns import Step

_MOST_ROWS = 100_000
"""Nobody reads that many; a sheet ends at 1,048,576."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What is written: for each row its locked cells, and its mark.

    ``features`` are the titles of the evidence between the locked columns and those to fill in,
    ``reasons`` the codes to choose from, with what each says, ``needs`` the columns that a policy
    needs filled in, ``cautions`` what reviewers should know about the ledger.
    """

    origin: Origin
    layout: Layout
    day: date
    features: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], str], ...]
    left_out: Mapping[str, int]
    reasons: Mapping[str, str]
    needs: frozenset[str]
    cautions: tuple[str, ...]


def made(
    desk: Desk,
    queue: Queue,
    step: Step,
    *,
    role: str,
    reader: str | None = None,
    evidence: Evidence | None = None,
) -> Made:
    """Put together what a worksheet shows.

    Parameters
    ----------
    desk : Desk
    queue : of that desk
    step : Step
        ``first``, or ``reveal`` for what the reader has judged.
    role : str
        In which they decide.
    reader : str, optional
        Their name in the keyring.
    evidence : Evidence, optional
        Job-related values of the decisions.

    Raises
    ------
    UsageError
        When nothing asks for the role, the keyring does not know the reader, a reveal is for
        nobody, or there are too many rows.
    """
    person = None if reader is None else _in_keyring(desk, reader, queue.as_of)
    if person is None and step == "reveal":
        raise UsageError(
            "a reveal is made for one person, after their own first judgement",
            slug="reveal-for-nobody",
            hint="add --reader NAME, as the keyring writes it",
        )
    found = chosen(desk, queue, step, role, person)
    if len(found.lines) > _MOST_ROWS:
        raise UsageError(
            f"{len(found.lines):,} decisions wait for {role!r}, more than a worksheet holds "
            f"({_MOST_ROWS:,})",
            slug="worksheet-too-long",
            hint="review fewer: narrow the rules of the policy and audit again",
        )
    origin = Origin(
        step=step,
        role=cell_text(role),
        reader="" if person is None else cell_text(person.name),
        ledger=desk.ledger,
        result=desk.result,
    )
    return _put_together(desk, queue, origin, found, evidence or {})


def _put_together(
    desk: Desk, queue: Queue, origin: Origin, found: Chosen, evidence: Evidence
) -> Made:
    scale = scale_of(desk.cases)
    values = {line.decision.identity: evidence.get(line.decision.identity) for line in found.lines}
    names = next(([name for name, _ in pairs] for pairs in values.values() if pairs), [])
    features = tuple(map(cell_text, names))
    rows = []
    for line in found.lines:
        mine = dict(values[line.decision.identity] or ())
        cells = (*lead_of(line, scale), *(cell_text(mine.get(name, "")) for name in names))
        rows.append((cells, mark_of(origin, line.decision.identity, features, cells)))
    return Made(
        origin=origin,
        layout=LAYOUTS[origin.step],
        day=queue.as_of,
        features=features,
        rows=tuple(rows),
        left_out=found.left_out,
        reasons={
            code: cell_text(says)
            for line in found.lines
            for code, says in reasons_of(line.case, desk.demands).items()
        },
        needs=frozenset(
            need
            for line in found.lines
            for need in needs_of(line.case, desk.demands)
            if origin.step == "reveal"
        ),
        cautions=tuple(told_reviewers(desk, queue.as_of)),
    )


def _in_keyring(desk: Desk, reader: str, day: date) -> Person:
    found = None if desk.keyring is None else person_called(reader, day, desk.keyring)
    if found is None:
        raise UsageError(
            f"the keyring knows nobody of the name {reader!r} with a role on {day}",
            slug="unknown-reader",
            hint="write the name as it stands in the file of --keyring",
        )
    return found
