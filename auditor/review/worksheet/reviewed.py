"""Rows of a reveal as reviews, one entry a decision: each has words of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem
from auditor.ledger.bodies import FINALS
from auditor.policy.needs import NEED_WORDS
from auditor.review.departing import words_needed
from auditor.review.needs import needs_of, said
from auditor.review.reasons import no_reason, unlisted
from auditor.review.recording import checked_review
from auditor.review.saying import Answer, Said, body_of, final_of
from auditor.review.showing import scale_of
from auditor.review.worksheet.drafts import Drafts
from auditor.review.worksheet.showing import Scale, explained

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger import Entry, Words
    from auditor.ledger.bodies import Reviewed
    from auditor.review.case import Demands
    from auditor.review.desk import Desk
    from auditor.review.worksheet.checking import CheckedRows, FilledRow
    from auditor.review.worksheet.saved_rows import Saved

_ABOUT_THE_SIGNER = ("corrects", "trained_on", "may_change")
"""Fields of a review that do not come from the worksheet."""


def reviews(
    sheet: Saved,
    desk: Desk,
    rows: CheckedRows,
    words: Mapping[tuple[str, str], Words],
    private: Ed25519PrivateKey,
    now: datetime,
) -> Drafts:
    """Make the reviews of a worksheet; one that says something else than an earlier corrects it."""
    drafts = Drafts()
    desks, scale = desk.apart(now.date()), scale_of(desk.cases)
    for one in rows.faulty:
        drafts.problems += _problems(sheet, one, desk.demands)
    for one in rows.filled:
        problems = list(_problems(sheet, one, desk.demands))
        drafts.problems += problems
        if problems:
            continue
        before = _before(one)
        told = _said(sheet, one, scale, None if before is None else before.draft.id)
        body = body_of(desk, told, one.item, key=None, day=now.date())
        if before is not None and _same(body, before, told.rationale, words):
            drafts.already += 1
            continue
        made = checked_review(desks[one.item.case.id], told, private=private, now=now)
        drafts.new.append((sheet.at(one.row), made))
    return drafts


def _answer(one: FilledRow) -> Answer:
    return Answer(
        identity=one.line.decision.identity,
        outcome=one.values["outcome"],
        final=one.values.get("final"),
    )


def _problems(sheet: Saved, one: FilledRow, demands: Demands) -> Iterator[Problem]:
    """Name what in a row says nothing, contradicts itself, or needs words."""
    if {"outcome", "final"} & one.unusable:
        return
    final = final_of(_answer(one), one.line.decision)
    model, outcome = one.line.decision.outcome, one.values["outcome"]
    if final is None:
        yield _problem(
            f"{outcome.replace('-', ' ')!r} does not say what was decided in the end",
            sheet, one, "final", f"choose {' or '.join(FINALS)}",
        )  # fmt: skip
        return
    if (outcome, final == model) in (("kept", False), ("changed", True)):
        yield _problem(
            f"{final!r} is not what {outcome!r} comes to, as the model said {model or 'nothing'!r}",
            sheet, one, "final", "clear the cell, or choose what became of the model's outcome",
        )  # fmt: skip
    codes, hint = one.values.get("reason_codes", ()), "choose a code of those on the first sheet"
    wrong = [problem.message for problem in unlisted(codes, one.item.case, demands)]
    missing = no_reason(codes, one.line.decision, outcome, demands)
    for message in wrong or filter(None, [missing]):
        yield _problem(message, sheet, one, "reason_codes", hint)
    yield from _unsaid(sheet, one, demands)
    needed = words_needed(model=model, final=final, first=one.line.judged)
    if needed and not one.values.get("rationale") and "rationale" not in one.unusable:
        yield _problem(
            f"{needed}, and no words say why",
            sheet, one, "rationale", "say why in your own words",
        )  # fmt: skip


def _unsaid(sheet: Saved, one: FilledRow, demands: Demands) -> Iterator[Problem]:
    """Name what the policies of the case need besides, and the row does not say."""
    for need, policies in needs_of(one.item.case, demands).items():
        if need not in one.unusable and not said(need, {need: one.values.get(need)}):
            why = (
                f"it does not say {NEED_WORDS[need]}, which {', '.join(policies)} needs of a review"
            )
            yield _problem(why, sheet, one, need, "fill in the cell")


def _problem(message: str, sheet: Saved, one: FilledRow, name: str, hint: str) -> Problem:
    return Problem(message=message, slug="worksheet-cell", where=sheet.at(one.row, name), hint=hint)


def _said(sheet: Saved, one: FilledRow, scale: Scale, corrects: str | None) -> Said:
    values = one.values
    shown = (*explained(one.line, scale), *values.get("explanation_shown", ()))
    return Said(
        case=one.item.case.id,
        role=sheet.origin.role,
        answers=(_answer(one),),
        rationale=values.get("rationale", ""),
        considered=values["considered"],
        explanation_shown=tuple(dict.fromkeys(shown)),
        takes_effect=values["takes_effect"],
        reason_codes=values.get("reason_codes", ()),
        statement=values["statement"],
        seconds=values.get("seconds"),
        first=one.said.first[one.line.decision.identity].draft.id,
        corrects=corrects,
    )


def _before(one: FilledRow) -> Entry | None:
    """Find the last review of this decision by the same person, unless somebody asked since."""
    last = one.said.reviews.get(one.line.decision.identity)
    asked = [rule.asked for rule in one.line.decision.rules if rule.asked is not None]
    return None if last is None or last.seq < max(asked, default=-1) else last


def _same(
    body: Reviewed, before: Entry, rationale: str, words: Mapping[tuple[str, str], Words]
) -> bool:
    """Whether an entry says just this; words that were erased are not asked for."""
    text = words.get((before.draft.id, "rationale"))
    if text is not None and text.text != rationale:
        return False
    if ("rationale" in before.draft.words) != bool(rationale):
        return False
    return _plain(body) == _plain(before.draft.body)


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    settles = [{**part, "rules": None} for part in body["settles"]]
    rest = {name: said for name, said in body.items() if name not in _ABOUT_THE_SIGNER}
    return {**rest, "settles": settles}
