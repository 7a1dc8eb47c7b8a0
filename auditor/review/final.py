"""Every decision with what became of it, for re-import: the export again, with final outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import IntegrityError, UsageError, Where
from auditor.ingest.matching import Targets
from auditor.ingest.rewriting import Rewritten, rewrite
from auditor.ingest.values import trimmed
from auditor.result.cells import safe_cell
from auditor.vocabulary import CONSIDERED, PENDING_HUMAN

if TYPE_CHECKING:
    from auditor.ingest import Profile
    from auditor.result import AuditDocument
    from auditor.review.queue import Queue
    from auditor.review.settling import DecisionStanding

ADDED = ("decided_by", "review_case")
"""Columns that a final export has besides."""


def final_export(
    document: AuditDocument,
    queue: Queue,
    export: str | Path,
    profile: Profile,
    *,
    rows: Callable[[], Mapping[str, str]] | None = None,
    encoding: str | None = None,
) -> Rewritten:
    """Write the export of a result again, with what people decided.

    A decision whose mandatory review is open, or about which people disagree, is ``pending human``.
    Where people decided otherwise than the model, the outcome is the first raw value that the
    profile lists for it. All other cells stay as they are, also those that look like formulas: it
    is the company's own data going back where it came from. So does what an earlier final export
    says of who decided, where this queue says nothing of it.

    Parameters
    ----------
    document : of the result
    queue : of that result and a ledger
    export : path of the file that was audited
    profile : that it was audited with
    rows : callable, optional
        Gives the export's own ids by identity. It is asked where somebody asked about a decision
        that no rule flagged: the id that lies beside a request is only what somebody wrote.
    encoding : of a text that is not UTF-8

    Raises
    ------
    UsageError
        When single decisions or their outcomes do not stand in the export.
    IntegrityError
        When the profile is not that of the result.
    DecisionError, ExportError, PathError
        When the export is another one, or cannot be read.
    """
    _refuse(document, profile)
    assert profile.outcome is not None  # noqa: S101 - refused above
    targets = Targets(profile.outcome)
    raw = {
        str(outcome): profile.outcome.values[outcome][0].text
        for outcome in CONSIDERED
        if profile.outcome.values.get(outcome)
    }
    standings, nowhere = _by_row(queue, rows)
    model = _taker(profile)

    def change(
        decision: str,
        text: str,
        typed: bool,  # noqa: FBT001
        before: tuple[str, ...],
    ) -> tuple[str | None, tuple[str, ...]]:
        by_before, case_before = before
        said = targets.of(trimmed(text), typed=typed) & set(map(str, CONSIDERED))
        found = standings.get(decision)
        if found is None:
            return None, (by_before or (model if said else ""), case_before)
        case, standing = found.case, found.standing
        if not standing.pending and (found.other or standing.decision.outcome not in said):
            if case == case_before and standing.final in said:
                return None, before  # an earlier final export, which holds what they decided
            # people decided about another decision of this id, before it was made anew
            return PENDING_HUMAN, (PENDING_HUMAN, case)
        new, by = _what(standing, raw)
        return new, (by_before or model if by is None else safe_cell(by), case)

    (read,) = document["inputs"] if len(document["inputs"]) == 1 else (None,)
    if read is None:
        raise _refused("the result is of several inputs", "name a result of one export")
    made = rewrite(export, profile, change, ADDED, sha256=read["sha256"], encoding=encoding)
    return replace(made, notes=(*made.notes, *_others(standings.values()), *_nowhere(nowhere)))


@dataclass(frozen=True, slots=True)
class _Found:
    """What was decided about a row; ``other`` says that it is another decision of that id."""

    case: str
    standing: DecisionStanding
    other: bool

    @property
    def first(self) -> tuple[bool, bool, bool]:
        """What waits for a person goes first, then what people decided about just this row."""
        return not self.standing.pending, self.standing.final is None, self.other


def _by_row(
    queue: Queue, rows: Callable[[], Mapping[str, str]] | None
) -> tuple[dict[str, _Found], int]:
    """Give what is known of each row, by its id, and how many decisions are in no row at all.

    A row has several where somebody asked about a decision that was made anew since: the old one is
    in no row any more, so no answer about it changes one. Nobody can tell it from one whose
    identity or id was never right, so until it is answered it keeps the row as well. One that names
    no row can keep none: it is counted, since else anybody's request would keep back all others.
    """
    decisions = [(item.case.id, one) for item in queue.items for one in item.decisions]
    asked = [one.decision.identity for _, one in decisions if not one.decision.flagged]
    ids = _checked(decisions, rows) if asked else {}
    there, nowhere = frozenset(ids.values()), 0
    found: dict[str, _Found] = {}
    for case, one in decisions:
        sure = one.decision.flagged or one.decision.identity in ids
        name = ids.get(one.decision.identity, one.decision.decision)
        names = [name] if sure else [name for name in one.decision.named if name in there]
        for name in names:
            new = _Found(case, one, not sure)
            found[name] = min(found.get(name, new), new, key=lambda known: known.first)
        nowhere += not names
    if nowhere and not any(one.decision.identity in ids for _, one in decisions):
        # by another key nothing matches, and what waits would be taken for something of no row
        raise _refused(
            "somebody asked about decisions that match no row, and nothing else shows that the key "
            "is that of the result",
            "name the key that the result was made with; if it is, a request about a row, recorded "
            "with 'auditor review request', shows it",
        )
    return found, nowhere


def _checked(
    decisions: Sequence[tuple[str, DecisionStanding]], rows: Callable[[], Mapping[str, str]] | None
) -> Mapping[str, str]:
    """Ids by identity, by the key that the result was made with."""
    if rows is None:
        raise _refused(
            "somebody asked about a decision that no rule flagged, and nothing tells which row is "
            "that one",
            "name the key that the result was made with",
        )
    ids = rows()
    if any(one.decision.identity not in ids for _, one in decisions if one.decision.flagged):
        raise _refused(
            "flagged decisions of the result are in no row by this key",
            "name the key that the result was made with",
        )
    return ids


def _others(found: Iterable[_Found]) -> Iterator[str]:
    count = sum(one.other for one in found)
    if count:
        yield (
            f"{count:,} {'row is' if count == 1 else 'rows are'} held by a request about another "
            "decision than stands there: it was made anew since, or the request names a wrong id. "
            "No answer to that request changes the row: ask about the decision that stands there."
        )


def _nowhere(count: int) -> Iterator[str]:
    if count:
        yield (
            f"{count:,} {'decision is' if count == 1 else 'decisions are'} in no row, though "
            "somebody asked about it: made anew since, of another export, or never there. No row "
            "is changed for it; write what people decide about it into the system by hand."
        )


def _what(standing: DecisionStanding, raw: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Cell of the outcome, None where it stays, and who decided; None where no people did."""
    if standing.pending:
        return PENDING_HUMAN, PENDING_HUMAN
    if standing.final is None:
        return None, None
    if standing.final == standing.decision.outcome:
        return None, standing.role or ""
    if standing.final not in raw:
        raise _refused(
            f"people decided {standing.final!r}, and the profile lists no value for it",
            f"add a value under columns.outcome.{standing.final}",
        )
    return raw[standing.final], standing.role or ""


def _taker(profile: Profile) -> str:
    """Who takes decisions that nobody reviewed, as far as the profile says."""
    decision = profile.decision
    return "model" if decision is None or decision.taken_by is None else decision.taken_by


def _refuse(document: AuditDocument, profile: Profile) -> None:
    if profile.count is not None or not profile.ids:
        raise _refused(
            "the rows of this export stand for several decisions each, so none of them has an "
            "outcome of its own",
            "audit the decisions themselves, one a row with an id",
        )
    if profile.outcome is None:
        raise _refused(
            "the outcome is derived from the score, so the export has no cell for it",
            "add a column with the outcome to the export",
        )
    if document["profile"]["sha256"] != profile.sha256:
        raise IntegrityError(
            "this is not the profile that the result was made with",
            slug="another-profile",
            where=Where(profile.path),
            hint="name the profile of the audit, as it was then",
        )


def _refused(message: str, hint: str) -> UsageError:
    return UsageError(message, slug="no-final-export", hint=hint)
