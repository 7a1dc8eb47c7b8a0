"""The change of an impact ratio by review, against counting every way it could have happened."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from math import comb

import pytest
from scipy.stats import fisher_exact

from auditor.inference.override_effect import Reviewed, override_effect
from auditor.inference.significance import doubled_mid_p


def _group(
    favorable: int, unfavorable: int, raised: int, lowered: int, unread: int = 0
) -> Reviewed:
    return Reviewed(
        favorable=favorable,
        unfavorable=unfavorable,
        raised=raised,
        lowered=lowered,
        unread_favorable=unread,
        unread_unfavorable=unread,
    )


CASES = [
    (_group(4, 6, 0, 3), _group(6, 4, 2, 0)),
    (_group(5, 7, 3, 1), _group(8, 3, 0, 2)),
    (_group(0, 9, 2, 0), _group(9, 1, 1, 4)),
    (_group(3, 3, 1, 1), _group(3, 3, 1, 1)),
    # all that was read had the same outcome of the model, in both groups or in one
    (_group(0, 9, 5, 0, 20), _group(0, 8, 1, 0, 20)),
    (_group(7, 0, 0, 6, 20), _group(9, 0, 0, 1, 20)),
    (_group(0, 9, 5, 0, 20), _group(7, 0, 0, 2, 20)),
    (_group(0, 9, 5, 0, 20), _group(4, 8, 1, 2, 20)),
]


def _counted(group: Reviewed, reference: Reviewed) -> Fraction:
    """Doubled mid-p over every choice of the changed decisions, all as likely as one another."""
    raised, lowered = group.raised + reference.raised, group.lowered + reference.lowered
    seen = _ratio(group.before + group.raised - group.lowered, group, reference, raised - lowered)
    below = same = above = 0
    for up, down in itertools.product(range(raised + 1), range(lowered + 1)):
        ways = comb(group.unfavorable, up) * comb(reference.unfavorable, raised - up)
        ways *= comb(group.favorable, down) * comb(reference.favorable, lowered - down)
        if not ways:
            continue
        ratio = _ratio(group.before + up - down, group, reference, raised - lowered)
        below += ways * (ratio < seen)
        same += ways * (ratio == seen)
        above += ways * (ratio > seen)
    tail = min(below, above) + Fraction(same, 2)
    return min(Fraction(1), 2 * tail / (below + same + above))


def _ratio(after: int, group: Reviewed, reference: Reviewed, net: int) -> float:
    other = group.before + reference.before + net - after
    return math.inf if other == 0 else Fraction(after * reference.people, group.people * other)


@pytest.mark.parametrize(("group", "reference"), CASES)
def test_equals_the_count_of_every_way_the_changes_could_have_fallen(group, reference) -> None:
    found = override_effect(group, reference)

    assert found.p_value == pytest.approx(float(_counted(group, reference)), rel=1e-12)


def test_with_changes_in_one_direction_it_is_fishers_test_with_mid_p() -> None:
    """Raising only: a two by two table of raised and not raised among the unfavorable ones."""
    found = override_effect(_group(100, 80, 3, 0), _group(120, 90, 17, 0))
    table = [[3, 77], [17, 73]]

    assert found.p_value == pytest.approx(doubled_mid_p(3, 80, 17, 90), rel=1e-10)
    assert found.p_value < fisher_exact(table).pvalue + 0.01
    assert found.p_value > fisher_exact(table).pvalue / 3


def test_large_reviews_are_quick_and_agree_with_the_normal_form() -> None:
    group = _group(500_000, 500_000, 50_500, 50_000)
    found = override_effect(group, _group(500_000, 500_000, 50_000, 50_000))
    # variance of each hypergeometric: K (1/2)(1/2) (N-K)/(N-1), N = 1e6 decisions of its direction
    variance = sum(k * 0.25 * (1_000_000 - k) / 999_999 for k in (100_500, 100_000))
    z = (500 - 250) / math.sqrt(variance)

    assert found.p_value == pytest.approx(math.erfc(z / math.sqrt(2)), rel=0.01)


@pytest.mark.parametrize(
    ("group", "reference", "why"),
    [
        ((0, 0, 0, 0), (5, 5, 1, 0), "nobody in it"),
        ((5, 5, 0, 0), (5, 5, 0, 0), "no decision was changed"),
        ((5, 5, 1, 0), (2, 5, 0, 2), "nobody of the reference"),
    ],
)
def test_without_a_ratio_or_a_change_there_is_no_evidence(group, reference, why) -> None:
    found = override_effect(_group(*group), _group(*reference))

    assert math.isnan(found.p_value)
    assert why in str(found.undefined)


def test_the_smallest_evidence_is_a_number_and_not_nothing() -> None:
    """60 of 60 lowered and none raised, against none of 60 lowered: one table of C(120, 60)."""
    found = override_effect(_group(60, 9, 0, 60, 20), _group(60, 9, 0, 0, 20))
    large = override_effect(_group(9000, 9, 0, 9000, 20), _group(9000, 9, 0, 0, 20))

    assert found.p_value == pytest.approx(1 / comb(120, 60), rel=1e-11)
    assert 0 < large.p_value < 1e-300


def test_more_changes_than_decisions_are_refused() -> None:
    with pytest.raises(ValueError, match="More decisions were changed"):
        _group(1, 1, 2, 0)
