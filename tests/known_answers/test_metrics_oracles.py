"""Rates and comparisons of a seeded export against fairlearn, pandas, scipy and statsmodels."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from auditor.cube import GroupTable, build_cube, build_profiles
from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.metrics import Counts
from auditor.metrics.compare import compare
from auditor.metrics.measure import measure, tables
from auditor.vocabulary import OUTCOMES, UNKNOWN

SEEDS = (1, 2, 3)
METRICS = ("selection-rate", "scoring-rate", "scoring-rate-known")
EVERY = ("sex", "race", "sex*race")


def export(seed: int) -> pd.DataFrame:
    """4,000 applications with gaps in both attributes, five outcomes and a coarse score."""
    rng = np.random.default_rng(seed)
    size = 4_000
    sex = rng.choice(["F", "M", None], size, p=[0.45, 0.5, 0.05])
    race = rng.choice(["A", "B", "C", "D", None], size, p=[0.5, 0.25, 0.14, 0.01, 0.1])
    tilt = np.where(sex == "F", 0.02, 0.0) + np.where(race == "B", 0.1, 0.0)
    outcome = np.where(rng.random(size) < 0.35 - tilt, 0, 1)
    outcome = np.where(rng.random(size) < 0.1, rng.integers(2, 5, size), outcome)
    score = np.where(rng.random(size) < 0.03, np.nan, rng.normal(size=size).round(1) - tilt)
    return pd.DataFrame({"sex": sex, "race": race, "outcome": outcome, "score": score})


def decisions(frame: pd.DataFrame) -> Decisions:
    def coded(column: pd.Series) -> Coded:
        codes, levels = pd.factorize(column, sort=True)
        return Coded(levels=tuple(map(str, levels)), codes=codes.astype(np.int32))

    ones = np.ones(len(frame), dtype=np.int64)
    return Decisions(
        rows=ones,
        people=ones,
        outcome=frame["outcome"].to_numpy(dtype=np.int32),
        groups={name: coded(frame[name]) for name in ("sex", "race")},
        score=frame["score"].to_numpy(dtype=np.float64),
        account=RowAccount(read=len(frame), used=len(frame)),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=()),
    )


def considered(frame: pd.DataFrame, attribute: str) -> pd.DataFrame:
    """Considered people with one column for the groups of an attribute, unknown filled in."""
    rows = frame[frame["outcome"] <= OUTCOMES.index("unfavorable")].copy()
    parts = attribute.split("*")
    joined = rows[parts[0]].str.cat([rows[part] for part in parts[1:]], sep="*")
    rows["group"] = joined.fillna(UNKNOWN)
    rows["selected"] = (rows["outcome"] == OUTCOMES.index("favorable")).astype(int)
    return rows


@pytest.fixture(params=SEEDS)
def frame(request) -> pd.DataFrame:
    return export(request.param)


@pytest.fixture
def measured(frame):
    made = decisions(frame)
    counts = Counts(cube=build_cube(made), profiles=build_profiles(made, EVERY))
    return measure(tables(counts, EVERY, METRICS), counts)


@pytest.mark.parametrize("attribute", EVERY)
def test_selection_rates_are_those_of_pandas_and_fairlearn(frame, measured, attribute):
    from fairlearn.metrics import MetricFrame, count, selection_rate

    rows = considered(frame, attribute)
    by_pandas = rows.groupby("group")["selected"].agg(["mean", "size", "sum"])
    by_fairlearn = MetricFrame(
        metrics={"rate": selection_rate, "count": count},
        y_true=rows["selected"],
        y_pred=rows["selected"],
        sensitive_features=rows["group"],
    ).by_group

    ours = {
        m.group: m
        for m in measured.measurements
        if (m.metric, m.attribute) == ("selection-rate", attribute)
    }
    assert set(ours) == set(by_pandas.index) == set(by_fairlearn.index)
    for group, rate in ours.items():
        assert (rate.favorable, rate.n) == (
            by_pandas.loc[group, "sum"],
            by_pandas.loc[group, "size"],
        )
        assert rate.value == pytest.approx(by_pandas.loc[group, "mean"], rel=1e-14)
        assert rate.value == pytest.approx(by_fairlearn.loc[group, "rate"], rel=1e-14)
        assert rate.n == by_fairlearn.loc[group, "count"]


@pytest.mark.parametrize("attribute", EVERY)
def test_ratios_and_differences_are_those_of_fairlearn(frame, measured, attribute):
    from fairlearn.metrics import MetricFrame, selection_rate

    rows = considered(frame, attribute)
    rows = rows[rows["group"] != UNKNOWN]
    by_fairlearn = MetricFrame(
        metrics=selection_rate,
        y_true=rows["selected"],
        y_pred=rows["selected"],
        sensitive_features=rows["group"],
    )

    ours = [
        c for c in measured.comparisons if (c.metric, c.attribute) == ("selection-rate", attribute)
    ]
    assert len(ours) == len(by_fairlearn.by_group) - 1
    for row in ours:
        rate, reference = (by_fairlearn.by_group[name] for name in (row.group, row.reference))
        assert row.ratio == pytest.approx(rate / reference, rel=1e-13)
        assert row.difference == pytest.approx(rate - reference, abs=1e-14)
    steady = rows["group"].value_counts().loc[lambda n: (n >= 30) & (n >= 0.02 * len(rows))].index
    assert {row.reference for row in ours} == {by_fairlearn.by_group[steady].idxmax()}


@pytest.mark.parametrize("attribute", EVERY)
@pytest.mark.parametrize("known_only", [False, True])
def test_scoring_rates_are_those_of_pandas(frame, measured, attribute, known_only):
    metric = "scoring-rate-known" if known_only else "scoring-rate"
    rows = considered(frame, attribute).dropna(subset="score")
    sample = rows[rows["group"] != UNKNOWN] if known_only else rows
    above = (rows["score"] > sample["score"].median()).groupby(rows["group"]).agg(["sum", "size"])

    ours = {
        m.group: (m.favorable, m.n)
        for m in measured.measurements
        if (m.metric, m.attribute) == (metric, attribute)
    }
    assert ours == {g: (int(x), int(n)) for g, x, n in above.itertuples()}


def test_the_two_medians_differ_in_some_export():
    # otherwise the test above would not tell them apart
    rows = [considered(export(seed), "sex").dropna(subset="score") for seed in SEEDS]
    medians = [(r["score"].median(), r[r["group"] != UNKNOWN]["score"].median()) for r in rows]

    assert any(one != other for one, other in medians)


def random_tables(count: int) -> list[tuple[int, int, int, int]]:
    rng = np.random.default_rng(20)
    made = []
    for size in rng.choice([8, 40, 300, 5_000], count):
        n1, n2 = rng.integers(1, size + 1, 2).tolist()
        rate = rng.uniform(0.02, 0.98)
        x1, x2 = int(rng.binomial(n1, rate)), int(rng.binomial(n2, min(1, rate * 1.2)))
        if 0 < x1 + x2 < n1 + n2:
            made.append((x1, n1, x2, n2))
    return list(dict.fromkeys(made))


@pytest.mark.parametrize("pair", random_tables(60), ids=lambda p: "{}-{}-{}-{}".format(*p))
def test_one_comparison_agrees_with_scipy_and_statsmodels(pair):
    from scipy.stats import fisher_exact, hypergeom
    from scipy.stats.contingency import expected_freq
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

    table = GroupTable(
        attribute="a",
        groups=("one", "two"),
        considered=np.array([pair[1], pair[3]]),
        favorable=np.array([pair[0], pair[2]]),
    )
    (row,) = compare(table, "selection-rate")
    x1, n1, x2, n2 = pair if row.group == "one" else (*pair[2:], *pair[:2])
    people, selected = n1 + n2, x1 + x2
    cells = [[x1, n1 - x1], [x2, n2 - x2]]

    z, _ = proportions_ztest([x1, x2], [n1, n2])
    assert row.z == pytest.approx(z, rel=1e-12, abs=1e-12)
    # scipy sums the same probabilities, in another order
    assert row.p_value == pytest.approx(fisher_exact(cells).pvalue, rel=1e-9)
    lower = hypergeom.cdf(x1, people, selected, n1) - hypergeom.pmf(x1, people, selected, n1) / 2
    # one minus the other tail loses digits where that tail is nearly 1: an absolute tolerance
    assert row.p_mid == pytest.approx(min(1, 2 * min(lower, 1 - lower)), abs=1e-12)
    assert row.p_adjusted == row.p_mid
    low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
    assert row.difference_low == pytest.approx(low, abs=1e-12)
    assert row.difference_high == pytest.approx(high, abs=1e-12)
    assert row.shortfall == pytest.approx(expected_freq(cells)[0, 0] - x1, abs=1e-9)


@pytest.mark.parametrize("pair", random_tables(60), ids=lambda p: "{}-{}-{}-{}".format(*p))
def test_rate_intervals_are_those_of_statsmodels(pair):
    from statsmodels.stats.proportion import proportion_confint

    x, n, *_ = pair
    table = GroupTable(
        attribute="a", groups=("one",), considered=np.array([n]), favorable=np.array([x])
    )

    (rate,) = measure({("selection-rate", "a"): table}, Counts(cube=None)).measurements

    low, high = proportion_confint(x, n, method="beta")
    assert rate.low == pytest.approx(low, rel=1e-10)
    assert rate.high == pytest.approx(high, rel=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_adjusted_p_values_are_holm_s_over_all_pairs_by_statsmodels(seed):
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(seed)
    n = rng.integers(30, 400, 6)
    x = rng.binomial(n, rng.uniform(0.2, 0.4, 6))
    names = tuple("abcdef")
    two = {}
    for i, j in itertools.combinations(range(6), 2):
        table = GroupTable(
            attribute="a",
            groups=(names[i], names[j]),
            considered=n[[i, j]],
            favorable=x[[i, j]],
        )
        (row,) = compare(table, "selection-rate")
        two[frozenset(table.groups)] = row.p_mid
    adjusted = dict(zip(two, multipletests(list(two.values()), method="holm")[1], strict=True))

    table = GroupTable(attribute="a", groups=names, considered=n, favorable=x)
    for row in compare(table, "selection-rate"):
        assert row.p_adjusted == pytest.approx(
            adjusted[frozenset((row.group, row.reference))], rel=1e-12
        )


@pytest.mark.parametrize(
    ("pair", "unknown"),
    [
        ((3, 10, 5, 9), (2, 5)),
        ((0, 4, 2, 4), (1, 3)),
        ((4, 4, 4, 5), (0, 3)),
        ((1, 2, 1, 2), (0, 0)),
    ],
)
def test_bounds_are_the_extremes_of_all_ways_to_place_the_unknown(pair, unknown):
    x1, n1, x2, n2 = pair
    selected, people = unknown
    ratios = []
    for a, b in itertools.product(range(selected + 1), range(people - selected + 1)):
        for c, d in itertools.product(range(selected - a + 1), range(people - selected - b + 1)):
            one = (x1 + a) / (n1 + a + b)
            two = (x2 + c) / (n2 + c + d)
            ratios.append(one / two if two else math.inf)
    table = GroupTable(
        attribute="a",
        groups=("one", "two"),
        considered=np.array([n1, n2]),
        favorable=np.array([x1, x2]),
        unknown_considered=people,
        unknown_favorable=selected,
    )

    (row,) = compare(table, "selection-rate")

    assert row.bounds is not None
    bounds = (row.bounds.low, row.bounds.high)
    if row.group == "two":
        bounds = (1 / bounds[1], 1 / bounds[0])
    assert bounds == pytest.approx((min(ratios), max(ratios)), rel=1e-14)
