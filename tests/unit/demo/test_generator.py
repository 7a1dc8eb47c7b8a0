import numpy as np
import pytest

from auditor.demo.generator import (
    CODES,
    FEATURES,
    MARKED_CLUSTERS,
    RACES,
    SEXES,
    applicants,
    area_index,
    past_decisions,
)

PEOPLE = applicants(40_000, np.random.default_rng(1))
BLACK, WHITE = RACES.index("Black or African American"), RACES.index("White")


def _share(codes, level):
    return float(np.mean(codes == level))


def test_group_shares_are_those_of_real_audits():
    # 40,000 draws: three standard errors are under 0.0075.
    assert _share(PEOPLE.sex, SEXES.index("Female")) == pytest.approx(0.467 * 0.988, abs=0.0075)
    assert _share(PEOPLE.sex, SEXES.index("")) == pytest.approx(0.012, abs=0.002)
    assert _share(PEOPLE.race, BLACK) == pytest.approx(0.20 * 0.965, abs=0.006)
    assert _share(PEOPLE.race, RACES.index("")) == pytest.approx(0.035, abs=0.003)


def test_merit_knows_no_group():
    for codes in (PEOPLE.sex, PEOPLE.race):
        means = [PEOPLE.merit[codes == level].mean() for level in range(4)]
        sizes = [np.sum(codes == level) for level in range(4)]
        assert all(abs(m) < 4 / np.sqrt(n) for m, n in zip(means, sizes, strict=True))


def test_black_applicants_live_in_the_marked_areas_more_often():
    marked = PEOPLE.cluster < MARKED_CLUSTERS

    assert marked[PEOPLE.race == BLACK].mean() == pytest.approx(0.69, abs=0.02)
    assert marked[PEOPLE.race == WHITE].mean() == pytest.approx(4 / 30, abs=0.02)


def test_women_have_gaps_more_often():
    gaps = PEOPLE.features[:, FEATURES.index("gap_months")]

    assert (gaps[PEOPLE.sex == 0] >= 6).mean() > 2 * (gaps[PEOPLE.sex == 1] >= 6).mean()


def test_the_area_index_keeps_the_order_of_the_clusters():
    index = area_index(np.arange(20 * CODES)).reshape(20, CODES)

    assert (index[:-1].max(axis=1) < index[1:].min(axis=1)).all()
    assert (index.min(), index.max()) == (20.0, 83.1)


def test_the_same_state_draws_the_same_people():
    again = applicants(40_000, np.random.default_rng(1))

    np.testing.assert_array_equal(again.features, PEOPLE.features)
    np.testing.assert_array_equal(again.race, PEOPLE.race)


def test_a_few_people_are_enough():
    assert len(applicants(1, np.random.default_rng(0))) == 1


def test_past_decisions_hold_only_the_area_against_people():
    clean = past_decisions(PEOPLE, np.random.default_rng(2), share=0.3, injection=0)
    marked = past_decisions(PEOPLE, np.random.default_rng(2), share=0.3, injection=0.6)

    home = PEOPLE.cluster < MARKED_CLUSTERS
    assert clean.mean() == pytest.approx(0.3, abs=1e-4)
    assert (clean[~home] == marked[~home]).all()
    assert not (marked & ~clean).any()
    assert marked[home].mean() < 0.7 * clean[home].mean()
