"""The form of the second step: what its fields mean, and what is missing in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from auditor.ledger.bodies import FINALS, Done, Final
from auditor.review.departing import words_needed
from auditor.review.page.forms import LONGEST, Form, Wrong
from auditor.review.saying import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.review.case import Case, FlaggedDecision

STATEMENTS: dict[str, str] = {
    "none-given": "they gave none",
    "considered": "I considered it",
    "not-considered": "I did not consider it",
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


def wrongs_of(
    form: Form, case: Case, *, judged: Mapping[str, str], statement: bool, today: date
) -> Iterator[Wrong]:
    """Everything that a form of the second step lacks, in the order of its fields.

    Parameters
    ----------
    form, case
    judged : mapping
        Own first judgements, by decision.
    statement : bool
        Whether the person concerned gave one that lies in the ledger.
    today : date
    """
    for one in case.decisions:
        at = f"final-{one.identity}"
        if form.one(at) not in dict(answers_to(one.outcome)):
            yield Wrong(at=at, says=f"Say what becomes of {one.decision or 'it'}.")
    if form.one("statement") not in STATEMENTS:
        yield Wrong(at="statement", says="Say what became of the person's own statement.")
    elif statement and form.one("statement") == "none-given":
        yield Wrong(at="statement", says="The person gave a statement: it stands on this page.")
    if not (form.many("considered") or labels(form.one("considered_other"))):
        yield Wrong(at="considered", says="Name what you considered besides the score.")
    for at in form.too_long:
        yield Wrong(at=at, says=f"More than {LONGEST:,} letters cannot be recorded: shorten it.")
    yield from _wrong_day(form, today)
    if not form.one("rationale"):
        yield Wrong(at="rationale", says=_why_words(form, case, judged))


def _wrong_day(form: Form, today: date) -> Iterator[Wrong]:
    day = day_of(form.one("takes_effect"))
    if day is None:
        yield Wrong(at="takes_effect", says="Name the day on which the decision takes effect.")
    elif day < today:
        yield Wrong(
            at="takes_effect",
            says="The decision has taken effect on that day: a review comes before it.",
        )


def _why_words(form: Form, case: Case, judged: Mapping[str, str]) -> str:
    """Say why a rationale is needed here above all, where somebody departs from something."""
    for one in case.decisions:
        if form.one(f"final-{one.identity}") in dict(answers_to(one.outcome)):
            final = answer(form, one).final or ""
            said = words_needed(model=one.outcome, final=final, first=judged[one.identity])
            if said:
                return f"Say why, in your words: {said}"
    return "Say why, in your words."


def answer(form: Form, one: FlaggedDecision) -> Answer:
    """Read what was decided about one decision."""
    chosen = form.one(f"final-{one.identity}")
    outcome = cast("Done", "not-used" if chosen.startswith("not-used-") else chosen)
    if outcome == "not-used":
        final = cast("Final", chosen.removeprefix("not-used-"))
    else:
        same = outcome == "kept"
        final = next(end for end in FINALS if (end == one.outcome) is same)
    return Answer(identity=one.identity, outcome=outcome, final=final)


def labels(text: str) -> tuple[str, ...]:
    """Read labels, one a line or with commas between them."""
    parts = text.replace("\n", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def day_of(text: str) -> date | None:
    """Read a day; None where a text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
