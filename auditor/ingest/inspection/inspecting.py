"""What an export seems to be: its file, the part that each column plays, and what is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditor.ingest.inspection.choosing import (
    GroupChoice,
    Guessed,
    OutcomeChoice,
    ScoreChoice,
    apart,
    choose_groups,
    choose_outcome,
    choose_score,
)
from auditor.ingest.inspection.column_facts import column_facts
from auditor.ingest.inspection.guessing import guess_of
from auditor.ingest.inspection.id_choice import IdChoice, choose_id
from auditor.ingest.inspection.roles import Role
from auditor.ingest.opening import open_export


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in one export, and what a profile of it would say.

    Parameters
    ----------
    path : the file as it was named
    kind : ``text``, ``parquet`` or ``workbook``
    encoding : of a text
    rows : int
    notes : sentences about how the file was read
    columns : what each column holds and the part it seems to play, in the order of the file
    id, outcome, groups, score : columns chosen for a profile
    count : column that says how many people a row stands for, where no column is an id
    """

    path: str
    kind: str
    encoding: str | None
    rows: int
    notes: tuple[str, ...]
    columns: tuple[Guessed, ...]
    id: IdChoice | None
    count: str | None
    outcome: OutcomeChoice | None
    groups: tuple[GroupChoice, ...]
    score: ScoreChoice | None

    def names(self, *roles: Role) -> tuple[str, ...]:
        """Columns that seem to play one of these parts."""
        return tuple(facts.name for facts, guess in self.columns if guess.role in roles)

    @property
    def is_settled(self) -> bool:
        """Whether an audit can use the profile as it is suggested; a person still has to read it.

        False as long as something that no audit can do without was not recognised.
        """
        outcome = self.outcome
        return (
            outcome is not None
            and outcome.is_told
            and not outcome.values(None)
            and bool(self.groups)
            and all(group.placed.groups and not group.placed.unplaced for group in self.groups)
            and (self.count is not None or (self.id is not None and self.id.doubt is None))
        )


def inspect_export(path: str | Path, *, encoding: str | None = None) -> Inspection:
    """Say what an export file seems to be; nothing is written and nothing is decided.

    Parameters
    ----------
    path : str or Path
    encoding : str, optional
        Of a text file that is not UTF-8.

    Raises
    ------
    PathError, UsageError, ExportError, DecisionError
        When the file cannot be read, as in an audit of it.
    """
    with open_export(path, encoding=encoding) as export:
        columns = tuple(apart([(each, guess_of(each)) for each in column_facts(export)]))
        outcome = choose_outcome(columns)
        found = choose_id(export, columns)
        # A file with wrong or lost rows is refused here; nothing that was counted of it is told.
        notes = export.survey()[1] if found is None or found.notes is None else found.notes
        counts = [facts.name for facts, guess in columns if guess.role is Role.COUNT]
        score = choose_score(export, columns, outcome)
        text = export.guarded.text
        export.guarded.check_unchanged()
        return Inspection(
            path=export.guarded.shown,
            kind=export.guarded.kind,
            encoding=text.encoding if text else None,
            rows=columns[0][0].rows,
            notes=(*export.notes, *notes),
            columns=columns,
            id=found,
            count=counts[0] if found is None and counts else None,
            outcome=outcome,
            groups=choose_groups(columns),
            score=score,
        )
