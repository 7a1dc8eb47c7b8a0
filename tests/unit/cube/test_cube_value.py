from __future__ import annotations

import numpy as np
import pytest

from auditor.cube import Axis, Cube
from auditor.cube.cube import encode, from_keys
from auditor.vocabulary import OUTCOMES

OUTCOME = Axis("*outcome", tuple(OUTCOMES))


def cube(axes: dict[str, str], cells: dict[tuple[str, ...], int]) -> Cube:
    """Cube of cells named by their levels, outcome last."""
    made = (*(Axis(name, tuple(levels.split())) for name, levels in axes.items()), OUTCOME)
    columns = [
        np.array([axis.levels.index(cell[i]) for cell in cells], dtype=np.int64)
        for i, axis in enumerate(made)
    ]
    key = encode(tuple(columns), made, len(cells))
    return from_keys(made, key, np.array(list(cells.values()), dtype=np.int64))


CROSSED = cube(
    {"sex": "F M unknown", "race": "B W unknown"},
    {
        ("F", "B", "favorable"): 3,
        ("F", "B", "unfavorable"): 7,
        ("F", "W", "withdrawn"): 5,
        ("M", "W", "favorable"): 6,
        ("M", "W", "open"): 2,
        ("M", "unknown", "unfavorable"): 4,
        ("unknown", "W", "favorable"): 1,
    },
)


def test_considered_and_favorable_people_by_group():
    table = CROSSED.table("sex")

    assert table.groups == ("F", "M")
    assert table.considered.tolist() == [10, 10]
    assert table.favorable.tolist() == [3, 6]
    assert (table.unknown_considered, table.unknown_favorable) == (1, 1)


def test_a_group_of_which_nobody_was_considered_is_kept_with_zero():
    table = CROSSED.table("sex*race")

    assert table.groups == ("F*B", "F*W", "M*W")
    assert table.considered.tolist() == [10, 0, 6]
    assert table.favorable.tolist() == [3, 0, 6]


def test_a_person_of_an_intersection_is_unknown_when_any_part_is():
    table = CROSSED.table("sex*race")

    assert (table.unknown_considered, table.unknown_favorable) == (5, 1)


def test_groups_are_sorted_as_texts_however_the_parts_are():
    # "A(x)*u" sorts before "A*u" as a text, and after it by its parts
    found = cube(
        {"a": "A A(x) unknown", "b": "u unknown"},
        {("A", "u", "favorable"): 1, ("A(x)", "u", "unfavorable"): 2},
    )

    table = found.table("a*b")

    assert table.groups == ("A(x)*u", "A*u")
    assert table.considered.tolist() == [2, 1]
    assert table.favorable.tolist() == [0, 1]


def test_the_order_of_the_parts_is_the_one_asked_for():
    assert CROSSED.table("race*sex").groups == ("B*F", "W*F", "W*M")


def test_a_cube_of_unknown_people_only_has_no_group():
    found = cube({"sex": "unknown"}, {("unknown", "favorable"): 3})

    table = found.table("sex")

    assert table.groups == ()
    assert (table.considered.size, table.unknown_favorable) == (0, 3)


def test_an_empty_cube_has_empty_tables():
    found = cube({"sex": "F M unknown"}, {})

    assert found.table("sex").groups == ()
    assert found.total == 0


def test_an_axis_that_does_not_exist_is_a_key_error():
    with pytest.raises(KeyError, match="race"):
        cube({"sex": "F"}, {("F", "favorable"): 1}).table("race")
    with pytest.raises(KeyError, match="age"):
        CROSSED.margin(["sex", "age"])


def test_a_margin_sums_over_what_is_not_named_and_keeps_the_order_asked_for():
    margin = CROSSED.margin(["race", "sex"])

    assert [axis.name for axis in margin.axes] == ["race", "sex"]
    # race is the slow axis: B F, W F, W M, W unknown, unknown M
    assert margin.count.tolist() == [10, 5, 8, 1, 4]
    assert margin.total == CROSSED.total
    assert CROSSED.margin([]).count.tolist() == [28]


def test_cubes_add_cell_by_cell_over_the_union_of_their_levels():
    one = cube({"sex": "F M unknown"}, {("M", "favorable"): 2, ("unknown", "open"): 1})
    two = cube({"sex": "M X unknown"}, {("M", "favorable"): 3, ("X", "open"): 4})

    both = one + two

    assert both.axes[0].levels == ("F", "M", "X", "unknown")
    assert both == cube(
        {"sex": "F M X unknown"},
        {
            ("M", "favorable"): 5,
            ("X", "open"): 4,
            ("unknown", "open"): 1,
        },
    )


def test_levels_without_an_unknown_line_get_none():
    both = cube({"sex": "F"}, {("F", "open"): 1}) + cube({"sex": "M"}, {("M", "open"): 1})

    assert both.axes[0].levels == ("F", "M")


def test_cubes_with_other_axes_do_not_add():
    with pytest.raises(ValueError, match="axes are the same"):
        _ = CROSSED + cube({"sex": "F"}, {("F", "open"): 1})


def test_cubes_are_equal_by_axes_keys_and_counts():
    base = cube({"sex": "F M"}, {("F", "open"): 1})

    assert base == cube({"sex": "F M"}, {("F", "open"): 1})
    assert base != cube({"sex": "F M"}, {("F", "open"): 2})
    assert base != cube({"sex": "F M"}, {("M", "open"): 1})
    assert base != cube({"sex": "F X"}, {("F", "open"): 1})
    assert base != "a cube"


def test_cubes_are_no_keys_of_a_mapping():
    with pytest.raises(TypeError, match="unhashable"):
        hash(CROSSED)


def test_equal_keys_are_summed_and_empty_cells_dropped():
    key, count = np.array([4, 1, 4, 2]), np.array([2, 3, 5, 0])

    made = from_keys((Axis("a", tuple("abcde")),), key, count)

    assert (made.key.tolist(), made.count.tolist()) == ([1, 4], [3, 7])


def test_single_people_are_summed_like_any_others():
    key = np.array([4, 1, 4, 4])

    made = from_keys((Axis("a", tuple("abcde")),), key, np.ones(4, dtype=np.int64))

    assert (made.key.tolist(), made.count.tolist()) == ([1, 4], [1, 3])
    assert made.count.dtype == np.int64
