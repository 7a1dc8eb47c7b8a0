"""The second step: the model's answer in view, and what the reviewer makes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from auditor.errors import UsageError
from auditor.ledger.bodies import FINALS, Done, Final
from auditor.review.departing import words_needed
from auditor.review.page.forms import Form, Wrong, Wrongs
from auditor.review.recording import checked_review
from auditor.review.saying import Answer, Said, Statement
from auditor.review.showing import after, before, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.review.case import Case, FlaggedDecision
    from auditor.review.page.turns import Turn
    from auditor.review.page.visits import Visit
    from auditor.review.recording import Checked
    from auditor.review.showing import After

STATEMENTS: dict[str, str] = {
    "none-given": "they gave none",
    "considered": "I considered it",
    "not-considered": "I did not consider it",
}
USUAL = ("application documents", "interview notes", "work sample", "references")
"""What reviewers look at besides the score, offered where nobody typed anything else."""


def shown(visit: Visit, turn: Turn) -> dict[str, Any]:
    """Everything on the page of this step."""
    case = turn.item.case
    told = {one.identity: one for one in after(case, scale_of(visit.board.desk.cases))}
    judged = _judged(turn)
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
        "statements": STATEMENTS,
        "said": _statements(visit, turn),
        "today": visit.board.day,
    }


def answers_to(model: str) -> list[tuple[str, str]]:
    """List what can become of an answer of the model: values of the form, and their words."""
    found = []
    if model in FINALS:
        other = next(final for final in FINALS if final != model)
        found = [("kept", f"keep it: {model}"), ("changed", f"change it to: {other}")]
    return found + [
        (f"not-used-{final}", f"set the model aside and decide: {final}") for final in FINALS
    ]


def labels_of(visit: Visit, case: Case) -> list[str]:
    """Labels of what can be considered: the values on the page, and what lies elsewhere."""
    names = (
        name for one in case.decisions for name, _ in visit.service.evidence.get(one.identity, ())
    )
    return list(dict.fromkeys([*names, *USUAL]))


def taken(visit: Visit, turn: Turn) -> tuple[Wrongs, Checked | None]:
    """Make an entry of what was sent, or say what is wrong and why it would not count."""
    wrong = Wrongs(tuple(_wrong(visit, turn)))
    if len(wrong):
        return wrong, None
    try:
        made = checked_review(
            visit.board.desk,
            _said(visit, turn),
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


def _said(visit: Visit, turn: Turn) -> Said:
    form, case, first = visit.form, turn.item.case, turn.first
    told = after(case, scale_of(visit.board.desk.cases))
    return Said(
        case=case.id,
        role=turn.role,
        answers=tuple(_answer(form, one) for one in case.decisions),
        rationale=form.one("rationale"),
        considered=(*form.many("considered"), *_list(form.one("considered_other"))),
        explanation_shown=explanation(told),
        takes_effect=_day(form.one("takes_effect")),
        reason_codes=_list(form.one("reason_codes")),
        statement=cast("Statement", form.one("statement")),
        statement_words=form.one("statement_words"),
        seconds=_seconds(visit, turn),
        first=None if first is None else first.entry.draft.id,
    )


def explanation(told: tuple[After, ...]) -> tuple[str, ...]:
    """Labels of what this page showed of the model's answer."""
    found = ["model outcome"]
    found += ["score band"] if any(one.band for one in told) else []
    found += ["reasons for and against"] if any(one.raised or one.lowered for one in told) else []
    return (*found, "rule that sent it here")


def _seconds(visit: Visit, turn: Turn) -> int | None:
    """Time of both steps together."""
    now = visit.service.now()
    here = visit.service.clocks.seconds(visit.person.self, turn.item.case.id, now)
    first = None if turn.first is None else turn.first.entry.draft.body["seconds"]
    return here if first is None or here is None else here + int(first)


def _wrong(visit: Visit, turn: Turn) -> Iterator[Wrong]:
    form, case = visit.form, turn.item.case
    for one in case.decisions:
        at = f"final-{one.identity}"
        if form.one(at) not in dict(answers_to(one.outcome)):
            yield Wrong(at=at, says=f"Say what becomes of {one.decision or 'it'}.")
    if form.one("statement") not in STATEMENTS:
        yield Wrong(at="statement", says="Say what became of the person's own statement.")
    elif _statements(visit, turn) and form.one("statement") == "none-given":
        yield Wrong(at="statement", says="The person gave a statement: it stands on this page.")
    if not (form.many("considered") or _list(form.one("considered_other"))):
        yield Wrong(at="considered", says="Name what you considered besides the score.")
    yield from _wrong_day(form, visit.board.day)
    if not form.one("rationale"):
        yield Wrong(at="rationale", says=_why_words(form, turn))


def _wrong_day(form: Form, today: date) -> Iterator[Wrong]:
    day = _day(form.one("takes_effect"))
    if day is None:
        yield Wrong(at="takes_effect", says="Name the day on which the decision takes effect.")
    elif day < today:
        yield Wrong(
            at="takes_effect",
            says="The decision has taken effect on that day: a review comes before it.",
        )


def _why_words(form: Form, turn: Turn) -> str:
    """Say why a rationale is needed here above all, where somebody departs from something."""
    judged = _judged(turn)
    for one in turn.item.case.decisions:
        if form.one(f"final-{one.identity}") in dict(answers_to(one.outcome)):
            final = _answer(form, one).final or ""
            said = words_needed(model=one.outcome, final=final, first=judged[one.identity])
            if said:
                return f"Say why, in your words: {said}"
    return "Say why, in your words."


def _answer(form: Form, one: FlaggedDecision) -> Answer:
    chosen = form.one(f"final-{one.identity}")
    outcome = cast("Done", "not-used" if chosen.startswith("not-used-") else chosen)
    if outcome == "not-used":
        final = cast("Final", chosen.removeprefix("not-used-"))
    else:
        same = outcome == "kept"
        final = next(end for end in FINALS if (end == one.outcome) is same)
    return Answer(identity=one.identity, outcome=outcome, final=final)


def _judged(turn: Turn) -> dict[str, str]:
    first = turn.first
    body: Any = {"judgements": []} if first is None else first.entry.draft.body
    return {one["identity"]: one["judged"] for one in body["judgements"]}


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


def _list(text: str) -> tuple[str, ...]:
    """Labels, one a line or with commas between them."""
    parts = text.replace("\n", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
