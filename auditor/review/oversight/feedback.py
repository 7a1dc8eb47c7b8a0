"""What the model's owners can learn from: overrides as labelled rows, without names or groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from auditor.result.cells import csv_text
from auditor.vocabulary import PENDING_HUMAN

if TYPE_CHECKING:
    from auditor.review.oversight.readings import Reading
    from auditor.review.queue import Queue
    from auditor.review.settling import DecisionStanding

COLUMNS = (
    "identity",
    "decision",
    "rules",
    "model",
    "final",
    "outcome",
    "reason_codes",
    "standing",
    "in_force",
)
Standing = Literal["settled", "overruled", "disputed", "pending"]


def feedback_csv(
    readings: Sequence[Reading],
    queue: Queue,
    *,
    with_words: bool = False,
    features: Mapping[str, Callable[[str], str]] | None = None,
) -> str:
    """Text of the file: one line for each reading that departs from the model.

    Parameters
    ----------
    readings : sequence of Reading
    queue : Queue
        That they are of. It says what is in force: one person's reading is no outcome by itself.
    with_words : bool
        Add the rationales; they may hold whatever people wrote.
    features : mapping of a name to a function, optional
        Gives the value of a feature for an identity; empty where it is not known.
    """
    more = features or {}
    standings = {one.decision.identity: one for item in queue.items for one in item.decisions}
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in readings:
        for rule in one.rules:
            said[one.identity, rule].add(one.final)
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
            *_standing(one, standings[one.identity], said),
            *([one.rationale or ""] if with_words else []),
            *(value(one.identity) for value in more.values()),
        ]
        for one in readings
        if one.changed
    )
    return csv_text(header, rows)


def _standing(
    one: Reading, decision: DecisionStanding, said: Mapping[tuple[str, str], Collection[str]]
) -> tuple[Standing, str]:
    """Say what became of a reading, and which outcome is in force.

    ``pending`` too where an advised review is not finished: then the model's outcome is in force.
    """
    if decision.final is not None:
        return "settled" if decision.final == one.final else "overruled", decision.final
    differ = len(decision.finals) > 1 or any(
        len(said.get((one.identity, rule.rule.name), ())) > 1 for rule in decision.waiting
    )
    in_force = PENDING_HUMAN if decision.pending else decision.decision.outcome
    return "disputed" if differ else "pending", in_force
