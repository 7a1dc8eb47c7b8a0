"""One case: whose it is, and the step at which its reviewer stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from auditor.ledger.authentic import SERVICE
from auditor.review.page import deciding, judging
from auditor.review.page.corrections import past_reviews
from auditor.review.page.forms import Form, Wrong, Wrongs
from auditor.review.page.templating import rendered
from auditor.review.page.turns import Turn
from auditor.review.passing import waiting_parts, why_not_to

if TYPE_CHECKING:
    from starlette.responses import Response

    from auditor.review.page.corrections import Past
    from auditor.review.page.visits import Visit


UNSEEN = Wrongs(
    (
        Wrong(
            at="form",
            says="This page was not shown to you as it stands now. Read it, then send it again.",
        ),
    )
)


def turn_of(visit: Visit) -> Turn | None:
    """Give the case that is asked for; None where this person has no part in it."""
    item = visit.board.items.get(visit.request.path_params["case"])
    return None if item is None else Turn(visit.board, item, visit.person)


def show(visit: Visit) -> Response:
    """Show a case at the step where its reviewer stands; the clock runs from here."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    if turn.stage not in ("judge", "decide"):
        return plain(visit, turn)
    who, case = visit.person.self, turn.item.case.id
    if visit.service.clocks.paused(who, case):
        return visit.show("paused.html.j2", turn=turn)
    kept = visit.service.drafts.of(who, case)
    return step(visit, turn, Form(kept or {}), Wrongs(), kept=kept is not None)


def step(
    visit: Visit, turn: Turn, form: Form, wrongs: Wrongs, *, kept: bool = False, status: int = 200
) -> Response:
    """Show the form of the step, with what was typed into it and what is wrong with that."""
    visit.looked_at(turn.item.case.id, seen_of(turn))
    if turn.stage == "decide":
        template, said = "decide.html.j2", deciding.shown(visit, turn)
    else:
        template, said = "judge.html.j2", judging.shown(visit, turn)
    return visit.show(
        template,
        status,
        turn=turn,
        form=form,
        wrongs=wrongs,
        kept=kept,
        elsewhere=elsewhere(turn),
        **said,
    )


def judge(visit: Visit) -> Response:
    """Take a first judgement; only then the model's answer is shown."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    if turn.stage != "judge":
        return not_now(visit, turn)
    if not visit.has_seen(turn.item.case.id, seen_of(turn)):
        return step(visit, turn, visit.form, UNSEEN, status=409)
    wrongs, made = judging.taken(visit, turn)
    if made is None:
        return step(visit, turn, visit.form, wrongs, status=422)
    visit.record(made)
    _forget(visit, turn)
    return visit.go(f"/case/{turn.item.case.id}", "Your first judgement is on record.")


def decide(visit: Visit) -> Response:
    """Take a review."""
    turn = turn_of(visit)
    if turn is None:
        return missing()
    if turn.stage != "decide":
        return not_now(visit, turn)
    if not visit.has_seen(turn.item.case.id, seen_of(turn)):
        return step(visit, turn, visit.form, UNSEEN, status=409)
    wrongs, made = deciding.taken(visit, turn)
    if made is None:
        return step(visit, turn, visit.form, wrongs, status=422)
    board, entry = visit.record(made)
    _forget(visit, turn)
    state = board.items[turn.item.case.id].state
    says = "is settled" if state == "resolved" else "still waits for somebody else"
    return visit.go("/", f"Your review is on record as entry {entry.seq}. The case {says}.")


def seen_of(turn: Turn) -> object:
    """Everything that the step shows of a case: a record may say of it that it was shown."""
    return turn.stage, turn.unjudged if turn.stage == "judge" else turn.item.case


def missing() -> Response:
    """Say that there is no such case."""
    return rendered(
        "message.html.j2", 404, title="There is no such case", says="Go back to the list of cases."
    )


def plain(visit: Visit, turn: Turn, *, status: int = 200, why: tuple[str, ...] = ()) -> Response:
    """Show a case without its step, and why nothing was recorded where somebody tried."""
    past = past_reviews(turn) if turn.stage == "done" else ()
    return visit.show(
        "case.html.j2",
        status,
        turn=turn,
        why=why,
        elsewhere=elsewhere(turn),
        past=past,
        words=words_of(visit, past),
        kept=visit.service.drafts.of(visit.person.self, turn.item.case.id) is not None,
    )


def words_of(visit: Visit, past: Sequence[Past]) -> dict[str, str]:
    """Give the words of own reviews, by the id of the entry, as far as they are still there."""
    if not past:
        return {}
    words = visit.ledger.words()
    ids = [one.record.entry.draft.id for one in past]
    return {id_: words[id_, "rationale"].text for id_ in ids if (id_, "rationale") in words}


def not_now(visit: Visit, turn: Turn) -> Response:
    """Answer what was sent twice, or by somebody who does not work on the case (any more)."""
    if turn.stage == "free" and not visit.form.words():
        return visit.go("/", "Nobody works on this case now.")
    if turn.stage in ("free", "taken"):
        visit.service.drafts.keep(
            visit.person.self, turn.item.case.id, visit.form.words(), visit.service.now()
        )
        why = ("You do not work on this case any more; what you typed is kept.",)
        return plain(visit, turn, status=409, why=why)
    if turn.stage == "done" and turn.reviewed is None:
        why = ("Other people settled this case in the meantime.",)
        return plain(visit, turn, status=409, why=why)
    says = {
        "judge": "This case is in your hands. Say first what you think yourself.",
        "decide": "Your first judgement is on record; it was not recorded twice.",
        "barred": "Your review would not count; nothing was recorded.",
        "done": "Your review was on record before; it was not recorded twice.",
    }[turn.stage]
    return visit.go(f"/case/{turn.item.case.id}", says)


def _forget(visit: Visit, turn: Turn) -> None:
    visit.service.clocks.drop(visit.person.self, turn.item.case.id)
    visit.service.drafts.drop(visit.person.self, turn.item.case.id)


def elsewhere(turn: Turn) -> list[dict[str, Any]]:
    """Roles to which each of the own roles can pass the case on."""
    desk, day = turn.board.desk, turn.board.day
    named = {role for roles in desk.demands.roles.values() for role in roles}
    named |= desk.keyring.roles if desk.keyring else frozenset()
    rules = [rule for _, rule in waiting_parts(turn.item.decisions)]
    by = (turn.person, desk.demands, desk.keyring, day)
    return [
        {"role": role, "to": to}
        for role in turn.asked
        for to in sorted(named - {SERVICE})
        if any(not why_not_to(rule, role, to, *by) for rule in rules)
    ]
