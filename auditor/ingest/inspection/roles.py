"""Which part a column of an export may play in an audit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The parts; those that a profile knows, and what else stands in exports."""

    ID = "id"
    PERSON = "id of a person"
    OUTCOME = "outcome"
    GROUP = "group"
    SCORE = "score"
    LABEL = "label"
    DATE = "date"
    STRATUM = "requisition or stratum"
    MODEL_VERSION = "model version"
    COUNT = "number of people"
    PERSONAL = "personal"
    FREE_TEXT = "free text"
    CONSTANT = "constant"
    NUMBER = "number"
    CATEGORY = "category"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


class Sure(StrEnum):
    """How sure a guess is: name and content agree, one of them says so, or they disagree."""

    CLEAR = "clear"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The part that a column seems to play.

    Parameters
    ----------
    role : Role
    sure : Sure
    attribute : of a group
    tier : 0 for the name that fits best; orders columns of the same role
    named : whether the name of the column says so, not its content alone
    doubt : what does not fit, in words about the column, or None
    private : whether no value may be shown although the role allows it, such as dates of birth
    """

    role: Role
    sure: Sure
    attribute: str | None = None
    tier: int = 0
    named: bool = False
    doubt: str | None = None
    private: bool = False

    @property
    def hides_values(self) -> bool:
        """Whether no value of the column may be shown: it may tell who somebody is."""
        return self.private or self.role in _PRIVATE


_PRIVATE = frozenset({Role.ID, Role.PERSON, Role.PERSONAL, Role.FREE_TEXT})
