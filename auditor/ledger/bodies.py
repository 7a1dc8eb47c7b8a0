"""What an entry of each kind says, as plain JSON values; free words lie beside the chain."""

from __future__ import annotations

from typing import Literal, TypedDict, get_args

Kind = Literal[
    "ledger-opened",
    "claimed",
    "released",
    "escalated",
    "first-judgement",
    "reviewed",
    "requested",
    "controls-sealed",
    "erased",
    "salvaged",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Final = Literal["favorable", "unfavorable"]
"""What a person decided in the end about one decision."""

FINALS: tuple[Final, ...] = get_args(Final)

Done = Literal["kept", "changed", "not-used"]
"""What a review did with the model's outcome; ``not-used``: the model's output was set aside."""


class Opened(TypedDict):
    """The first entry of a ledger."""

    format: Literal["auditor-ledger/1"]


class Claimed(TypedDict):
    """Somebody works on a case now; released gives it back."""

    case: str
    role: str


class Released(TypedDict):
    """Somebody gives a case back."""

    case: str


class Escalated(TypedDict):
    """A case goes to people of another role; ``why`` lies beside the chain."""

    case: str
    role: str
    to_role: str


class Judged(TypedDict):
    """One decision of a case, judged without the model's answer."""

    identity: str
    judged: Literal["favorable", "unfavorable", "cannot-say"]


class FirstJudgement(TypedDict):
    """What a reviewer thought before the model's answer was shown."""

    case: str
    result: str
    role: str
    judgements: list[Judged]
    confidence: Literal["low", "medium", "high"]
    conflict: bool
    seconds: int | None


class Settled(TypedDict):
    """One decision of a case: the rules that this record settles, and what became of it."""

    identity: str
    rules: list[str]
    model: str
    final: Final
    outcome: Done


class Reviewed(TypedDict):
    """One review: the record that every regime asks for. ``rationale`` lies beside the chain.

    ``result`` is the SHA-256 of the ``audit.json`` that was looked at. ``trained_on`` and
    ``takes_effect`` are days. ``first`` is the id of the first judgement, ``corrects`` that of an
    earlier review by the same person. ``considered`` lists the information beyond the score,
    ``explanation_shown`` what was shown of the model's reasons.
    """

    case: str
    result: str
    role: str
    settles: list[Settled]
    trained_on: str | None
    may_change: bool
    considered: list[str]
    explanation_shown: list[str]
    takes_effect: str | None
    reason_codes: list[str]
    statement: Literal["none-given", "considered", "not-considered"]
    seconds: int | None
    first: str | None
    conflict: bool
    corrects: str | None


class Requested(TypedDict):
    """A person asked to have a decision looked at again; their words lie beside the chain.

    So does ``decision``, the export's own id. ``outcome`` and ``model_version`` are those that were
    hashed into the identity: the decision need not be in ``flags.csv``.
    """

    case: str
    identity: str
    outcome: str
    model_version: str
    request: Literal["appeal", "reconsideration"]
    policy: str
    rule: str
    reviewer: str
    received: str
    due: str


class ControlsSealed(TypedDict):
    """Digest of a list of cases whose right answer is known, made before they were read."""

    digest: str
    count: int


class ErasedFields(TypedDict):
    """Words of one entry, by their fields."""

    id: str
    fields: list[str]


class Erased(TypedDict):
    """Words that were taken away from beside the chain."""

    case: str
    entries: list[ErasedFields]


class Salvaged(TypedDict):
    """What stood here was lost: this ledger was made of the entries in front, which still held.

    ``size`` is how many they are, ``root`` the root of the tree over them, ``damaged`` the SHA-256
    of the file that they come from. ``entries`` are words of theirs that could not be kept.
    """

    size: int
    root: str
    damaged: str
    entries: list[ErasedFields]


BODIES: dict[Kind, type] = {
    "ledger-opened": Opened,
    "claimed": Claimed,
    "released": Released,
    "escalated": Escalated,
    "first-judgement": FirstJudgement,
    "reviewed": Reviewed,
    "requested": Requested,
    "controls-sealed": ControlsSealed,
    "erased": Erased,
    "salvaged": Salvaged,
}
