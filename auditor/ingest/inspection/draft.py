"""A profile to be read and corrected: what was guessed says so, what was not stops an audit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from auditor.ingest.inspection.choosing import GroupChoice, Guessed, OutcomeChoice
from auditor.ingest.inspection.date_formats import date_formats
from auditor.ingest.inspection.inspecting import Inspection
from auditor.ingest.inspection.plain_words import can_be_listed
from auditor.ingest.inspection.roles import Role, Sure
from auditor.ingest.stanza import scalar
from auditor.vocabulary import OUTCOMES, Outcome

CHECK = "  # guessed: check"
NA_DOUBT = "; Native American, or not available?"
NAME_ID = "(name the column with the id of each row)"
NAME_OUTCOME = "(name the column that says what was decided)"
NAME_GROUP = "(name the column that says it of each person)"
NAME_MEMBERS = "(values of one group)"
NAME_VALUES = {
    Outcome.FAVORABLE: "(values that mean selected)",
    Outcome.UNFAVORABLE: "(values that mean not selected)",
}

_TYPED = ("null", "true", "false")
_LINE_ENDS = {"\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}
_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")
_WIDTH = 100


def profile_text(found: Inspection) -> str:
    """Write the profile that an inspection suggests.

    What stands in round brackets is no column and no value of the export, so an audit refuses the
    profile until a person has put something in its place.

    Parameters
    ----------
    found : Inspection

    Returns
    -------
    str
        YAML that `load_profile` accepts.
    """
    lines = [
        f"# How {written(Path(found.path).name)} reads, told from its names and values alone.",
        "# Nothing here is decided: read every line, correct it, and delete the remarks.",
        "auditor: profile/1",
        "profile:",
        f"  id: {_identifier(found.path)}",
        "  unit: application" + CHECK + "; what one row stands for",
        "  decisions: taken" + CHECK + "; test for a holdout or a simulation",
    ]
    if found.id is not None and found.id.repeats:
        lines.append(
            f"  duplicates: drop-identical{CHECK}; {found.id.repeats:,} rows repeat an earlier "
            "one in every column"
        )
    lines += [
        "# decision: {kind: screening, taken_by: model}  # say what was decided and who decided",
        "columns:",
        *_id(found),
        *_outcome(found.outcome),
        "  groups:",
        *_groups(found),
        *_score(found),
        *_model_version(found),
        *_optional(found),
    ]
    return "\n".join(lines) + "\n"


def written(text: str) -> str:
    r"""Text as a YAML scalar on one line, that a profile reads back as it is.

    Examples
    --------
    >>> print(written("Hired"), written("50%"), written("null"), written("a\u2028b"))
    Hired "50%" "null" "a\Lb"
    """
    plain = scalar(text)
    if plain.casefold() in _TYPED:
        return f'"{plain}"'
    return "".join(_LINE_ENDS.get(character, character) for character in plain)


def _identifier(path: str) -> str:
    name = _NOT_ID.sub("-", Path(path).stem).strip("-._")[:64]
    return written(name or "export")


def _list(key: str, values: Iterable[str], indent: int, remark: str = CHECK) -> Iterator[str]:
    """Write a list on one line, or one value a line where it would be too long to read."""
    space, texts = " " * indent, [written(text) for text in values]
    line = f"{space}{key}: [{', '.join(texts)}]{remark}"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield f"{space}{key}:{remark}"
        yield from (f"{space}  - {text}" for text in texts)


def _remarks(values: Sequence[str], indent: int, says: str) -> Iterator[str]:
    """Name values in a comment; those that cannot be written are counted."""
    if not values:
        return
    space = " " * indent
    yield f"{space}# {says}"
    shown = [text for text in values if can_be_listed(text)]
    yield from (f"{space}#   {written(text)}" for text in shown)
    if len(shown) < len(values):
        yield f"{space}#   and {len(values) - len(shown)} too long or with control characters"


def _id(found: Inspection) -> Iterator[str]:
    if found.id is None and found.count is not None:
        yield f"  count: {written(found.count)}{CHECK}; how many people a row stands for"
    elif found.id is None:
        yield f"  id: {written(NAME_ID)}  # no column tells the rows apart"
    else:
        names = [written(name) for name in found.id.columns]
        said = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        yield f"  id: {said}{CHECK}"
        if found.id.doubt:
            yield "  # An audit refuses it: some rows have no id, or that of another row."


def _outcome(choice: OutcomeChoice | None) -> Iterator[str]:
    yield "  outcome:"
    column = choice.column if choice else None
    if choice is None or column is None:
        yield f"    column: {written(NAME_OUTCOME)}"
        for name in choice.rivals if choice else ():
            yield f"    # perhaps: {written(name)}"
        for outcome, name in NAME_VALUES.items():
            yield f"    {outcome}: [{written(name)}]"
        return
    yield f"    column: {written(column)}{CHECK}"
    for name in choice.rivals:
        yield f"    # another decision, perhaps: {written(name)}"
    for outcome in OUTCOMES:
        values = choice.values(outcome)
        if values:
            yield from _list(str(outcome), values, 4)
        elif outcome in NAME_VALUES:
            yield f"    {outcome}: [{written(NAME_VALUES[outcome])}]"
    says = "Only you know what these mean; put each under favorable, unfavorable, withdrawn,"
    yield from _remarks(choice.values(None), 4, f"{says} not_considered or open:")


def _groups(found: Inspection) -> Iterator[str]:
    if not found.groups:
        yield "    sex:  # or race, age, disability, veteran; without one there is no audit"
        yield f"      column: {written(NAME_GROUP)}"
        yield "      values: as-is"
    for group in found.groups:
        yield from _group(group)
    named = {group.column for group in found.groups}
    named |= {name for group in found.groups for name in group.rivals}
    for facts, guess in found.columns:
        if guess.role is Role.GROUP and facts.name not in named:
            reason = f": {guess.doubt}" if guess.doubt else ""
            yield f"    # {written(facts.name)} may be a group of people too{reason}"


def _group(group: GroupChoice) -> Iterator[str]:
    placed = group.placed
    yield f"    {group.attribute}:"
    yield f"      column: {written(group.column)}{CHECK}"
    for name in group.rivals:
        yield f"      # or: {written(name)}"
    yield "      values:"
    for label, texts in placed.groups.items():
        doubt = NA_DOUBT if label.casefold() == "na" else ""
        yield from _list(written(label), texts, 8, CHECK + doubt)
    if not placed.groups:
        yield f"        (name of a group): [{written(NAME_MEMBERS)}]"
    if placed.unknown:
        yield from _list("unknown", placed.unknown, 6)
    yield from _remarks(
        placed.unplaced, 6, "Only you know what these mean; put each into a group or under unknown:"
    )


def _score(found: Inspection) -> Iterator[str]:
    if found.score is not None and found.score.doubt is None:
        column, better = written(found.score.column), found.score.better
        yield f"  score: {{column: {column}, better: {better}}}{CHECK}; better: high or low"
        yield "  # with a cut: score: {column: ..., cut_score: 0.5, better: high, scale: [0, 1]}"


def _model_version(found: Inspection) -> Iterator[str]:
    names = found.names(Role.MODEL_VERSION)
    if len(names) == 1:
        yield f"  model_version: {written(names[0])}{CHECK}"


def _optional(found: Inspection) -> Iterator[str]:
    """Parts that an audit does without; they stand in comments until somebody wants them."""
    entries = [*_other_scores(found), *_labels(found), *_others(found)]
    if entries:
        yield "  # What else may be said, without the leading '# ' where it is so:"
        yield from (f"  # {entry}" for entry in entries)


def _other_scores(found: Inspection) -> Iterator[str]:
    taken = found.score.column if found.score and found.score.doubt is None else None
    for name in found.names(Role.SCORE):
        if name != taken:
            yield f"score: {{column: {written(name)}, better: high}}"


def _labels(found: Inspection) -> Iterator[str]:
    for facts, guess in found.columns:
        if guess.role is Role.LABEL:
            texts = [written(text) for text, _ in facts.levels or () if can_be_listed(text)]
            sides = "positive: [...], negative: [...]"
            yield f"label: {{column: {written(facts.name)}, {sides}}}  # {' or '.join(texts)}"


def _others(found: Inspection) -> Iterator[str]:
    ids = found.id.columns if found.id else ()
    for name in found.names(Role.PERSON):
        if name not in ids:
            yield f"person: {written(name)}"
    strata = [name for name in found.names(Role.STRATUM) if name not in ids]
    if strata:
        yield f"strata: {{{', '.join(f'{written(n)}: {written(n)}' for n in strata)}}}"
    taken = found.score.column if found.score else None
    numbers = [name for name in found.names(Role.NUMBER, Role.SCORE) if name != taken]
    if numbers:
        listed = ", ".join(map(written, numbers))
        yield f"features: [{listed}]  # only what the model reads"
        yield "job_related: [...]  # of the features, what the job asks for: reviewers see it first"
    yield from _dates(found.columns)


def _dates(columns: Sequence[Guessed]) -> Iterator[str]:
    for facts, guess in columns:
        is_day = all(len(text) <= len("2026-01-31") for text in facts.sample)
        if guess.role is Role.DATE and guess.sure is not Sure.UNSURE and is_day:
            format_ = date_formats(facts.sample)[0]
            yield f'date: {{column: {written(facts.name)}, format: "{format_}"}}  # of the decision'
