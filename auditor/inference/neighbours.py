from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray, IntArray

_SAME = 1e-9
"""Distances this close, relatively, are equal: standardising rounds."""

_AT_ONCE = 2_048


def nearest_lines(matrix: FloatArray, k: int) -> IntArray:
    """Find the nearest other lines of every line, deterministically.

    Columns are divided by their standard deviation, one without spread is passed over; the distance
    is Euclidean. Equal distances are taken in the order of the lines, exact duplicates included.

    Parameters
    ----------
    matrix : float64 array, shape (n, f)
        Finite values.
    k : int
        At least 1 and less than n.

    Returns
    -------
    int64 array, shape (n, k)
        Nearest first.

    Raises
    ------
    ValueError
        When there are not more lines than neighbours.

    Examples
    --------
    >>> nearest_lines(np.array([[0.0], [1.0], [2.0], [9.0]]), 2).tolist()
    [[1, 2], [0, 2], [1, 0], [2, 1]]
    """
    from sklearn.neighbors import KDTree

    n, need = len(matrix), k + 1
    if not 1 <= k < n:
        raise ValueError(f"k must be at least 1 and less than the number of lines. Got {k} of {n}.")
    points, of_line, counts = np.unique(
        _standardised(matrix), axis=0, return_inverse=True, return_counts=True
    )
    of_line = of_line.ravel()
    members, starts = np.argsort(of_line, kind="stable"), np.cumsum(counts) - counts
    tree = KDTree(points)
    near = np.empty((len(points), need), dtype=np.int64)
    for start in range(0, len(points), _AT_ONCE):
        chunk = points[start : start + _AT_ONCE]
        dist, at = tree.query(chunk, k=min(need, len(points)))
        enough = np.argmax(np.cumsum(counts[at], axis=1) >= need, axis=1)
        radius = np.take_along_axis(dist, enough[:, None], axis=1)[:, 0] * (1 + _SAME)
        found, far = tree.query_radius(chunk, r=radius, return_distance=True)
        sizes = np.array([len(one) for one in found])
        owner = np.repeat(np.arange(len(chunk)), sizes)
        near[start : start + len(chunk)] = _first_lines(
            owner, np.concatenate(found), np.concatenate(far), need, members, starts, counts
        )
    return _without_itself(near[of_line])


def _standardised(matrix: FloatArray) -> FloatArray:
    spread = matrix.std(axis=0)
    some = (spread > 0) & (matrix.max(axis=0) > matrix.min(axis=0))
    scaled: FloatArray = matrix[:, some] / spread[some]
    # without any spread all lines are one point
    return scaled if some.any() else np.zeros((len(matrix), 1))


def _first_lines(
    owner: IntArray,
    point: IntArray,
    far: FloatArray,
    need: int,
    members: IntArray,
    starts: IntArray,
    counts: IntArray,
) -> IntArray:
    """First lines of each owner by distance, then by line; no point has to give more than those."""
    order = np.lexsort((far, owner))
    owner, point, far = owner[order], point[order], far[order]
    new = np.ones(len(owner), dtype=np.bool_)
    new[1:] = (owner[1:] != owner[:-1]) | (far[1:] - far[:-1] > _SAME * far[1:])
    ring = np.cumsum(new)
    gives = np.minimum(counts[point], need)
    offset = np.arange(int(gives.sum())) - np.repeat(np.cumsum(gives) - gives, gives)
    lines = members[np.repeat(starts[point], gives) + offset]
    owner, ring = np.repeat(owner, gives), np.repeat(ring, gives)
    order = np.lexsort((lines, ring))
    owner, lines = owner[order], lines[order]
    first = np.searchsorted(owner, np.arange(owner[-1] + 1))
    chosen: IntArray = lines[first[:, None] + np.arange(need)]
    return chosen


def _without_itself(near: IntArray) -> IntArray:
    """Drop every line from its own neighbours, or the last where duplicates crowded it out."""
    own = near == np.arange(len(near))[:, None]
    own[~own.any(axis=1), -1] = True
    others: IntArray = near[~own].reshape(len(near), -1)
    return others
