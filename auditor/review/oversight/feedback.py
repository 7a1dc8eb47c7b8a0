"""What the model's owners can learn from: overrides as labelled rows, without names or groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from auditor.result.cells import csv_text

if TYPE_CHECKING:
    from auditor.review.oversight.readings import Reading

COLUMNS = ("identity", "decision", "rules", "model", "final", "outcome", "reason_codes")


def feedback_csv(
    readings: Sequence[Reading],
    *,
    with_words: bool = False,
    features: Mapping[str, Callable[[str], str]] | None = None,
) -> str:
    """Text of the file: one line for each reading that departs from the model.

    Parameters
    ----------
    readings : sequence of Reading
    with_words : bool
        Add the rationales; they may hold whatever people wrote.
    features : mapping of a name to a function, optional
        Gives the value of a feature for an identity; empty where it is not known.
    """
    more = features or {}
    words = ("rationale",) if with_words else ()
    header = [*COLUMNS, *words, *(f"feature:{name}" for name in more)]
    rows = (
        [
            one.identity,
            one.decision,
            " ".join(one.rules),
            one.model,
            one.final,
            one.outcome,
            "; ".join(one.reason_codes),
            *([one.rationale or ""] if with_words else []),
            *(value(one.identity) for value in more.values()),
        ]
        for one in readings
        if one.changed
    )
    return csv_text(header, rows)
