from __future__ import annotations

import numpy as np
import pytest

from auditor.rules.sampling import simple_random_sample


@pytest.mark.parametrize("size", [0, 1, 7, 10])
def test_the_sample_has_the_size_asked_for_and_keeps_the_order(size):
    lines = np.arange(100, 110)

    drawn = simple_random_sample(lines, size, 3, "a")

    assert len(drawn) == size
    assert drawn.tolist() == sorted(set(drawn.tolist()) & set(lines.tolist()))


def test_nobody_to_draw_from():
    assert simple_random_sample(np.arange(0), 0, 3, "a").tolist() == []


def test_names_are_not_run_together():
    lines = np.arange(1000)

    assert (
        simple_random_sample(lines, 20, 0, "ab", "c").tolist()
        != simple_random_sample(lines, 20, 0, "a", "bc").tolist()
    )
