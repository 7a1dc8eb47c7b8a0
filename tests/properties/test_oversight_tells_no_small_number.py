"""From all that is printed, nobody can work out a number that is too small to be printed.

The reader here takes the printed lines apart again: those of oversight, the rates that a gate of
the same result prints, and how many wait in all. Least and largest values come from integer
programs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from auditor.cli.review.oversight_groups import group_lines
from auditor.report.privacy import hidden_lines
from auditor.review.oversight.groups import Counted, effect_on
from auditor.review.oversight.measures import Overrides
from auditor.review.oversight.measuring import ByGroup, Oversight, measured
from auditor.review.oversight.numbers import share
from tests.unit.review.test_oversight import DOCUMENT, crowd

KEPT_F, LOWERED, KEPT_U, RAISED, UNREAD_F, UNREAD_U, WAITS_F, WAITS_U = PARTS = range(8)
READ = (KEPT_F, LOWERED, KEPT_U, RAISED)
DECIDED = (*READ, UNREAD_F, UNREAD_U)
Fact = tuple[Mapping[tuple[str, int], int], int]
"""Parts of groups, and how many people they are together."""


def parts_of(one: Counted) -> list[int]:
    return [
        one.read[0] - one.lowered, one.lowered, one.read[1] - one.raised, one.raised,
        *one.unread, *one.pending,
    ]  # fmt: skip


def fact(group: str, parts: Sequence[int], people: str | int) -> Fact:
    return {(group, part): 1 for part in parts}, int(str(people).replace(",", ""))


LINES = {
    "favorable before review": ((KEPT_F, LOWERED, UNREAD_F), DECIDED),
    "favorable after review": ((KEPT_F, RAISED, UNREAD_F), DECIDED),
    "changed": ((LOWERED, RAISED), READ),
    "unfavorable to favorable": ((RAISED,), (KEPT_U, RAISED)),
    "favorable to unfavorable": ((LOWERED,), (KEPT_F, LOWERED)),
}


def printed(text: str) -> list[Fact]:
    """What the lines by group say."""
    facts, group = [], ""
    for line in text.splitlines():
        head = re.match(r"\s+(\w+): (?:read: )?([\d,]+|hidden)(?: read)?[;,] (.*)", line)
        if head:
            group = head[1]
            if head[2] != "hidden":
                facts.append(fact(group, READ, head[2]))
            waits = re.fullmatch(
                r"(?:waiting for a person: )?([\d,]+)(?: wait for a person)?", head[3]
            )
            if waits:
                facts.append(fact(group, (WAITS_F, WAITS_U), waits[1]))
        for name, sums in LINES.items():
            said = re.match(rf"\s+{name}: .*\(([\d,]+) of ([\d,]+)", line)
            if said:
                facts += [
                    fact(group, parts, n) for parts, n in zip(sums, said.groups(), strict=True)
                ]
    return facts


def elsewhere(counts: Mapping[str, Counted], shown: Sequence[str]) -> list[Fact]:
    """Rates of a gate, changes of the whole team, and how many wait."""

    def together(groups: Sequence[str], parts: Sequence[int]) -> Fact:
        people = sum(parts_of(counts[group])[part] for group in groups for part in parts)
        return {(group, part): 1 for group in groups for part in parts}, people

    rates = ((KEPT_F, LOWERED, UNREAD_F, WAITS_F), (KEPT_U, RAISED, UNREAD_U, WAITS_U))
    team = ((RAISED,), (RAISED, KEPT_U), (LOWERED,), (LOWERED, KEPT_F), (WAITS_F, WAITS_U))
    return [
        *(together([group], parts) for group in shown for parts in rates),
        *(together(list(counts), parts) for parts in (*rates, *team)),
    ]


def limits(groups: Sequence[str], facts: Sequence[Fact], of: Fact) -> tuple[int, int]:
    """Least and largest number that agrees with what a reader knows."""
    place = {
        (group, part): n for n, (group, part) in enumerate((g, p) for g in groups for p in PARTS)
    }

    def row(factors: Mapping[tuple[str, int], int]) -> np.ndarray:
        found = np.zeros(len(place))
        for part, factor in factors.items():
            found[place[part]] = factor
        return found

    rows = np.array([row(factors) for factors, _ in facts])
    values = np.array([people for _, people in facts], dtype=float)
    found = []
    for sign in (1, -1):
        solved = milp(
            sign * row(of[0]),
            constraints=LinearConstraint(rows, values, values),
            bounds=Bounds(0, 5000),
            integrality=np.ones(len(place)),
        )
        assert solved.success, solved.message
        found.append(round(sign * solved.fun))
    return found[0], found[1]


def small(counts: Mapping[str, Counted]) -> list[Fact]:
    """Numbers under ten: outcomes and those who wait, and changes but for none."""
    outcomes = (
        *(LINES[line][0] for line in ("favorable before review", "favorable after review")),
        (KEPT_U, RAISED, UNREAD_U),
        (KEPT_U, LOWERED, UNREAD_U),
    )
    waits = ((WAITS_F,), (WAITS_U,))
    changes = ((LOWERED, RAISED), (RAISED,), (LOWERED,), (KEPT_F,), (KEPT_U,), (KEPT_F, KEPT_U),
               (KEPT_F, LOWERED), (KEPT_U, RAISED), READ, (WAITS_F, WAITS_U))  # fmt: skip
    found = []
    for group, one in counts.items():
        people = parts_of(one)
        zero = [*outcomes, *(waits if sum(one.pending) else ())]
        for least, sums in ((0, zero), (1, [*changes, *waits])):
            numbers = [(parts, sum(people[part] for part in parts)) for parts in sums]
            found += [fact(group, parts, n) for parts, n in numbers if least <= n < 10]
    return found


def oversight(counts: Mapping[str, Counted], totals: Overrides) -> Oversight:
    office = crowd(1)
    found = measured(office.desk, office.queue(), DOCUMENT, {})
    waits = sum(sum(one.pending) for one in counts.values())
    by_group = ByGroup(missing=0, attributes=(effect_on("sex", counts, next(iter(counts))),))
    return replace(
        found,
        team=replace(found.team, overrides=totals),
        reviews={**found.reviews, "open": waits},
        groups=by_group,
    )


def text_of(counts: Mapping[str, Counted]) -> tuple[str, list[str]]:
    """What is printed by group, and the groups whose rates a gate prints."""
    rates = {}
    for group, one in counts.items():
        people = parts_of(one)
        selected = sum(people[part] for part in (KEPT_F, LOWERED, UNREAD_F, WAITS_F))
        rates[group] = (selected, sum(people) - selected)
    shown = [group for group in counts if group not in hidden_lines(rates)]
    raised, lowered = (
        sum(getattr(one, what) for one in counts.values()) for what in ("raised", "lowered")
    )
    up, down = (sum(one.read[n] for one in counts.values()) for n in (1, 0))
    totals = Overrides(
        changed=share(raised + lowered, up + down, "none"),
        raised=share(raised, up, "none"),
        lowered=share(lowered, down, "none"),
        deferred=share(0, 0, "none"),
    )
    found = oversight(counts, totals)
    lines = group_lines(found, {"sex": {group: rates[group] for group in shown}})
    return "\n".join(lines), shown


def drawn(seed: int) -> dict[str, Counted]:
    draw = np.random.default_rng(seed)
    counts = {}
    for group in "FMXY"[: 2 + seed % 3]:
        size = (300, 12)[int(draw.random() < 0.2)]
        read = tuple(draw.integers(0, size // 3, 2).tolist())
        counts[group] = Counted(
            read=read,
            unread=tuple(draw.integers(size // 4, size, 2).tolist()),
            pending=tuple(draw.integers(0, (1, 8, 40)[draw.integers(3)], 2).tolist()),
            raised=int(draw.binomial(read[1], (0, 0.1, 0.5)[draw.integers(3)])),
            lowered=int(draw.binomial(read[0], (0, 0.1, 0.5)[draw.integers(3)])),
        )
    return counts


def followed(counts: Mapping[str, Counted], text: str, shown: Sequence[str]) -> list[Fact]:
    """Small numbers that follow from what is printed and would not follow without it."""
    before = elsewhere(counts, shown)
    after = [*before, *printed(text)]
    found = []
    for secret in small(counts):
        low, high = limits(list(counts), after, secret)
        least, most = limits(list(counts), before, secret)
        if high - low < min(9, most - least):
            found.append(secret)
    return found


@pytest.mark.parametrize(
    "seed",
    [0, 3, 6, 158, *(pytest.param(n, marks=pytest.mark.trust) for n in range(200, 300))],
)
def test_no_small_number_follows_from_what_is_printed(seed) -> None:
    """158: so many were changed that one group's number is odd, which leaves five values of ten."""
    counts = drawn(seed)
    text, shown = text_of(counts)

    assert followed(counts, text, shown) == []


LEAK = {
    "F": Counted(read=(78, 65), unread=(305, 316), pending=(2, 3), raised=24, lowered=26),
    "M": Counted(read=(72, 73), unread=(282, 304), raised=24, lowered=24),
}
ONCE = """\
    F: 143 read, fewer than 10 wait for a person
      favorable before review: 50.1% (383 of 764; interval 46.5% to 53.7%)
      favorable after review: 49.9% (381 of 764; interval 46.3% to 53.5%)
    M: 145 read, 0 wait for a person
      favorable before review: 48.4% (354 of 731; interval 44.7% to 52.1%)
"""


def test_who_waits_once_followed_from_the_rates_of_a_gate() -> None:
    """The negative control: what was printed before the number of those who wait was a cell."""
    told = {frozenset(parts) for parts, _ in followed(LEAK, ONCE, ["F", "M"])}

    assert {frozenset({("F", WAITS_F)}), frozenset({("F", WAITS_U)})} <= told
    text, shown = text_of(LEAK)
    assert followed(LEAK, text, shown) == []
    assert "383" not in text
    assert "review narrowed the gap; changes made without regard to the group" in text or (
        "review widened the gap; changes made without regard to the group" in text
    )


def test_large_numbers_are_printed_and_so_is_a_harmful_review() -> None:
    counts = {
        "F": Counted(read=(86, 66), unread=(263, 305), lowered=48),
        "M": Counted(read=(73, 84), unread=(317, 306)),
    }
    text, _ = text_of({"M": counts["M"], "F": counts["F"]})

    assert "hidden" not in text
    assert "review widened the gap, ratio 0.969 before review, 0.836 after" in text
    assert "favorable to unfavorable: 55.8% (48 of 86;" in text
    assert "favorable to unfavorable: 0.0% (0 of 73;" in text
