"""Which entries lie behind those in front of them, so that nobody can judge their keys.

Entries are only ever added at the end, so one was not made before those in front of it. Whoever
holds a key that ended could otherwise say something today on a day on which it held. The time of an
entry is a bound to all that follow when it can be true and somebody answers for it; see ADR 22.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from auditor.ledger.clocks import PUT_RIGHT, says_ahead
from auditor.ledger.reading import moment
from auditor.policy.people import same_name
from auditor.review.authority import person_on
from auditor.review.sayers import why_not_said

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.signing.keyring import Keyring


class Backdating:
    """The times of a ledger, entry by entry.

    Parameters
    ----------
    entries : of a whole ledger, in its order
    keyring : Keyring or None
    today : date
        Later than the reader's clock says nothing has happened yet.
    """

    def __init__(self, entries: Sequence[Entry], keyring: Keyring | None, today: date) -> None:
        self._entries, self._keyring, self._today = entries, keyring, today
        self._front: list[tuple[str, int]] = []  # times that may bound, the latest at the end
        self._bounds: dict[int, bool] = {}
        self._known = {(entry.seq, entry.draft.id) for entry in entries}
        self._behind: dict[tuple[int, str], str] = {}
        for index, entry in enumerate(entries):
            # times are written alike, so texts compare: only those that are out of order are read
            if self._front and entry.at < self._front[-1][0]:
                self._behind[entry.seq, entry.draft.id] = self._look(entry)
                insort(self._front, (entry.at, index))
            else:
                self._front.append((entry.at, index))

    def why_not(self, entry: Entry) -> str:
        """Why an entry counts for nothing by its time; empty where nothing is against it.

        One that is not of these entries stands behind all of them.
        """
        here = entry.seq, entry.draft.id
        return self._behind.get(here, "") if here in self._known else self._look(entry)

    def _look(self, entry: Entry) -> str:
        while self._front and self._front[-1][0] > entry.at and _has_time(entry):
            at, index = self._front[-1]
            if not _has_time(self._entries[index]):
                self._front.pop()
                continue
            if moment(at) - moment(entry.at) <= PUT_RIGHT:
                return ""
            if self._binds(index):
                seq = self._entries[index].seq
                return (
                    f"its time lies before that of entry {seq} in front of it ({at}), so its key "
                    "cannot be judged"
                )
            self._front.pop()
        return ""

    def _binds(self, index: int) -> bool:
        """Whether the time of an entry can be true, and somebody answers for it."""
        if index not in self._bounds:
            entry = self._entries[index]
            opening = index == 0 and entry.draft.kind == "ledger-opened"
            self._bounds[index] = moment(entry.at).date() <= self._today and (
                opening or (self._is_said(entry) and not self._taken_back(index))
            )
        return self._bounds[index]

    def _is_said(self, entry: Entry) -> bool:
        return self._keyring is None or why_not_said(entry, self._keyring) is None

    def _taken_back(self, index: int) -> bool:
        """Whether its own sayer has since said something at an earlier time.

        With keys that hold on its day too, also that of a service: one that ended before it takes
        nothing back.
        """
        entry, keyring = self._entries[index], self._keyring
        if keyring is None:
            return False
        at = moment(entry.at)
        me = _name(entry, keyring)
        before = {one.draft.id for one in self._entries[: index + 1]}
        return any(
            _name(later, keyring) == me
            and later.draft.id not in before
            and later.draft.ledger == entry.draft.ledger
            and _has_time(later)
            and max(moment(later.at), moment(later.draft.said_at)) < at - PUT_RIGHT
            and _both_hold(later, at.date(), keyring)
            and self._is_said(later)
            for later in self._entries[index + 1 :]
        )


def _both_hold(entry: Entry, day: date, keyring: Keyring) -> bool:
    keys = (entry.draft.by, entry.draft.signed_with)
    return all(key is not None and person_on(day, key, keyring) is not None for key in keys)


def dated_ahead(entries: Sequence[Entry], now: datetime) -> str:
    """Say that the latest of some entries lies ahead of a clock; empty where it does not."""
    latest = max((entry.at for entry in entries if _has_time(entry)), default=None)
    return "" if latest is None else says_ahead(latest, now)


def _name(entry: Entry, keyring: Keyring) -> str | None:
    holder = None if entry.draft.by is None else keyring.holder(entry.draft.by)
    return None if holder is None else same_name(holder.name)


def _has_time(entry: Entry) -> bool:
    try:
        moment(entry.at)
        moment(entry.draft.said_at)
    except ValueError:
        return False
    return True
