"""Tables worked by hand when the verdict rule was designed, and ratios of exactly four fifths.

The p-values of the worked tables were computed with integer binomials and fractions; here they are
compared with the printed digits and, to full precision, with the same sums made again. The New York
rows are the sample audit of 6 RCNY 5-301(d), first example.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from auditor.inference.impact import ImpactRule, judge
from auditor.inference.impact_evidence import moved_mid_p
from auditor.inference.impact_moves import Pair
from auditor.inference.impact_steps import Tables, below, take_steps
from auditor.inference.score import ratio_score_z
from auditor.inference.significance import doubled_mid_p
from auditor.metrics.compare import below as below_in_comparisons
from auditor.vocabulary import State
from tests.known_answers.oracles import doubled_lower_mid_p
from tests.known_answers.oracles import doubled_mid_p as exact_mid_p

RULE = ImpactRule()
FOUR_FIFTHS = Fraction(4, 5)
NEW_YORK = {
    "Hispanic": (204, 408), "White": (412, 797), "Black": (170, 390), "NHPI": (52, 119),
    "Asian": (302, 616), "Native American": (18, 41), "Two or More": (96, 213),
}  # fmt: skip
SEVEN = {
    "White": (660, 2200), "Black": (300, 1000), "Hispanic": (225, 750), "Asian": (210, 700),
    "two": (75, 250), "AIAN": (3, 50), "NHPI": (15, 50),
}  # fmt: skip

# focal and upper counts, ratio, doubled mid-p, the same with one selection moved, Z at 0.7
WORKED = [
    ((40, 100, 60, 100), ".666667", ".00497269", ".01152862", "-.332046"),
    ((3, 20, 16, 80), ".750000", ".64851348", None, ".118438"),
    ((12, 40, 48, 80), ".500000", ".00214224", ".00737851", "-1.381341"),
    ((555, 1181, 667, 1390), ".979337", ".61618629", ".67296986", "7.918107"),
    ((170, 390, 412, 797), ".843229", ".00877247", ".01252213", "2.693596"),
    ((52, 119, 412, 797), ".845313", ".10511540", ".15430537", "1.635880"),
    ((18, 41, 412, 797), ".849278", ".33652652", ".51906277", "1.012721"),
    ((11, 40, 12, 40), ".916667", ".81092761", None, ".760267"),
]


def judged(groups: dict[str, tuple[int, int]], **options):
    return judge(
        list(groups),
        [n for _, n in groups.values()],
        [x for x, _ in groups.values()],
        RULE,
        intersection=False,
        **options,
    )


def half_a_digit(printed: str) -> float:
    return 0.51 * 10.0 ** -len(printed.split(".")[1])


@pytest.mark.parametrize(("table", "ratio", "p", "moved", "z"), WORKED)
def test_worked_figures_agree_to_the_printed_digit(table, ratio, p, moved, z):
    x_l, n_l, x_h, n_h = table

    exact = Pair(focal="l", upper="h", x_l=x_l, n_l=n_l, x_h=x_h, n_h=n_h).exact
    assert float(exact) == pytest.approx(float(ratio), abs=half_a_digit(ratio))
    assert doubled_mid_p(*table) == pytest.approx(float(p), abs=half_a_digit(p))
    assert moved_mid_p(*table) == pytest.approx(float(moved or "1.0"), abs=half_a_digit(moved or p))
    assert ratio_score_z(*table, 0.7) == pytest.approx(float(z), abs=half_a_digit(z))


def test_an_eighth_digit_that_is_off_would_be_seen():
    assert doubled_mid_p(40, 100, 60, 100) != pytest.approx(
        0.00497267, abs=half_a_digit(".00497267")
    )


@pytest.mark.parametrize("table", [row[0] for row in WORKED])
def test_p_values_are_those_of_integer_binomials(table):
    x_l, n_l, x_h, n_h = table
    reversed_ = (x_l + 1) * n_h > (x_h - 1) * n_l
    moved = 1 if reversed_ else doubled_lower_mid_p(x_l + 1, n_l, x_h - 1, n_h)

    assert doubled_mid_p(*table) == pytest.approx(float(exact_mid_p(*table)), rel=1e-10)
    assert moved_mid_p(*table) == pytest.approx(float(moved), rel=1e-10)


def test_the_row_of_exactly_four_fifths_is_not_below_and_highly_significant():
    table, moved = (300, 500, 600, 800), (301, 500, 599, 800)

    assert doubled_mid_p(*table) == pytest.approx(1.6e-8, abs=0.05e-8)
    assert doubled_mid_p(*table) == pytest.approx(float(exact_mid_p(*table)), rel=1e-9)
    # 3.155e-8 by integer binomials; the worked table says 3.3e-8, which is not exact
    assert moved_mid_p(*table) == pytest.approx(float(doubled_lower_mid_p(*moved)), rel=1e-9)
    assert ratio_score_z(*table, 0.7) == pytest.approx(3.046075, abs=0.51e-6)


@pytest.mark.parametrize(
    ("groups", "state"),
    [
        ({"F": (40, 100), "M": (60, 100)}, State.FAIL),
        ({"F": (12, 40), "M": (48, 80)}, State.FAIL),
        ({"B": (3, 20), "W": (16, 80)}, State.NO_VERDICT),
        ({"F": (11, 40), "M": (12, 40)}, State.NO_VERDICT),
        ({"F": (555, 1181), "M": (667, 1390)}, State.PASS),
        ({"F": (300, 500), "M": (600, 800)}, State.PASS),
        (NEW_YORK, State.PASS),
        (SEVEN, State.FAIL),
        (SEVEN | {"Black": (210, 1000), "AIAN": (15, 50)}, State.FAIL),
        (SEVEN | {"AIAN": (15, 50)}, State.PASS),
    ],
)
def test_worked_tables_get_their_verdict(groups, state):
    assert judged(groups).state == state


def test_twenty_people_are_not_in_play():
    verdict = judged({"B": (3, 20), "W": (16, 80)})

    assert [(group.name, group.in_play) for group in verdict.groups] == [("B", False), ("W", True)]
    assert (verdict.pairs, verdict.reason) == (0, "too-few-groups")


def test_the_new_york_sample_shows_93_8_per_cent():
    verdict = judged(NEW_YORK)

    assert [group.name for group in verdict.open] == ["NHPI", "Native American"]
    assert [round(100 * g.share, 1) for g in verdict.open] == [4.6, 1.6]
    assert round(100 * sum(group.share for group in verdict.shown), 1) == 93.8


def test_exactly_four_fifths_passes_with_a_real_gap():
    verdict = judged({"F": (300, 500), "M": (600, 800)})

    assert verdict.real_gap is not None
    assert (verdict.real_gap.pair.focal, verdict.real_gap.ratio) == ("F", 0.8)
    assert not verdict.real_gap.below


def test_a_group_of_one_per_cent_fails_on_its_own():
    verdict = judged(SEVEN)

    assert (verdict.focal, verdict.reference, verdict.pairs) == ("AIAN", "White", 20)
    assert {e.pair.focal for e in verdict.failing} == {"AIAN"}


def test_the_lower_one_of_two_large_groups_is_named():
    verdict = judged(SEVEN | {"Black": (210, 1000), "AIAN": (15, 50)})

    assert (verdict.focal, verdict.reference) == ("Black", "White")


def exactly_four_fifths() -> np.ndarray:
    """All tables with both sizes 5 to 120 in which 5 x1 n2 = 4 x2 n1 and somebody is selected."""
    tables = []
    for n1 in range(5, 121):
        for n2 in range(5, 121):
            for x2 in range(1, n2 + 1):
                x1, rest = divmod(4 * x2 * n1, 5 * n2)
                if rest == 0 and x1 <= n1:
                    tables.append((x1, n1, x2, n2))
    return np.array(tables)


EXACT = exactly_four_fifths()


def test_there_are_17513_tables_of_exactly_four_fifths():
    assert len(EXACT) == 17_513


def test_exactly_four_fifths_is_below_in_no_comparison():
    columns = EXACT.T

    assert not below(*columns, FOUR_FIFTHS).any()
    assert not any(below_in_comparisons(*table) for table in EXACT.tolist())


def test_exactly_four_fifths_turns_no_key_of_the_rule():
    x1, n1, x2, n2 = EXACT.T
    nobody = np.zeros(len(EXACT), dtype=np.int64)
    tables = Tables(
        n=np.stack([n1, n2], 1), x=np.stack([x1, x2], 1), unknown_n=nobody, unknown_x=nobody
    )
    steps = take_steps(tables, RULE, intersection=False)

    assert steps.compared.sum() > 10_000
    assert not steps.below[steps.compared].any()
    assert not steps.failed.any()


def test_one_selection_less_is_below_in_every_table():
    x1, n1, x2, n2 = EXACT.T

    assert below(x1 - 1, n1, x2, n2, FOUR_FIFTHS).all()
    assert all(below_in_comparisons(a - 1, b, c, d) for a, b, c, d in EXACT.tolist())


def test_floats_call_some_of_them_below():
    x1, n1, x2, n2 = EXACT.T.astype(float)

    # the control: the two ways in which the comparison is usually written
    assert ((x1 / n1) / (x2 / n2) < 0.8).sum() > 5_000
    assert (x1 / n1 < 0.8 * (x2 / n2)).sum() > 5_000
