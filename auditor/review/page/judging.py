"""The first step: job-related values alone, and what somebody thinks themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditor.ledger.bodies import FINALS, FirstJudgement
from auditor.ledger.entry import new_draft
from auditor.review.page.forms import Form, Wrong, Wrongs
from auditor.review.recording import checked_draft
from auditor.review.showing import before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.review.case import Case
    from auditor.review.page.turns import Turn
    from auditor.review.page.visits import Visit
    from auditor.review.recording import Checked

JUDGED: tuple[str, ...] = (*FINALS, "cannot-say")
SURE: tuple[str, ...] = ("low", "medium", "high")
"""How sure somebody is of a first judgement."""


def shown(visit: Visit, turn: Turn) -> dict[str, Any]:
    """Everything on the page of this step; nothing of it depends on the model."""
    return {"decisions": before(turn.item.case, visit.service.evidence)}


def taken(visit: Visit, turn: Turn) -> tuple[Wrongs, Checked | None]:
    """Make an entry of what was sent, or say what is wrong with it."""
    form, case, now = visit.form, turn.item.case, visit.service.now()
    wrong = Wrongs(tuple(_wrong(form, case)))
    if len(wrong):
        return wrong, None
    body: FirstJudgement = {
        "case": case.id,
        "result": visit.board.desk.result,
        "role": turn.role,
        "judgements": [
            {"identity": one.identity, "judged": form.one(f"judged-{one.identity}")}  # type: ignore[typeddict-item]
            for one in case.decisions
        ],
        "confidence": form.one("confidence"),  # type: ignore[typeddict-item]
        "conflict": form.one("conflict") == "yes",
        "seconds": visit.service.clocks.seconds(visit.person.self, case.id, now),
    }
    draft = new_draft(visit.board.desk.ledger, "first-judgement", dict(body), now=now)
    draft = replace(draft, by=visit.person.key).signed(visit.service.private)
    made = checked_draft(visit.board.desk, case.id, draft, {}, now=now)
    if made.reasons:
        return Wrongs(tuple(Wrong(at="form", says=why) for why in made.reasons)), None
    return wrong, made


def _wrong(form: Form, case: Case) -> Iterator[Wrong]:
    for one in case.decisions:
        at = f"judged-{one.identity}"
        if form.one(at) not in JUDGED:
            yield Wrong(at=at, says=f"Say what you would decide about {one.decision or 'it'}.")
    if form.one("confidence") not in SURE:
        yield Wrong(at="confidence", says="Say how sure you are.")
    if form.one("conflict") not in ("yes", "no"):
        yield Wrong(at="conflict", says="Say whether you have a conflict of interest.")
