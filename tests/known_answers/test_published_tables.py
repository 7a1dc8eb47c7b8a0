"""Whole published tables, recomputed from the counts or rows they were made of."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest

from auditor.cube import GroupTable
from auditor.metrics.compare import below, compare
from auditor.metrics.measure import measure
from auditor.metrics.reference import highest_rate
from auditor.metrics.spec import Counts

FIXTURES = Path(__file__).parents[2] / "fixtures"


def rows(*path: str) -> list[dict[str, str]]:
    with FIXTURES.joinpath(*path).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def table(counts: dict[str, tuple[int, int]]) -> GroupTable:
    names = tuple(sorted(counts))
    return GroupTable(
        attribute="group",
        groups=names,
        favorable=np.array([counts[name][0] for name in names]),
        considered=np.array([counts[name][1] for name in names]),
    )


def rates_and_ratios(counts: dict[str, tuple[int, int]]) -> dict[str, tuple[float, float]]:
    """Rate, and ratio to the highest rate of all, by group."""
    whole = table(counts)
    index = highest_rate(whole, among_all=True)
    assert index is not None
    reference = whole.groups[index]
    found = {}
    for m in measure({("selection-rate", "group"): whole}, Counts(cube=None)).measurements:
        pair = {name: counts[name] for name in {m.group, reference}}
        ratios = [row.ratio for row in compare(table(pair), m.metric)]
        found[m.group] = (m.value, *ratios) if ratios else (m.value, 1.0)
    return found


def reads_as(value: float, printed: str, *roundings: str) -> bool:
    shown = Decimal(printed)
    return shown in {Decimal(repr(value)).quantize(shown, rounding=r) for r in roundings}


@pytest.mark.parametrize(
    ("file", "selected", "printed_rate"),
    [
        ("ll144_selection.csv", "selected", "published_rate"),
        ("ll144_scoring.csv", "above_median", "published_scoring_rate"),
    ],
)
@pytest.mark.parametrize(("grouping", "size"), [("sex", 2), ("race", 7), ("intersectional", 14)])
def test_example_audits_of_local_law_144(
    file: str, selected: str, printed_rate: str, grouping: str, size: int
) -> None:
    part = {
        f"{r['race_ethnicity']} {r['sex']}".strip(): r
        for r in rows("statutory_examples", file)
        if r["grouping"] == grouping
    }
    found = rates_and_ratios({n: (int(r[selected]), int(r["applicants"])) for n, r in part.items()})

    assert len(found) == size
    for name, (rate, ratio) in found.items():
        # the rule truncates one rate, 64.286 to 64.2, and rounds all others
        roundings = (ROUND_DOWN,) if part[name][printed_rate] == "64.2%" else (ROUND_HALF_UP,)
        assert reads_as(100 * rate, part[name][printed_rate].rstrip("%"), *roundings)
        assert reads_as(ratio, part[name]["published_impact_ratio"], ROUND_HALF_UP)


def test_verdicts_of_the_questions_and_answers() -> None:
    counts = {
        r["group"]: (int(r["selected"]), int(r["applicants"]), r["published_verdict"])
        for r in rows("statutory_examples", "ugesp_qa.csv")
    }

    flagged = {name for name, (x, n, _) in counts.items() if below(x, n, 60, 100)}

    assert flagged == {n for n, (*_, verdict) in counts.items() if verdict == "adverse impact"}
    assert flagged == {"American Indian"}


def test_first_places_and_ratios_that_bloomberg_published() -> None:
    ranked = rows("bloomberg_gpt35", "rankings.csv")
    shown = Counter((r["job"], f"{r['race']}_{r['sex']}") for r in ranked)
    first = Counter((r["job"], f"{r['race']}_{r['sex']}") for r in ranked if r["rank"] == "1")
    printed = rows("bloomberg_gpt35", "published_top1.csv")

    assert len(printed) == 32
    for job in {r["job"] for r in printed}:
        counts = {g: (first[j, g], n) for (j, g), n in shown.items() if j == job}
        found = rates_and_ratios(counts)
        for r in (r for r in printed if r["job"] == job):
            rate, ratio = found[r["demo"]]
            assert counts[r["demo"]][0] == int(r["top"])
            assert rate == float(r["selection_rate"])
            assert ratio == pytest.approx(float(r["disparate_impact_ratio"]), rel=1e-15)


def test_no_table_on_the_line_is_below_though_floats_put_many_there() -> None:
    """All tables of groups of 5 to 120 people whose ratio is exactly four fifths."""
    on_the_line = [
        (4 * x2 * n1 // (5 * n2), n1, x2, n2)
        for n1 in range(5, 121)
        for n2 in range(5, 121)
        for x2 in range(1, n2 + 1)
        if 4 * x2 * n1 % (5 * n2) == 0
    ]
    by_floats = [t for t in on_the_line if (t[0] / t[1]) / (t[2] / t[3]) < 0.8]

    assert len(on_the_line) == 17_513
    assert len(by_floats) == 5_749
    assert not any(below(*t) for t in on_the_line)
    assert all(below(t[0] - 1, *t[1:]) for t in on_the_line)
