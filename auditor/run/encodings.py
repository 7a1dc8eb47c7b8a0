"""Features of a model that are a protected attribute under another name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np

from auditor.vocabulary import INTERSECTION

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.explain import Features
    from auditor.vocabulary import BoolArray, CodeArray, FloatArray

ENOUGH = 8
"""So many people must bear out that a feature follows from a group before it is believed."""


def encoding_features(
    features: Features, decisions: Decisions, protected: Collection[str]
) -> frozenset[str]:
    """Find the features that are a protected attribute or are computed from protected ones.

    A feature is one when it has the name of an attribute or of its column, or when it takes one
    value in each group and not the same in all: an indicator of women, a code of the race, an
    indicator of the women of one race.

    Parameters
    ----------
    features : Features, one row a line of ``decisions``
    decisions : Decisions
    protected : names of attributes and of their columns
    """
    names = {name.strip().casefold() for name in protected}
    found = {name for name in features.names if name.strip().casefold() in names}
    for codes in _groupings(decisions):
        told = _follow(features.matrix, codes)
        found |= {name for name, tells in zip(features.names, told, strict=True) if tells}
    return frozenset(found)


def _groupings(decisions: Decisions) -> Iterator[CodeArray]:
    attributes = list(decisions.groups)
    for attribute in attributes:
        yield decisions.group(attribute).codes
    if len(attributes) > 1:
        yield decisions.group(INTERSECTION.join(attributes)).codes


def _follow(matrix: FloatArray, codes: CodeArray) -> BoolArray:
    """Which columns are constant in every group with two rows or more, and not in all of them."""
    order = np.argsort(codes, kind="stable")
    order = order[np.searchsorted(codes[order], 0) :]
    _, starts, sizes = np.unique(codes[order], return_index=True, return_counts=True)
    shared = sizes > 1
    if int((sizes[shared] - 1).sum()) < ENOUGH:
        return np.zeros(matrix.shape[1], dtype=np.bool_)
    rows = matrix[order]
    missing = np.add.reduceat(np.isnan(rows), starts, axis=0, dtype=np.int64)[shared]
    low = np.fmin.reduceat(rows, starts, axis=0)[shared]
    high = np.fmax.reduceat(rows, starts, axis=0)[shared]
    absent = missing == sizes[shared][:, None]
    constant = np.where(missing == 0, low == high, absent).all(axis=0)
    differs = (low != low[0]) & ~(absent & absent[0])
    told: BoolArray = constant & differs.any(axis=0)
    return told
