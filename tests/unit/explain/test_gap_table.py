import math

import numpy as np
import pytest
from scipy.stats import ttest_ind

from auditor.explain import Attributions, gap_table


def _attributions(values, base=1.0):
    values = np.asarray(values, dtype=np.float64)
    n, f = values.shape
    return Attributions(
        names=tuple("abcdef"[:f]),
        values=values,
        inputs=np.zeros((n, f)),
        outputs=base + values.sum(axis=1),
        lines=np.arange(n),
        base=base,
        unit="log-odds",
        explains="log-odds of class 1",
        method="by hand",
        background="nobody",
        background_rows=0,
        additivity=0.0,
    )


FOUR = _attributions([[1.0, 0.0], [3.0, 2.0], [0.0, 5.0], [0.0, 7.0]])
CODES = np.array([0, 0, 1, 1], dtype=np.int32)


def test_shares_are_differences_of_means_by_size():
    (gap,) = gap_table(FOUR, CODES, ["F", "M"], reference="F", attribute="sex")

    # Means: F (2, 1), M (0, 6); outputs 4 and 7.
    assert (gap.attribute, gap.group, gap.reference) == ("sex", "M", "F")
    assert [(f.feature, f.share) for f in gap.features] == [("b", 5.0), ("a", -2.0)]
    assert gap.gap == pytest.approx(3.0, abs=1e-12)
    assert gap.residual == pytest.approx(0.0, abs=1e-12)
    assert (gap.n, gap.n_reference) == (2, 2)


def test_the_residual_is_what_the_features_leave():
    off = _attributions([[1.0], [3.0]])
    off.outputs[1] += 0.25

    (gap,) = gap_table(off, np.array([0, 1]), ["F", "M"], reference="F", attribute="sex")

    assert gap.residual == pytest.approx(0.25, abs=1e-12)
    assert gap.gap == pytest.approx(gap.residual + gap.features[0].share, abs=1e-12)


def test_the_interval_is_welchs():
    values = np.random.default_rng(1).normal(size=(40, 1))
    codes = np.array([0] * 25 + [1] * 15)

    (gap,) = gap_table(_attributions(values), codes, ["F", "M"], reference="F", attribute="sex")

    expected = ttest_ind(values[25:, 0], values[:25, 0], equal_var=False).confidence_interval(0.95)
    (feature,) = gap.features
    assert feature.low == pytest.approx(expected.low, abs=1e-12)
    assert feature.high == pytest.approx(expected.high, abs=1e-12)


def test_weights_count_people():
    weights = np.array([3, 1, 2, 1])
    repeated = _attributions(np.repeat(FOUR.values, weights, axis=0))

    weighted = gap_table(FOUR, CODES, ["F", "M"], weights, reference="F", attribute="sex")

    plain = gap_table(
        repeated, np.repeat(CODES, weights), ["F", "M"], reference="F", attribute="sex"
    )
    for one, other in zip(weighted[0].features, plain[0].features, strict=True):
        assert one.feature == other.feature
        np.testing.assert_allclose(
            (one.share, one.low, one.high), (other.share, other.low, other.high), atol=1e-12
        )
    assert (weighted[0].n, weighted[0].n_reference) == (3, 4)


def test_one_person_has_a_share_without_an_interval():
    (gap,) = gap_table(FOUR, np.array([0, 0, 0, 1]), ["F", "M"], reference="F", attribute="sex")

    assert gap.features[0].share == pytest.approx(7 - 7 / 3)
    assert math.isnan(gap.features[0].low)
    assert math.isnan(gap.features[0].high)


def test_a_feature_that_never_moves_has_an_exact_zero():
    still = _attributions([[0.0], [0.0], [0.0], [0.0]])

    (gap,) = gap_table(still, CODES, ["F", "M"], reference="F", attribute="sex")

    (feature,) = gap.features
    assert (feature.share, feature.low, feature.high) == (0.0, 0.0, 0.0)


def test_unknown_rows_and_groups_without_rows_are_left_out():
    codes = np.array([0, 0, 2, -1])

    gaps = gap_table(FOUR, codes, ["F", "M", "X"], reference="F", attribute="sex")

    assert [(gap.group, gap.n) for gap in gaps] == [("X", 1)]


@pytest.mark.parametrize("reference", ["X", "nowhere"])
def test_a_reference_without_rows_gives_no_gaps(reference):
    levels = ["F", "M", "X"]

    assert gap_table(FOUR, CODES, levels, reference=reference, attribute="sex") == ()


def test_arrays_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="Got 4 rows, 3 codes and no weights"):
        gap_table(FOUR, CODES[:3], ["F", "M"], reference="F", attribute="sex")
    with pytest.raises(ValueError, match="4 codes and 2 weights"):
        gap_table(FOUR, CODES, ["F", "M"], np.ones(2), reference="F", attribute="sex")
