"""Tables of rules, courts and papers: what their authors and other software made of the counts.

Every figure of every entry is either compared or named as one that this package does not offer, so
none is passed over unseen; the last test says how many comparisons there were.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.known_answers.golden_figures import (
    between,
    focal_first,
    offered,
    people,
    printed,
    two_groups,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"
GOLDENS: dict[str, dict[str, Any]] = {
    golden["id"]: golden
    for golden in json.loads((FIXTURES / "goldens" / "goldens.json").read_text(encoding="utf-8"))
}

TOLERANCE = 1e-4
"""Relative. The entries carry six significant figures, some published ones fewer."""

SMALLEST_P = 1e-12

NOT_OFFERED = {
    # other tests, effect sizes and intervals than ours
    *("z_unpooled", "sd_hypergeometric", "z_hypergeometric", "chi2", "p_chi2", "chi2_yates"),
    *("p_chi2_yates", "fisher_p_1s_lower", "fisher_p_1s_upper", "midp_2s_pointprob", "phi"),
    *("odds_ratio", "impact_ratio_ci95_log", "z_log_ratio", "expected_focal_selected"),
    *("flip_one_rate_focal", "flip_one_rate_reference", "flip_flop_reverses", "share_of_data"),
    *("minority_vs_white_scores", "ratio_of_rounded_rates_pct", "wrong_if_greater_or_equal"),
    # what a policy may leave out is not decided by the statistics
    *("share_B", "may_exclude_B"),
    # the float trap has a test of its own
    *("exact_ratio", "float_ratio", "naive_float_flag", "correct_flag"),
}

PUBLISHED_NOT_OFFERED = {
    *("chi2_yates", "p_yates", "randomization_p_one_sided_about", "text", "conclusion"),
    *("positives", "eligible", "after_one_swap_pct"),
}

DOES_NOT_REPRODUCE = {
    # as `agreement` says of these two
    ("jones-v-boston-pass", "sds"),
    ("ucb-pooled", "odds_ratio_male_to_female"),
    # "less than 1": the placeholder is the bound itself
    ("dothard-height-weight", "excluded_pct.Men"),
}

TRUNCATED = {("dcwp-scoring-race", "scoring_rate_pct.Hispanic or Latino")}
"""Printed as 64.2 for 64.286; every other published figure is rounded."""


@dataclass(frozen=True)
class Checked:
    """One figure of ours beside somebody else's."""

    golden: str
    name: str
    ours: Any
    theirs: Any
    source: str


def leaves(ours: Any, theirs: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Pairs of figures; a name of theirs that is neither ours nor excused raises KeyError."""
    if isinstance(theirs, dict):
        for name, value in theirs.items():
            if name not in NOT_OFFERED:
                yield from leaves(ours[name], value, f"{path}.{name}".lstrip("."))
    elif not (_is_p(path) and theirs < SMALLEST_P):
        yield path, ours, theirs


def _is_p(path: str) -> bool:
    return bool({"p", "midp"} & set(path.rsplit(".", 1)[-1].split("_")))


def verified(golden: Mapping[str, Any]) -> list[Checked]:
    return [
        Checked(golden["id"], name, ours, theirs, "verified")
        for name, ours, theirs in leaves(offered(golden), golden["verified_with"])
    ]


def published(golden: Mapping[str, Any]) -> list[Checked]:
    """What the source itself prints, as far as `agreement` says that it reproduces."""
    source = "published, not re-read" if "memory" in golden["evidence"] else "published"
    found = printed(golden) if golden["published"] else {}
    return [
        Checked(golden["id"], path, ours, theirs, source)
        for name, value in golden["published"].items()
        if name not in PUBLISHED_NOT_OFFERED and (golden["id"], name) not in DOES_NOT_REPRODUCE
        for path, ours, theirs in _pairs(name, value, found)
        if (golden["id"], path) not in DOES_NOT_REPRODUCE
    ]


@cache
def checked(name: str) -> tuple[Checked, ...]:
    return (*verified(GOLDENS[name]), *published(GOLDENS[name]))


def _pairs(name: str, value: Any, found: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    if isinstance(value, dict):
        return [(f"{name}.{key}", found[name][key], theirs) for key, theirs in value.items()]
    return [(name, found[name], value)]


def reads_as(value: float, printed: float, rounding: str) -> bool:
    """Whether a value, rounded to the places of the printed figure, is that figure."""
    if abs(value - printed) <= 1e-9 * abs(printed):  # more places than anybody rounds to
        return True
    shown = Decimal(repr(printed))
    return Decimal(repr(float(value))).quantize(shown, rounding=rounding) == shown


def agrees(figure: Checked) -> bool:
    ours, theirs = figure.ours, figure.theirs
    if theirs is None or isinstance(theirs, (bool, str, list)):
        return bool(ours == theirs)
    if figure.source == "verified":
        return bool(ours == pytest.approx(theirs, rel=TOLERANCE, abs=0))
    rounding = ROUND_DOWN if (figure.golden, figure.name) in TRUNCATED else ROUND_HALF_UP
    return reads_as(ours, theirs, rounding)


@pytest.mark.parametrize("name", GOLDENS)
def test_figures_of_others_come_out_the_same(name: str) -> None:
    assert [c for c in checked(name) if not agrees(c)] == []


def test_every_entry_and_every_figure_was_compared() -> None:
    sources = Counter(c.source for name in GOLDENS for c in checked(name))

    assert Counter(g["kind"] for g in GOLDENS.values()) == {
        "selection": 19,
        "selection_multi": 12,
        "scoring": 6,
    }
    assert sources == {"verified": 519, "published": 116, "published, not re-read": 32}


def test_no_excuse_is_for_a_figure_that_does_not_exist() -> None:
    verified_names = {name for g in GOLDENS.values() for name in _names(g["verified_with"])}
    published_names = {name for g in GOLDENS.values() for name in g["published"]}

    assert verified_names >= NOT_OFFERED
    assert published_names >= PUBLISHED_NOT_OFFERED


def _names(block: Mapping[str, Any]) -> Iterator[str]:
    for name, value in block.items():
        yield name
        if isinstance(value, dict):
            yield from _names(value)


def test_a_figure_that_is_off_would_be_seen() -> None:
    off = Checked("x", "impact_ratio", 0.843229 * (1 + 2e-4), 0.843229, "verified")
    rounded_before_dividing = Checked("x", "impact_ratio.Black", 44 / 52, 0.84, "published")
    whole_table = GOLDENS["teal-exam"] | {"verified_with": {"a_new_figure": 1.0}}

    assert not agrees(off)
    assert not agrees(rounded_before_dividing)
    with pytest.raises(KeyError, match="a_new_figure"):
        verified(whole_table)


def test_seven_point_one_standard_deviations_of_jones_are_no_pooled_z() -> None:
    golden = GOLDENS["jones-v-boston-pass"]

    z = two_groups(*focal_first(golden))["z_pooled"]

    assert abs(z) == pytest.approx(7.547, abs=5e-4)
    assert golden["published"]["sds"] == pytest.approx(7.148)


def test_exactly_four_fifths_is_not_below_whatever_floats_say() -> None:
    golden = GOLDENS["constructed-float-four-fifths"]["verified_with"]

    row = between(*people(GOLDENS["constructed-float-four-fifths"]))

    assert (3 / 5) / (6 / 8) < 0.8
    assert golden["naive_float_flag"] is True
    assert row.below_four_fifths is golden["correct_flag"]
    assert row.ratio == float(Fraction(golden["exact_ratio"]))
