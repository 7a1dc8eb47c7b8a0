"""The correction of an own review: the form once more, and a new entry that names the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.review.page import deciding
from auditor.review.page.cases import UNSEEN, missing, plain, turn_of
from auditor.review.page.corrections import Past, filled_in, past_review
from auditor.review.page.forms import Form, Wrongs
from auditor.review.reasons import reasons_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from auditor.review.page.turns import Turn
    from auditor.review.page.visits import Visit

NOT_YOURS = "this is no review of yours of this case: only whoever said it can correct it"


def ask(visit: Visit) -> Response:
    """Show the form of a review with what was said in it; the clock runs from here."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    past = past_review(turn, visit.request.query_params.get("review", ""))
    if past is None or past.why_not:
        return _refused(visit, turn, past)
    kept = visit.service.drafts.of(visit.person.self, turn.item.case.id)
    listed = bool(reasons_of(past.case, visit.board.desk.demands))
    said = filled_in(past, deciding.labels_of(visit, past.case), listed=listed)
    form = said if kept is None else Form(kept)
    return _form(visit, turn, past, form, Wrongs(), kept=kept is not None)


def take(visit: Visit) -> Response:
    """Put a correction on record; the review that it corrects stays there."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    past = past_review(turn, visit.form.one("review"))
    if past is None or past.why_not:
        return _refused(visit, turn, past)
    if not visit.has_seen(turn.item.case.id, _seen_of(past)):
        return _form(visit, turn, past, visit.form, UNSEEN, status=409)
    wrongs, made = deciding.taken(visit, turn, past)
    if made is None:
        return _form(visit, turn, past, visit.form, wrongs, status=422)
    board, entry = visit.record(made)
    who, case = visit.person.self, turn.item.case.id
    visit.service.clocks.drop(who, case)
    visit.service.drafts.drop(who, case)
    state = board.items[case].state
    says = "is settled" if state == "resolved" else "waits for somebody else now"
    return visit.go(
        f"/case/{case}",
        f"Your correction is on record as entry {entry.seq}; entry {past.record.entry.seq} stays. "
        f"The case {says}.",
    )


def _refused(visit: Visit, turn: Turn, past: Past | None) -> Response:
    """Say why not, and keep what was typed."""
    words = visit.form.words()
    who = visit.person.self
    visit.service.drafts.keep(who, turn.item.case.id, words, visit.service.now())
    why = NOT_YOURS if past is None else f"it cannot be corrected here: {past.why_not}"
    return plain(visit, turn, status=409, why=(why,))


def _form(
    visit: Visit,
    turn: Turn,
    past: Past,
    form: Form,
    wrongs: Wrongs,
    *,
    kept: bool = False,
    status: int = 200,
) -> Response:
    visit.looked_at(turn.item.case.id, _seen_of(past))
    return visit.show(
        "correct.html.j2",
        status,
        turn=turn,
        past=past,
        form=form,
        wrongs=wrongs,
        kept=kept,
        **deciding.shown(visit, turn, past),
    )


def _seen_of(past: Past) -> object:
    return "correct", past.record.entry.draft.id, past.case
