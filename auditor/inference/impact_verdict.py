"""What the verdict on an impact ratio carries to whoever prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from auditor.inference.impact_evidence import PairEvidence
    from auditor.inference.impact_moves import NearTheLine
    from auditor.inference.impact_rule import ImpactRule
    from auditor.vocabulary import State


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEvidence:
    """One group: its counts, whether the verdict rests on it, and where it stands.

    ``shown`` groups are settled with one another; about ``open`` ones nothing is shown; ``absent``
    ones hold nobody. ``ratio`` is to the reference, ``bounds`` its range if the unknown may belong
    to any group, ``caught`` the largest ratio to the reference that this sample fails with 80 %
    probability. NaN where a number does not exist.
    """

    name: str
    n: int
    x: int
    share: float
    state: Literal["shown", "open", "absent"]
    in_play: bool
    yardstick: bool
    sign: bool
    ratio: float
    bounds: tuple[float, float]
    caught: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactVerdict:
    """What the rule says about one table.

    ``reason`` is empty unless there is no verdict. ``reference`` is the group in play with the
    highest rate that is large enough to be a yardstick; ``focal`` the group that a fail names,
    ``headline`` that group against the reference, and ``proof`` the failing pair that carries the
    verdict when it is another one. ``deciding`` is the pair that the verdict hangs on: proof or
    headline of a fail, else the compared pair with the lowest ratio. ``real_gap`` is, on a pass,
    the shown pair with the lowest ratio among those whose difference is not chance.
    ``compatible`` is the smallest ratio between shown groups that is not ruled out.
    ``people_needed`` is about how many considered people would let equal groups pass. ``tipping``
    is the smallest factor by which the unknown would have to differ from the known to break a
    pass, or to undo a fail: infinite when nothing about them could, NaN when nobody is unknown or
    neither applies.
    """

    state: State
    reason: str
    rule: ImpactRule
    intersection: bool
    people: int
    selected: int
    unknown_people: int
    unknown_selected: int
    pairs: int
    groups: tuple[GroupEvidence, ...]
    focal: str | None
    reference: str | None
    headline: PairEvidence | None
    proof: PairEvidence | None
    deciding: PairEvidence | None
    failing: tuple[PairEvidence, ...]
    real_gap: PairEvidence | None
    compatible: float
    near: NearTheLine | None
    people_needed: int | None
    tipping: float

    @property
    def shown(self) -> tuple[GroupEvidence, ...]:
        """Groups between which the data rule out the ratio worth detecting."""
        return tuple(g for g in self.groups if g.state == "shown")

    @property
    def open(self) -> tuple[GroupEvidence, ...]:
        """Groups about which nothing is shown."""
        return tuple(g for g in self.groups if g.state == "open")
