from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.gate import decide
from auditor.result import AuditResult
from auditor.result.directory import EXPLANATIONS_FILE, FLAGS_FILE
from auditor.result.document import FlagsDoc
from auditor.result.flags import FlagRow, flags_csv, mandatory_decisions
from auditor.result.identity import load_key
from auditor.rules.base import Evidence
from auditor.rules.evaluate import Judged, evaluate
from auditor.run.explaining import Explained, explanations_parquet, factors
from auditor.run.flagging import flag_rows
from auditor.run.holding import Audit
from auditor.run.plan import in_force
from auditor.run.writing import document, explanations_document

if TYPE_CHECKING:
    from auditor.rules.bind import BoundPolicy
    from auditor.run.measuring import Measured


def judge(
    bound: Sequence[BoundPolicy],
    taken: Measured,
    explained: Explained | None,
    *,
    active: Collection[str],
    seed: int,
) -> Judged:
    """Let every rule of every policy look at what was measured."""
    rules = (rule for policy in bound for rule in policy.rules)
    return evaluate(rules, evidence_of(taken, explained, seed=seed), active)


def evidence_of(taken: Measured, explained: Explained | None = None, *, seed: int) -> Evidence:
    """Everything that rules may look at."""
    return Evidence(
        attributes=taken.attributes,
        intersections=taken.intersections,
        tables=taken.tables,
        measures=taken.measures,
        decisions=taken.decisions,
        seed=seed,
        attributions=explained.attributions if explained else None,
    )


def conclude(
    bound: Sequence[BoundPolicy],
    taken: Measured,
    judged: Judged,
    explained: Explained | None,
    *,
    protected: Collection[str],
    as_of: date,
    seed: int,
    key: Path | None,
) -> Audit:
    """Put reasons to the flags, decide the verdict and freeze everything as one result.

    Features named in ``protected`` are never given as reasons: reviewers do not see them.
    """
    decisions = taken.decisions
    active = in_force(bound, as_of)
    why = factors(explained, judged.flags, protected) if explained else {}
    rows = flag_rows(
        judged.flags,
        decisions,
        in_force=active,
        factors=why,
        as_of=as_of,
        key=load_key(key) if judged.flags else b"",
    )
    files: dict[str, bytes] = {}
    if rows:
        files[FLAGS_FILE] = flags_csv(rows).encode()
    if explained:
        files[EXPLANATIONS_FILE] = explanations_parquet(explained, decisions)
    flags = _flags(rows, files, judged, taken)
    verdict = decide(
        judged.findings,
        judged.not_evaluated,
        in_force=active,
        reviews_open=flags["mandatory_open"],
        taken=decisions.export.decisions == "taken",
    )
    written = document(
        bound,
        taken,
        judged,
        flags=flags,
        explanations=explanations_document(explained, files),
        verdict=verdict,
        active=active,
        as_of=as_of,
        seed=seed,
    )
    return Audit(result=AuditResult.of(written), files=files)


def _flags(
    rows: Sequence[FlagRow], files: Mapping[str, bytes], judged: Judged, taken: Measured
) -> FlagsDoc:
    content = files.get(FLAGS_FILE)
    flagged = len({flag.line for flag in judged.flags})
    used = taken.decisions.account.used
    return {
        "count": flagged,
        "share": flagged / used if used else None,
        "by_rule": dict(Counter(f"{row.policy}/{row.rule}" for row in rows)),
        "mandatory_open": 0 if content is None else mandatory_decisions(content.decode()),
        "file": None if content is None else FLAGS_FILE,
        "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
    }
