from __future__ import annotations

import time

import numpy as np
import pytest

from auditor.inference.neighbours import nearest_lines


def brute(matrix: np.ndarray, k: int) -> list[list[int]]:
    """All distances of all pairs, then by distance and line: the oracle."""
    spread = matrix.std(axis=0)
    scaled = matrix / np.where(spread > 0, spread, np.inf)
    found = []
    for i, row in enumerate(scaled):
        far = np.sqrt(((scaled - row) ** 2).sum(axis=1)).round(7)
        order = sorted((d, j) for j, d in enumerate(far) if j != i)
        found.append([j for _, j in order[:k]])
    return found


@pytest.mark.parametrize("seed", range(12))
def test_neighbours_are_those_of_all_pairs(seed):
    rng = np.random.default_rng(seed)
    n, width, k = int(rng.integers(12, 120)), int(rng.integers(1, 4)), int(rng.integers(1, 11))
    # few whole values: many equal distances and many exact duplicates
    matrix = rng.integers(0, int(rng.choice([2, 4, 50])), size=(n, width)).astype(float)

    assert nearest_lines(matrix, k).tolist() == brute(matrix, k)


def test_numbers_with_many_figures_too():
    matrix = np.random.default_rng(3).normal(size=(300, 3))

    assert nearest_lines(matrix, 10).tolist() == brute(matrix, 10)


def test_without_any_spread_the_order_of_the_lines_decides():
    assert nearest_lines(np.ones((4, 2)), 2).tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]


def test_a_unit_of_measurement_changes_nothing():
    matrix = np.random.default_rng(4).normal(size=(200, 2))

    assert (nearest_lines(matrix, 5) == nearest_lines(matrix * [1.0, 1024.0], 5)).all()


def test_so_many_neighbours_must_exist():
    with pytest.raises(ValueError, match="less than the number of lines"):
        nearest_lines(np.ones((3, 1)), 3)


@pytest.mark.parametrize("whole", [False, True])
def test_fifty_thousand_lines_take_seconds(whole):
    matrix = np.random.default_rng(5).normal(size=(50_000, 3))
    matrix = np.round(matrix * 3) if whole else matrix
    start = time.perf_counter()

    found = nearest_lines(matrix, 10)

    assert found.shape == (50_000, 10)
    # about three on an idle core; the limit is far off because other work may run beside
    assert time.perf_counter() - start < 60
