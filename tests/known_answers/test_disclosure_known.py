"""What a reader can work out from sums, against counting every table that agrees with them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from auditor.inference.disclosure import ROOM, Table, tellable

A, B, C, D = PARTS = (("a",), ("b",), ("c",), ("d",))


def every_table(table: Table, told) -> list[dict[tuple[str], int]]:
    """All tables of at most 12 a part that have the same sums."""
    sums = [*table.known, *told]
    found = []
    for values in itertools.product(range(13), repeat=len(PARTS)):
        one = Table(parts=dict(zip(PARTS, values, strict=True)), known=(), secrets=())
        if all(one.value(number) == table.value(number) for number in sums):
            found.append(one.parts)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_an_interval_is_that_of_every_table_that_agrees(seed) -> None:
    draw = np.random.default_rng(seed)
    parts = dict(zip(PARTS, draw.integers(0, 4, 4).tolist(), strict=True))
    told = [
        {part: 1 for part, taken in zip(PARTS, draw.integers(0, 2, 4), strict=True) if taken}
        for _ in range(2)
    ]
    table = Table(parts=parts, known=[dict.fromkeys(PARTS, 1)], secrets=())
    tables = every_table(table, told)
    for part in PARTS:
        values = [one[part] for one in tables]
        assert table.interval({part: 1}, told) == (min(values), max(values))


def test_nothing_known_leaves_a_wide_interval_and_a_sum_bounds_its_parts() -> None:
    table = Table(parts={A: 3, B: 5}, known=[], secrets=[])
    low, high = table.interval({A: 1}, ()) or (0, 0)

    assert (low, high > 20) == (0, True)
    assert table.interval({A: 1}, [{A: 1, B: 1}]) == (0, 8)


def test_what_follows_anyway_can_be_told_and_nothing_that_narrows_the_rest() -> None:
    """The sum of a and b is 0 by what everybody knows, so both follow; c must not."""
    table = Table(
        parts={A: 0, B: 0, C: 4, D: 60},
        known=[{A: 1, B: 1}, {C: 1, D: 1}],
        secrets=[{A: 1}, {C: 1}],
    )
    told = tellable(table, [{name: [{name: 1}] for name in PARTS}])

    assert told == {A, B}
    low, high = table.interval({C: 1}, [{A: 1}, {B: 1}]) or (0, 0)
    assert high - low >= ROOM
