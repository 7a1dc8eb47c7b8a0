"""Agreement of readers, against published tables, scikit-learn and statsmodels."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from auditor.inference.agreement import cohen_kappa, krippendorff_alpha

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers,
# twelve units; the text gives 0.743 for nominal data.
FOUR_OBSERVERS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
# Section A of the same text, two observers, ten units: 0.095.
TWO_OBSERVERS = ["0100000010", "1110010000"]


def _by_case(observers: list[str]) -> list[list[str]]:
    return [[mark for mark in case if mark != "."] for case in zip(*observers, strict=True)]


def test_alpha_of_the_published_tables() -> None:
    four = krippendorff_alpha(_by_case(FOUR_OBSERVERS))
    two = krippendorff_alpha(_by_case(TWO_OBSERVERS))

    assert four.value == pytest.approx(0.743, abs=5e-4)
    assert two.value == pytest.approx(0.095, abs=5e-4)
    assert math.isnan(four.low)
    assert str(four.no_interval).startswith("fewer than 50")
    assert (four.cases, two.cases) == (11, 10)


def _naive_alpha(ratings: list[list[str]]) -> float:
    """Alpha from its coincidence matrix, pair by pair."""
    coincidences: Counter[tuple[str, str]] = Counter()
    for case in ratings:
        for a, b in itertools.permutations(range(len(case)), 2):
            coincidences[case[a], case[b]] += 1 / (len(case) - 1)
    totals: Counter[str] = Counter()
    for (a, _), weight in coincidences.items():
        totals[a] += weight
    n = sum(totals.values())
    observed = sum(w for (a, b), w in coincidences.items() if a != b) / n
    expected = sum(totals[a] * totals[b] for a in totals for b in totals if a != b) / (n * (n - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("seed", range(20))
def test_alpha_equals_its_coincidence_matrix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ratings = [list(rng.choice(list("abc"), size=rng.integers(0, 5))) for _ in range(30)]
    ratings += [["a", "b"]]

    assert krippendorff_alpha(ratings).value == pytest.approx(_naive_alpha(ratings), abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_kappa_equals_scikit_learn_and_its_interval_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.choice(["advance", "reject", "unsure"], size=80)
    second = np.where(rng.random(80) < 0.6, first, rng.permutation(first))
    found = cohen_kappa(list(zip(first.tolist(), second.tolist(), strict=True)))
    answers = sorted(set(first) | set(second))
    table = np.array([[((first == a) & (second == b)).sum() for b in answers] for a in answers])
    theirs = cohens_kappa(table)

    assert found.value == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
    assert found.low == pytest.approx(max(theirs.kappa_low, -1), abs=1e-9)
    assert found.high == pytest.approx(min(theirs.kappa_upp, 1), abs=1e-9)


def test_without_variation_there_is_no_coefficient() -> None:
    same = [("a", "a")] * 5

    assert math.isnan(cohen_kappa(same).value)
    assert math.isnan(krippendorff_alpha(same).value)
    assert "throughout" in str(cohen_kappa(same).undefined)
    assert cohen_kappa(same).observed == krippendorff_alpha(same).observed == 1.0
    assert math.isnan(cohen_kappa([]).observed)
    assert "read twice" in str(krippendorff_alpha([["a"]]).undefined)


def test_the_interval_of_alpha_covers_what_it_estimates() -> None:
    """500 samples of 60 cases: nine in ten or more hold the alpha of a very large sample."""
    rng = np.random.default_rng(1)

    def sample(n: int) -> list[tuple[int, int]]:
        first = rng.integers(0, 2, n)
        second = np.where(rng.random(n) < 0.8, first, 1 - first)
        return list(zip(first.tolist(), second.tolist(), strict=True))

    truth = krippendorff_alpha(sample(100_000)).value
    found = [krippendorff_alpha(sample(60), seed=n) for n in range(500)]

    assert np.mean([a.low <= truth <= a.high for a in found]) > 0.9


@pytest.mark.parametrize("readers", [2, 3, 5])
def test_alpha_is_fleiss_kappa_of_statsmodels_but_for_a_small_sample_term(readers: int) -> None:
    """1 - alpha = (1 - kappa) (N - 1) / N, N readings in all."""
    rng = np.random.default_rng(readers)
    truth = rng.integers(0, 3, 60)
    answers = np.where(rng.random((60, readers)) < 0.6, truth[:, None],
                       rng.integers(0, 3, (60, readers)))  # fmt: skip
    theirs = fleiss_kappa(aggregate_raters(answers)[0])
    n = answers.size
    found = krippendorff_alpha([list(map(str, case)) for case in answers])

    assert found.value == pytest.approx(1 - (1 - theirs) * (n - 1) / n, abs=1e-12)


@pytest.mark.parametrize("measure", [cohen_kappa, krippendorff_alpha])
@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([("a", "a"), ("b", "b")], "fewer than 50"),
        ([("a", "b")], "fewer than 50"),
        ([("a", "a")] * 9 + [("a", "b")], "fewer than 50"),
        ([("a", "a")] * 40 + [("b", "b")] * 40, "read alike"),
    ],
)
def test_where_an_interval_would_say_too_much_there_is_none(measure, pairs, why) -> None:
    found = measure(pairs)

    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert not math.isnan(found.value)
    assert why in str(found.no_interval)


def test_alpha_has_no_interval_from_draws_without_one_of_the_answers() -> None:
    rare = krippendorff_alpha([("a", "a")] * 99 + [("a", "b")])
    often = krippendorff_alpha([("a", "a")] * 80 + [("a", "b")] * 20)

    assert "so rare" in str(rare.no_interval)
    assert often.no_interval is None
    assert often.low < often.value < often.high


@pytest.mark.parametrize("measure", [cohen_kappa, krippendorff_alpha])
def test_a_confidence_of_one_is_refused(measure) -> None:
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        measure([("a", "b")], confidence=1.0)
