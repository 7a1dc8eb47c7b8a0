"""What an export seems to be: its file, the part that each column plays, and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.ingest.choosing import (
    GroupChoice,
    Guessed,
    OutcomeChoice,
    ScoreChoice,
    choose_groups,
    choose_outcome,
    choose_score,
)
from auditor.ingest.column_facts import column_facts
from auditor.ingest.files import open_export
from auditor.ingest.guessing import guess_of
from auditor.ingest.id_choice import IdChoice, choose_id
from auditor.ingest.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in one export, and what a profile of it would say.

    Parameters
    ----------
    path : the file as it was named
    kind : ``text``, ``parquet`` or ``workbook``
    encoding : of a text
    delimiter : of a text
    rows : int
    notes : sentences about how the file was read
    columns : what each column holds and the part it seems to play, in the order of the file
    id, outcome, groups, score : columns chosen for a profile
    count : column that says how many people a row stands for, where no column is an id
    """

    path: str
    kind: str
    encoding: str | None
    delimiter: str | None
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

    @property
    def doubts(self) -> tuple[str, ...]:
        """Sentences about what a person has to settle, the gravest first."""
        return (*_missing(self), *_unclear(self), *_of_columns(self))


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
        survey, notes = export.survey()
        columns = tuple((facts, guess_of(facts)) for facts in column_facts(export))
        outcome = choose_outcome(columns)
        found = choose_id(export, columns)
        counts = [facts.name for facts, guess in columns if guess.role is Role.COUNT]
        score = choose_score(export, columns, outcome)
        text = export.guarded.text
        export.guarded.check_unchanged()
        return Inspection(
            path=export.guarded.shown,
            kind=export.guarded.kind,
            encoding=text.encoding if text else None,
            delimiter=export.relation.delimiter if text else None,
            rows=survey.rows,
            notes=(*export.notes, *notes),
            columns=columns,
            id=found,
            count=counts[0] if found is None and counts else None,
            outcome=outcome,
            groups=choose_groups(columns),
            score=score,
        )


def _missing(found: Inspection) -> Iterator[str]:
    if not found.groups:
        yield (
            "No column says somebody's sex, race, band of age, disability or veteran status: "
            "nothing here can be audited for group differences. Add such a column to the export, "
            "joined by the id of the application; if one is here under another name, name it in "
            "the profile."
        )
    if found.outcome is None:
        yield (
            "No column says what was decided. Add one to the export, or name it in the profile "
            "and say what its values mean."
        )
    elif found.outcome.column is None:
        rivals = ", ".join(map(repr, found.outcome.rivals))
        yield f"Several columns may say what was decided: {rivals}. Name one in the profile."
    elif not found.outcome.is_told:
        yield (
            f"Column {found.outcome.column!r} seems to say what was decided, but its values do "
            "not tell who was selected and who was not. Say so in the profile."
        )
    if found.id is None and found.count is None:
        yield (
            "No column tells the rows apart: add the id of the application to the export, or name "
            "the columns that identify a row together."
        )


def _unclear(found: Inspection) -> Iterator[str]:
    if found.id is not None and found.id.doubt:
        yield f"{found.id.doubt}."
    if found.id is not None and found.id.repeats:
        yield (
            f"{found.id.repeats:,} rows repeat an earlier row in every column; the profile says "
            "duplicates: drop-identical."
        )
    outcome = found.outcome
    if outcome is not None and outcome.column is not None:
        if outcome.is_told and outcome.values(None):
            yield f"Column {outcome.column!r}: {_listed(outcome.values(None))} mean nothing known."
        if outcome.rivals:
            rivals = ", ".join(map(repr, outcome.rivals))
            yield (
                f"The outcome was taken from {outcome.column!r}; {rivals} may be an outcome too, "
                "of another decision."
            )
    for group in found.groups:
        if group.placed.unplaced:
            yield (
                f"Column {group.column!r}: {_listed(group.placed.unplaced)} could not be put into "
                f"a group of {group.attribute!r}."
            )
    if any(group.attribute == "ethnicity" for group in found.groups):
        yield (
            "Race and ethnicity stand in two columns and are audited apart. Where Hispanic is one "
            "of the groups of race, put both into one column before the audit."
        )
    if found.score is not None and found.score.doubt:
        yield f"{found.score.doubt[0].upper()}{found.score.doubt[1:]}; it is left out."


def _of_columns(found: Inspection) -> Iterator[str]:
    for facts, guess in found.columns:
        if guess.doubt is not None:
            yield f"Column {facts.name!r}: {guess.doubt}."


def _listed(values: tuple[str, ...]) -> str:
    return f"{len(values)} {'value' if len(values) == 1 else 'values'}"
