"""Laws of the cube and of score profiles: what may change on the way and what may not."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.cube import Cube, ScoreProfile, build, build_cube, build_profiles, profiles
from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.metrics.compare import compare
from auditor.vocabulary import CONSIDERED, OUTCOMES

ATTRIBUTES = ("sex", "race")
EVERY = (*ATTRIBUTES, "sex*race", "race*sex")


class Row(NamedTuple):
    sex: str | None
    race: str | None
    outcome: int
    label: int
    score: float
    people: int = 1


def decisions(rows: list[Row]) -> Decisions:
    """Table of rows; the levels of a group are those that occur in these rows."""

    def coded(name: str) -> Coded:
        texts = [getattr(row, name) for row in rows]
        levels = sorted({text for text in texts if text is not None})
        codes = [-1 if text is None else levels.index(text) for text in texts]
        return Coded(levels=tuple(levels), codes=np.array(codes, dtype=np.int32))

    return Decisions(
        rows=np.ones(len(rows), dtype=np.int64),
        people=np.array([row.people for row in rows], dtype=np.int64),
        outcome=np.array([row.outcome for row in rows], dtype=np.int32),
        groups={name: coded(name) for name in ATTRIBUTES},
        label=np.array([row.label for row in rows], dtype=np.int32),
        score=np.array([row.score for row in rows], dtype=np.float64),
        account=RowAccount(read=len(rows), used=len(rows)),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=()),
    )


unhurried = settings(deadline=None, max_examples=60)
scores = st.one_of(
    st.just(float("nan")),
    st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    st.floats(-1e300, 1e300, allow_subnormal=False),
)
people = st.integers(1, 5)
row = st.builds(
    Row,
    sex=st.sampled_from([None, "F", "M"]),
    race=st.sampled_from([None, "A", "B", "C (x)", "D"]),
    outcome=st.integers(0, len(OUTCOMES) - 1),
    label=st.integers(-1, 1),
    score=scores,
    people=people,
)
rows = st.lists(row, max_size=30)


def same(one: ScoreProfile, other: ScoreProfile) -> bool:
    return (
        one.groups == other.groups
        and np.array_equal(one.scores, other.scores)
        and np.array_equal(one.counts, other.counts)
        and np.array_equal(one.missing, other.missing)
    )


@unhurried
@given(rows, rows, rows)
def test_cubes_of_parts_add_up_to_the_cube_of_the_whole(a, b, c):
    one, two, three = (build_cube(decisions(part)) for part in (a, b, c))

    assert one + two == build_cube(decisions(a + b))
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)


@unhurried
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(made, random):
    shuffled = random.sample(made, len(made))
    here, there = decisions(made), decisions(shuffled)

    assert build_cube(here) == build_cube(there)
    for attribute, profile in build_profiles(here, EVERY).items():
        assert same(profile, build_profiles(there, EVERY)[attribute])


@unhurried
@given(rows)
def test_the_order_of_the_attributes_does_not_matter(made):
    here = decisions(made)
    turned = replace(here, groups=dict(reversed(here.groups.items())))

    for attribute in EVERY:
        one, other = build_cube(here).table(attribute), build_cube(turned).table(attribute)

        assert one.groups == other.groups
        assert one.considered.tolist() == other.considered.tolist()
        assert one.favorable.tolist() == other.favorable.tolist()
        assert one.unknown_considered == other.unknown_considered


@unhurried
@given(rows)
def test_a_line_of_several_people_is_as_many_rows(made):
    repeated = [line._replace(people=1) for line in made for _ in range(line.people)]
    here, there = decisions(made), decisions(repeated)

    assert build_cube(here) == build_cube(there)
    for attribute, profile in build_profiles(here, EVERY).items():
        assert same(profile, build_profiles(there, EVERY)[attribute])


@unhurried
@given(rows, st.integers(1, 7))
def test_counting_densely_and_by_sorting_give_the_same_cube(made, chunk):
    here = decisions(made)
    dense = build_cube(here)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "DENSE_CELLS", 0)
        patch.setattr(build, "SPARSE_CHUNK", chunk)

        assert build_cube(here) == dense


@unhurried
@given(rows)
def test_every_person_is_in_one_cell_and_every_margin_has_them_all(made):
    cube = build_cube(decisions(made))
    everybody = sum(line.people for line in made)
    names = [axis.name for axis in cube.axes]

    assert cube.total == everybody
    assert (cube.count > 0).all()
    assert (np.diff(cube.key) > 0).all()
    for name in names:
        assert cube.margin([name]).total == everybody
    assert cube.margin(names) == cube
    assert cube.margin(names[:2]).margin(names[:1]) == cube.margin(names[:1])


@unhurried
@given(rows)
def test_every_considered_person_is_in_one_group_or_unknown(made):
    cube = build_cube(decisions(made))
    counted = [line for line in made if OUTCOMES[line.outcome] in CONSIDERED]
    considered = sum(line.people for line in counted)
    favorable = sum(line.people for line in counted if OUTCOMES[line.outcome] == "favorable")

    for attribute in EVERY:
        table = cube.table(attribute)

        assert table.considered.sum() + table.unknown_considered == considered
        assert table.favorable.sum() + table.unknown_favorable == favorable
        assert (table.favorable <= table.considered).all()
        assert list(table.groups) == sorted(set(table.groups))


@unhurried
@given(rows)
def test_tables_agree_with_counting_by_hand(made):
    table = build_cube(decisions(made)).table("sex*race")
    by_hand: dict[str, list[int]] = {}
    for line in made:
        if line.sex is None or line.race is None:
            continue
        cell = by_hand.setdefault(f"{line.sex}*{line.race}", [0, 0])
        cell[0] += line.people if line.outcome <= 1 else 0
        cell[1] += line.people if line.outcome == 0 else 0

    assert dict(zip(table.groups, table.considered.tolist(), strict=True)) == {
        group: n for group, (n, _) in by_hand.items()
    }
    assert dict(zip(table.groups, table.favorable.tolist(), strict=True)) == {
        group: x for group, (_, x) in by_hand.items()
    }


@unhurried
@given(rows, rows)
def test_score_profiles_of_parts_add_up_to_that_of_the_whole(a, b):
    parts = [build_profiles(decisions(part), EVERY) for part in (a, b)]
    whole = build_profiles(decisions(a + b), EVERY)

    for attribute in EVERY:
        assert same(parts[0][attribute] + parts[1][attribute], whole[attribute])


@unhurried
@given(rows, st.booleans())
def test_the_median_is_that_of_the_people_one_by_one(made, known_only):
    profile = build_profiles(decisions(made), ["sex"])["sex"]
    expanded = [
        line.score
        for line in made
        for _ in range(line.people)
        if line.outcome <= 1 and not np.isnan(line.score)
        if not (known_only and line.sex is None)
    ]
    median = profile.median(known_only=known_only)

    if not expanded:
        assert np.isnan(median)
    else:
        halves = np.array(expanded) / 2  # numpy's own mean of two middle scores can overflow
        np.testing.assert_allclose(median / 2, np.median(halves), rtol=1e-15)
        below, above = np.array(expanded) < median, np.array(expanded) > median
        assert max(below.sum(), above.sum()) <= len(expanded) / 2


@unhurried
@given(rows)
def test_people_beyond_a_score_are_those_who_score_more(made):
    here = decisions(made)
    profile = build_profiles(here, ["sex"])["sex"]
    median = profile.median(known_only=False)

    for group, beyond in zip(profile.groups, profile.beyond(median).tolist(), strict=True):
        sex = None if group == "unknown" else group
        mine = [line for line in made if line.sex == sex and line.outcome <= 1]

        assert beyond == sum(line.people for line in mine if line.score > median)


@unhurried
@given(rows, st.integers(1, 3), st.sampled_from(["high", "low"]))
def test_sharing_columns_changes_no_median_and_nobody_beyond_it(made, bins, better):
    here = decisions(made)
    here = replace(here, export=replace(here.export, better=better))
    exact = build_profiles(here, EVERY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "MOST_SCORES", 0)
        patch.setattr(profiles, "BINS", bins)
        binned = build_profiles(here, EVERY)

    for attribute in EVERY:
        one, other = exact[attribute], binned[attribute]
        assert other.binned is bool(len(one.scores))
        assert one.groups == other.groups
        assert one.scored().tolist() == other.scored().tolist()
        assert one.missing.tolist() == other.missing.tolist()
        for known_only in (False, True):
            median = one.median(known_only=known_only)
            np.testing.assert_equal(other.median(known_only=known_only), median)
            assert one.beyond(median).tolist() == other.beyond(median).tolist()


@unhurried
@given(rows, st.integers(2, 50))
def test_the_same_people_k_times_have_the_same_rates_and_more_certainty(made, k):
    cube = build_cube(decisions(made))
    many = Cube(axes=cube.axes, key=cube.key, count=cube.count * k)
    here = {r.group: r for r in compare(cube.table("race"), "scoring-rate")}
    there = {r.group: r for r in compare(many.table("race"), "scoring-rate")}

    assert here.keys() == there.keys()
    for group, one in here.items():
        other = there[group]
        assert one.reference == other.reference
        assert one.below_four_fifths is other.below_four_fifths
        np.testing.assert_equal(other.ratio, one.ratio)
        np.testing.assert_equal(other.difference, one.difference)
        np.testing.assert_allclose(other.z, one.z * k**0.5, rtol=1e-12)
        np.testing.assert_allclose(other.shortfall, one.shortfall * k, rtol=1e-12)
        # a NaN compares false: where an interval does not exist nothing is asked of it
        assert not other.difference_high - other.difference_low > (
            one.difference_high - one.difference_low + 1e-12
        )
