"""An export beside a queue: which line is which decision, and how its groups fared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.review.oversight.groups import Counted
from auditor.vocabulary import OUTCOMES, UNKNOWN, Outcome

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.review.queue import Queue
    from auditor.vocabulary import BoolArray, CodeArray, IntArray

_FAVORABLE = OUTCOMES.index(Outcome.FAVORABLE)
_UNFAVORABLE = OUTCOMES.index(Outcome.UNFAVORABLE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joined:
    """Lines of an export with what people made of them.

    ``after`` is the outcome code in the end, ``read`` and ``pending`` are masks; ``line_of`` gives
    the line of an identity. ``missing`` decisions of the queue are not in the export.
    """

    decisions: Decisions
    after: CodeArray
    read: BoolArray
    pending: BoolArray
    line_of: Mapping[str, int]
    missing: int


def joined(
    queue: Queue,
    decisions: Decisions,
    identity_of: Callable[[int, str], str],
) -> Joined | None:
    """Join by identity; None where the export has no ids or no outcome.

    Parameters
    ----------
    queue : Queue
    decisions : Decisions
    identity_of : callable
        Identity of a line with its id. A line whose outcome, score or model version is another one
        now has another identity, and is not joined.
    """
    if decisions.ids is None or decisions.outcome is None:
        return None
    lines = np.arange(len(decisions.outcome), dtype=np.int64)
    names = decisions.ids(lines)
    known = {one.decision.decision for item in queue.items for one in item.decisions}
    # a decision that was only asked about is known by its identity alone
    wanted = lines.tolist() if "" in known else [n for n in lines.tolist() if names[n] in known]
    line_of = {identity_of(line, names[line]): line for line in wanted}
    after = decisions.outcome.copy()
    read, pending = (np.zeros(len(after), dtype=bool) for _ in range(2))
    missing = 0
    for item in queue.items:
        for one in item.decisions:
            line = line_of.get(one.decision.identity)
            if line is None:
                missing += 1
            elif one.pending:
                pending[line] = True
            elif one.final is not None:
                read[line] = True
                after[line] = OUTCOMES.index(Outcome(one.final))
    return Joined(
        decisions=decisions,
        after=after,
        read=read,
        pending=pending,
        line_of=line_of,
        missing=missing,
    )


def counts_of(found: Joined, attribute: str) -> dict[str, Counted]:
    """Count the groups of an attribute; people of unknown group have a line of their own."""
    coded = found.decisions.group(attribute)
    before = found.decisions.outcome
    if before is None:
        return {}
    counts = {
        name: _counted(found, before, np.flatnonzero(coded.codes == code))
        for code, name in enumerate(coded.levels)
    }
    unknown = np.flatnonzero(coded.codes < 0)
    if len(unknown):
        counts[UNKNOWN] = _counted(found, before, unknown)
    return counts


def _counted(found: Joined, before: CodeArray, lines: IntArray) -> Counted:
    model, after = before[lines], found.after[lines]
    read, pending = found.read[lines], found.pending[lines]
    yes, no = model == _FAVORABLE, model == _UNFAVORABLE

    def both(mask: BoolArray) -> tuple[int, int]:
        return int((yes & mask).sum()), int((no & mask).sum())

    return Counted(
        read=both(read),
        unread=both(~read & ~pending),
        pending=both(pending),
        raised=int((no & read & (after == _FAVORABLE)).sum()),
        lowered=int((yes & read & (after == _UNFAVORABLE)).sum()),
    )
