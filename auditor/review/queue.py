"""The queue: flags minus ledger. A pure function, and no table of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from auditor.ledger.reading import moment
from auditor.review.backdating import Backdating
from auditor.review.records import REPEATED, Record, Story
from auditor.review.requests import home, homes_of, with_requests
from auditor.review.sayers import said_by, why_not_said
from auditor.review.settling import DecisionStanding
from auditor.review.statements import unreadable, without_statement

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.ledger.bodies import Kind
    from auditor.review.authority import Person
    from auditor.review.case import Case, Demands
    from auditor.signing.keyring import Keyring

State = Literal["open", "claimed", "escalated", "overdue", "resolved"]

OPENING: tuple[Kind, ...] = ("requested", "escalated")
"""What makes a case wait. It counts whatever its day: nobody hides what is on record by a date."""

STATES: tuple[State, ...] = ("open", "claimed", "escalated", "overdue", "resolved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One case of the queue, as it stands on the day of the queue.

    ``unread`` are the ids of requests whose statement was given, and is gone.
    """

    case: Case
    as_of: date
    state: State
    decisions: tuple[DecisionStanding, ...]
    records: tuple[Record, ...]
    claimed_by: Person | None
    escalated_to: str | None
    roles: tuple[str, ...]
    due: date | None
    overdue: bool
    late: bool
    unread: frozenset[str] = frozenset()

    @property
    def pending(self) -> tuple[DecisionStanding, ...]:
        """Decisions that wait for a person."""
        return tuple(one for one in self.decisions if one.pending)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still missing."""
        return tuple(said for one in self.decisions for said in one.missing)

    def own(self, person: str, kind: Kind) -> tuple[Record, ...]:
        """Give the records of one kind that count, of a person by what `Person.self` calls them."""
        return tuple(
            record
            for record in self.records
            if record.entry.draft.kind == kind
            and record.counts
            and record.person is not None
            and record.person.self == person
        )

    def first_judgements(self, person: str, before: int | None = None) -> dict[str, Record]:
        """Give a person's earliest judgement of each decision: what follows it is no first one.

        Those of entries from number ``before`` on are left out.
        """
        found: dict[str, Record] = {}
        for record in self.own(person, "first-judgement"):
            if before is None or record.entry.seq < before:
                for one in record.entry.draft.body["judgements"]:
                    found.setdefault(one["identity"], record)
        return found

    @property
    def not_counting(self) -> tuple[Record, ...]:
        """Entries that do nothing, or less than they say."""
        return tuple(record for record in self.records if record.objections or record.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Every flagged case of a result, as the ledger stands on a day."""

    as_of: date
    items: tuple[Item, ...]

    @property
    def reviews_open(self) -> int:
        """Decisions with a mandatory review that no record settles."""
        return len(
            {
                one.decision.identity
                for item in self.items
                for one in item.decisions
                if one.pending and one.decision.mandatory
            }
        )

    @property
    def reviews_overdue(self) -> int:
        """Those of them whose day has passed."""
        return len(
            {
                one.decision.identity
                for item in self.items
                for one in item.decisions
                if one.pending and one.due is not None and one.due < self.as_of
            }
        )

    @property
    def states(self) -> dict[State, int]:
        """Cases by state."""
        counted = Counter(item.state for item in self.items)
        return {state: counted[state] for state in STATES}


def queue(
    cases: Sequence[Case],
    demands: Demands,
    entries: Iterable[Entry],
    *,
    keyring: Keyring | None,
    as_of: date,
    ids: Mapping[str, str],
    times: Backdating | None = None,
    empty: frozenset[str] = frozenset(),
    only: str | None = None,
) -> Queue:
    """Give every case its place.

    Parameters
    ----------
    cases, demands : of a result
    entries : of one ledger, in its order
        Those after ``as_of`` are left out, but for `OPENING` ones.
    keyring : Keyring or None
        Without one nothing in the ledger counts.
    as_of : date
        The only clock, but that an entry which this machine's clock has not reached bounds nothing.
    ids : mapping
        See `with_requests`.
    times : Backdating, optional
        Of the whole ledger, where ``entries`` are a part of it.
    empty : frozenset
        Ids of reviews whose rationale is at hand, and says nothing.
    only : str, optional
        Give no other case than this one.
    """
    entries = tuple(entries)
    cases = with_requests(cases, entries, ids=ids)
    homes = homes_of(cases)
    gone: set[str] = set()
    stories = {
        case.id: Story(case=case, demands=demands, keyring=keyring, empty=empty, gone=gone)
        for case in cases
        if only in (None, case.id)
    }
    ledger: str | None = None
    seen: set[str] = set()
    times = times or Backdating(entries, keyring, reached(as_of))
    for entry in entries:
        ledger = entry.draft.ledger if ledger is None else ledger
        gone.update(without_statement(entry))
        story = stories.get(home(entry, homes))
        if story is None or not (entry.draft.kind in OPENING or _by(entry, as_of)):
            continue
        why_not = why_not_said(entry, keyring)
        why_not = why_not or times.why_not(entry) or None
        if why_not is None and entry.draft.ledger != ledger:
            why_not = "it was said to another ledger"
        if why_not is None and entry.draft.id in seen:
            why_not = REPEATED
        if why_not is None:
            seen.add(entry.draft.id)
        person = said_by(entry, keyring) if keyring and why_not is None else None
        story.tell(entry, person, why_not)
    return Queue(as_of=as_of, items=tuple(_item(story, as_of) for story in stories.values()))


def reached(as_of: date) -> date:
    """Day that has come: that which is asked about, or that of this machine's clock."""
    return max(as_of, datetime.now(UTC).date())


def _by(entry: Entry, as_of: date) -> bool:
    try:
        return moment(entry.at).date() <= as_of
    except ValueError:
        return True  # it is shown, and counts for nothing


def _item(story: Story, as_of: date) -> Item:
    decisions = story.decisions
    waits = any(one.waiting for one in decisions)
    due = min((one.due for one in decisions if one.due), default=None)
    overdue = due is not None and due < as_of
    return Item(
        case=story.case,
        as_of=as_of,
        state=_state(story, as_of, waits=waits, overdue=overdue),
        decisions=decisions,
        records=tuple(story.records),
        claimed_by=story.holder_on(as_of) if waits else None,
        escalated_to=story.escalated_to,
        roles=_roles(decisions),
        due=due,
        overdue=overdue,
        late=any(
            rule.rule.mandatory and rule.settled and not rule.in_time
            for one in decisions
            for rule in one.rules
        ),
        unread=unreadable((record.entry for record in story.records), story.gone),
    )


def _roles(decisions: Sequence[DecisionStanding]) -> tuple[str, ...]:
    """Roles whose turn it is; where nothing waits any more, those whose turn it was."""
    waiting = [rule for one in decisions for rule in one.waiting]
    last = waiting or [rule for one in decisions for rule in one.rules]
    # what nobody can answer is nobody's turn: its reviewer has to find it all the same
    roles = [role for rule in last for role in rule.turn or (rule.rule.reviewer,)]
    return tuple(dict.fromkeys(roles))


def _state(story: Story, as_of: date, *, waits: bool, overdue: bool) -> State:
    if not waits:
        return "resolved"
    if overdue:
        return "overdue"
    if story.holder_on(as_of) is not None:
        return "claimed"
    return "escalated" if story.escalated_to is not None else "open"
