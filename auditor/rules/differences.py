"""Every change between two policies, each with the way it goes and the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.policy import EVERY_ATTRIBUTE
from auditor.policy.ancestors import tightens
from auditor.rules.policy_lines import Line, lines_of
from auditor.rules.resolve import flow
from auditor.rules.whole_ways import way_between

if TYPE_CHECKING:
    from auditor.documents import PathKey
    from auditor.errors import Where
    from auditor.rules.bound import BoundPolicy
    from auditor.rules.scales import Direction, Way

Lines: TypeAlias = Mapping[tuple[str, ...], Line]
_SECTIONS = (
    "policy",
    "basis",
    "groups",
    "decision_rights",
    "roles",
    "keep_apart",
    "requests",
    "reason_codes",
    "reviews_need",
    "missing_values",
    "waivers",
    "gates",
    "reviews",
    "examples",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: ``key`` is the path in the resolved policy, below the rule when it is in one.

    ``old`` is None for what is new, ``new`` for what is gone. ``where`` is a place in the new
    policy, in the old one of what is gone; None when a policy was not read from a file. ``brief``
    says in a few words what ``says`` says in a sentence.
    """

    rule: str | None
    key: str
    old: Any
    new: Any
    direction: Direction
    says: str
    brief: str
    where: Where | None


def differences(old: BoundPolicy, new: BoundPolicy) -> tuple[Change, ...]:
    """Compare what two policies mean: resolved, every default filled in.

    Parameters
    ----------
    old, new : BoundPolicy

    Returns
    -------
    tuple of Change
        In the order of the grammar. Empty when both mean the same, however they are written.
    """
    return tuple(_changes(old, new))


def spoken(value: Any) -> str:
    """One value of a resolved policy as people read it.

    Examples
    --------
    >>> spoken(None), spoken(["sex", "race"]), spoken("A text."), spoken(True)
    ('none', 'sex, race', 'A text', 'yes')
    """
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case str():
            return "every attribute" if value == EVERY_ATTRIBUTE else value.rstrip(".") or "none"
        case [*items] if items and all(isinstance(item, str) for item in items):
            return ", ".join(items)
    return flow(value)


def _changes(old: BoundPolicy, new: BoundPolicy) -> Iterator[Change]:
    before, after = lines_of(old), lines_of(new)
    if tightens(new.policy, old.policy):
        # examples are not inherited: those of a parent are tested there, and are not gone
        before = {name: line for name, line in before.items() if name[0] != "examples"}
    moved = _moved(tuple(before.values()), tuple(after.values()))
    for name in _in_order(before, after):
        one, other = before.get(name), after.get(name)
        line = other or one
        if line is None or _said_already(name, before, after):
            continue
        if line.whole and one and other:
            if name in moved:
                yield _place(one, other, _where(new, other.at))
        elif line.whole:
            yield _entry(one, other, line, _where(new if other else old, line.at))
        elif one is None or other is None or one.value != other.value:
            way = way_between(line, old, new)
            yield _value(one, other, line, way, _where(new if other else old, line.at))


def _in_order(before: Lines, after: Lines) -> list[tuple[str, ...]]:
    names = dict.fromkeys((*before, *after))
    return sorted(names, key=lambda name: _SECTIONS.index(name[0]))


def _said_already(name: tuple[str, ...], before: Lines, after: Lines) -> bool:
    """Whether a whole entry around a value is new or gone, or its options mean something else."""
    for end in range(1, len(name)):
        one, other = before.get(name[:end]), after.get(name[:end])
        if (one is None) != (other is None):
            return True
    kind = (*name[:2], "kind")
    return name[2:3] == ("options",) and before[kind].value != after[kind].value


def _value(
    one: Line | None, other: Line | None, line: Line, way: Way, where: Where | None
) -> Change:
    old, new = (None if side is None else side.value for side in (one, other))
    was, now = (f"{spoken(v)} days" if line.in_days and v else spoken(v) for v in (old, new))
    said = f"{line.subject}: {line.word} was {was}, is now {now}."
    if line.word == "kind":
        said += " Its options mean something else: read the rule whole."
    subject = line.rule or line.subject.removeprefix("The ")
    brief = f"{subject}: {line.word} {was} → {now}"
    return _change(line, old, new, way(old, new), said, brief, where)


def _entry(one: Line | None, other: Line | None, line: Line, where: Where | None) -> Change:
    old, new = (None if side is None else side.value for side in (one, other))
    told = line.value.get("says", "") if isinstance(line.value, dict) else ""
    brief = f"{line.subject} is {'gone' if other is None else 'new'}"
    said = f"{brief}{f': {told}' if told else '.'}"
    return _change(line, old, new, line.way(old, new), said, brief, where)


def _place(one: Line, other: Line, where: Where | None) -> Change:
    old, new = (int(line.at[-1]) + 1 for line in (one, other))
    brief = f"{other.subject} stands at place {new}, was at {old}"
    return _change(other, old, new, "neutral", f"{brief}.", brief, where)


def _change(
    line: Line, old: Any, new: Any, goes: Direction, says: str, brief: str, where: Where | None
) -> Change:
    return Change(
        rule=line.rule,
        key=line.key,
        old=old,
        new=new,
        direction=goes,
        says=says,
        brief=brief,
        where=where,
    )


def _moved(before: Sequence[Line], after: Sequence[Line]) -> set[tuple[str, ...]]:
    """Entries out of the order in which both policies have the others."""
    found: set[tuple[str, ...]] = set()
    for section in ("basis", "gates", "reviews", "examples"):
        first, then = (
            [line.name for line in lines if line.whole and line.name[0] == section]
            for lines in (before, after)
        )
        kept = [name for name in first if name in then], [name for name in then if name in first]
        blocks = SequenceMatcher(None, *kept, autojunk=False).get_matching_blocks()
        still = {name for b in blocks for name in kept[0][b.a : b.a + b.size]}
        found |= {name for name in kept[0] if name not in still}
    return found


def _where(bound: BoundPolicy, at: PathKey) -> Where | None:
    """Place of a value, or of the nearest thing around it that the file writes."""
    places = bound.policy.places
    return next((places[at[:end]] for end in range(len(at), -1, -1) if at[:end] in places), None)
