from __future__ import annotations

import numpy as np
import pytest

from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount


def decisions(**groups: Coded) -> Decisions:
    size = len(next(iter(groups.values())).codes)
    ones = np.ones(size, dtype=np.int64)
    return Decisions(
        rows=ones,
        people=ones,
        outcome=None,
        groups=groups,
        account=RowAccount(read=size, used=size),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=()),
    )


def coded(levels: str, codes: list[int]) -> Coded:
    return Coded(levels=tuple(levels.split()), codes=np.array(codes, dtype=np.int32))


def test_a_single_attribute_is_the_column_itself():
    sex = coded("F M", [0, 1, -1])

    assert decisions(sex=sex).group("sex") is sex


def test_an_intersection_is_unknown_when_any_part_is():
    found = decisions(sex=coded("F M", [0, 1, -1, 0, 1]), race=coded("B W", [1, 0, 0, -1, 1]))

    crossed = found.group("sex*race")

    assert crossed.levels == ("F*W", "M*B", "M*W")
    assert crossed.codes.tolist() == [0, 1, -1, -1, 2]
    assert crossed.codes.dtype == np.int32


def test_three_attributes_cross():
    found = decisions(
        a=coded("x y", [0, 1, 1]), b=coded("p q", [0, 0, 1]), c=coded("u", [0, 0, -1])
    )

    crossed = found.group("a*b*c")

    assert crossed.levels == ("x*p*u", "y*p*u")
    assert crossed.codes.tolist() == [0, 1, -1]


def test_an_intersection_with_an_attribute_that_nobody_states_is_all_unknown():
    found = decisions(sex=coded("F M", [0, 1]), race=coded("", [-1, -1]))

    crossed = found.group("sex*race")

    assert (crossed.levels, crossed.codes.tolist()) == ((), [-1, -1])


def test_an_intersection_of_wide_attributes_holds_only_pairs_that_occur():
    # all pairs would be 2.5e9: more than 32 bits number, and no memory holds their names
    names = tuple(f"v{i:05d}" for i in range(50_000))
    codes = np.array([49_999, 0, 25_000], dtype=np.int32)
    wide = Coded(levels=names, codes=codes)

    crossed = decisions(a=wide, b=wide).group("a*b")

    assert crossed.levels == ("v00000*v00000", "v25000*v25000", "v49999*v49999")
    assert crossed.codes.tolist() == [2, 0, 1]


def test_crossing_leaves_the_columns_as_they_are():
    sex, race = coded("F M", [0, -1]), coded("B W", [-1, 1])

    decisions(sex=sex, race=race).group("sex*race")

    assert (sex.codes.tolist(), race.codes.tolist()) == ([0, -1], [-1, 1])


def test_some_lines_keep_the_levels():
    part = coded("F M", [0, 1, -1]).of_lines(np.array([True, False, True]))

    assert (part.levels, part.codes.tolist()) == (("F", "M"), [0, -1])


@pytest.mark.parametrize(
    ("name", "levels"),
    [("sex", "F unknown"), ("sex", "F*M"), ("sex*race", "F M")],
)
def test_names_that_could_be_misread_are_refused(name, levels):
    with pytest.raises(ValueError, match="must not hold"):
        decisions(**{name: coded(levels, [0, 0])})


def test_an_attribute_that_does_not_exist_is_a_key_error():
    with pytest.raises(KeyError, match="race"):
        decisions(sex=coded("F", [0])).group("sex*race")
