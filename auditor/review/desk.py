from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.ledger.entry import Entry, time_text
from auditor.ledger.reading import NO_PREVIOUS
from auditor.review.backdating import Backdating
from auditor.review.queue import Item, Queue, queue, reached
from auditor.review.requests import home, homes_of, with_requests
from auditor.review.statements import given_with, without_statement

if TYPE_CHECKING:
    from auditor.ledger import Draft
    from auditor.review.case import Case, Demands
    from auditor.signing.keyring import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a reviewer sits in front of: a result's cases, and the ledger as it is.

    ``result`` is the SHA-256 of the ``audit.json`` that is looked at, ``ledger`` the name of the
    ledger that ``entries`` come from. ``ids`` are the export's ids of decisions that somebody asked
    about, by the id of the entry, as far as they still lie beside the chain. ``covered`` is how
    many of the entries a checkpoint covers, ``named`` how many one that was kept
    elsewhere, which was made on ``named_on``. ``cautions`` say what could be done to the ledger
    through the very way in which it was read. ``times`` are those of the whole ledger, where these
    entries are a part of it. ``empty`` are the ids of reviews whose rationale is at hand, and says
    nothing.
    """

    cases: tuple[Case, ...]
    demands: Demands
    result: str
    ledger: str
    entries: tuple[Entry, ...]
    keyring: Keyring | None
    ids: Mapping[str, str] = field(default_factory=dict)
    covered: int | None = None
    cautions: tuple[str, ...] = ()
    named: int | None = None
    named_on: date | None = None
    times: Backdating | None = None
    empty: frozenset[str] = frozenset()

    @property
    def all_cases(self) -> tuple[Case, ...]:
        """Cases of the result, and those that somebody asked to have looked at again."""
        return with_requests(self.cases, self.entries, ids=self.ids)

    def queue(self, as_of: date, *, only: str | None = None) -> Queue:
        """Give every case, or one of them, as it stands on a day."""
        return queue(
            self.cases,
            self.demands,
            self.entries,
            keyring=self.keyring,
            as_of=as_of,
            ids=self.ids,
            times=self.times,
            empty=self.empty,
            only=only,
        )

    def item(self, case: str, as_of: date) -> Item:
        """Give the case of a pseudonym as it stands on a day."""
        (found,) = self.queue(as_of, only=case).items
        return found

    def with_entries(self, entries: Sequence[Entry]) -> Desk:
        """Give the same desk with more of the ledger."""
        return replace(self, entries=(*self.entries, *entries))

    def next_entry(self, draft: Draft, now: datetime) -> Entry:
        """Entry of a draft as the ledger would take it now, but for its place in the chain."""
        seq = self.entries[-1].seq + 1 if self.entries else 0
        return Entry(seq=seq, at=time_text(now), previous=NO_PREVIOUS, draft=draft)

    def apart(self, as_of: date) -> dict[str, Desk]:
        """One desk a case, with the entries about it alone: quick where many are looked at."""
        times = self.times or Backdating(self.entries, self.keyring, reached(as_of))
        cases = {case.id: case for case in self.cases}
        entries: dict[str, list[Entry]] = {case.id: [] for case in self.all_cases}
        homes = homes_of(self.all_cases)
        asked: dict[str, str] = {}
        for entry in self.entries:
            at = home(entry, homes)
            asked |= {entry.draft.id: at} if given_with(entry) else {}
            # what is gone is gone for the case that asked, whichever case the entry names
            for about in {at, *(asked.get(one, at) for one in without_statement(entry))}:
                if about in entries:
                    entries[about].append(entry)
        return {
            id_: replace(
                self,
                cases=(cases[id_],) if id_ in cases else (),
                entries=tuple(entries[id_]),
                times=times,
            )
            for id_ in entries
        }

    def case(self, case: str) -> Case:
        """Case of a pseudonym, or of the beginning of one.

        Raises
        ------
        UsageError
            When no case has it, or several have.
        """
        found = [one for one in self.all_cases if one.id == case] or [
            one for one in self.all_cases if case and one.id.startswith(case)
        ]
        if len(found) == 1:
            return found[0]
        raise UsageError(
            f"{len(found)} cases of this result begin with {case!r}"
            if found
            else f"this result has no case {case!r}",
            slug="unknown-case",
            hint="'auditor review list' names the cases; write more of its digits",
        )
