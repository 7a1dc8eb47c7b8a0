"""The verdict on an impact ratio for one table, with everything that stands beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from auditor.inference.impact_evidence import PairEvidence
from auditor.inference.impact_groups import groups_of
from auditor.inference.impact_moves import NearTheLine, Pair, near_the_line, selections_to_fail
from auditor.inference.impact_rule import UNKNOWN_TIPS, ImpactRule
from auditor.inference.impact_size import people_needed
from auditor.inference.impact_steps import Tables, around_of, both_ways, pairs_of, take_steps
from auditor.inference.impact_table import JudgedTable
from auditor.inference.impact_verdict import GroupEvidence, ImpactVerdict
from auditor.inference.score import ratio_score_lower
from auditor.inference.tails import clearly_below
from auditor.inference.unknowns import tipping_factor, tipping_factor_to_lift
from auditor.vocabulary import State

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["GroupEvidence", "ImpactRule", "ImpactVerdict", "PairEvidence", "judge"]


def judge(
    groups: Sequence[str],
    considered: ArrayLike,
    favorable: ArrayLike,
    rule: ImpactRule,
    *,
    intersection: bool,
    unknown_considered: int = 0,
    unknown_favorable: int = 0,
) -> ImpactVerdict:
    """Judge one table of an attribute.

    Parameters
    ----------
    groups : sequence of str
        Names of the known groups, each once.
    considered, favorable : int array, one entry a group
        ``0 <= favorable <= considered``.
    rule : ImpactRule
    intersection : bool
        Whether the groups are combinations of several attributes: a failing group then has to be
        below the threshold of everyone else as well.
    unknown_considered, unknown_favorable : int
        People whose group is not known.

    Returns
    -------
    ImpactVerdict
        The same for every order of the groups.

    Raises
    ------
    ValueError
        When counts are out of range, or groups do not match them.

    Examples
    --------
    >>> from auditor.inference.impact_rule import ImpactRule
    >>> verdict = judge(["F", "M"], [100, 100], [40, 60], ImpactRule(), intersection=False)
    >>> verdict.state.value, verdict.focal, round(verdict.headline.p_moved, 8)
    ('fail', 'F', 0.01152862)
    """
    n, x = _integers("considered", considered), _integers("favorable", favorable)
    _check(groups, n, x, unknown_considered, unknown_favorable)
    # by name, so that no choice between equals depends on the order in which groups come
    order = sorted(range(len(n)), key=groups.__getitem__)
    names, n, x = [groups[i] for i in order], [n[i] for i in order], [x[i] for i in order]
    # Python integers: no product that decides can be too large for them
    tables = Tables(
        n=np.array([n], dtype=object),
        x=np.array([x], dtype=object),
        unknown_n=np.array([unknown_considered], dtype=object),
        unknown_x=np.array([unknown_favorable], dtype=object),
    )
    steps = take_steps(tables, rule, intersection=intersection)
    table = JudgedTable(names=names, n=n, x=x, tables=tables, rule=rule, steps=steps)
    return _verdict(table, intersection=intersection)


def _integers(name: str, counts: ArrayLike) -> list[int]:
    values = np.asarray(counts)
    if values.ndim != 1 or (values.size and not np.issubdtype(values.dtype, np.integer)):
        raise ValueError(
            f"The {name!r} parameter of judge must be a list of whole numbers. Got {counts!r}."
        )
    return [int(value) for value in values]


def _check(groups: Sequence[str], n: list[int], x: list[int], un: int, ux: int) -> None:
    if not len(groups) == len(n) == len(x) == len(set(groups)):
        raise ValueError(
            "The 'groups' parameter of judge must name every count once. "
            f"Got {len(groups)} names for {len(n)} and {len(x)} counts."
        )
    for selected, people in (*zip(x, n, strict=True), (ux, un)):
        if not 0 <= selected <= people:
            raise ValueError(
                f"favorable must be at least 0 and at most considered. Got {selected} of {people}."
            )


def _verdict(table: JudgedTable, *, intersection: bool) -> ImpactVerdict:
    steps = table.steps
    state = State.PASS if steps.passed[0] else State.NO_VERDICT
    failing = sorted(table.weighed(steps.fails[0]), key=_strength)
    headline = proof = None
    if failing:
        state, strongest = State.FAIL, failing[0]
        headline = table.against_reference(strongest.pair.focal)
        proof = None if headline.fails else strongest
    deciding = proof or headline or table.lowest(steps.compared[0])
    return ImpactVerdict(
        state=state,
        reason=str(steps.reason[0]),
        rule=table.rule,
        intersection=intersection,
        people=table.people,
        selected=table.selected,
        unknown_people=int(table.tables.unknown_n[0]),
        unknown_selected=int(table.tables.unknown_x[0]),
        pairs=table.family,
        groups=groups_of(table),
        focal=headline.pair.focal if headline else None,
        reference=None if table.reference is None else table.names[table.reference],
        headline=headline,
        proof=proof,
        deciding=deciding,
        failing=tuple(failing),
        real_gap=_real_gap(table) if state == State.PASS else None,
        compatible=_compatible(table),
        near=_near(table, deciding, intersection=intersection),
        people_needed=people_needed(table.n, table.selected, table.rule),
        tipping=_tipping(table, state),
    )


def _strength(evidence: PairEvidence) -> tuple[float, float, str, str]:
    """Order failing pairs, strongest proof first."""
    return evidence.p_moved, evidence.ratio, evidence.pair.focal, evidence.pair.upper


def _real_gap(table: JudgedTable) -> PairEvidence | None:
    p = np.ones(len(table.shown_pairs))
    for position, value in table.adjusted.items():
        p[position] = value
    real = table.shown_pairs & clearly_below(p, np.full(len(p), table.rule.alpha))
    found = table.lowest(real)
    return found if found and found.ratio < 1 else None


def _compatible(table: JudgedTable) -> float:
    pairs = [table.pair(i).counts for i in np.flatnonzero(table.shown_pairs).tolist()]
    if not pairs:
        return math.nan
    x_l, n_l, x_h, n_h = np.array(pairs, dtype=np.float64).T
    limits = ratio_score_lower(x_l, n_l, x_h, n_h, confidence=table.rule.confidence)
    return float(np.min(limits))


def _near(
    table: JudgedTable, deciding: PairEvidence | None, *, intersection: bool
) -> NearTheLine | None:
    if deciding is None:
        return None
    pair, selections = deciding.pair, deciding.selections_to_undo
    if not deciding.fails:
        around = _everyone_else(table, pair) if intersection else pair
        selections = selections_to_fail(pair, table.rule, pairs=table.family, around=around)
    rate = Fraction(table.selected, table.people)
    return near_the_line(pair, table.rule, pairs=table.family, rate=rate, selections=selections)


def _everyone_else(table: JudgedTable, pair: Pair) -> Pair:
    return Pair(
        focal=pair.focal,
        upper="everyone else",
        x_l=pair.x_l,
        n_l=pair.n_l,
        x_h=table.selected - pair.x_l,
        n_h=table.people - pair.n_l,
    )


def _tipping(table: JudgedTable, state: State) -> float:
    steps, tables = table.steps, table.tables
    low, high, around = steps.low[0], steps.high[0], around_of(tables, 0)
    if not tables.unknown_n[0]:
        return math.nan
    if state == State.FAIL:
        failing = pairs_of(tables, 0, low, high, steps.fails[0])
        return tipping_factor_to_lift(failing, around, table.rule.threshold)
    if state == State.PASS or steps.reason[0] == UNKNOWN_TIPS:
        asked = both_ways(tables, 0, (low, high, table.shown_pairs), steps.big[0])
        return tipping_factor(asked, around, table.rule.worth_detecting)
    return math.nan
