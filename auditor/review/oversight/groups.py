"""What review did to each group: overrides by group, and impact ratios before and after."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from auditor.review.oversight.numbers import Share, share
from auditor.review.oversight.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One group's decisions, by what the model said and what people made of it.

    ``read`` were decided by people and nothing about them is open, ``unread`` went out as the model
    said, ``pending`` wait for a person; by the model's answer, favorable first. ``raised`` and
    ``lowered`` are among those read.
    """

    read: tuple[int, int] = (0, 0)
    unread: tuple[int, int] = (0, 0)
    pending: tuple[int, int] = (0, 0)
    raised: int = 0
    lowered: int = 0

    @property
    def before(self) -> tuple[int, int]:
        """Favorable of all that are decided, as the model said."""
        return self.read[0] + self.unread[0], sum(self.read) + sum(self.unread)

    @property
    def after(self) -> tuple[int, int]:
        """Favorable of all that are decided, after review."""
        favorable, of = self.before
        return favorable + self.raised - self.lowered, of


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One group: what was read, what was changed, selection rates before and after.

    ``before`` and ``after`` are over the same decisions; those ``pending`` are in neither, and
    ``pending_favorable`` of them are favorable as the model says.
    """

    group: str
    read: int
    pending: int
    pending_favorable: int
    before: Share
    after: Share
    changed: Share
    raised: Share
    lowered: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Difference of one rate of changes between a group and the reference, and its evidence."""

    of: str
    group: str
    reference: str
    difference: float
    low: float
    high: float
    p_value: float
    p_adjusted: float
    test: str
    undefined: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetEffect:
    """Impact ratio of a group before and after review, and whether chance can explain the change.

    ``p_adjusted`` is Holm's over the groups of the attribute.
    """

    group: str
    reference: str
    before: float | None
    after: float | None
    p_value: float
    p_adjusted: float
    test: str
    undefined: str | None
    says: str
    says_without_numbers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeEffect:
    """One attribute: its groups, the gaps between them, and the net effect of review."""

    attribute: str
    reference: str | None
    groups: tuple[GroupLine, ...]
    gaps: tuple[Gap, ...]
    net: tuple[NetEffect, ...]


def effect_on(
    attribute: str, counts: Mapping[str, Counted], reference: str | None
) -> AttributeEffect:
    """Measure what review did to the groups of one attribute.

    Parameters
    ----------
    attribute : str
    counts : mapping of group to Counted
    reference : str or None
        The group that the result compares all others with.
    """
    groups = tuple(_line(name, one) for name, one in counts.items())
    if reference is None or reference not in counts:
        return AttributeEffect(
            attribute=attribute, reference=None, groups=groups, gaps=(), net=()
        )  # fmt: skip
    others = [name for name in counts if name != reference]
    return AttributeEffect(
        attribute=attribute,
        reference=reference,
        groups=groups,
        gaps=tuple(gap for what in _RATES for gap in _gaps(what, others, reference, counts)),
        net=_net(others, reference, counts),
    )


def _line(name: str, one: Counted) -> GroupLine:
    nobody, unread = "nobody of this group is decided", "no decision of this group was read"
    return GroupLine(
        group=name,
        read=sum(one.read),
        pending=sum(one.pending),
        pending_favorable=one.pending[0],
        before=share(*one.before, nobody),
        after=share(*one.after, nobody),
        changed=share(*_RATES["changed"](one), unread),
        raised=share(*_RATES["raised"](one), f"{unread} that the model answered unfavorably"),
        lowered=share(*_RATES["lowered"](one), f"{unread} that the model answered favorably"),
    )


_RATES: Mapping[str, Callable[[Counted], tuple[int, int]]] = {
    "changed": lambda one: (one.raised + one.lowered, sum(one.read)),
    "raised": lambda one: (one.raised, one.read[1]),
    "lowered": lambda one: (one.lowered, one.read[0]),
}
"""Changed decisions and those that could have been, of one group."""


def _gaps(
    what: str, groups: Sequence[str], reference: str, counts: Mapping[str, Counted]
) -> list[Gap]:
    """Test one rate of every group against the reference, as selection rates are tested."""
    from auditor.inference.intervals import newcombe_difference
    from auditor.inference.significance import doubled_mid_p, holm

    found = []
    x2, n2 = _RATES[what](counts[reference])
    for group in groups:
        x1, n1 = _RATES[what](counts[group])
        seen = bool(n1 and n2)
        limits: Any = newcombe_difference(x1, n1, x2, n2)
        found.append(
            Gap(
                of=what,
                group=group,
                reference=reference,
                difference=x1 / n1 - x2 / n2 if seen else math.nan,
                low=float(limits.low),
                high=float(limits.high),
                p_value=float(cast("float", doubled_mid_p(x1, n1, x2, n2))) if seen else math.nan,
                p_adjusted=math.nan,
                test="exact conditional test, doubled mid-p",
                undefined=None if seen else "in one of the groups no such decision was read",
            )
        )
    adjusted = holm([one.p_value for one in found])
    return [replace(one, p_adjusted=p) for one, p in zip(found, adjusted, strict=True)]


def _net(
    groups: Sequence[str], reference: str, counts: Mapping[str, Counted]
) -> tuple[NetEffect, ...]:
    """Impact ratios before and after; only what was read could have been changed."""
    from auditor.inference.override_effect import Reviewed, override_effect
    from auditor.inference.significance import holm

    def reviewed(one: Counted) -> Reviewed:
        return Reviewed(
            favorable=one.read[0],
            unfavorable=one.read[1],
            raised=one.raised,
            lowered=one.lowered,
            unread_favorable=one.unread[0],
            unread_unfavorable=one.unread[1],
        )

    effects = [override_effect(reviewed(counts[g]), reviewed(counts[reference])) for g in groups]
    adjusted = holm([one.p_value for one in effects])
    return tuple(
        NetEffect(
            group=group,
            reference=reference,
            before=None if one.before is None else float(one.before),
            after=None if one.after is None else float(one.after),
            p_value=one.p_value,
            p_adjusted=p,
            test=one.method,
            undefined=one.undefined,
            says=sentence(group, reference, one.before, one.after, p),
            says_without_numbers=sentence(
                group, reference, one.before, one.after, p, numbers=False
            ),
        )
        for group, one, p in zip(groups, effects, adjusted, strict=True)
    )
