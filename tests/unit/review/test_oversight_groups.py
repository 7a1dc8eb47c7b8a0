"""Net effect: a review that lowers one group shows, an even-handed one seldom does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from auditor.review.oversight.groups import Counted, effect_on

SEEDS = 200


def drawn(seed: int, *, lower_women: float, raise_women: float, others: float = 0.2) -> dict:
    """A review of 60 decisions a group, flags twice as often unfavorable for women."""
    draw = np.random.default_rng(seed)
    women, men = (20, 40), (30, 30)
    return {
        "F": Counted(
            read=women, unread=(100, 140), pending=(3, 4),
            raised=int(draw.binomial(women[1], raise_women)),
            lowered=int(draw.binomial(women[0], lower_women)),
        ),
        "M": Counted(
            read=men, unread=(150, 90), pending=(2, 1),
            raised=int(draw.binomial(men[1], others)),
            lowered=int(draw.binomial(men[0], others)),
        ),
    }  # fmt: skip


def alarms(**how) -> int:
    found = (effect_on("sex", drawn(seed, **how), "M").net[0] for seed in range(SEEDS))
    return sum(one.p_adjusted < 0.05 for one in found)


def test_an_even_handed_team_is_seldom_called_otherwise():
    """At most 5 % and three standard errors, 200 seeds."""
    assert alarms(lower_women=0.2, raise_women=0.2) <= 19


def test_a_harmful_team_is_seen():
    assert alarms(lower_women=0.6, raise_women=0.0) >= 190


def test_flags_that_fall_on_one_group_alone_are_no_alarm():
    """Women have two thirds of the unfavorable reads, so an even-handed team raises more of them.

    The change of the ratio is real; that reviewers looked at the group is not shown by it.
    """
    counts = drawn(3, lower_women=0.2, raise_women=0.2)
    net = effect_on("sex", counts, "M").net[0]

    assert net.after > net.before
    assert net.p_adjusted > 0.05
    assert "narrowed" in net.says
    assert "can do that too" in net.says


def test_both_ratios_are_over_decisions_that_are_decided():
    counts = {
        "F": Counted(read=(10, 10), unread=(20, 60), pending=(50, 0), lowered=10),
        "M": Counted(read=(10, 10), unread=(50, 30), pending=(0, 0)),
    }
    found = effect_on("sex", counts, "M")
    women, net = found.groups[0], found.net[0]

    assert (women.pending, women.read) == (50, 20)
    assert (women.before.count, women.before.of) == (30, 100)
    assert (women.after.count, women.after.of) == (20, 100)
    assert (net.before, net.after) == (pytest.approx(0.5), pytest.approx(1 / 3))
    assert "widened" in net.says
    assert "would hardly do that" in net.says


def test_gaps_are_tested_by_direction_with_holm_over_groups():
    counts = {
        "A": Counted(read=(40, 40), unread=(0, 0), lowered=20),
        "B": Counted(read=(40, 40), unread=(0, 0), lowered=1),
        "C": Counted(read=(0, 0), unread=(5, 5)),
        "R": Counted(read=(40, 40), unread=(0, 0), lowered=1),
    }
    gaps = {(one.of, one.group): one for one in effect_on("x", counts, "R").gaps}

    assert gaps["lowered", "A"].p_value < gaps["lowered", "A"].p_adjusted < 1e-4
    assert gaps["lowered", "A"].p_adjusted == pytest.approx(2 * gaps["lowered", "A"].p_value)
    assert gaps["lowered", "B"].p_adjusted == pytest.approx(1)
    assert gaps["raised", "A"].difference == 0
    assert gaps["lowered", "A"].low < gaps["lowered", "A"].difference < gaps["lowered", "A"].high
    assert gaps["lowered", "C"].undefined == "in one of the groups no such decision was read"
    assert math.isnan(gaps["lowered", "C"].p_value)


def test_without_a_reference_nothing_is_compared():
    found = effect_on("sex", drawn(1, lower_women=0.2, raise_women=0.2), None)

    assert (found.reference, found.gaps, found.net, len(found.groups)) == (None, (), (), 2)


def test_a_group_of_which_nobody_is_selected_says_so():
    counts = {"F": Counted(read=(0, 9)), "M": Counted(read=(0, 9), unread=(0, 0))}

    assert "nothing can be said" in effect_on("sex", counts, "M").net[0].says


def test_evidence_that_is_next_to_nothing_is_said_as_less_than_and_kept_as_a_number():
    counts = {
        "F": Counted(read=(86, 66), unread=(263, 305), lowered=86),
        "M": Counted(read=(73, 84), unread=(317, 306)),
    }
    net = effect_on("sex", counts, "M").net[0]

    assert 0 < net.p_value < 1e-15
    assert "(p < 1e-15)" in net.says
