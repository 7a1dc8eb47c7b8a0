"""Which columns play the parts of a profile together; what is not clear stays with the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.ingest.inspection.column_facts import ColumnFacts, text_of
from auditor.ingest.inspection.group_words import PlacedGroups, place_groups
from auditor.ingest.inspection.guessing import outcomes_of, values_of
from auditor.ingest.inspection.header_words import ATTRIBUTES, names_ethnicity_alone, words_of
from auditor.ingest.inspection.roles import Guess, Role, Sure
from auditor.ingest.table.export import Export
from auditor.ingest.table.lines import texts_of
from auditor.ingest.values import trimmed
from auditor.vocabulary import CONSIDERED, Outcome

Guessed = tuple[ColumnFacts, Guess]

_ETHNICITY = "ethnicity"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeChoice:
    """The column of the outcome, and the outcome that each of its values speaks for.

    ``rivals`` are columns that look like an outcome too; without a ``column`` nothing says which
    of them is meant.
    """

    column: str | None
    spoken: Mapping[str, Outcome | None]
    rivals: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether both a favorable and an unfavorable value were recognised."""
        return set(CONSIDERED) <= set(self.spoken.values())

    def values(self, outcome: Outcome | None) -> tuple[str, ...]:
        """Values of one outcome; of None, those that nobody but the reader can place.

        Where every value speaks, but all for one side, none is placed: an audit of it would say
        that nobody was selected, or everybody, and nobody would have looked.
        """
        if not self.is_told and None not in self.spoken.values():
            return tuple(self.spoken) if outcome is None else ()
        return tuple(text for text, found in self.spoken.items() if found is outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChoice:
    """The column of a protected attribute and what its values stand for."""

    attribute: str
    column: str
    placed: PlacedGroups
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChoice:
    """The column of the score, and which end of it seems to select."""

    column: str
    better: str
    doubt: str | None = None


def choose_outcome(columns: Sequence[Guessed]) -> OutcomeChoice | None:
    """Take the column whose name and values say best what was decided; None without any."""
    found = [(facts, guess) for facts, guess in columns if guess.role is Role.OUTCOME]
    told = [each for each in found if each[1].sure is not Sure.UNSURE]
    ordered = sorted(told or found, key=lambda each: each[1].tier)
    if not ordered:
        return None
    names = tuple(facts.name for facts, _ in ordered)
    best = [each for each in ordered if each[1].tier == ordered[0][1].tier]
    clear = [each for each in best if each[1].sure is Sure.CLEAR]
    chosen = clear if len(clear) == 1 else best
    if len(chosen) > 1:
        return OutcomeChoice(column=None, spoken={}, rivals=names)
    (facts, _), *_ = chosen
    return OutcomeChoice(
        column=facts.name,
        spoken=outcomes_of(facts),
        rivals=tuple(name for name in names if name != facts.name),
    )


def choose_groups(columns: Sequence[Guessed]) -> tuple[GroupChoice, ...]:
    """Take one column for each canonical attribute; race and ethnicity asked apart are two."""
    by_attribute: dict[str, list[Guessed]] = {}
    for facts, guess in columns:
        if guess.role is Role.GROUP and guess.doubt is None and guess.attribute:
            by_attribute.setdefault(guess.attribute, []).append((facts, guess))
    order = list(Sure)
    chosen = []
    for attribute in (*ATTRIBUTES, _ETHNICITY):
        found = by_attribute.get(attribute, [])
        found.sort(key=lambda each: (order.index(each[1].sure), each[1].tier))
        if found:
            facts = found[0][0]
            chosen.append(
                GroupChoice(
                    attribute=attribute,
                    column=facts.name,
                    placed=place_groups(attribute, values_of(facts)),
                    rivals=tuple(other.name for other, _ in found[1:]),
                )
            )
    return tuple(chosen)


def apart(columns: Sequence[Guessed]) -> Iterator[Guessed]:
    """Take a column that asks for ethnicity, beside one that asks for race, as another attribute.

    Both are kept: a person may be Hispanic and of any race.
    """
    races = [facts.name for facts, guess in columns if guess.attribute == "race" and guess.named]
    alone = {name for name in races if names_ethnicity_alone(name)}
    for facts, guess in columns:
        if facts.name in alone and len(alone) < len(races):
            yield facts, replace(guess, attribute=_ETHNICITY, sure=Sure.LIKELY)
        else:
            yield facts, guess


def choose_score(
    export: Export, columns: Sequence[Guessed], outcome: OutcomeChoice | None
) -> ScoreChoice | None:
    """Take the only column that is named like a model's score, with the end that selects.

    The name says which end that is; where the outcome is known, it must agree.
    """
    scores = [each for each in columns if each[1].role is Role.SCORE and each[1].sure is Sure.CLEAR]
    best = min((guess.tier for _, guess in scores), default=None)
    names = [facts.name for facts, guess in scores if guess.tier == best]
    if len(names) != 1:
        return None
    (name,) = names
    better = "low" if {"rank", "ranking"} & set(words_of(name)) else "high"
    good, bad = _means(export, name, outcome)
    doubt = None
    if good is not None and bad is not None and (good < bad) != (better == "low"):
        side = "lower" if good < bad else "higher"
        doubt = (
            f"the name of column {name!r} speaks for better: {better}, but those with a favorable "
            f"outcome have {side} scores on average"
        )
    return ScoreChoice(column=name, better=better, doubt=doubt)


def _means(
    export: Export, score: str, outcome: OutcomeChoice | None
) -> tuple[float | None, float | None]:
    """Mean score of the favorable and of the unfavorable decisions."""
    if outcome is None or outcome.column is None or not outcome.is_told:
        return None, None
    column = export.relation.column(outcome.column)
    number = f"try_cast({text_of(export.relation.column(score))} AS DOUBLE)"
    rows = export.relation.fetch(
        f"SELECT {column.value}, sum({number}), count({number}) FROM source"
        f" WHERE isfinite({number}) GROUP BY 1"
    )
    sums = dict.fromkeys(CONSIDERED, 0.0)
    counts = dict.fromkeys(CONSIDERED, 0)
    for text, (_, total, n) in zip(texts_of((r[0] for r in rows), column), rows, strict=True):
        spoken = outcome.spoken.get(trimmed(text or ""))
        if spoken in sums:
            sums[spoken] += total
            counts[spoken] += n
    good, bad = (sums[each] / counts[each] if counts[each] else None for each in CONSIDERED)
    return good, bad
