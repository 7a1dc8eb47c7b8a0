"""Every number of a policy moved a little: an example has to notice, or nothing holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from auditor.documents import NumberText, PathKey, check, to_fraction
from auditor.errors import Problem
from auditor.rules.bind import bind
from auditor.rules.filled import filled_options, number_text
from auditor.rules.record_options import counts_days
from auditor.run.examples import asked, differs

if TYPE_CHECKING:
    from auditor.errors import Where
    from auditor.rules.base import Rule
    from auditor.rules.bound import BoundPolicy
    from auditor.run.example_cases import Prepared

_FIGURES = 3
"""A number is moved by one in its third figure: 0.8 to 0.799 and 0.801, a whole number by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One number of one rule, moved by the smallest step that means something."""

    rule: str
    option: str
    before: str
    after: str
    noticed: bool
    where: Where | None
    written: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """What became of every nudge; ``drawing`` are the rules that no example can be about.

    ``inherited`` numbers are not moved: they are as in ``parent``, whose examples are about them.
    """

    nudges: tuple[Nudge, ...]
    drawing: tuple[str, ...]
    inherited: int = 0
    parent: str = ""

    @property
    def survivors(self) -> tuple[Nudge, ...]:
        """Nudges that no example noticed."""
        return tuple(nudge for nudge in self.nudges if not nudge.noticed)


def nudge_all(bound: BoundPolicy, prepared: Sequence[Prepared]) -> Nudged:
    """Move every number of every rule up and down and ask the examples about that rule.

    Numbers that the file leaves to their default are moved as well: they decide like the others. A
    number at the end of its range has one side only. Supposes that every example is as expected.
    """
    above = bound.policy.parent
    theirs = _of_parent(bound)
    shown = [rule for rule in bound.rules if not rule.is_hidden_from_examples()]
    kept = {rule.entry.id: _unchanged(rule, theirs.get(rule.entry.id)) for rule in shown}
    return Nudged(
        nudges=tuple(n for rule in shown for n in _nudges(rule, prepared, kept[rule.entry.id])),
        drawing=tuple(rule.entry.id for rule in bound.rules if rule.is_hidden_from_examples()),
        inherited=sum(map(len, kept.values())),
        parent=f"{above.id} {above.version}" if above else "",
    )


def _of_parent(bound: BoundPolicy) -> dict[str, Rule]:
    """Rules of the parent, by their ids."""
    if bound.policy.parent is None:
        return {}
    (parent,) = bind([bound.policy.parent])
    return {rule.entry.id: rule for rule in parent.rules}


def _unchanged(rule: Rule, parent: Rule | None) -> frozenset[PathKey]:
    """Places of the numbers that a rule has from its parent."""
    if parent is None:
        return frozenset()
    theirs = dict(_numbers(filled_options(parent), ()))
    own = _numbers(filled_options(rule), ())
    return frozenset(at for at, value in own if theirs.get(at) == value)


def nudge_problems(nudged: Nudged) -> list[Problem]:
    """Every moved number that no example noticed."""
    return [
        Problem(
            message=f"no example notices when {nudge.option} of {nudge.rule} is {nudge.after} and "
            f"not {nudge.before}{'' if nudge.written else ', its default'}",
            slug="nudge-not-noticed",
            where=nudge.where,
            hint=f"write an example of {nudge.rule} that lies between the two, or exactly on "
            f"{nudge.before}",
        )
        for nudge in nudged.survivors
    ]


def _nudges(rule: Rule, prepared: Sequence[Prepared], kept: Collection[PathKey]) -> Iterator[Nudge]:
    options = filled_options(rule)
    cases = [case for case in prepared if asked([rule], case.example)]
    near = 0
    for path, value in _numbers(options, ()):
        if path in kept:
            continue
        unit = " days" if counts_days(type(rule.options), str(path[0])) else ""
        for sign in (-1, 1):
            found = _moved(rule, options, path, value, sign)
            if found is None:
                continue
            after, moved = found
            by = _noticed_by(moved, cases, near)
            near = near if by is None else by
            place = rule.entry.places.get(("options", *path))
            yield Nudge(
                rule=rule.entry.id,
                option=".".join(str(part) for part in path),
                before=f"{value}{unit}",
                after=f"{after}{unit}",
                noticed=by is not None,
                where=place or rule.entry.places.get(()),
                written=place is not None,
            )


def _noticed_by(moved: Rule, cases: Sequence[Prepared], near: int) -> int | None:
    """Position of an example that notices; those beside the last that did are tried first.

    People write the two sides of a number one below the other, and the numbers in their order.
    """
    order = sorted(range(len(cases)), key=lambda n: abs(n - near))
    return next((n for n in order if differs(moved, cases[n]) is not None), None)


def _numbers(value: Any, at: PathKey) -> Iterator[tuple[PathKey, int | NumberText]]:
    """Every number inside options, and the way to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, (*at, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _numbers(inner, (*at, n))
    elif isinstance(value, NumberText) or (isinstance(value, int) and not isinstance(value, bool)):
        yield at, value


def _moved(
    rule: Rule, options: dict[str, Any], path: PathKey, value: int | NumberText, sign: int
) -> tuple[int | NumberText, Rule] | None:
    """Rule with one number moved; None when its kind takes no number on that side."""
    after: int | NumberText
    if isinstance(value, int):
        after = value + sign
    else:
        after = number_text(to_fraction(value) + sign * step(to_fraction(value)))
    changed = deepcopy(options)
    inside: Any = changed
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = after
    read, problems = check(changed, type(rule).Options)
    if read is None or problems:
        return None
    return after, type(rule)(rule.entry, rule.policy, read)


def step(value: Fraction) -> Fraction:
    """One in the third figure of a number; of 0 one thousandth.

    Examples
    --------
    >>> [str(step(Fraction(text))) for text in ("0.8", "0.05", "1.96", "12.5", "0")]
    ['1/1000', '1/10000', '1/100', '1/10', '1/1000']
    """
    size = abs(value)
    if not size:
        return Fraction(1, 10**_FIGURES)
    power = 0
    while size < Fraction(10) ** power:
        power -= 1
    while size >= Fraction(10) ** (power + 1):
        power += 1
    return Fraction(10) ** (power - _FIGURES + 1)
