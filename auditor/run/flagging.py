from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from auditor.result.flags import FlagRow
from auditor.result.identity import case_identity, identity
from auditor.vocabulary import OUTCOMES

if TYPE_CHECKING:
    from auditor.decisions import Decisions
    from auditor.findings import Flag
    from auditor.vocabulary import IntArray


def flag_rows(
    flags: Sequence[Flag],
    decisions: Decisions,
    *,
    in_force: Collection[str],
    factors: Mapping[int, str],
    as_of: date,
    key: bytes,
) -> list[FlagRow]:
    """Lines of ``flags.csv``, by row of the export, then in the order of the policies.

    A flag of a policy that is not in force advises only, so it is not mandatory. ``due`` counts
    calendar days from ``as_of``.
    """
    if not flags or decisions.ids is None:
        return []
    lines = np.array(sorted({flag.line for flag in flags}), dtype=np.int64)
    names = dict(zip(lines.tolist(), decisions.ids(lines), strict=True))
    what = {line: what_of(decisions, line) for line in names}
    identities = {line: identity(key, name, *what[line]) for line, name in names.items()}
    firsts = first_of_case(decisions, lines)
    openers = decisions.ids(firsts)
    cases = {
        line: case_identity(key, opener)
        for line, opener in zip(lines.tolist(), openers, strict=True)
    }
    return [
        FlagRow(
            identity=identities[flag.line],
            decision=names[flag.line],
            policy=flag.policy,
            rule=flag.rule,
            mandatory=flag.mandatory and flag.policy in in_force,
            reason=flag.says,
            evidence=flag.evidence,
            factors=factors.get(flag.line, ""),
            reviewer=flag.reviewer,
            due="" if flag.due_days is None else str(_due(as_of, flag.due_days)),
            case=cases[flag.line],
            outcome=what[flag.line][1],
            score=what[flag.line][2],
            model_version=what[flag.line][0],
        )
        for flag in sorted(flags, key=lambda flag: flag.line)
    ]


def first_of_case(decisions: Decisions, lines: IntArray) -> IntArray:
    """First line, flagged or not, with the person and the strata of each line; itself without one.

    So one person looks at all that is flagged of somebody in one requisition, and the name of the
    case stays what it is when a later export holds more rows.
    """
    persons = decisions.persons
    if persons is None:
        return lines
    near = np.union1d(lines, np.flatnonzero(np.isin(persons, persons[lines]) & (persons > 0)))
    nobody = persons[near] == 0
    parts = [persons[near], np.where(nobody, near, -1)]
    parts += [strata.codes[near].astype(np.int64) for strata in decisions.strata.values()]
    order = np.lexsort((near, *parts))
    other = np.zeros(len(near), dtype=np.bool_)
    other[0] = True
    for part in parts:
        other[1:] |= part[order][1:] != part[order][:-1]
    firsts = np.empty(len(near), dtype=np.int64)
    firsts[order] = near[order][np.maximum.accumulate(np.where(other, np.arange(len(near)), 0))]
    return firsts[np.searchsorted(near, lines)]


def _due(as_of: date, days: int) -> date:
    """So many days later, or the last day that a calendar holds."""
    return as_of + timedelta(days=min(days, (date.max - as_of).days))


def what_of(decisions: Decisions, line: int) -> tuple[str, str, str]:
    """Model version, outcome and score of a line, as texts that any later run writes alike."""
    version = ""
    if decisions.model_version is not None:
        code = int(decisions.model_version.codes[line])
        version = "" if code < 0 else decisions.model_version.levels[code]
    outcome = "" if decisions.outcome is None else str(OUTCOMES[int(decisions.outcome[line])])
    score = "" if decisions.score is None else repr(float(decisions.score[line]))
    return version, outcome, score
