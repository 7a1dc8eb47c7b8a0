"""Everything that shows whether oversight is real, of one result and one ledger on one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from auditor.review.counting import counted
from auditor.review.oversight.controls import Controls, Reliance, reliance
from auditor.review.oversight.load import Load, load_of
from auditor.review.oversight.measures import (
    Overrides,
    Texts,
    answers,
    by_rule,
    overrides,
    texts,
)
from auditor.review.oversight.numbers import Share, plain, share
from auditor.review.oversight.pacing import Pace, pace
from auditor.review.oversight.readers import Readers, agreement
from auditor.review.oversight.readings import readings_of

if TYPE_CHECKING:
    from auditor.ledger import Words
    from auditor.result.reviews import ReviewsDoc
    from auditor.review.desk import Desk
    from auditor.review.oversight.groups import AttributeEffect
    from auditor.review.oversight.readings import Reading
    from auditor.review.queue import Queue

FORMAT = "auditor-oversight/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Required reviews, one a decision and rule: done, and done in time; overdue ones are open."""

    done: Share
    in_time: Share
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """What a team, or one person of it, made of what was read.

    ``answers`` are reviews that answer a request of the person concerned, and how many of them
    changed what had become of the decision. They are in the pace and the words, and in no rate of
    overrides and no agreement: a second look at the same decision is no second reader of a flag.
    """

    reviews: int
    decisions: int
    overrides: Overrides
    answers: Share
    by_rule: dict[str, Overrides]
    pace: Pace
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ByGroup:
    """What review did to groups; ``missing`` decisions of the queue are not in the export."""

    missing: int
    attributes: tuple[AttributeEffect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """Measures of oversight. ``persons`` only where somebody asked for them, by key.

    ``final`` compares what people decided in the end, ``first`` what they thought before the
    model's answer was shown.
    """

    result: str
    reviews: ReviewsDoc
    coverage: Coverage
    team: Team
    final: Readers
    first: Readers
    load: Load
    controls: Reliance | None = None
    groups: ByGroup | None = None
    persons: dict[str, Team] | None = None
    names: Mapping[str, str] | None = None

    def document(self) -> dict[str, Any]:
        """Plain JSON values, every number in full: for internal use."""
        found: dict[str, Any] = plain(asdict(self))
        return {"format": FORMAT, **{k: v for k, v in found.items() if k != "names"}}


def measured(
    desk: Desk,
    queue: Queue,
    document: Mapping[str, Any],
    words: Mapping[tuple[str, str], Words],
    *,
    controls: Controls | None = None,
    by_person: bool = False,
) -> Oversight:
    """Measure oversight from the reviews that count.

    Parameters
    ----------
    desk : Desk
    queue : Queue
        Of that desk, on the day that is measured.
    document : content of ``audit.json``
    words : what lies beside the chain
    controls : Controls, optional
    by_person : bool
        Also each person by themselves: that is monitoring of staff.

    Raises
    ------
    IntegrityError
        When the control cases were not sealed in time.
    """
    readings = readings_of(queue, words)
    flagged = _of_flags(readings)
    reviews = counted(queue, desk)
    found = Oversight(
        result=desk.result,
        reviews=reviews,
        coverage=_coverage(reviews),
        team=_team(readings),
        final=agreement(flagged),
        first=agreement(flagged, before_the_model=True),
        load=load_of(document, queue, readings),
        controls=None if controls is None else reliance(desk, controls, flagged),
    )
    if not by_person:
        return found
    mine: dict[str, list[Reading]] = {}
    for one in readings:
        mine.setdefault(one.reader, []).append(one)
    keys = {reader: own[0].key for reader, own in mine.items()}
    holders = {} if desk.keyring is None else {h.key: h.name for h in desk.keyring.holders}
    return replace(
        found,
        persons={keys[reader]: _team(own) for reader, own in mine.items()},
        names={key: holders[key] for key in keys.values() if key in holders},
    )


def _coverage(reviews: ReviewsDoc) -> Coverage:
    empty = "no review is required"
    return Coverage(
        done=share(reviews["closed"], reviews["required"], empty),
        in_time=share(reviews["in_time"], reviews["required"], empty),
        overdue=sum(row["overdue"] for row in reviews["by_rule"] if row["mandatory"]),
    )


def _team(readings: Sequence[Reading]) -> Team:
    return Team(
        reviews=len({one.seq for one in readings}),
        decisions=len({one.identity for one in readings}),
        overrides=overrides(_of_flags(readings)),
        answers=answers(readings),
        by_rule=by_rule(_of_flags(readings)),
        pace=pace(readings),
        texts=texts(readings),
    )


def _of_flags(readings: Sequence[Reading]) -> list[Reading]:
    """Those that a rule asked for, and not the person concerned."""
    return [one for one in readings if not one.answers]
