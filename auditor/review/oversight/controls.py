"""Control cases: decisions whose right outcome was written down, and sealed, before they were read.

The list counts only when its digest stands in the ledger before anybody read one of its cases; one
that was chosen afterwards could say whatever is wanted.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.errors import IntegrityError, Problem, UsageError, Where
from auditor.ledger.bodies import FINALS
from auditor.review.oversight.numbers import Share, share
from auditor.review.sayers import said_by, why_not_said

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.authority import Person
    from auditor.review.case import FlaggedDecision
    from auditor.review.desk import Desk
    from auditor.review.oversight.readings import Reading

MOST_BYTES = 16 << 20
_NAMES = ("identity", "decision")
_HINT = "a CSV in UTF-8 with the columns 'identity' (or 'decision') and 'right'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """A list of control cases: the right outcome by identity, or by the export's own id."""

    path: str
    digest: str
    named_by: str
    right: Mapping[str, str]

    def name_of(self, one: Reading | FlaggedDecision) -> str:
        """Say what a decision is called in the list."""
        return one.identity if self.named_by == "identity" else one.decision

    def of(self, reading: Reading) -> str | None:
        """Right outcome of what was read; None when it is no control case."""
        return self.right.get(self.name_of(reading))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliance:
    """Whether people follow the model where it is right, and depart from it where it is wrong.

    ``cases`` are listed, ``met`` are in this result. Each reading counts once; those of whoever
    sealed the list are left out (``by_sealer``). ``found`` is the share of readings with the right
    outcome, whatever the model said.
    """

    digest: str
    sealed_at: str
    cases: int
    met: int
    read: Share
    by_sealer: int
    follows: Share
    departs: Share
    found: Share


def parse_controls(content: bytes, path: str) -> Controls:
    """Read a list of control cases.

    Raises
    ------
    UsageError
        With everything that is wrong in it.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable("a list of control cases is not larger than 16 MiB", path)
    try:
        text = content.decode("utf-8-sig")
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (ValueError, csv.Error):
        raise _unreadable("this is no list of control cases", path) from None
    names = [name for name in _NAMES if name in header]
    if len(names) != 1 or sorted(header) != sorted([*names, "right"]):
        raise _unreadable("its columns are not those of a list of control cases", path)
    columns = header.index(names[0]), header.index("right")
    right: dict[str, str] = {}
    problems = list(_taken_in(lines, columns, right, path))
    if not lines:
        raise _unreadable("it lists no control case", path)
    if problems:
        raise UsageError.of(problems)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Controls(path=path, digest=digest, named_by=names[0], right=right)


def _taken_in(
    lines: Sequence[Sequence[str]], columns: tuple[int, int], right: dict[str, str], path: str
) -> Iterator[Problem]:
    for number, line in enumerate(lines, start=2):
        message = None
        if len(line) != 2:
            message = "the line does not have two cells"
        elif not line[columns[0]]:
            message = "the line names no decision"
        elif line[columns[0]] in right:
            message = "the line names a decision that stands in the list already"
        elif line[columns[1]] not in FINALS:
            message = f"the right outcome is neither {FINALS[0]} nor {FINALS[1]}"
        else:
            right[line[columns[0]]] = line[columns[1]]
        if message:
            yield Problem(
                message=message, slug="controls-unreadable", where=Where(path, number), hint=_HINT
            )


def _unreadable(message: str, path: str) -> UsageError:
    return UsageError(message, slug="controls-unreadable", where=Where(path), hint=_HINT)


def sealed(desk: Desk, controls: Controls) -> tuple[Entry, Person]:
    """Find the entry that sealed a list before any of its cases was read, and who said it.

    Raises
    ------
    IntegrityError
        When nobody sealed exactly these bytes, or a case was read before.
    """
    seals = [
        entry
        for entry in desk.entries
        if entry.draft.kind == "controls-sealed"
        and entry.draft.body.get("digest") == controls.digest
        and entry.draft.ledger == desk.ledger
        and why_not_said(entry, desk.keyring) is None
    ]
    if not seals or desk.keyring is None:
        raise IntegrityError(
            "nobody in the keyring sealed this list of control cases in this ledger",
            slug="controls-not-sealed",
            where=Where(controls.path),
            hint="'auditor review seal-controls' seals a list, before its cases are read",
        )
    seal = seals[0]
    before = _read_before(desk, controls, seal)
    if before:
        many = "1 of its cases was" if before == 1 else f"{before:,} of its cases were"
        raise IntegrityError(
            f"{many} read before this list was sealed (entry {seal.seq}); it proves nothing",
            slug="controls-sealed-late",
            where=Where(controls.path),
            hint="seal another list, of decisions that nobody has read yet",
        )
    return seal, said_by(seal, desk.keyring)


def _read_before(desk: Desk, controls: Controls, seal: Entry) -> int:
    names = {
        one.identity: controls.name_of(one) for case in desk.all_cases for one in case.decisions
    }
    read = {
        identity
        for entry in desk.entries
        if entry.seq < seal.seq
        and entry.draft.kind in ("reviewed", "first-judgement")
        and why_not_said(entry, desk.keyring) is None
        for identity in _identities(entry)
    }
    return len({names.get(identity, identity) for identity in read} & controls.right.keys())


def _identities(entry: Entry) -> Iterator[str]:
    body: Any = entry.draft.body
    if entry.draft.kind == "reviewed":
        yield from (part["identity"] for part in body["settles"])
    elif entry.draft.kind == "first-judgement":
        yield from (part["identity"] for part in body["judgements"])


def reliance(desk: Desk, controls: Controls, readings: Sequence[Reading]) -> Reliance:
    """Compare what people decided with what is right, on a list that was sealed in time."""
    seal, sealer = sealed(desk, controls)
    read = [one for one in readings if one.comparable]
    known = [(one, right) for one in read if (right := controls.of(one)) is not None]
    counted = [(one, right) for one, right in known if one.reader != sealer.self]
    good = [(one, right) for one, right in counted if one.model == right]
    wrong = [(one, right) for one, right in counted if one.model != right]
    none = "no control case was read"
    return Reliance(
        digest=controls.digest,
        sealed_at=seal.at,
        cases=len(controls.right),
        met=sum(
            controls.name_of(one) in controls.right
            for case in desk.all_cases
            for one in case.decisions
        ),
        read=share(len(counted), len(read), "no review counts"),
        by_sealer=len(known) - len(counted),
        follows=share(
            sum(one.final == right for one, right in good),
            len(good),
            f"{none} in which the model is right" if counted else none,
        ),
        departs=share(
            sum(one.final == right for one, right in wrong),
            len(wrong),
            f"{none} in which the model is wrong" if counted else none,
        ),
        found=share(sum(one.final == right for one, right in counted), len(counted), none),
    )
