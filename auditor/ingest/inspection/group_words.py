"""What words of exports say about a person's group; spellings of one group are put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.ingest.inspection.plain_words import NO, YES, can_be_listed, is_not_said, plain_words
from auditor.ingest.profile.schema import reserved_label

_SEX: Mapping[str, frozenset[str]] = {
    "Female": frozenset({"female", "f", "woman", "women", "w", "females"}),
    "Male": frozenset({"male", "m", "man", "men", "males"}),
    "Non-binary": frozenset({"non binary", "nonbinary", "genderqueer", "gender nonconforming"}),
    "Other": frozenset({"other", "another gender"}),
}
_LETTERS = {"w": "White", "b": "Black or African American", "h": "Hispanic or Latino", "a": "Asian"}
_NATIVE = "Native American or Alaska Native"
_NOT_HISPANIC = re.compile(r"\b(not|non) hispanic( or latin[oax]+| latin[oax]+)?\b")
_RACES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(rf"\b({pattern})\b"))
    for label, pattern in (
        (
            "Two or more races",
            "two or more( races)?|2 or more( races)?|multi ?racial|mixed( race)?",
        ),
        (_NATIVE, "american indian|native american|alaska native|alaskan native"),
        ("Native Hawaiian or Pacific Islander", "pacific( islander)?|native hawaiian|hawaiian"),
        ("Hispanic or Latino", "hispanic|latin[oax]"),
        ("Black or African American", "black|african american"),
        ("White", "white|caucasian"),
        ("Middle Eastern or North African", "middle eastern|north african|mena"),
        ("Asian", "asian"),
    )
)
_NO_START = re.compile(r"(no|not|non|i am not|im not|i do not|i dont|do not|does not)\b.*")
_HAS = re.compile(r".*\b(disab\w+|veterans?|yes|i have|has)\b.*")
_BAND = re.compile(r".*(\d|\b(under|over|below|above|older|younger)\b).*")
_ASIDE = re.compile(r"\(.*?\)")
_SEVERAL = re.compile(r"[;,|\[\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedGroups:
    """Values of a column by what they stand for, each list in the order of the column's values."""

    groups: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    unplaced: tuple[str, ...]


def place_groups(attribute: str, values: Mapping[str, int]) -> PlacedGroups:
    """Put the values of a column into groups as far as their words say it.

    Parameters
    ----------
    attribute : canonical or free; of a free one, and of age, every plain value is a group
    values : text of each value with its rows, the most frequent first; blank as the empty text

    Examples
    --------
    >>> placed = place_groups("sex", {"F": 5, "male": 4, "": 2, "2": 1})
    >>> placed.groups, placed.unknown, placed.unplaced
    ({'Female': ('F',), 'Male': ('male',)}, ('',), ('2',))
    """
    label_of = _labels(attribute, values)
    groups: dict[str, list[str]] = {}
    unknown, unplaced = [], []
    for text in values:
        label = label_of(text) if can_be_listed(text) else None
        if can_be_listed(text) and is_not_said(text):
            unknown.append(text)
        elif label is None or reserved_label(label):
            unplaced.append(text)
        else:
            groups.setdefault(label, []).append(text)
    return PlacedGroups(
        groups={label: tuple(texts) for label, texts in groups.items()},
        unknown=tuple(unknown),
        unplaced=tuple(unplaced),
    )


def _labels(attribute: str, values: Mapping[str, int]) -> Callable[[str], str | None]:
    match attribute:
        case "sex":
            return _sex
        case "race":
            return _race_of(values)
        case "disability":
            return lambda text: _has(text, "Disability", "No disability")
        case "veteran":
            return lambda text: _has(text, "Veteran", "Not a veteran")
    return _as_is_of(values, _BAND if attribute == "age" else None)


def _sex(text: str) -> str | None:
    words = plain_words(text)
    return next((label for label, known in _SEX.items() if words in known), None)


def _race_of(values: Mapping[str, int]) -> Callable[[str], str | None]:
    said = {plain_words(text) for text in values if not is_not_said(text)}
    letters = _LETTERS if len(said) > 1 and said <= _LETTERS.keys() else {}
    # Where blanks and the like stand for the unknown, NA is a group: of Native Americans, mostly,
    # so it is nobody else's and is left under its own name.
    na_is_group = any(map(is_not_said, values)) and not any(
        _race(text) == _NATIVE for text in values
    )

    def label_of(text: str) -> str | None:
        words = plain_words(text)
        return text if words == "na" and na_is_group else letters.get(words) or _race(text)

    return label_of


def _race(text: str) -> str | None:
    """One race of a value; None for none and for several, which a person has to settle."""
    words = _NOT_HISPANIC.sub(" ", plain_words(text))
    if words in {"other", "some other race", "other race"}:
        return "Other"
    named = [label for label, pattern in _RACES if pattern.search(words)]
    if len(named) != 1 or re.search(r"\b(not|non)\b", words):
        return None
    return None if _SEVERAL.search(_ASIDE.sub("", text)) else named[0]


def _has(text: str, yes: str, no: str) -> str | None:
    """Read an answer; None for one such as "a veteran, but not a protected veteran"."""
    words = plain_words(text)
    if words == "none":
        return None  # an answer in one system, a missing value in another
    if words in NO or _NO_START.fullmatch(words):
        return no
    if " not " in f" {words} " or not (words in YES or _HAS.fullmatch(words)):
        return None
    return yes


def _as_is_of(
    values: Mapping[str, int], wanted: re.Pattern[str] | None
) -> Callable[[str], str | None]:
    """Every value a group of its own name; spellings that differ only in case are one."""
    first: dict[str, str] = {}
    for text in values:
        first.setdefault(text.casefold(), text)

    def label_of(text: str) -> str | None:
        fits = wanted is None or wanted.fullmatch(plain_words(text))
        return first[text.casefold()] if fits else None

    return label_of
