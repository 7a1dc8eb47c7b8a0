"""Rules of one policy that say the same twice, or that no run can meet together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from auditor.errors import Problem
from auditor.rules.kinds.measure_limit import MeasureLimit
from auditor.rules.kinds.record_limit import RecordLimit

if TYPE_CHECKING:
    from auditor.errors import Where
    from auditor.rules.base import Rule

_ABOUT_NUMBERS = {"value", "interval"}
"""What may be judged of a measure so that limits of both kinds are about the number itself."""


def clashes(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Find rules with the same kind, options and attributes, and limits that exclude each other.

    Two reviews for different roles are two duties, however alike they are.
    """
    first: dict[str, Rule] = {}
    for rule in rules:
        entry = rule.entry
        said = repr((rule.kind, entry.for_each, rule.options.filled(), entry.reviewer))
        if said in first:
            before = first[said]
            yield Problem(
                message=f"{entry.id!r} asks what {before.entry.id!r} asks already{_at(before)}",
                slug="rule-twice",
                where=entry.places.get(("id",)) or entry.places.get(()),
                hint="delete one of the two, or change what sets it apart",
            )
        first.setdefault(said, rule)
    for one, other in combinations(rules, 2):
        if _about_the_same(one, other):
            yield from _apart(one, other)
            yield from _apart(other, one)


def _about_the_same(one: Rule, other: Rule) -> bool:
    """Whether two rules set limits for one and the same number."""
    if isinstance(one, RecordLimit) and isinstance(other, RecordLimit):
        return bool(one.options.entry == other.options.entry)
    if not (isinstance(one, MeasureLimit) and isinstance(other, MeasureLimit)):
        return False
    mine, theirs = one.options, other.options
    judged = {mine.judge, theirs.judge}
    if len(judged) > 1 and not judged <= _ABOUT_NUMBERS:
        return False
    return (mine.measure, mine.taken_as) == (theirs.measure, theirs.taken_as) and _meet(one, other)


def _meet(one: Rule, other: Rule) -> bool:
    """Whether both look at some attribute."""
    named = [rule.entry.for_each for rule in (one, other)]
    if any(isinstance(names, str) for names in named):
        return True
    return bool(set(named[0]) & set(named[1]))


def _apart(low: Rule, high: Rule) -> Iterator[Problem]:
    """Find a lower limit of one rule above the upper limit of another."""
    least, most = low.options.at_least, high.options.at_most
    if least is not None and most is not None and least > most:
        later, earlier = (low, high) if _line(low) > _line(high) else (high, low)
        name = "at_least" if later is low else "at_most"
        places = later.entry.places
        yield Problem(
            message=f"{low.entry.id!r} asks for at least {float(least):g} and {high.entry.id!r} "
            f"for at most {float(most):g} of the same: nothing can be both{_at(earlier)}",
            slug="rules-contradict",
            where=places.get(("options", name)) or places.get(()),
            hint="correct one of the two limits, or delete one of the rules",
        )


def _at(rule: Rule) -> str:
    """Where a rule stands, in brackets."""
    where = rule.entry.places.get(("id",)) or rule.entry.places.get(())
    return f" ({rule.entry.id} stands at {where})" if where else ""


def _line(rule: Rule) -> tuple[int, int]:
    where: Where | None = rule.entry.places.get(())
    return (where.line or 0, where.column or 0) if where else (0, 0)
