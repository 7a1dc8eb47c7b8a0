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
    cases = {line: case_identity(key, name) for line, name in names.items()}
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


def _due(as_of: date, days: int) -> date:
    """So many days later, or the last day that a calendar holds."""
    return as_of + timedelta(days=min(days, (date.max - as_of).days))


def what_of(decisions: Decisions, line: int) -> tuple[str, str, str]:
    """Model version, outcome and score of a line, as texts that any later run writes alike."""
    version = ""
    if decisions.model_version is not None:
        code = int(decisions.model_version.codes[line])
        version = "" if code < 0 else decisions.model_version.levels[code]
    outcome = "" if decisions.outcome is None else OUTCOMES[int(decisions.outcome[line])]
    score = "" if decisions.score is None else repr(float(decisions.score[line]))
    return version, outcome, score
