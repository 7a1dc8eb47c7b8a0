"""Whose a case is: claimed, given back, passed on; and pauses of whoever works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.review.page.cases import missing, not_now, plain, turn_of
from auditor.review.recording import checked_step

if TYPE_CHECKING:
    from starlette.responses import Response

    from auditor.ledger.bodies import Kind
    from auditor.review.page.turns import Stage
    from auditor.review.page.visits import Visit

_BEFORE: dict[Kind, tuple[Stage, ...]] = {
    "claimed": ("free", "taken"),
    "released": ("taken", "judge", "decide", "barred"),
    "escalated": ("judge", "decide", "barred"),
}
"""Where somebody can take a step; sent twice, or by others, it is none."""


def claim(visit: Visit) -> Response:
    """Let somebody work on a case, so that nobody else begins with it."""
    return _move(visit, "claimed", role=visit.form.one("role"))


def release(visit: Visit) -> Response:
    """Take a case back from whoever works on it."""
    return _move(visit, "released")


def escalate(visit: Visit) -> Response:
    """Pass a case on to people of another role."""
    return _move(
        visit,
        "escalated",
        role=visit.form.one("role"),
        to_role=visit.form.one("to_role"),
        why=visit.form.one("why"),
    )


def pause(visit: Visit) -> Response:
    """Stop the clock, and keep what was typed."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    who, case = visit.person.self, turn.item.case.id
    if turn.stage in ("judge", "decide"):
        visit.service.clocks.stop(who, case, visit.service.now())
        visit.service.drafts.keep(who, case, visit.form.words(), visit.service.now())
    return visit.go(f"/case/{case}")


def go_on(visit: Visit) -> Response:
    """Let the clock run again."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    if turn.stage in ("judge", "decide"):
        visit.service.clocks.start(visit.person.self, turn.item.case.id, visit.service.now())
    return visit.go(f"/case/{turn.item.case.id}")


def _move(
    visit: Visit, kind: Kind, *, role: str = "", to_role: str = "", why: str = ""
) -> Response:
    turn = turn_of(visit)
    if turn is None:
        return missing()
    if turn.stage not in _BEFORE[kind]:
        return not_now(visit, turn)
    made = checked_step(
        visit.board.desk,
        kind,
        turn.item.case,
        role=role,
        to_role=to_role,
        why=why,
        private=visit.service.private,
        by=visit.person.key,
        now=visit.service.now(),
    )
    if made.reasons:
        return plain(visit, turn, status=409, why=made.reasons)
    visit.record(made)
    if kind == "claimed":
        return visit.go(f"/case/{turn.item.case.id}")
    visit.service.clocks.drop(visit.person.self, turn.item.case.id)
    done = "given back" if kind == "released" else f"passed on to {to_role}"
    return visit.go("/", f"The case is {done}.")
