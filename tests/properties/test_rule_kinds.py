"""Laws of single rule kinds: asking for less never flags or fails more."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.explain import Attributions, strongest
from auditor.findings import Flag
from auditor.inference.change import ratio_change
from auditor.inference.neighbours import nearest_lines
from auditor.rules.bind import bind
from auditor.rules.kinds.out_of_range import OutOfRange
from auditor.run.example_cases import prepare
from tests.house.source import ROOT

POLICY = ROOT / "fixtures" / "policies" / "reviews.yaml"
VALUES = st.floats(-1e6, 1e6) | st.just(float("nan"))
ENDS = st.tuples(st.integers(-50, 50), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9))


def _lines(values, low, high) -> set[int]:
    (bound,) = bind([POLICY])
    rule = next(rule for rule in bound.rules if isinstance(rule, OutOfRange))
    ranges = {"x": [Fraction(low), Fraction(high)]}
    rule = OutOfRange(rule.entry, rule.policy, rule.Options(ranges=ranges))
    evidence = prepare(bound)[0].evidence
    decisions = replace(
        evidence.decisions,
        rows=np.ones(len(values), dtype=np.int64),
        outcome=np.zeros(len(values), dtype=np.int32),
        features={"x": np.array(values)},
    )
    said = rule.check(replace(evidence, decisions=decisions))
    return {flag.line for flag in said if isinstance(flag, Flag)}


@given(st.lists(VALUES, min_size=1, max_size=20), ENDS)
def test_a_wider_range_never_flags_more(values, ends):
    low, width, less, more = ends
    narrow, wide = (low, low + width), (low - less, low + width + more)

    assert _lines(values, *wide) <= _lines(values, *narrow)


@given(st.data(), st.integers(1, 4), st.integers(2, 30))
def test_a_line_is_never_its_own_neighbour_and_none_is_named_twice(data, width, n):
    rows = st.lists(st.integers(0, 3), min_size=width, max_size=width)
    matrix = np.array(data.draw(st.lists(rows, min_size=n, max_size=n)), dtype=np.float64)
    k = data.draw(st.integers(1, n - 1))

    near = nearest_lines(matrix, k)

    for line, others in enumerate(near.tolist()):
        assert line not in others
        assert len(set(others)) == k


@given(st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=1, max_size=9))
def test_more_reasons_hold_all_that_fewer_hold(rows):
    values = np.array(rows, dtype=np.float64)
    made = Attributions(
        names=("a", "b", "c", "d"), values=values, inputs=values, outputs=values.sum(axis=1),
        lines=np.arange(len(rows)), base=0.0, unit="score", explains="", method="",
        background="", background_rows=0, additivity=0.0,
    )  # fmt: skip
    signs = np.ones(len(rows), dtype=np.int64)
    found = [strongest(made, signs, k=k) for k in range(1, 5)]

    assert all(not (few & ~many).any() for few, many in pairwise(found))
    assert (found[-1] == (values > 0)).all()


CELLS = st.tuples(*[st.integers(1, 60)] * 4).map(lambda c: (c[0], 60, c[1], 60))


@given(CELLS, CELLS)
def test_a_change_turned_around_is_its_inverse(now, before):
    there, back = ratio_change(now, before), ratio_change(before, now)

    # the logs of counts up to 60: ten figures
    assert abs(there.change * back.change - 1) < 1e-10
    assert abs(there.p_value - back.p_value) < 1e-10
