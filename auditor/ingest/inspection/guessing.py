"""Which part a column plays, from its name and from what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.ingest.inspection.column_facts import ColumnFacts
from auditor.ingest.inspection.date_formats import date_formats
from auditor.ingest.inspection.group_words import place_groups
from auditor.ingest.inspection.header_words import Hint, hint_of
from auditor.ingest.inspection.outcome_words import outcome_of
from auditor.ingest.inspection.plain_words import can_be_listed, plain_words
from auditor.ingest.inspection.roles import Guess, Role, Sure
from auditor.vocabulary import CONSIDERED, Outcome

MANY = 50
"""More different values than this make no list that a person reads."""

_FEW = 12
"""So many different values are kinds of something, however few rows there are."""

_LONG = 60


def guess_of(facts: ColumnFacts) -> Guess:
    """Guess the part of one column; what its name says must fit what it holds."""
    if facts.refused:
        return Guess(role=Role.UNREADABLE, sure=Sure.CLEAR, doubt=facts.refused)
    if not can_be_listed(facts.name):
        doubt = "its name cannot stand in a profile; give it a short one without control characters"
        return Guess(role=Role.UNREADABLE, sure=Sure.CLEAR, doubt=doubt)
    if not facts.filled:
        return Guess(role=Role.EMPTY, sure=Sure.CLEAR)
    hint = hint_of(facts.name)
    if facts.emails * 2 >= facts.filled:
        return Guess(role=Role.PERSONAL, sure=Sure.CLEAR)
    if hint is not None:
        named = _FITS[hint.role](facts, hint)
        if named is not None:
            return named
    return _by_content(facts)


def values_of(facts: ColumnFacts) -> dict[str, int]:
    """Values of a column of few values with their rows; the blank is one of them."""
    return dict(facts.levels or ()) | ({"": facts.blanks} if facts.blanks else {})


def outcomes_of(facts: ColumnFacts) -> dict[str, Outcome | None]:
    """Outcome that each value of a column of few values speaks for."""
    return {text: outcome_of(text, facts.name) for text in values_of(facts)}


def _id(facts: ColumnFacts, hint: Hint) -> Guess | None:
    if facts.distinct < 2 <= facts.rows:
        return None
    unique = facts.distinct == facts.rows
    sure = Sure.CLEAR if unique else Sure.LIKELY if 2 * facts.distinct > facts.rows else Sure.UNSURE
    return Guess(role=hint.role, sure=sure, tier=hint.tier, named=True)


def _outcome(facts: ColumnFacts, hint: Hint) -> Guess | None:
    if not facts.levels or not _are_kinds(facts):
        return None
    found = outcomes_of(facts)
    sure = Sure.UNSURE
    if set(CONSIDERED) <= set(found.values()):
        sure = Sure.LIKELY if None in found.values() else Sure.CLEAR
    return Guess(role=Role.OUTCOME, sure=sure, tier=hint.tier, named=True)


def _group(facts: ColumnFacts, hint: Hint) -> Guess:
    attribute = hint.attribute or ""
    doubt = _no_groups(facts, attribute)
    sure = Sure.UNSURE
    if doubt is None:
        placed = place_groups(attribute, values_of(facts))
        if placed.groups:
            sure = Sure.LIKELY if placed.unplaced else Sure.CLEAR
    return Guess(
        role=Role.GROUP,
        sure=sure,
        attribute=attribute,
        tier=hint.tier,
        named=True,
        doubt=doubt,
        private=doubt is not None,
    )


def _no_groups(facts: ColumnFacts, attribute: str) -> str | None:
    """Why a column named like an attribute cannot be one."""
    if attribute == "age" and (
        date_formats(facts.sample) or (facts.is_number and facts.distinct > _FEW)
    ):
        return (
            "it holds single ages or dates; add a column with bands of age, such as "
            "'under 40' and '40 and over'"
        )
    if not _are_kinds(facts):
        return f"it holds {facts.distinct:,} different values, too many to be groups"
    return None


def _are_kinds(facts: ColumnFacts) -> bool:
    """Whether the values of a column can stand for kinds of people or of outcomes."""
    if facts.levels is None or len(facts.levels) > MANY * 4:
        return False
    return len(facts.levels) <= _FEW or 2 * len(facts.levels) <= facts.filled


def _score(facts: ColumnFacts, hint: Hint) -> Guess | None:
    if facts.numbers * 10 < facts.filled * 9 or facts.distinct <= 2 or facts.codes:
        return None
    others = facts.filled - facts.numbers
    doubt = f"{others:,} of its cells are no numbers" if others else None
    sure = Sure.UNSURE if others or hint.tier > 1 else Sure.CLEAR
    return Guess(role=Role.SCORE, sure=sure, tier=hint.tier, named=True, doubt=doubt)


def _label(facts: ColumnFacts, hint: Hint) -> Guess | None:  # noqa: ARG001
    fits = facts.levels is not None and len(facts.levels) == 2
    return Guess(role=Role.LABEL, sure=Sure.LIKELY, named=True) if fits else None


def _date(facts: ColumnFacts, hint: Hint | None = None) -> Guess | None:
    formats = date_formats(facts.sample)
    if not formats:
        return None
    doubt = None
    if len(formats) > 1:
        doubt = "nothing says whether the day or the month comes first"
    sure = Sure.UNSURE if doubt else Sure.CLEAR if hint else Sure.LIKELY
    return Guess(role=Role.DATE, sure=sure, named=hint is not None, doubt=doubt)


def _count(facts: ColumnFacts, hint: Hint) -> Guess | None:  # noqa: ARG001
    whole = facts.is_number and all(float(text).is_integer() for text in facts.sample)
    fits = whole and facts.low is not None and facts.low >= 0
    return Guess(role=Role.COUNT, sure=Sure.LIKELY, named=True) if fits else None


def _few(facts: ColumnFacts, hint: Hint) -> Guess | None:
    is_stratum = hint.role is Role.STRATUM
    if facts.distinct * 2 > facts.rows or (is_stratum and facts.distinct == 1):
        return None
    if is_stratum and hint.tier > 0 and facts.is_number:
        return None
    return Guess(role=hint.role, sure=Sure.LIKELY, tier=hint.tier, named=True)


def _personal(facts: ColumnFacts, hint: Hint) -> Guess | None:
    if facts.is_number and hint.tier > 0:
        return None
    return Guess(role=Role.PERSONAL, sure=Sure.CLEAR, named=True)


def _text(facts: ColumnFacts, hint: Hint) -> Guess | None:  # noqa: ARG001
    return None if facts.is_number else Guess(role=Role.FREE_TEXT, sure=Sure.CLEAR, named=True)


_FITS: Mapping[Role, Callable[[ColumnFacts, Hint], Guess | None]] = {
    Role.ID: _id,
    Role.PERSON: _id,
    Role.OUTCOME: _outcome,
    Role.GROUP: _group,
    Role.SCORE: _score,
    Role.LABEL: _label,
    Role.DATE: _date,
    Role.COUNT: _count,
    Role.STRATUM: _few,
    Role.MODEL_VERSION: _few,
    Role.PERSONAL: _personal,
    Role.FREE_TEXT: _text,
}


def _by_content(facts: ColumnFacts) -> Guess:
    likely = Sure.LIKELY
    if facts.distinct == 1 and not facts.blanks and facts.rows > 1:
        return Guess(role=Role.CONSTANT, sure=Sure.CLEAR)
    found = _date(facts) or _spoken(facts)
    if found is not None:
        return found
    if facts.is_number:
        return Guess(role=Role.NUMBER, sure=likely)
    if facts.distinct == facts.rows and all(" " not in text for text in facts.sample):
        return Guess(role=Role.ID, sure=Sure.UNSURE, tier=3)
    if facts.levels is None or facts.longest > _LONG or facts.distinct * 2 > facts.filled:
        return Guess(role=Role.FREE_TEXT, sure=likely)
    return Guess(role=Role.CATEGORY, sure=likely)


def _spoken(facts: ColumnFacts) -> Guess | None:
    """Guess from what values say in words, under a name that says nothing."""
    if not facts.levels or len(facts.levels) > MANY:
        return None
    values = values_of(facts)
    for attribute in ("sex", "race", "disability", "veteran"):
        placed = place_groups(attribute, values)
        if len(placed.groups) > 1 and not placed.unplaced:
            texts = [text for listed in placed.groups.values() for text in listed]
            if _are_words(attribute, texts):
                return Guess(role=Role.GROUP, sure=Sure.LIKELY, attribute=attribute)
    # Yes and no speak for nothing here: `outcome_of` wants a name that asks.
    found = outcomes_of(facts)
    if set(CONSIDERED) <= set(found.values()) and None not in found.values():
        return Guess(role=Role.OUTCOME, sure=Sure.LIKELY, tier=3)
    return None


def _are_words(attribute: str, texts: list[str]) -> bool:
    """Whether values name the groups of an attribute themselves: letters and yes or no do not."""
    if attribute in ("sex", "race"):
        return any(len(plain_words(text)) > 2 for text in texts)
    stem = "disab" if attribute == "disability" else "veteran"
    return any(stem in plain_words(text) for text in texts)
