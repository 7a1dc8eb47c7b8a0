"""The cases whose turn it is of somebody's roles, the earliest day first; one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditor.review.anchoring import told_reviewers
from auditor.review.page.corrections import past_reviews
from auditor.review.page.turns import Turn

if TYPE_CHECKING:
    from starlette.responses import Response

    from auditor.review.page.board import Board
    from auditor.review.page.visits import Visit

AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case of the list: nothing of it tells what the model said."""

    case: str
    decisions: tuple[str, ...]
    due: date | None
    overdue: bool
    mandatory: bool
    roles: tuple[str, ...]
    held_by: str
    mine: bool
    kept: bool


def lines(visit: Visit) -> list[Line]:
    """Cases that this person can decide or has to give back, their own first, then by their day."""
    found = [
        _line(turn, visit)
        for item in visit.board.items.values()
        if (turn := Turn(visit.board, item, visit.person)).stage != "done"
    ]
    return sorted(
        found, key=lambda line: (not line.mine, line.due or date.max, not line.mandatory, line.case)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One case that this person reviewed: their last review, and what can become of it."""

    case: str
    decisions: tuple[str, ...]
    entry: int
    on: str
    settled: bool
    correctable: bool


def show(visit: Visit) -> Response:
    """Show the list, so many cases at once."""
    found = lines(visit)
    start = _start(visit)
    return visit.show(
        "list.html.j2",
        lines=found[start : start + AT_ONCE],
        start=start,
        at_once=AT_ONCE,
        total=len(found),
        overdue=sum(line.overdue for line in found),
        mine=sum(line.mine for line in found),
        waiting=_others(visit.board) - len(found),
        decided=sum(1 for _ in _decided(visit)),
        cautions=tuple(told_reviewers(visit.board.desk, visit.board.day)),
    )


def decided(visit: Visit) -> Response:
    """Show what this person decided, the latest first, so many cases at once."""
    found = sorted(_decided(visit), key=lambda turn: -_last(turn))
    start = _start(visit)
    return visit.show(
        "decided.html.j2",
        lines=[_decided_line(turn) for turn in found[start : start + AT_ONCE]],
        start=start,
        at_once=AT_ONCE,
        total=len(found),
    )


def _start(visit: Visit) -> int:
    asked = visit.request.query_params.get("from", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def _decided(visit: Visit) -> Iterator[Turn]:
    for item in visit.board.items.values():
        if item.own(visit.person.self, "reviewed"):
            yield Turn(visit.board, item, visit.person)


def _last(turn: Turn) -> int:
    return turn.item.own(turn.person.self, "reviewed")[-1].entry.seq


def _decided_line(turn: Turn) -> Decided:
    past = past_reviews(turn)
    return Decided(
        case=turn.item.case.id,
        decisions=tuple(one.decision for one in turn.item.case.decisions),
        entry=past[-1].record.entry.seq,
        on=past[-1].record.entry.at[:10],
        settled=turn.item.state == "resolved",
        correctable=turn.stage == "done" and any(not one.why_not for one in past),
    )


def _line(turn: Turn, visit: Visit) -> Line:
    item = turn.item
    holder = item.claimed_by
    return Line(
        case=item.case.id,
        decisions=tuple(one.decision for one in item.case.decisions),
        due=item.due,
        overdue=item.overdue,
        mandatory=item.case.mandatory,
        roles=turn.roles,
        held_by="" if holder is None else holder.name,
        mine=holder is not None and holder.self == visit.person.self,
        kept=visit.service.drafts.of(visit.person.self, item.case.id) is not None,
    )


def _others(board: Board) -> int:
    return sum(item.state != "resolved" for item in board.items.values())
