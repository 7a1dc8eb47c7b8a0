from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from auditor.cube import GroupTable
from auditor.inference.significance import doubled_mid_p
from auditor.metrics import Comparison
from auditor.metrics import compare as module
from auditor.metrics.compare import BONFERRONI, TEST, below, compare, selections_to_reverse

NUMBERS = (
    *("ratio", "ratio_low", "ratio_high", "difference", "difference_low", "difference_high"),
    *("p_value", "p_mid", "p_adjusted", "z", "shortfall", "shortfall_to_reference"),
    "detectable_ratio",
)


def table(unknown: str = "0/0", **groups: str) -> GroupTable:
    counts = {name: tuple(map(int, text.split("/"))) for name, text in groups.items()}
    unknown_favorable, unknown_considered = map(int, unknown.split("/"))
    return GroupTable(
        attribute="sex",
        groups=tuple(counts),
        considered=np.array([n for _, n in counts.values()], dtype=np.int64),
        favorable=np.array([x for x, _ in counts.values()], dtype=np.int64),
        unknown_considered=unknown_considered,
        unknown_favorable=unknown_favorable,
    )


def only(found: GroupTable) -> Comparison:
    (row,) = compare(found, "selection-rate")
    return row


def test_a_group_is_compared_with_the_highest_rate():
    row = only(table(F="40/100", M="60/100"))

    assert (row.metric, row.attribute, row.group, row.reference, row.stratum) == (
        "selection-rate",
        "sex",
        "F",
        "M",
        None,
    )
    assert row.ratio == pytest.approx(2 / 3, rel=1e-15)
    assert row.difference == pytest.approx(-0.2, rel=1e-15)
    assert row.below_four_fifths is True
    assert row.z == pytest.approx(-2.828427, abs=1e-6)  # -2 sqrt 2, by hand
    assert row.shortfall == 10.0  # 100 * 100 / 200 - 40
    assert row.shortfall_to_reference == 20.0  # 100 * 60 / 100 - 40
    assert row.selections_to_reverse == 5  # 45/100 and 55/100: 0.818; 44 and 56: 0.786
    assert (row.test, row.family_size, row.undefined) == (TEST, 1, None)
    assert row.ratio_low < row.ratio < row.ratio_high
    assert row.difference_low < row.difference < row.difference_high
    assert row.method == (
        "ratio: MOVER from Wilson limits; difference: Newcombe from Wilson limits; 95 %"
    )


def test_a_ratio_above_one_is_printed_for_a_small_group_above_the_reference():
    row = compare(table(A="9/10", B="60/100", C="50/100"), "selection-rate")[0]

    assert (row.group, row.reference, row.below_four_fifths) == ("A", "B", False)
    assert row.ratio == pytest.approx(1.5, rel=1e-15)
    assert row.shortfall < 0
    assert row.method.startswith("ratio: MOVER from Clopper-Pearson limits")


def test_the_p_values_are_adjusted_over_all_pairs_not_only_those_printed():
    found = table(A="400/1000", B="450/1000", C="500/1000", D="0/0")
    rows = {row.group: row for row in compare(found, "selection-rate")}
    p_ab, p_ac, p_bc = (
        float(doubled_mid_p(*pair))
        for pair in ((400, 1000, 450, 1000), (400, 1000, 500, 1000), (450, 1000, 500, 1000))
    )

    assert p_ac < p_ab < p_bc
    assert rows["A"].p_adjusted == pytest.approx(3 * p_ac, rel=1e-12)
    assert rows["B"].p_adjusted == pytest.approx(max(p_bc, 2 * p_ab), rel=1e-12)
    assert rows["A"].p_mid == pytest.approx(p_ac, rel=1e-12)
    assert {row.family_size for row in rows.values()} == {3}


def test_the_adjusted_p_value_belongs_to_its_own_group():
    # the reference stands in the middle of the groups; each neighbour keeps its own p-value
    found = table(A="100/1000", B="500/1000", C="490/1000", D="499/1000")

    p = {row.group: row.p_adjusted for row in compare(found, "selection-rate")}

    assert p["A"] < 1e-50
    assert p["C"] == p["D"] == 1.0


def test_too_many_pairs_are_adjusted_by_bonferroni_and_say_so(monkeypatch):
    found = table(A="400/1000", B="450/1000", C="500/1000")
    holm = {row.group: row for row in compare(found, "selection-rate")}
    monkeypatch.setattr(module, "MOST_PAIRS", 2)

    rows = {row.group: row for row in compare(found, "selection-rate")}

    assert {row.test for row in rows.values()} == {BONFERRONI}
    for group, row in rows.items():
        assert row.p_adjusted == pytest.approx(min(1.0, 3 * row.p_mid), rel=1e-12)
        assert row.p_adjusted >= holm[group].p_adjusted


def test_a_reference_that_selects_nobody_leaves_no_ratio_but_all_else():
    row = only(table(F="0/40", M="0/50"))

    assert row.undefined == "reference-selects-nobody"
    assert all(math.isnan(getattr(row, name)) for name in ("ratio", "ratio_low", "ratio_high", "z"))
    assert (row.below_four_fifths, row.selections_to_reverse, row.bounds) == (None, None, None)
    assert (row.difference, row.shortfall, row.p_value, row.p_mid) == (0.0, 0.0, 1.0, 1.0)


def test_a_group_of_which_nobody_was_considered_has_a_row_that_says_so():
    rows = compare(table(A="0/0", F="40/100", M="60/100"), "selection-rate")

    assert [row.group for row in rows] == ["A", "F"]
    assert rows[0].undefined == "nobody-considered"
    assert all(math.isnan(getattr(rows[0], name)) for name in NUMBERS)
    assert (rows[0].below_four_fifths, rows[0].bounds, rows[0].method) == (None, None, "")
    assert rows[1].undefined is None
    assert rows[0].family_size == rows[1].family_size == 1


@pytest.mark.parametrize("found", [table(), table(A="0/0"), table(unknown="5/10")])
def test_nobody_considered_leaves_nothing_to_compare(found):
    assert compare(found, "selection-rate") == []


def test_a_single_group_has_no_row():
    assert compare(table(F="5/10"), "selection-rate") == []


def test_everybody_selected_is_a_ratio_of_one_without_a_z():
    row = only(table(F="40/40", M="50/50"))

    assert (row.ratio, row.below_four_fifths, row.p_value) == (1.0, False, 1.0)
    assert math.isnan(row.z)


def test_the_bounds_are_the_full_worst_case_of_the_unknown():
    row = only(table(F="40/100", M="50/100", unknown="10/20"))

    # all 10 rejected unknown are women and all 10 selected ones men, and the reverse, by hand
    assert row.bounds is not None
    assert row.bounds.low == pytest.approx((40 / 110) / (60 / 110), rel=1e-15)
    assert row.bounds.high == pytest.approx((50 / 110) / (50 / 110), rel=1e-15)


def test_without_unknown_people_the_bounds_are_the_ratio():
    row = only(table(F="40/100", M="50/100"))

    assert row.bounds is not None
    assert (row.bounds.low, row.bounds.high) == (0.8, 0.8)


def test_a_ratio_of_exactly_four_fifths_is_not_below_although_its_float_is():
    row = only(table(F="3/5", M="6/8"))

    assert 3 / 5 / (6 / 8) < 0.8
    assert (row.ratio, row.below_four_fifths, row.selections_to_reverse) == (0.8, False, 0)


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [(Fraction(2, 3), False), (Fraction(2, 3) + Fraction(1, 10**18), True)],
)
def test_a_threshold_is_an_exact_fraction(threshold, expected):
    assert below(40, 100, 60, 100, threshold) is expected


@pytest.mark.parametrize(
    ("counts", "moves"),
    [((3, 20, 16, 80), 1), ((48, 100, 60, 100), 0), ((0, 10, 10, 10), 5), ((0, 1, 80, 80), 1)],
)
def test_moving_so_many_selections_and_not_one_fewer_reverses(counts, moves):
    x1, n1, x2, n2 = counts

    assert selections_to_reverse(*counts) == moves
    assert not below(x1 + moves, n1, x2 - moves, n2)
    if moves:
        assert below(x1 + moves - 1, n1, x2 - moves + 1, n2)


def test_the_smallest_ratio_caught_is_that_of_the_whole_family():
    pair = only(table(F="40/100", M="50/100"))
    many = compare(table(F="40/100", M="50/100", X="45/100"), "selection-rate")[0]

    assert 0 < many.detectable_ratio < pair.detectable_ratio < 0.8


def test_a_sample_that_would_catch_nothing_says_so():
    assert math.isnan(only(table(F="1/3", M="2/3")).detectable_ratio)


def test_two_hundred_groups_are_compared_in_seconds():
    rng = np.random.default_rng(3)
    n = rng.integers(1, 400, 200)
    groups = {f"g{i:03d}": f"{rng.binomial(k, 0.3)}/{k}" for i, k in enumerate(n.tolist())}

    rows = compare(table(**groups), "selection-rate")

    assert len(rows) == 199
    assert {row.family_size for row in rows} == {19_900}
