"""Rows of a first worksheet as first judgements, one entry a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from auditor.errors import Problem
from auditor.review.judging import Confidence, Judgement, checked_judgement, judgement_body
from auditor.review.worksheet.drafts import Drafts

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.review.desk import Desk
    from auditor.review.worksheet.checking import CheckedRows, FilledRow
    from auditor.review.worksheet.saved_rows import Saved

_CONFIDENCE: tuple[Confidence, ...] = get_args(Confidence)


def judgements(
    sheet: Saved,
    desk: Desk,
    rows: CheckedRows,
    private: Ed25519PrivateKey,
    now: datetime,
) -> Drafts:
    """Make the first judgements of a worksheet; one that is on record already stays as it is.

    Of several rows of a case the lowest confidence counts, a conflict of interest in one is one in
    all, and minutes are added up.
    """
    drafts = Drafts()
    desks = desk.apart(now.date())
    cases: dict[str, list[FilledRow]] = defaultdict(list)
    faulty = {one.item.case.id for one in rows.faulty}
    for one in (*rows.filled, *rows.faulty):
        cases[one.item.case.id].append(one)
    for case, mine in cases.items():
        if case in faulty:
            usable = [one for one in mine if "judged" in one.values]
            drafts.problems += _problems(sheet, usable, alone=False)
            continue
        told = _judgement(sheet, case, mine)
        if _is_known(desk, told, mine):
            drafts.already += 1
            continue
        alone = all(one.line.decision.identity in one.said.first for one in mine)
        problems = list(_problems(sheet, mine, alone=alone))
        drafts.problems += problems
        new = [one for one in mine if one.line.decision.identity not in one.said.first]
        if new and not problems:
            made = checked_judgement(
                desks[case], _judgement(sheet, case, new), private=private, now=now
            )
            drafts.new.append((sheet.at(new[0].row), made))
    return drafts


def _judgement(sheet: Saved, case: str, rows: Sequence[FilledRow]) -> Judgement:
    seconds = [one.values["seconds"] for one in rows if "seconds" in one.values]
    return Judgement(
        case=case,
        role=sheet.origin.role,
        judged={one.line.decision.identity: one.values["judged"] for one in rows},
        confidence=min((one.values["confidence"] for one in rows), key=_CONFIDENCE.index),
        conflict=any(one.values["conflict"] == "yes" for one in rows),
        seconds=sum(seconds) if seconds else None,
    )


def _is_known(desk: Desk, told: Judgement, rows: Sequence[FilledRow]) -> bool:
    """Whether exactly this stands in the ledger."""
    said = rows[0].said.first
    entries = [said.get(identity) for identity in told.judged]
    first = entries[0]
    return (
        first is not None
        and all(entry is first for entry in entries)
        and dict(first.draft.body) == dict(judgement_body(desk, told))
    )


def _problems(sheet: Saved, rows: Sequence[FilledRow], *, alone: bool) -> Iterator[Problem]:
    """Name first judgements that are none; ``alone`` where no row of the case is new."""
    for one in rows:
        identity = one.line.decision.identity
        before = one.said.first.get(identity)
        if before is not None and (alone or one.said.judged(identity) != one.values["judged"]):
            yield Problem(
                message=f"entry {before.seq} of the ledger is your first judgement already, and "
                "this row says something else",
                slug="judged-before",
                where=sheet.at(one.row, "judged"),
                hint="a first judgement stays as it is; clear the row, and decide in the reveal",
            )
        elif before is None and identity in one.said.reviews:
            yield Problem(
                message="you have reviewed this decision and know the model's answer",
                slug="judged-before",
                where=sheet.at(one.row, "judged"),
                hint="clear the row: a first judgement comes before the answer is shown",
            )
