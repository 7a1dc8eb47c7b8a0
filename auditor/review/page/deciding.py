"""The second step: the model's answer in view, and what the reviewer makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from auditor.errors import UsageError
from auditor.review.judging import first_judged
from auditor.review.page.answers import STATEMENTS, answer, answers_to, day_of, labels, wrongs_of
from auditor.review.page.forms import Wrong, Wrongs
from auditor.review.reasons import no_reason, reasons_of
from auditor.review.recording import checked_review
from auditor.review.saying import Said, Statement
from auditor.review.showing import after, before, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.review.case import Case, Demands
    from auditor.review.page.corrections import Past
    from auditor.review.page.forms import Form
    from auditor.review.page.turns import Turn
    from auditor.review.page.visits import Visit
    from auditor.review.recording import Checked
    from auditor.review.showing import After

USUAL = ("application documents", "interview notes", "work sample", "references")
"""What reviewers look at besides the score, offered where nobody typed anything else."""


def shown(visit: Visit, turn: Turn, past: Past | None = None) -> dict[str, Any]:
    """Everything on the page of this step, or of the correction of an earlier review."""
    case, judged = _about(turn, past)
    told = {one.identity: one for one in after(case, scale_of(visit.board.desk.cases))}
    return {
        "decisions": [
            {
                "seen": seen,
                "told": told[seen.identity],
                "judged": judged[seen.identity],
                "answers": answers_to(told[seen.identity].model),
            }
            for seen in before(case, visit.service.evidence)
        ],
        "considered": labels_of(visit, case),
        "reasons": reasons_of(case, visit.board.desk.demands),
        "statements": STATEMENTS,
        "said": _statements(visit, turn),
        "said_erased": len(turn.item.unread),
    }


def labels_of(visit: Visit, case: Case) -> list[str]:
    """Labels of what can be considered: the values on the page, and what lies elsewhere."""
    names = (
        name for one in case.decisions for name, _ in visit.service.evidence.get(one.identity, ())
    )
    return list(dict.fromkeys([*names, *USUAL]))


def taken(visit: Visit, turn: Turn, past: Past | None = None) -> tuple[Wrongs, Checked | None]:
    """Make an entry of what was sent, or say what is wrong and why it would not count.

    Parameters
    ----------
    visit, turn
    past : Past, optional
        The own review that it corrects.
    """
    case, judged = _about(turn, past)
    found = wrongs_of(
        visit.form,
        case,
        judged=judged,
        statement=bool(_statements(visit, turn)),
        today=visit.board.day,
    )
    wrong = Wrongs((*found, *_no_reason(visit, case)))
    if len(wrong):
        return wrong, None
    try:
        made = checked_review(
            visit.board.desk,
            _said(visit, turn, past),
            private=visit.service.private,
            by=visit.person.key,
            now=visit.service.now(),
        )
    except UsageError as refused:
        says = [Wrong(at="form", says=f"{p.message}: {p.hint}") for p in refused.problems]
        return Wrongs(tuple(says)), None
    if made.reasons:
        return Wrongs(tuple(Wrong(at="form", says=why) for why in made.reasons)), None
    return wrong, made


def _about(turn: Turn, past: Past | None) -> tuple[Case, Mapping[str, str]]:
    """Give the decisions that the form is about, and what was thought of them first."""
    if past is not None:
        return past.case, past.judged
    return turn.item.case, first_judged(turn.item, turn.me)


def _no_reason(visit: Visit, case: Case) -> Iterator[Wrong]:
    """Say at the reason codes which list a decision takes none of, and has to."""
    demands = visit.board.desk.demands
    for one in case.decisions:
        if visit.form.one(f"final-{one.identity}") in dict(answers_to(one.outcome)):
            outcome = answer(visit.form, one).outcome
            if no_reason(codes_in(visit.form, case, demands), one, outcome, demands):
                yield Wrong(
                    at="reason_codes", says="Tick a reason: you do not keep the model's outcome."
                )
                return


def codes_in(form: Form, case: Case, demands: Demands) -> tuple[str, ...]:
    """Reason codes of a form: ticked where there is a list, else typed."""
    listed = reasons_of(case, demands)
    return form.many("reason_codes") if listed else labels(form.one("reason_codes"))


def _said(visit: Visit, turn: Turn, past: Past | None) -> Said:
    form, (case, _) = visit.form, _about(turn, past)
    told = after(case, scale_of(visit.board.desk.cases))
    said = Said(
        case=case.id,
        role=turn.role if past is None else past.body["role"],
        answers=tuple(answer(form, one) for one in case.decisions),
        rationale=form.one("rationale"),
        considered=(*form.many("considered"), *labels(form.one("considered_other"))),
        explanation_shown=explanation(told),
        takes_effect=day_of(form.one("takes_effect")),
        reason_codes=codes_in(form, case, visit.board.desk.demands),
        statement=cast("Statement", form.one("statement")),
        statement_words=form.one("statement_words"),
    )
    if past is not None:
        seconds = _seconds(visit, turn, [past.body["seconds"]])
        id_ = past.record.entry.draft.id
        return replace(said, first=past.body["first"], seconds=seconds, corrects=id_)
    before = {record.entry.seq: record.entry for record in turn.first.values()}
    seconds = _seconds(visit, turn, [entry.draft.body["seconds"] for entry in before.values()])
    return replace(said, seconds=seconds)


def explanation(told: tuple[After, ...]) -> tuple[str, ...]:
    """Labels of what this page showed of the model's answer."""
    found = ["model outcome"]
    found += ["score band"] if any(one.band for one in told) else []
    found += ["reasons that raised the score"] if any(one.raised for one in told) else []
    found += ["reasons that lowered the score"] if any(one.lowered for one in told) else []
    return (*found, "rule that sent it here")


def _seconds(visit: Visit, turn: Turn, before: Sequence[int | None]) -> int | None:
    """Time of this form, and of what was done before it where that is known."""
    now = visit.service.now()
    here = visit.service.clocks.seconds(visit.person.self, turn.item.case.id, now)
    return None if here is None else here + sum(seconds or 0 for seconds in before)


def _statements(visit: Visit, turn: Turn) -> list[str]:
    """Give what the person concerned wrote when they asked for the review."""
    asked = [
        record.entry.draft.id
        for record in turn.item.records
        if record.entry.draft.kind == "requested"
    ]
    if not asked:
        return []
    words = visit.ledger.words()
    return [words[id_, "statement"].text for id_ in asked if (id_, "statement") in words]
