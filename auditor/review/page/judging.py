"""The first step: job-related values alone, and what somebody thinks themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from auditor.review.judging import Confidence, Judged, Judgement, checked_judgement
from auditor.review.page.forms import Form, Wrong, Wrongs
from auditor.review.showing import before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.review.case import Case
    from auditor.review.page.turns import Turn
    from auditor.review.page.visits import Visit
    from auditor.review.recording import Checked

JUDGED: tuple[str, ...] = get_args(Judged)
SURE: tuple[str, ...] = get_args(Confidence)
"""How sure somebody is of a first judgement."""


def shown(visit: Visit, turn: Turn) -> dict[str, Any]:
    """Everything on the page of this step; nothing of it depends on the model."""
    return {"decisions": before(turn.unjudged, visit.service.evidence)}


def taken(visit: Visit, turn: Turn) -> tuple[Wrongs, Checked | None]:
    """Make an entry of what was sent, or say what is wrong with it."""
    form, case, now = visit.form, turn.unjudged, visit.service.now()
    wrong = Wrongs(tuple(_wrong(form, case)))
    if len(wrong):
        return wrong, None
    told = Judgement(
        case=case.id,
        role=turn.role,
        judged={one.identity: form.one(f"judged-{one.identity}") for one in case.decisions},  # type: ignore[misc]
        confidence=form.one("confidence"),  # type: ignore[arg-type]
        conflict=form.one("conflict") == "yes",
        seconds=visit.service.clocks.seconds(visit.person.self, case.id, now),
    )
    made = checked_judgement(
        visit.board.desk, told, private=visit.service.private, by=visit.person.key, now=now
    )
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
