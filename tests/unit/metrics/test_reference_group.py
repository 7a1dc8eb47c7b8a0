from __future__ import annotations

import numpy as np
import pytest

from auditor.cube import GroupTable
from auditor.metrics.reference import highest_rate, printed_reference


def table(**groups: str) -> GroupTable:
    counts = {name: tuple(map(int, text.split("/"))) for name, text in groups.items()}
    return GroupTable(
        attribute="race",
        groups=tuple(counts),
        considered=np.array([n for _, n in counts.values()], dtype=np.int64),
        favorable=np.array([x for x, _ in counts.values()], dtype=np.int64),
    )


def name(found: GroupTable, index: int | None) -> str | None:
    return None if index is None else found.groups[index]


def test_the_highest_rate_is_the_reference():
    found = table(A="40/100", B="60/100", C="50/100")

    assert name(found, highest_rate(found)) == "B"


@pytest.mark.parametrize(("tiny", "expected"), [("29/29", "B"), ("30/30", "A")])
def test_fewer_than_thirty_people_are_no_yardstick(tiny, expected):
    found = table(A=tiny, B="60/100", C="50/100")

    assert name(found, highest_rate(found)) == expected


@pytest.mark.parametrize(("people", "expected"), [(199, "B"), (200, "A")])
def test_less_than_two_per_cent_of_the_known_are_no_yardstick(people, expected):
    found = table(A=f"{people}/{people}", B="60/5000", C=f"50/{4800}")

    assert found.considered.sum() == 9_800 + people
    assert name(found, highest_rate(found)) == expected


def test_with_fewer_than_two_steady_groups_all_may_be_the_reference():
    found = table(A="9/10", B="60/100")

    assert name(found, highest_rate(found)) == "A"


def test_among_all_the_smallest_group_counts():
    found = table(A="1/1", B="60/100", C="50/100")

    assert name(found, highest_rate(found, among_all=True)) == "A"


def test_equal_rates_go_to_the_larger_group_then_to_the_name():
    larger = table(A="50/100", B="100/200", C="10/100")
    named = table(B="50/100", A="50/100", C="10/100")

    assert name(larger, highest_rate(larger)) == "B"
    assert name(named, highest_rate(named)) == "A"


def test_rates_that_floats_cannot_tell_apart_are_told_apart():
    # 1/3 of 3e16 and one more: the same float
    big = 3 * 10**16
    found = table(A=f"{big // 3}/{big}", B=f"{big // 3 + 1}/{big}")

    assert found.favorable[0] / big == found.favorable[1] / big
    assert name(found, highest_rate(found)) == "B"


@pytest.mark.parametrize("found", [table(), table(A="0/0")])
def test_nobody_has_no_reference(found):
    assert highest_rate(found) is None


def test_groups_of_which_nobody_was_considered_are_no_reference():
    found = table(A="0/0", B="0/50")

    assert name(found, highest_rate(found)) == "B"


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("selection-rate", "B"), ("scoring-rate", "A"), ("scoring-rate-known", "A")],
)
def test_scoring_rates_compare_with_the_highest_of_all_as_the_rule_defines_them(metric, expected):
    found = table(A="8/10", B="60/100", C="50/100")

    assert name(found, printed_reference(found, metric)) == expected
