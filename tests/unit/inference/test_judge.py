from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from auditor.inference.impact import ImpactRule, judge
from auditor.inference.impact_evidence import moved_mid_p
from auditor.inference.impact_moves import (
    Pair,
    near_the_line,
    selections_to_fail,
    selections_to_undo,
)
from auditor.inference.impact_size import people_needed
from auditor.vocabulary import State
from tests.known_answers.oracles import doubled_lower_mid_p

RULE = ImpactRule()


def pair(x_l: int, n_l: int, x_h: int, n_h: int) -> Pair:
    return Pair(focal="F", upper="M", x_l=x_l, n_l=n_l, x_h=x_h, n_h=n_h)


def of(groups: dict[str, tuple[int, int]], rule=RULE, **options):
    names, counts = list(groups), list(groups.values())
    options = {"intersection": False, **options}
    return judge(names, [n for _, n in counts], [x for x, _ in counts], rule, **options)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "value", "allowed"),
    [
        ("threshold", Fraction(0), r"\(0, 1\]"),
        ("threshold", Fraction(6, 5), r"\(0, 1\]"),
        ("alpha", 0.0, r"\(0, 1\)"),
        ("alpha", 1.0, r"\(0, 1\)"),
        ("worth_detecting", Fraction(9, 10), r"\(0, threshold\]"),
        ("confidence", 0.5, r"\(0\.5, 1\)"),
        ("min_people", 0, "1 or more"),
        ("min_expected", 0, "1 or more"),
        ("reference_share", Fraction(1), r"\[0, 1\)"),
        ("open_share", Fraction(-1, 10), r"\[0, 1\)"),
        ("unknown_factor", 0.9, "1 or more"),
        ("unknown_factor", float("nan"), "1 or more"),
    ],
)
def test_parameters_out_of_range_are_refused(parameter, value, allowed):
    with pytest.raises(ValueError, match=f"The '{parameter}' parameter .* range {allowed}"):
        ImpactRule(**{parameter: value})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["F"], [3, 4], [1, 1]), "must name every count once. Got 1 names for 2 and 2 counts"),
        ((["F", "M"], [3, 4], [1]), "Got 2 names for 2 and 1 counts"),
        ((["F", "F"], [3, 4], [1, 1]), "must name every count once"),
        ((["F", "M"], [3, 4], [4, 1]), "Got 4 of 3"),
        ((["F", "M"], [3, 4], [-1, 1]), "Got -1 of 3"),
        ((["F", "M"], [3.0, 4.0], [1, 1]), "'considered' .* whole numbers"),
        ((["F", "M"], [3, 4], [[1, 1]]), "'favorable' .* whole numbers"),
    ],
)
def test_counts_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        judge(*arguments, RULE, intersection=False)


def test_more_unknown_selected_than_considered_are_refused():
    with pytest.raises(ValueError, match="Got 5 of 4"):
        of({"F": (1, 3)}, unknown_considered=4, unknown_favorable=5)


# --- tables at the edge -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ({}, "all-unknown"),
        ({"F": (0, 0), "M": (0, 0)}, "all-unknown"),
        ({"F": (0, 50), "M": (0, 90)}, "nobody-selected"),
        ({"F": (50, 50), "M": (90, 90)}, "everybody-selected"),
        ({"F": (20, 50)}, "too-few-groups"),
    ],
)
def test_tables_without_anything_to_compare_have_no_verdict(groups, reason):
    verdict = of(groups, unknown_considered=9, unknown_favorable=4)

    assert (verdict.state, verdict.reason) == (State.NO_VERDICT, reason)
    assert verdict.deciding is verdict.near is verdict.people_needed is None
    assert math.isnan(verdict.compatible)
    assert math.isnan(verdict.tipping)


def test_groups_in_which_nobody_was_considered_are_absent():
    verdict = of({"F": (40, 100), "M": (60, 100), "X": (0, 0)})

    assert [(g.name, g.state) for g in verdict.groups] == [
        ("F", "open"), ("M", "open"), ("X", "absent"),
    ]  # fmt: skip
    assert math.isnan(verdict.groups[2].ratio)
    assert verdict.pairs == 1


def test_numpy_counts_and_very_large_ones_are_judged_in_whole_numbers():
    exact = ImpactRule(threshold=Fraction(800_000_000_000_000_001, 10**18))
    names, n = ["F", "M"], np.array([10_000_000, 10_000_000])
    verdict = judge(names, n, np.array([4_000_000, 5_000_000]), exact, intersection=False)

    # one part in 1e18 below the threshold: no float could tell, and 64 bits would overflow
    assert verdict.deciding.below
    assert verdict.reason == "too-few-groups"
    assert judge(names, n, np.array([4_000_000, 5_000_000]), RULE, intersection=False).state == (
        State.PASS
    )


def test_a_reference_that_selects_nobody_has_no_ratio():
    # all selections fell to a group too small to be in play
    verdict = of({"A": (0, 1000), "B": (0, 1000), "C": (20, 20)})

    assert verdict.reason == "too-few-groups"
    assert verdict.reference == "A"
    assert all(math.isnan(group.ratio) for group in verdict.groups)
    assert verdict.deciding is None


def test_a_small_group_above_a_big_one_is_the_focal_one_and_can_be_settled():
    verdict = of({"A": (15_000, 50_000), "B": (15_100, 50_000), "C": (600, 1_500)})

    assert [g.yardstick for g in verdict.groups] == [True, True, False]
    assert [g.state for g in verdict.groups] == ["shown"] * 3
    assert verdict.reference == "B"
    assert verdict.groups[2].ratio > 1


def test_equal_highest_rates_make_the_larger_group_the_reference_then_by_name():
    larger = {"A": (30, 100), "B": (60, 200), "C": (10, 100)}
    equal = {"B": (30, 100), "A": (30, 100), "C": (10, 100)}

    assert of(larger).reference == "B"
    assert of(equal).reference == "A"


def test_the_strongest_pair_names_the_focal_group():
    verdict = of({"A": (100, 1000), "B": (150, 1000), "C": (300, 1000), "D": (310, 1000)})

    assert [(e.pair.focal, e.pair.upper) for e in verdict.failing] == [
        ("A", "D"), ("A", "C"), ("B", "D"), ("B", "C"), ("A", "B"),
    ]  # fmt: skip
    assert (verdict.focal, verdict.reference, verdict.proof) == ("A", "D", None)


def test_worst_case_bounds_stand_beside_each_group():
    verdict = of({"F": (40, 100), "M": (50, 100)}, unknown_considered=20, unknown_favorable=10)
    bounds = {group.name: group.bounds for group in verdict.groups}

    # all selected unknown are M, all rejected ones F: (40/110) / (60/110); and the reverse
    assert bounds["F"] == (pytest.approx(2 / 3, rel=1e-12), pytest.approx(1.0, rel=1e-12))


def test_unknown_people_break_a_pass_from_the_tipping_factor_on():
    groups = {"F": (300, 1000), "M": (330, 1100)}
    unknown = {"unknown_considered": 1500, "unknown_favorable": 400}
    factor = of(groups, ImpactRule(unknown_factor=1.0), **unknown).tipping

    # 1.87301 from the formula of the bounds by bisection, without this package
    assert factor == pytest.approx(1.8730109, abs=1e-6)
    below, above = (ImpactRule(unknown_factor=factor * k) for k in (1 - 1e-9, 1 + 1e-9))
    assert of(groups, below, **unknown).state == State.PASS
    assert of(groups, above, **unknown).reason == "unknown"


def test_the_higher_of_two_large_groups_may_become_the_lower_one():
    # B is the larger group: losing a share of the unknown hurts it less than it hurts A
    groups = {"A": (30, 100), "B": (270, 900)}
    unknown = {"unknown_considered": 200, "unknown_favorable": 60}
    rule = ImpactRule(worth_detecting=Fraction(1, 2))
    turned = {"A": (270, 900), "B": (30, 100)}

    assert of(groups, rule, **unknown).tipping == of(turned, rule, **unknown).tipping


def test_a_real_gap_is_one_between_shown_groups_only():
    groups = {"A": (1500, 5000), "B": (1500, 5000), "C": (60, 300)}
    verdict = of(groups)

    assert [group.name for group in verdict.open] == ["C"]
    assert verdict.real_gap is None


# --- how far the other verdict is ---------------------------------------------------------------


def keys_turn(x_l: int, n_l: int, x_h: int, n_h: int) -> bool:
    return 5 * x_l * n_h < 4 * x_h * n_l and doubled_lower_mid_p(x_l, n_l, x_h, n_h) < Fraction(
        1, 20
    )


@pytest.mark.parametrize("table", [(40, 100, 60, 100), (12, 40, 48, 80), (210, 1000, 660, 2200)])
def test_the_count_to_undo_is_the_first_at_which_a_key_no_longer_turns(table):
    x_l, n_l, x_h, n_h = table
    k = selections_to_undo(pair(*table), RULE, pairs=1)

    assert all(keys_turn(x_l + i, n_l, x_h - i, n_h) for i in range(k))
    assert not keys_turn(x_l + k, n_l, x_h - k, n_h)


@pytest.mark.parametrize("table", [(47, 100, 60, 100), (300, 500, 600, 800), (11, 40, 12, 40)])
def test_the_count_to_fail_is_the_first_at_which_the_pair_fails(table):
    x_l, n_l, x_h, n_h = table
    one = pair(*table)
    k = selections_to_fail(one, RULE, pairs=1, around=one)

    def fails(i: int) -> bool:
        moved, after = (x_l - i, n_l, x_h + i, n_h), (x_l - i + 1, n_l, x_h + i - 1, n_h)
        return 5 * moved[0] * n_h < 4 * moved[2] * n_l and keys_turn(*after)

    assert fails(k)
    assert not any(fails(i) for i in range(1, k))


def test_an_intersection_needs_more_moves_until_it_is_below_everyone_else():
    one = pair(330, 1000, 400, 1000)
    everyone = Pair(focal="F", upper="everyone else", x_l=330, n_l=1000, x_h=1070, n_h=3000)

    assert selections_to_fail(one, RULE, pairs=1, around=one) == 7
    k = selections_to_fail(one, RULE, pairs=1, around=everyone)
    assert 5 * (330 - k) * 3000 < 4 * (1070 + k) * 1000
    assert not 5 * (331 - k) * 3000 < 4 * (1069 + k) * 1000


def test_a_pair_that_no_move_makes_fail_is_said():
    one = pair(2, 40, 2, 40)

    assert selections_to_fail(one, RULE, pairs=100, around=one) is None


@pytest.mark.parametrize(
    ("table", "p"),
    [((0, 50, 0, 50), 1.0), ((50, 50, 50, 50), 1.0), ((11, 40, 12, 40), 1.0)],
)
def test_a_move_that_reverses_the_order_or_cannot_be_made_leaves_no_evidence(table, p):
    assert moved_mid_p(*table) == p


def test_a_ratio_far_from_the_line_is_not_near_it():
    far = pair(3000, 10000, 3000, 10000)

    assert near_the_line(far, RULE, pairs=1, rate=Fraction(3, 10), selections=None) is None


def test_a_sample_too_small_to_fail_anything_has_a_band_down_to_zero():
    near = near_the_line(pair(8, 35, 10, 35), RULE, pairs=1, rate=Fraction(18, 70), selections=7)

    assert (near.band_low, near.selections) == (0.0, 7)


# --- people needed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "selected", "needed"),
    [
        # 771.0, 258.2 and 685.3 from the formula with a maximiser of the likelihood of its own
        ([235, 265], 133, 780),
        ([95, 105], 105, 260),
        ([40, 40], 23, 690),
    ],
)
def test_people_needed_are_rounded_up_to_two_figures(sizes, selected, needed):
    assert people_needed(sizes, selected, RULE) == needed


def test_groups_that_may_stay_open_are_not_waited_for():
    alone = people_needed([1000, 1000], 600, RULE)

    assert people_needed([1000, 1000, 200], 660, RULE) == pytest.approx(alone * 1.1, rel=0.1)
    assert people_needed([1000, 1000, 230], 669, RULE) > 3 * alone


def test_every_needed_group_has_to_be_in_play():
    # the formula alone would ask for about 120 at this rate; 30 people of the smaller need 200
    assert people_needed([15, 85], 95, RULE) >= 200


@pytest.mark.parametrize(
    ("sizes", "selected"),
    [([], 0), ([90], 9), ([90, 0], 9), ([90, 90], 0), ([90, 90], 180), ([100] * 60, 1800)],
)
def test_no_number_of_people_helps_where_nothing_can_be_compared(sizes, selected):
    assert people_needed(sizes, selected, RULE) is None


def test_nothing_can_be_shown_against_a_ratio_of_one():
    equality = ImpactRule(threshold=Fraction(1), worth_detecting=Fraction(1))

    assert people_needed([1000, 1000], 600, equality) is None
