"""What this package makes of the counts of `fixtures/goldens`, under the names used there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from auditor.cube import GroupTable, ScoreProfile
from auditor.inference.significance import (
    cohen_h,
    doubled_mid_p,
    fisher_two_sided,
    lower_mid_p,
    pooled_z,
)
from auditor.metrics.compare import below, compare, selections_to_reverse
from auditor.metrics.measure import measure
from auditor.metrics.reference import highest_rate
from auditor.metrics.selection import scoring_rate
from auditor.metrics.spec import Counts
from auditor.metrics.values import Comparison


@dataclass(frozen=True)
class People:
    name: str
    selected: int
    total: int


def people(golden: Mapping[str, Any]) -> list[People]:
    return [People(g["name"], g["selected"], g["total"]) for g in golden["groups"]]


def table(groups: Sequence[People]) -> GroupTable:
    ordered = sorted(groups, key=lambda g: g.name)
    return GroupTable(
        attribute="group",
        groups=tuple(g.name for g in ordered),
        considered=np.array([g.total for g in ordered]),
        favorable=np.array([g.selected for g in ordered]),
    )


def rates(groups: Sequence[People]) -> dict[str, float]:
    found = measure({("selection-rate", "group"): table(groups)}, Counts(cube=None))
    return {m.group: m.value for m in found.measurements}


def between(focal: People, reference: People) -> Comparison:
    (row,) = compare(table([focal, reference]), "selection-rate")
    return row


def focal_first(golden: Mapping[str, Any]) -> list[People]:
    """Both groups of an entry; the focal one is the one whose rate is verified as such."""
    rate = golden["verified_with"]["rate_focal"]
    return sorted(people(golden), key=lambda g: abs(g.selected / g.total - rate))


def two_groups(focal: People, reference: People) -> dict[str, Any]:
    counts = focal.selected, focal.total, reference.selected, reference.total
    swapped = (*counts[2:], *counts[:2])
    z = float(pooled_z(*counts))
    found = {
        "rate_focal": rates([focal])[focal.name],
        "rate_reference": rates([reference])[reference.name],
        "below_four_fifths_exact_integer": below(*counts),
        "z_pooled": z,
        "p_z_pooled_2s": float(2 * ndtr(-abs(z))),
        "fisher_p_2s": fisher_two_sided(*counts),
        "midp_2s_doubled": doubled_mid_p(*counts),
        "midp_1s": float(lower_mid_p(*(counts if z < 0 else swapped))) / 2,
        "cohen_h": cohen_h(*counts),
        "swaps_to_reach_four_fifths": selections_to_reverse(*counts),
    }
    row = between(focal, reference)
    if row.reference != reference.name:
        # the focal group of the source has the higher rate: the row is turned round
        to_reference = -row.shortfall_to_reference * focal.total / reference.total
        return found | {
            "impact_ratio": 1 / row.ratio,
            "rate_difference": -row.difference,
            "shortfall_pooled": -row.shortfall,
            "shortfall_to_reference_rate": to_reference,
        }
    assert (row.z, row.p_value, row.p_mid) == (
        found["z_pooled"],
        found["fisher_p_2s"],
        found["midp_2s_doubled"],
    )
    return found | {
        "impact_ratio": row.ratio,
        "rate_difference": row.difference,
        "shortfall_pooled": row.shortfall,
        "shortfall_to_reference_rate": row.shortfall_to_reference,
    }


def many_groups(groups: Sequence[People], reference: str) -> dict[str, Any]:
    by_name = {g.name: g for g in groups}
    rows = {g.name: between(g, by_name[reference]) for g in groups if g.name != reference}
    assert {row.reference for row in rows.values()} == {reference}
    return {
        "rates": rates(groups),
        "impact_ratios": {name: row.ratio for name, row in rows.items()} | {reference: 1.0},
        "below_four_fifths": sorted(n for n, row in rows.items() if row.below_four_fifths),
    }


def yardstick(groups: Sequence[People], *, among_all: bool = True) -> str:
    whole = table(groups)
    index = highest_rate(whole, among_all=among_all)
    assert index is not None
    return whole.groups[index]


def of_scores(golden: Mapping[str, Any]) -> tuple[list[People], float]:
    """People strictly above the median, and the median, from row-level scores."""
    scores: dict[str, list[float]] = golden["scores"]
    distinct = np.unique(np.concatenate(list(scores.values())))
    names = tuple(sorted(scores))
    profile = ScoreProfile(
        groups=names,
        scores=distinct,
        counts=np.array([[scores[n].count(s) for s in distinct] for n in names]),
        missing=np.zeros(len(names), dtype=np.int64),
    )
    above = scoring_rate.table(Counts(cube=None, profiles={"group": profile}), "group")
    assert above is not None
    counted = zip(above.groups, above.favorable, above.considered, strict=True)
    return [People(n, int(x), int(k)) for n, x, k in counted], profile.median(known_only=False)


def offered(golden: Mapping[str, Any]) -> dict[str, Any]:
    """Our figure for every name under `verified_with` that this package offers."""
    groups, verified = people(golden), golden["verified_with"]
    found: dict[str, Any] = {}
    if "scores" in golden:
        scored, median = of_scores(golden)
        assert {(g.name, g.selected, g.total) for g in scored} == {
            (g.name, g.selected, g.total) for g in groups
        }
        above, everybody = sum(g.selected for g in scored), sum(g.total for g in scored)
        found |= {"median": median, "share_above_median_overall": above / everybody}
        groups = scored
    if len(groups) == 1:
        return found | {"selection_rate": rates(groups)[groups[0].name]}
    reference = yardstick(groups)
    by_name = {g.name: g for g in groups}
    if not sum(g.selected for g in groups):
        (row,) = compare(table(groups), "selection-rate")
        return {
            "impact_ratios": None if np.isnan(row.ratio) else row.ratio,
            "status": "undefined" if row.undefined == "reference-selects-nobody" else "defined",
        }
    if golden["kind"] == "selection" and "rate_focal" in verified:
        return found | two_groups(*focal_first(golden))
    found |= {"reference": reference} | many_groups(groups, reference)
    found |= {"scoring_rate": found["rates"], "impact_ratio": found["impact_ratios"]}
    white = by_name.get("White")
    if white:
        others = [g for g in groups if g.name != "White"]
        found |= {f"{g.name.lower()}_vs_white": two_groups(g, white) for g in others}
        rest = People("Non-White", sum(g.selected for g in others), sum(g.total for g in others))
        found["nonwhite_vs_white"] = two_groups(rest, white)
    if "Female" in by_name:
        found["two_group_female_vs_male"] = two_groups(by_name["Female"], by_name["Male"])
    found["all"] = {"reference": reference} | many_groups(groups, reference)
    if "nhpi_excluded" in verified:
        steady = [g for g in groups if g.name != "NHPI"]
        # the handful of people is no yardstick, with and without its row in the table
        assert yardstick(groups, among_all=False) == yardstick(steady)
        found["nhpi_excluded"] = {"reference": yardstick(steady)} | many_groups(
            steady, yardstick(steady)
        )
    return found


def printed(golden: Mapping[str, Any]) -> dict[str, Any]:
    """Our figure for every name under `published` that this package offers."""
    groups = people(golden)
    rate = rates(groups)
    per_cent = {name: 100 * value for name, value in rate.items()}
    found: dict[str, Any] = {
        "selection_rate": rate[groups[0].name],
        "selection_rate_pct": per_cent,
        "scoring_rate_pct": per_cent,
        "positive_rate_pct": {name: 100 - value for name, value in per_cent.items()},
        "excluded_pct": {name: 100 - value for name, value in per_cent.items()},
    }
    if len(groups) == 1:
        return found
    reference = yardstick(groups)
    by_name = {g.name: g for g in groups}
    rows = {g.name: between(g, by_name[reference]) for g in groups if g.name != reference}
    found["impact_ratio"] = {name: row.ratio for name, row in rows.items()} | {reference: 1.0}
    found["four_fifths_threshold_pct"] = per_cent[reference] * 4 / 5
    found["below"] = [name for name, row in rows.items() if row.below_four_fifths]
    # one different selection that undoes it: no indication, as the Questions and Answers say
    found["adverse_impact_indicated"] = [
        name
        for name, row in rows.items()
        if row.below_four_fifths
        and ("totals_are_placeholders" in golden or (row.selections_to_reverse or 0) > 1)
    ]
    if golden["kind"] == "selection":
        (row,) = rows.values()
        z = float(row.z)
        found |= {
            "impact_ratio": row.ratio,
            "impact_ratio_pct": 100 * row.ratio,
            "ratio_white_to_black": 1 / row.ratio,
            "rate_difference_pct": 100 * row.difference,
            "z": z if golden["published"].get("z", 0) < 0 else -z,
            "sds": -z,
            "chi2": z * z,
            "p": float(2 * ndtr(-abs(z))),
        }
    return found
