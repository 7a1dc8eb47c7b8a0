"""What a reviewer says about a case, and how the ledger writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from auditor.errors import Problem
from auditor.ledger.bodies import FINALS, Final
from auditor.review.authority import person_on
from auditor.review.reasons import unlisted

if TYPE_CHECKING:
    from auditor.ledger.bodies import Done, Reviewed, Settled
    from auditor.review.authority import Person
    from auditor.review.case import Case, Demands, FlaggedDecision
    from auditor.review.desk import Desk
    from auditor.review.queue import Item

MOST_LABEL, MOST_LABELS = 80, 40
"""Labels stay in the ledger for good, so they are no place for free words."""

Statement = Literal["none-given", "considered", "not-considered"]
"""What became of a statement that the person concerned gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reviewer decides about one decision.

    ``final`` may be left out where it follows: the model's outcome when it is kept, the other one
    when it is changed.
    """

    identity: str
    outcome: Done
    final: Final | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reviewer says about a case.

    ``considered``, ``explanation_shown`` and ``reason_codes`` are labels that stay in the ledger;
    ``rationale`` and ``statement_words`` lie beside it and can be erased.
    """

    case: str
    role: str
    answers: tuple[Answer, ...]
    rationale: str
    considered: tuple[str, ...] = ()
    explanation_shown: tuple[str, ...] = ()
    takes_effect: date | None = None
    reason_codes: tuple[str, ...] = ()
    statement: Statement = "none-given"
    statement_words: str = ""
    seconds: int | None = None
    first: str | None = None
    conflict: bool = False
    corrects: str | None = None


def answers(case: Case, outcome: Done, final: Final | None = None) -> tuple[Answer, ...]:
    """Give every decision of a case the same answer."""
    return tuple(
        Answer(identity=one.identity, outcome=outcome, final=final) for one in case.decisions
    )


def body_of(desk: Desk, said: Said, item: Item, *, key: str | None, day: date) -> Reviewed:
    """Body of a review; what the keyring says of its reviewer is repeated in it."""
    person = person_on(day, key, desk.keyring) if desk.keyring and key else None
    trained = person.trained_on if person else None
    return {
        "case": item.case.id,
        "result": desk.result,
        "role": said.role,
        "settles": [_settled(said, item, answer, person) for answer in said.answers],
        "trained_on": None if trained is None else trained.isoformat(),
        "may_change": bool(person and person.may_change),
        "considered": list(said.considered),
        "explanation_shown": list(said.explanation_shown),
        "takes_effect": None if said.takes_effect is None else said.takes_effect.isoformat(),
        "reason_codes": list(said.reason_codes),
        "statement": said.statement,
        "seconds": said.seconds,
        "first": said.first or _own_first(item, person),
        "conflict": said.conflict,
        "corrects": said.corrects,
    }


def _settled(said: Said, item: Item, answer: Answer, person: Person | None) -> Settled:
    decision = item.case.decision(answer.identity)
    if decision is None:
        raise ValueError("answers are checked before they are written")
    standing = next(one for one in item.decisions if one.decision.identity == answer.identity)
    mine = [one.rule.name for one in standing.rules if said.role in one.may]
    # whoever answers an appeal does not vote on what the appeal is against
    waiting = frozenset(one.rule.name for one in standing.waiting)
    voted = _voted(item, decision, person)
    asked = any(one.rule.asked is not None for one in standing.waiting)
    if said.corrects is not None and not asked:
        # what a correction speaks for besides, it goes on speaking for: else its rules part
        waiting |= _voted(item, decision, person, said.corrects)
    mine = next(
        (found for part in (waiting, voted) if (found := [name for name in mine if name in part])),
        mine,
    )
    return {
        "identity": decision.identity,
        # with the wrong role it is about all of them, and is told so
        "rules": mine or [rule.name for rule in decision.rules],
        "model": decision.outcome,
        "final": final_of(answer, decision) or FINALS[0],
        "outcome": answer.outcome,
    }


def _voted(
    item: Item, decision: FlaggedDecision, person: Person | None, review: str | None = None
) -> frozenset[str]:
    """Rules of this person's own reviews, or of one of them: those that a correction is about."""
    return frozenset(
        name
        for record in (item.own(person.self, "reviewed") if person else ())
        if review is None or record.entry.draft.id == review
        for identity, name in record.settles
        if identity == decision.identity
    )


def _own_first(item: Item, person: Person | None) -> str | None:
    """First judgement of this person, the last where decisions of a case have several.

    No door forgets what was thought first.
    """
    found = item.first_judgements(person.self) if person else {}
    last = max(found.values(), key=lambda record: record.entry.seq, default=None)
    return None if last is None else last.entry.draft.id


def final_of(answer: Answer, decision: FlaggedDecision) -> Final | None:
    """Say what an answer decides in the end; None where it does not say it and nothing follows."""
    if answer.final is not None:
        return answer.final
    model = [final for final in FINALS if final == decision.outcome]
    if not model or answer.outcome == "not-used":
        return None
    other = [final for final in FINALS if final != decision.outcome]
    return (model if answer.outcome == "kept" else other)[0]


def problems_of(said: Said, case: Case, demands: Demands) -> Iterator[Problem]:
    """Name what cannot be recorded at all."""
    yield from unlisted(said.reason_codes, case, demands)
    for answer in said.answers:
        decision = case.decision(answer.identity)
        if decision is None:
            yield Problem(
                message=f"the case has no decision {answer.identity!r}",
                slug="unknown-decision",
                hint="'auditor review show' lists the decisions of a case",
            )
        elif final_of(answer, decision) is None:
            yield Problem(
                message=f"{answer.outcome!r} does not say what was decided in the end",
                slug="no-final",
                hint=f"add the final outcome: {' or '.join(FINALS)}",
            )
    identities = [answer.identity for answer in said.answers]
    if len(set(identities)) < len(identities):
        yield Problem(
            message="a decision is answered twice",
            slug="answered-twice",
            hint="give every decision of a case one answer",
        )
    for what in ("considered", "explanation_shown", "reason_codes"):
        labels: tuple[str, ...] = getattr(said, what)
        name = what.replace("_", " ")
        if len(labels) > MOST_LABELS:
            yield _label(f"{name} lists more than {MOST_LABELS} labels")
        for label in labels:
            if not label.strip():
                yield _label(f"{name} has an empty label")
            elif len(label) > MOST_LABEL or not label.isprintable():
                yield _label(f"a label of {name} is longer than {MOST_LABEL} letters or no line")


def _label(message: str) -> Problem:
    return Problem(
        message=message,
        slug="label-unusable",
        hint="labels stay in the ledger for good: put free words into the rationale",
    )
