"""The gap identity: shares and residual add up to the gap, whatever the groups."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingRegressor

from auditor.explain import explain_model, gap_table

RNG = np.random.default_rng(11)
X = RNG.normal(size=(60, 3))
MODEL = GradientBoostingRegressor(n_estimators=10, random_state=0).fit(X, X[:, 0] * X[:, 1])
PATH = explain_model(MODEL, X, ("a", "b", "c"))
AGAINST = explain_model(MODEL, X, ("a", "b", "c"), background=X[:20])
LEVELS = ("p", "q", "r")

codes = st.lists(st.integers(-1, 2), min_size=60, max_size=60).map(np.array)
weights = st.lists(st.integers(1, 9), min_size=60, max_size=60).map(np.array)
explained = st.sampled_from([PATH, AGAINST])


@settings(deadline=None, max_examples=60)
@given(explained, codes, weights)
def test_shares_and_residual_add_up_to_the_gap_in_mean_output(attributions, groups, people):
    for gap in gap_table(attributions, groups, LEVELS, people, reference="p", attribute="team"):
        mine, base = groups == LEVELS.index(gap.group), groups == 0
        direct = np.average(MODEL.predict(X)[mine], weights=people[mine]) - np.average(
            MODEL.predict(X)[base], weights=people[base]
        )
        shares = sum(feature.share for feature in gap.features)

        np.testing.assert_allclose(gap.gap, direct, atol=1e-12)
        np.testing.assert_allclose(shares + gap.residual, gap.gap, atol=1e-12)
        assert abs(gap.residual) <= 2 * attributions.additivity + 1e-12


@settings(deadline=None, max_examples=40)
@given(explained, codes, weights)
def test_swapping_group_and_reference_turns_every_share(attributions, groups, people):
    there = gap_table(attributions, groups, LEVELS, people, reference="p", attribute="team")
    back = gap_table(attributions, groups, LEVELS, people, reference="q", attribute="team")
    forward = {gap.group: gap for gap in there}.get("q")
    backward = {gap.group: gap for gap in back}.get("p")

    assert (forward is None) == (backward is None)
    if forward is not None and backward is not None:
        turned = {f.feature: -f.share for f in backward.features}
        for feature in forward.features:
            np.testing.assert_allclose(feature.share, turned[feature.feature], atol=1e-12)
        np.testing.assert_allclose(forward.gap, -backward.gap, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(codes, st.permutations(range(60)))
def test_the_order_of_the_rows_does_not_matter(groups, order):
    shuffled = explain_model(MODEL, X, ("a", "b", "c"), lines=np.array(order))

    here = gap_table(PATH, groups, LEVELS, reference="p", attribute="team")
    there = gap_table(shuffled, groups[order], LEVELS, reference="p", attribute="team")

    assert [gap.group for gap in here] == [gap.group for gap in there]
    for one, other in zip(here, there, strict=True):
        np.testing.assert_allclose(one.gap, other.gap, atol=1e-12)
