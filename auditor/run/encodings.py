"""Features of a model that are a protected attribute under another name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditor.vocabulary import INTERSECTION

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.ingest import Profile
    from auditor.vocabulary import BoolArray, CodeArray, FloatArray

ENOUGH = 8
"""So many people must bear out that a feature follows from a group before it is believed."""


def protected_features(
    decisions: Decisions, protected: Collection[str], known_as: Mapping[str, str]
) -> frozenset[str]:
    """Find the features that are a protected attribute or are computed from protected ones.

    A feature is one when it has the name of an attribute or of its column, or when it takes one
    value in each group and not the same in all: an indicator of women, a code of the race, an
    indicator of the women of one race.

    Parameters
    ----------
    decisions : Decisions, one line a row
    protected : names of attributes and of their columns
    known_as : names that the model knows columns by, where these differ
    """
    if not decisions.features:
        return frozenset()
    names = {name.strip().casefold() for name in protected}
    found = {
        name for name in decisions.features if known_as.get(name, name).strip().casefold() in names
    }
    matrix = np.column_stack(list(decisions.features.values()))
    for codes in _groupings(decisions):
        told = _follow(matrix, codes)
        found |= {name for name, tells in zip(decisions.features, told, strict=True) if tells}
    return frozenset(found)


def hidden_features(decisions: Decisions, profile: Profile) -> frozenset[str]:
    """Features that nobody is shown who looks at a single decision of an export."""
    columns = (entry.column for entry in profile.groups.values())
    return protected_features(decisions, {*profile.attributes, *columns}, {})


def without_features(decisions: Decisions, hidden: Collection[str]) -> Decisions:
    """Decisions as rules about single ones may see them."""
    if not hidden:
        return decisions
    features = {name: v for name, v in decisions.features.items() if name not in hidden}
    missing = {name: v for name, v in decisions.missing.items() if name not in hidden}
    return replace(decisions, features=features, missing=missing)


def about_hidden(hidden: Collection[str], readers: Collection[str]) -> list[str]:
    """Sentence for a result about the features that are hidden, and the rules that read them."""
    if not hidden:
        return []
    but = f" but {', '.join(readers)}" if readers else ""
    return [
        f"Among the features is {', '.join(sorted(hidden))}: a protected attribute, or a column "
        f"that tells it. No rule about a single decision{but} reads it, and no reason for one "
        "names it."
    ]


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
