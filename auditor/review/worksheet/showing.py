"""What the locked cells of a worksheet show, and what that was of the model's answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.review.showing import after
from auditor.review.worksheet.marks import cell_text

if TYPE_CHECKING:
    from auditor.review.case import Case
    from auditor.review.showing import After
    from auditor.review.worksheet.choosing import Line

Scale = tuple[float, float] | None

NOTHING = "nothing"
"""Stands for an outcome of the model that is none."""


def lead_of(line: Line, scale: Scale) -> tuple[str, ...]:
    """Cells of a line that need no export; those of a first worksheet hold nothing of the model."""
    names = (line.case.id, line.decision.decision)
    if line.judged is None:
        return tuple(map(cell_text, names))
    said = revealed(line.case, line.decision.identity, scale)
    cells = (
        *names,
        line.judged.replace("-", " "),
        said.model or NOTHING,
        said.band,
        "\n".join(said.raised),
        "\n".join(said.lowered),
        "\n".join(_whys(said)),
    )
    return tuple(map(cell_text, cells))


def revealed(case: Case, identity: str, scale: Scale) -> After:
    """Reveal one decision of a case."""
    return next(one for one in after(case, scale) if one.identity == identity)


def explained(line: Line, scale: Scale) -> tuple[str, ...]:
    """Labels for what a reveal shows of the model's reasons; a request is none of them."""
    said = revealed(line.case, line.decision.identity, scale)
    flagged = [rule for rule in line.decision.rules if rule.asked is None]
    shown: Sequence[tuple[str, object]] = (
        ("band of the score", said.band),
        ("reasons that raised the score", said.raised),
        ("reasons that lowered the score", said.lowered),
        ("rules that flagged it", flagged),
    )
    return tuple(label for label, what in shown if what)


def _whys(said: After) -> Iterator[str]:
    for why in said.why:
        yield " ".join(text for text in (why.says, why.evidence, f"({why.rule})") if text)
