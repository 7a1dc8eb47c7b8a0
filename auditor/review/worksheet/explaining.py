"""The first sheet of a worksheet, in plain words: what to do, who sees it, what comes later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.review.worksheet.making import Made

REASONS = "Reason codes"
"""Above the list of them."""

_FIRST = (
    (
        "What this is",
        "Decisions that a person has to look at, one a row on the sheet 'first'. This is step one "
        "of two: say what you would decide yourself. The model's answer is not in this file. You "
        "get it in step two, when your own judgement is on record.",
    ),
    (
        "What to do",
        "Look at what is shown and at the application itself. Then fill in the yellow cells of the "
        "row. Leave a row blank if you have not decided yet. Where a case has several rows, fill "
        "in all of them.",
    ),
)
_REVEAL = (
    (
        "What this is",
        "Decisions that you judged in step one, one a row on the sheet 'reveal'. This is step two: "
        "it shows what the model said and why a person decides, and you say what becomes of it. "
        "The model can be wrong, and so can you.",
    ),
    (
        "What to do",
        "Compare your first judgement with the model's outcome. Then fill in the yellow cells of "
        "the row. Say why in your words in every row; a review without words does not count. If "
        "you depart from the model, or from your own first judgement, say why you do. Leave a row "
        "blank if you have not decided yet.",
    ),
)
_BOTH = (
    (
        "What not to do",
        "Do not change other cells, and paste no rows over others: each row has a mark, and what "
        "does not fit it is refused. A hidden sheet repeats the other cells, so that you are told "
        "what stood in one that was changed. Write values, no formulas. Nothing is taken over if "
        "one row is wrong; you are told which cell and why.",
    ),
    (
        "Who sees it",
        "What you fill in goes into a ledger of reviews, signed with your key, where it stays. "
        "Your words lie beside it and can be erased. Keep this file to yourself: it is about "
        "single persons.",
    ),
)

CAUTION = "About the ledger"


def lines(made: Made) -> Iterator[tuple[str, str]]:
    """Names and texts of the first sheet, then a blank line and a heading for what follows."""
    yield from _FIRST if made.origin.step == "first" else _REVEAL
    yield from _BOTH
    yield from ((CAUTION, text) for text in made.cautions)
    yield "", ""
    for column in made.layout.asked:
        choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
        asked = column.needed or column.kind == "words" or column.name in made.needs
        left = "" if asked else " May stay blank."
        yield column.title, f"{column.help}{choices}{left}"
    if made.layout.step == "reveal" and made.reasons:
        yield "", ""
        yield REASONS, "Needed where you do not keep the model's outcome; with ; between several."
        yield from made.reasons.items()
    yield "", ""
    yield "Of this file", "The lines below are for the import; leave them as they are."
