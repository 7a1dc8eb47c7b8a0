"""What a person has to settle before an export is audited, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.ingest.inspection.inspecting import Inspection


def doubts_of(found: Inspection) -> tuple[str, ...]:
    """Say what is in doubt about an export, the gravest first; no sentence holds a value."""
    return (*_missing(found), *_unclear(found), *_of_columns(found))


def _missing(found: Inspection) -> Iterator[str]:
    if len(found.columns) == 1:
        yield (
            "Only one column was found. If there are more, they are separated by something else "
            "than a comma, a semicolon, a bar or a tab; export the file again."
        )
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
            f"Column {found.outcome.column!r} seems to say what was decided, but no value was "
            "recognised for those who were selected, or for those who were not. Say so in the "
            "profile."
        )
    if found.id is None and found.count is None:
        yield (
            "No column tells the rows apart: add the id of the application to the export, or name "
            "the columns that identify a row together."
        )


def _unclear(found: Inspection) -> Iterator[str]:
    if found.id is not None and found.id.doubt:
        yield f"{found.id.doubt}."
    guessed = {facts.name: guess for facts, guess in found.columns}
    if found.id is not None and not all(guessed[name].named for name in found.id.columns):
        (name,) = found.id.columns
        yield f"Column {name!r} is taken as id only because no two rows have the same value there."
    if found.id is not None and found.id.repeats:
        yield (
            f"{found.id.repeats:,} rows repeat an earlier row in every column; the profile says "
            "duplicates: drop-identical."
        )
    outcome = found.outcome
    if outcome is not None and outcome.column is not None:
        if outcome.values(None):
            yield f"Column {outcome.column!r}: what {_listed(outcome.values(None))} only you know."
        if outcome.rivals:
            rivals = ", ".join(map(repr, outcome.rivals))
            yield (
                f"The outcome was taken from {outcome.column!r}; {rivals} may be an outcome too, "
                "of another decision."
            )
    for group in found.groups:
        if group.placed.unplaced:
            yield (f"Column {group.column!r}: what {_listed(group.placed.unplaced)} only you know.")
        if any(label.casefold() == "na" for label in group.placed.groups):
            yield (
                f"Column {group.column!r} holds 'NA' besides blanks or the like: Native American, "
                "or not available? It is left as a group of its own."
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
    return "1 value means" if len(values) == 1 else f"{len(values):,} values mean"
