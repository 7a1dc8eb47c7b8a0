from __future__ import annotations

import numpy as np
import pytest

from auditor.cube import Axis, build_cube
from auditor.cube import build as module
from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.errors import DecisionError
from auditor.vocabulary import OUTCOMES


def decisions(
    outcome: list[str] | None,
    groups: dict[str, tuple[str, list[int]]],
    *,
    people: list[int] | None = None,
    label: list[int] | None = None,
) -> Decisions:
    size = len(next(iter(groups.values()))[1])
    return Decisions(
        rows=np.ones(size, dtype=np.int64),
        people=np.array(people or [1] * size, dtype=np.int64),
        outcome=None
        if outcome is None
        else np.array([OUTCOMES.index(o) for o in outcome], dtype=np.int32),
        groups={
            name: Coded(levels=tuple(levels.split()), codes=np.array(codes, dtype=np.int32))
            for name, (levels, codes) in groups.items()
        },
        label=None if label is None else np.array(label, dtype=np.int32),
        account=RowAccount(read=size, used=size),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=()),
    )


FOUR = decisions(
    ["favorable", "unfavorable", "withdrawn", "favorable"],
    {"sex": ("F M", [0, 0, 1, -1])},
)


def test_every_line_is_in_exactly_one_cell():
    cube = build_cube(FOUR)

    assert cube.axes == (Axis("sex", ("F", "M", "unknown")), Axis("*outcome", tuple(OUTCOMES)))
    # 5 outcomes a group: F favorable, F unfavorable, M withdrawn, unknown favorable
    assert cube.key.tolist() == [0, 1, 7, 10]
    assert cube.count.tolist() == [1, 1, 1, 1]
    assert cube.total == 4


def test_people_are_counted_where_lines_stand_for_several():
    cube = build_cube(
        decisions(["favorable"] * 3, {"sex": ("F M", [0, 1, 0])}, people=[3, 10**15, 4])
    )

    # above 2**53 a float would lose people
    assert cube.count.tolist() == [7, 10**15]
    assert cube.key.dtype == cube.count.dtype == np.int64


def test_lines_that_stand_for_nobody_leave_no_cell():
    cube = build_cube(decisions(["favorable"] * 2, {"sex": ("F M", [0, 1])}, people=[0, 2]))

    assert (cube.key.tolist(), cube.count.tolist()) == ([5], [2])


def test_counts_above_the_precision_of_floats_stay_exact():
    big = 2**53
    cube = build_cube(decisions(["favorable"] * 3, {"sex": ("F", [0, 0, 0])}, people=[big, 1, 1]))

    assert cube.total == big + 2


def test_a_label_is_an_axis_of_its_own():
    cube = build_cube(decisions(["favorable"] * 3, {"sex": ("F", [0, 0, 0])}, label=[-1, 0, 1]))

    assert cube.axes[-1] == Axis("*label", ("missing", "negative", "positive"))
    assert cube.key.tolist() == [0, 1, 2]


def test_attributes_called_outcome_and_label_keep_their_own_axes():
    found = decisions(
        ["favorable", "unfavorable"],
        {"outcome": ("x y", [0, 1]), "label": ("u v", [1, 0])},
        label=[1, 0],
    )

    table = build_cube(found).table("outcome")

    assert (table.groups, table.favorable.tolist()) == (("x", "y"), [1, 0])


def test_a_table_of_scores_only_has_no_cube():
    with pytest.raises(ValueError, match="without outcomes has no cube"):
        build_cube(decisions(None, {"sex": ("F", [0])}))


def test_sorting_and_counting_densely_give_the_same_cube(monkeypatch):
    rng = np.random.default_rng(1)
    size = 10_000
    found = decisions(
        [OUTCOMES[i] for i in rng.integers(0, 5, size)],
        {
            "a": ("p q r", rng.integers(-1, 3, size).tolist()),
            "b": ("s t", rng.integers(-1, 2, size).tolist()),
        },
        people=rng.integers(0, 4, size).tolist(),
        label=rng.integers(-1, 2, size).tolist(),
    )
    dense = build_cube(found)
    monkeypatch.setattr(module, "DENSE_CELLS", 0)
    monkeypatch.setattr(module, "SPARSE_CHUNK", 1_000)

    sparse = build_cube(found)

    assert dense == sparse
    assert dense.total == found.people.sum()


def test_chunks_do_not_show(monkeypatch):
    whole = build_cube(FOUR)
    monkeypatch.setattr(module, "DENSE_CHUNK", 1)

    assert build_cube(FOUR) == whole


def test_no_lines_make_an_empty_cube(monkeypatch):
    empty = decisions([], {"sex": ("F M", [])})
    dense = build_cube(empty)
    monkeypatch.setattr(module, "DENSE_CELLS", 0)

    assert dense.total == 0
    assert build_cube(empty) == dense


def test_combinations_that_63_bits_cannot_number_are_refused_with_their_sizes():
    wide = " ".join(f"v{i:04d}" for i in range(2_000))
    groups = {name: (wide, [0]) for name in "abcdef"}

    with pytest.raises(DecisionError, match=r"too many to number \(a 2,001, b 2,001") as caught:
        build_cube(decisions(["favorable"], groups))
    assert caught.value.problems[0].slug == "too-many-combinations"
