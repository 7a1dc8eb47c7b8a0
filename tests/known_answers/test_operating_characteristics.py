"""How often the verdict is wrong, by simulation: against the table, and under ceilings.

The ceilings: equal groups fail in at most 5 of 100 audits of one attribute and 6.5 of 100 whole
ones, and where two groups shown to one another have a true ratio of 0.7 or less, at most 6.5 of 100
pass. The negative controls are earlier forms of the rule that must break them.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from auditor.inference.impact_rule import ImpactRule
from auditor.inference.impact_steps import Tables, below, take_steps
from auditor.inference.significance import lower_mid_p
from tests.known_answers.operating_world import (
    ATTRIBUTES,
    DEFAULT,
    RATES,
    SIZES,
    Draws,
    cell_rates,
    cell_sizes,
    draw,
    grouped,
    rows,
    shares,
)

FAIR_ATTRIBUTE, FAIR_AUDIT, PASS_AT_70 = 0.05, 0.065, 0.065
FOUR_FIFTHS, TWO_PER_CENT = Fraction(4, 5), Fraction(1, 50)
QUICK = ("OC-05", "OC-07", "OC-13", "OC-15", "OC-26", "OC-36", "OC-38", "OC-42", "OC-57", "OC-66")
WORSE = (
    "women 0.70", "Black 0.70", "Black women 0.70", "Black women 0.50", "AIAN 0.50",
    "all but White 0.70", "all but two-or-more 0.70",
)  # fmt: skip


def seed_of(*parts: object) -> int:
    return int.from_bytes(repr(parts).encode(), "big") % 2**64


def misses(row, found: dict[str, float], replicates: int) -> list[str]:
    """Figures of the table that a simulation does not reproduce."""
    wrong = []
    for name, p in row.figures.items():
        spread = min(max(p, 0.0005), 0.9995)
        error = math.sqrt(spread * (1 - spread) * (1 / row.made_with + 1 / replicates))
        if abs(found[name] - p) > 4 * error + 0.003:
            wrong.append(f"{row.id} {name}: {found[name]} instead of {p}")
    return wrong


def reproduced(row_id: str, replicates: int) -> list[str]:
    row = rows()[row_id]
    draws = draw(row.truth, row.n, row.rate, replicates, seed_of(row_id))
    return misses(row, shares(draws), replicates)


def test_the_table_is_whole():
    assert len(rows()) == 72
    assert cell_sizes(26_000).sum() == 26_000
    assert cell_sizes(200).tolist()[-4:] == [1, 1, 1, 1]


@pytest.mark.parametrize("row_id", QUICK)
def test_the_table_is_reproduced(row_id):
    assert reproduced(row_id, 1_000) == []


def test_a_rule_of_ten_per_cent_does_not_reproduce_the_table():
    row = rows()["OC-37"]
    draws = draw(row.truth, row.n, row.rate, 1_000, seed_of("loose"))
    loose = draws.steps("sex", ImpactRule(alpha=0.10))

    found = {**row.figures, "sex_fail": float(loose.failed.mean())}
    assert misses(row, found, 1_000)


@pytest.mark.trust
@pytest.mark.parametrize("row_id", rows())
def test_the_whole_table_is_reproduced_at_full_count(row_id):
    replicates = rows()[row_id].made_with

    assert reproduced(row_id, replicates) == []


def audit_fails(draws: Draws, fails=None) -> dict[str, float]:
    """Share of failing audits by attribute, and of audits in which one of them fails."""
    fails = fails or (lambda draws, attribute: draws.steps(attribute).failed)
    found = {attribute: fails(draws, attribute) for attribute in ATTRIBUTES}
    found["audit"] = np.logical_or.reduce(list(found.values()))
    return {name: float(failed.mean()) for name, failed in found.items()}


def broken(found: dict[str, float]) -> dict[str, float]:
    """Ceilings for equal groups that are broken."""
    return {
        name: share
        for name, share in found.items()
        if share > (FAIR_AUDIT if name == "audit" else FAIR_ATTRIBUTE)
    }


@pytest.mark.parametrize(("n", "rate"), [(200, 0.30), (2_000, 0.10), (5_000, 0.05), (26_000, 0.3)])
def test_equal_groups_stay_under_the_ceilings(n, rate):
    assert broken(audit_fails(draw("fair", n, rate, 2_000, seed_of(n, rate)))) == {}


@pytest.mark.trust
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n", SIZES)
def test_equal_groups_stay_under_the_ceilings_over_the_grid(n, rate):
    assert broken(audit_fails(draw("fair", n, rate, 5_000, seed_of("grid", n, rate)))) == {}


def wrong_passes(truth: str, n: int, rate: float, replicates: int) -> dict[str, float]:
    """Share of audits that pass although two groups shown have a true ratio of 0.7 or less."""
    draws = draw(truth, n, rate, replicates, seed_of("pass", truth, n, rate))
    expected = cell_rates(truth, rate) * draws.n
    found = {}
    for attribute in ATTRIBUTES:
        steps, people = draws.steps(attribute), grouped(draws.n, attribute)
        true = grouped(expected, attribute) / people
        far = true[:, None] <= 0.7 * true[None, :] * (1 + 1e-9)
        both = np.einsum("ri,rj,ij->r", steps.shown, steps.shown, far)
        found[attribute] = float((steps.passed & (both > 0)).mean())
    return found


@pytest.mark.parametrize(
    ("truth", "n", "rate"), [("women 0.70", 5_000, 0.10), ("Black 0.70", 2_000, 0.30)]
)
def test_a_true_ratio_of_70_per_cent_hardly_passes(truth, n, rate):
    found = wrong_passes(truth, n, rate, 2_000)

    # 0.052 and 0.007 were found with 20,000 audits; with 2,000 the standard error is 0.005
    assert max(found.values()) <= PASS_AT_70


@pytest.mark.trust
@pytest.mark.parametrize("truth", WORSE)
@pytest.mark.parametrize("n", SIZES)
def test_a_true_ratio_of_70_per_cent_hardly_passes_over_the_grid(truth, n):
    found = {rate: wrong_passes(truth, n, rate, 8_000) for rate in RATES}

    assert {
        rate: shares for rate, shares in found.items() if max(shares.values()) > PASS_AT_70
    } == {}


def without_the_moved_selection(draws: Draws, attribute: str) -> np.ndarray:
    """Both keys on the table as it is, everything else as in the rule."""
    tables, steps = draws.tables(attribute), draws.steps(attribute)
    rows_, pairs = np.nonzero(steps.compared & steps.below)
    l, h = steps.low[rows_, pairs], steps.high[rows_, pairs]
    x_l, n_l = tables.x[rows_, l], tables.n[rows_, l]
    p = lower_mid_p(x_l, n_l, tables.x[rows_, h], tables.n[rows_, h])
    fails = p * steps.compared.sum(axis=1)[rows_] < DEFAULT.alpha
    if attribute == "sex_race":
        people, selected = tables.people[rows_, 0], tables.selected[rows_, 0]
        fails &= below(x_l, n_l, selected - x_l, people - n_l, FOUR_FIFTHS)
    return np.isin(np.arange(len(draws.x)), rows_[fails])


def against_the_highest(draws: Draws, attribute: str) -> np.ndarray:
    """Moved selection, but against the highest observed rate and corrected for K-1 only."""
    tables = draws.tables(attribute)
    n, x, people = tables.n, tables.x, tables.people
    counts = n * TWO_PER_CENT.denominator >= TWO_PER_CENT.numerator * people
    rate = np.where(counts, x / np.maximum(n, 1), -1.0)
    top = rate.argmax(axis=1)[:, None]
    x_h, n_h = np.take_along_axis(x, top, 1) - 1, np.take_along_axis(n, top, 1)
    others = counts & (np.arange(n.shape[1]) != top) & (x_h >= 0)
    key = others & below(x + 1, n, x_h, n_h, FOUR_FIFTHS)
    x_h, n_h = np.broadcast_to(x_h, n.shape), np.broadcast_to(n_h, n.shape)
    p = np.ones(n.shape)
    p[key] = lower_mid_p(x[key] + 1, n[key], x_h[key], n_h[key])
    # the smallest p of Holm's procedure carries the full factor
    return (p * others.sum(axis=1, keepdims=True) < DEFAULT.alpha).any(axis=1)


def bare_four_fifths(draws: Draws, attribute: str) -> np.ndarray:
    tables = draws.tables(attribute)
    rate = tables.x / np.maximum(tables.n, 1)
    return ((rate < 0.8 * rate.max(axis=1, keepdims=True)) & (tables.n > 0)).any(axis=1)


@pytest.mark.parametrize(
    ("control", "n", "at_least"),
    [
        (without_the_moved_selection, 200, 0.095),
        (against_the_highest, 2_000, 0.07),
        (bare_four_fifths, 2_000, 0.90),
    ],
)
def test_earlier_forms_of_the_rule_break_the_ceilings(control, n, at_least):
    found = audit_fails(draw("fair", n, 0.30, 4_000, seed_of("control", n)), control)

    assert "audit" in broken(found)
    assert found["audit"] > at_least


def equal_locations(groups: int, size: int, rates: np.ndarray, replicates: int) -> Tables:
    rng = np.random.default_rng(seed_of(groups, size))
    n = np.full((replicates, groups), size)
    nobody = np.zeros(replicates, dtype=np.int64)
    return Tables(n=n, x=rng.binomial(n, rates), unknown_n=nobody, unknown_x=nobody)


@pytest.mark.parametrize("size", [60, 400])
def test_thirty_equal_locations_stay_under_the_ceiling(size):
    tables = equal_locations(30, size, np.full(30, 0.3), 600)

    assert take_steps(tables, DEFAULT, intersection=False).failed.mean() <= FAIR_ATTRIBUTE


@pytest.mark.parametrize("size", [400, 1_500])
def test_one_bad_location_of_thirty_hardly_passes_when_shown(size):
    rates = np.full(30, 0.3)
    rates[7] = 0.7 * 0.3
    steps = take_steps(equal_locations(30, size, rates, 600), DEFAULT, intersection=False)

    assert (steps.passed & steps.shown[:, 7]).mean() <= PASS_AT_70


def stages(n: int, replicates: int) -> list[Draws]:
    """Equal groups through three stages: who is selected in one is considered in the next."""
    rng = np.random.default_rng(seed_of("stages", n))
    considered = np.broadcast_to(cell_sizes(n), (replicates, len(cell_sizes(n))))
    found = []
    for rate in (0.5, 0.4, 0.3):
        selected = rng.binomial(considered, rate)
        found.append(Draws(considered, selected))
        considered = selected
    return found


@pytest.mark.parametrize("n", [2_000, 20_000])
def test_several_stages_add_up_to_no_more_than_alpha_each(n):
    found = stages(n, 1_000)
    each = [stage.steps(name).failed for stage in found for name in ("sex", "race")]

    assert max(failed.mean() for failed in each) <= FAIR_ATTRIBUTE
    assert np.logical_or.reduce(each).mean() <= len(each) * DEFAULT.alpha


def test_alpha_divided_over_six_stage_attributes_keeps_the_audit_under_its_ceiling():
    rule = ImpactRule(alpha=0.05 * 3 / 6)
    found = stages(2_000, 1_000)
    each = [stage.steps(name, rule).failed for stage in found for name in ("sex", "race")]

    assert np.logical_or.reduce(each).mean() <= FAIR_AUDIT
