"""Whether the words and labels of a review say anything, in whatever script they are written.

Nobody can tell a good reason from a bad one here. What holds no word at all is none, and no length
is asked for beyond that: one ideograph or two letters can be an honest answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.ledger import Entry, Words

RATIONALE = "rationale"
"""Field of the words that a review cannot do without."""

_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # fillers: letters that nobody sees

_THE_SCORE = frozenset(
    ("the", "a", "of", "its", "s", "score", "scores", "model", "models", "ai", "prediction")
)
_NOTHING = frozenset(
    ("none", "nothing", "no", "not", "n", "na", "nil", "null", "any", "only", "just", "available")
)


def says_something(text: str) -> bool:
    """Whether a text holds two letters; those that are a word or syllable count twice.

    Examples
    --------
    >>> says_something("ok"), says_something("不"), says_something("x"), says_something("7.")
    (True, True, False, False)
    """
    said = 0
    for sign in unicodedata.normalize("NFKC", text):
        if sign.isalpha() and sign not in _BLANK_LETTERS:
            said += 1 + (unicodedata.east_asian_width(sign) in "WF")
        elif said and unicodedata.category(sign).startswith("M"):
            said += 1  # vowels of many scripts are marks
        if said > 1:
            return True
    return False


def names_something(labels: Sequence[str]) -> bool:
    """Whether one of the labels names something, other than the score itself."""
    return any(
        says_something(label) and not _words(label) <= _THE_SCORE | _NOTHING for label in labels
    )


def empty_rationales(
    entries: Sequence[Entry], words: Mapping[tuple[str, str], Words]
) -> frozenset[str]:
    """Ids of the reviews whose rationale is at hand, and says nothing; erased ones are not."""
    return frozenset(
        entry.draft.id
        for entry in entries
        if (said := words.get((entry.draft.id, RATIONALE))) is not None
        and not says_something(said.text)
        and said.digest == entry.draft.words.get(RATIONALE)
    )


def _words(label: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKC", label).casefold()
    return frozenset("".join(c if c.isalpha() else " " for c in folded).split())
