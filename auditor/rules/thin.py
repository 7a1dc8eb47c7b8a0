"""Groups with too few people to show a difference: a pass needs others, and most of the people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from auditor.metrics import METRICS

if TYPE_CHECKING:
    from auditor.cube import GroupTable

FEWEST_PEOPLE = 30
FEWEST_EXPECTED = 5
MOST_OPEN = Fraction(1, 10)
_NAMED = 4


def pairs_of(table: GroupTable) -> dict[str, tuple[int, int]]:
    """Favorable and considered people by group, of groups with people."""
    rows = zip(table.groups, table.favorable, table.considered, strict=True)
    return {name: (int(x), int(n)) for name, x, n in rows if n}


def thin(pairs: Mapping[str, tuple[int, int]]) -> list[str]:
    """List the groups that can show nothing, the largest first.

    A group can from 30 people on of whom, at the rate of all, 5 or more are selected and 5 or more
    are not: with fewer no difference would be told from chance.

    Examples
    --------
    >>> thin({"F": (3, 5), "M": (2, 5)}), thin({"F": (300, 500), "M": (200, 500), "X": (2, 29)})
    (['F', 'M'], ['X'])
    """
    selected, people = (sum(pair[i] for pair in pairs.values()) for i in (0, 1))
    rarer = min(selected, people - selected)
    few = [
        (-n, name)
        for name, (_, n) in pairs.items()
        if n < FEWEST_PEOPLE or n * rarer < FEWEST_EXPECTED * people
    ]
    return [name for _, name in sorted(few)]


def too_thin(
    pairs: Mapping[str, tuple[int, int]], metric: str, gone: Collection[str] = ()
) -> tuple[str, dict[str, Any]] | None:
    """Sentence and evidence why no pass can rest on these people; None where one can.

    It can when two groups or more can show a difference, and the others, with those that are
    ``gone`` and can show nothing either, hold at most a tenth of the people.
    """
    few = thin(pairs)
    few += [name for name in pairs if name in gone and name not in few]
    people = sum(n for _, n in pairs.values())
    held = sum(pairs[name][1] for name in few)
    enough = len(pairs) - len(few) > 1
    if enough and held * MOST_OPEN.denominator <= MOST_OPEN.numerator * people:
        return None
    # how many they are is not for every surface
    more = f" and {len(few) - _NAMED} more" if len(few) > _NAMED else ""
    named = f"{', '.join(few[:_NAMED])}{more}" if few else "all are of one group"
    says = (
        f"Too few people to tell a difference from chance: {named}. A pass needs two groups or "
        f"more of {FEWEST_PEOPLE} people, of whom {FEWEST_EXPECTED} or more are "
        f"{METRICS[metric].favorable} at the rate of all and {FEWEST_EXPECTED} or more are not, "
        "and nine in ten people in such groups."
    )
    return says, {"reason": "too-few-people", "too_small": few}
