"""What the model's owners can learn from: overrides as labelled rows, without names or groups."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from auditor.result.cells import safe_cell

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
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    more = features or {}
    words = ("rationale",) if with_words else ()
    writer.writerow([*COLUMNS, *words, *(safe_cell(f"feature:{name}") for name in more)])
    for one in readings:
        if not one.changed:
            continue
        cells = [
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
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
