from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.gate import decide
from auditor.result import AuditResult
from auditor.result.directory import EXPLANATIONS_FILE, FLAGS_FILE
from auditor.result.document import FlagsDoc
from auditor.result.flags import NO_FLAGS, flag_counts, flags_csv
from auditor.result.identity import load_key
from auditor.rules.base import Evidence
from auditor.rules.evaluate import Judged, evaluate
from auditor.rules.waiving import waive
from auditor.run.encodings import about_hidden
from auditor.run.explaining import Explained, explanations_parquet, factors
from auditor.run.flagging import flag_rows
from auditor.run.holding import Audit
from auditor.run.plan import in_force
from auditor.run.signed import unsigned
from auditor.run.writing import document, explanations_document

if TYPE_CHECKING:
    from auditor.rules.baseline import Baseline
    from auditor.rules.bound import BoundPolicy
    from auditor.run.arguments import Settings
    from auditor.run.measuring import Measured
    from auditor.run.signed import Signed
    from auditor.system import SystemRecord


def judge(
    bound: Sequence[BoundPolicy],
    taken: Measured,
    explained: Explained | None,
    *,
    active: Collection[str],
    settings: Settings,
    inputs: Mapping[str, bool],
    system: SystemRecord | None,
    baselines: Mapping[str, Baseline],
    stamps: Mapping[str, Signed],
) -> Judged:
    """Let every rule of every policy look at what was measured, then see what is waived."""
    rules = [rule for policy in bound for rule in policy.rules]
    seen = evidence_of(taken, explained, seed=settings.seed)
    seen = replace(seen, inputs=inputs, system=system, as_of=settings.as_of, baselines=baselines)
    judged = evaluate(rules, seen, active)
    period = taken.decisions.period
    reached = [stamp.reached for stamp in stamps.values()]
    reached += [period.last] if period else []
    findings, waivers = waive(
        judged.findings,
        rules,
        as_of=settings.as_of,
        today=settings.today,
        reached=[day for day in reached if day is not None],
    )
    return replace(judged, findings=findings, waivers=waivers)


def evidence_of(taken: Measured, explained: Explained | None = None, *, seed: int) -> Evidence:
    """Everything that rules may look at."""
    return Evidence(
        attributes=taken.attributes,
        intersections=taken.intersections,
        tables=taken.tables,
        measures=taken.measures,
        decisions=taken.decisions,
        repeats=taken.repeats,
        seed=seed,
        attributions=explained.seen if explained else None,
        protected=explained.protected if explained else None,
    )


def conclude(
    bound: Sequence[BoundPolicy],
    taken: Measured,
    judged: Judged,
    explained: Explained | None,
    settings: Settings,
    *,
    hidden: Collection[str],
    system: SystemRecord | None,
    stamps: Mapping[str, Signed],
) -> Audit:
    """Put reasons to the flags, decide the verdict and freeze everything as one result.

    ``hidden`` are features that no rule about a single decision has seen, ``stamps`` what each
    policy is signed with.
    """
    decisions = taken.decisions
    active = in_force(bound, settings.as_of)
    not_looked = (*judged.not_evaluated, *unsigned(bound, stamps))
    judged = replace(judged, not_evaluated=not_looked)
    why = factors(explained, judged.flags) if explained else {}
    rows = flag_rows(
        judged.flags,
        decisions,
        in_force=active,
        factors=why,
        as_of=settings.as_of,
        key=load_key(settings.key) if judged.flags else b"",
    )
    files: dict[str, bytes] = {}
    if rows:
        files[FLAGS_FILE] = flags_csv(rows).encode()
    if explained:
        files[EXPLANATIONS_FILE] = explanations_parquet(explained, decisions)
    flags = _flags(files, decisions.account.used)
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
        notes=[
            *about_hidden(hidden, readers_of_protected(bound)),
            *(explained.attributions.notes if explained else ()),
        ],
        explanations=explanations_document(explained, files),
        verdict=verdict,
        active=active,
        settings=settings,
        system=system,
        stamps=stamps,
    )
    return Audit(result=AuditResult.of(written), files=files)


def readers_of_protected(bound: Sequence[BoundPolicy]) -> list[str]:
    """Rules that learn which features are a protected attribute."""
    return [
        f"{rule.entry.id} of {policy.policy.id}"
        for policy in bound
        for rule in policy.rules
        if rule.reads_protected
    ]


def _flags(files: Mapping[str, bytes], used: int) -> FlagsDoc:
    content = files.get(FLAGS_FILE)
    counted = NO_FLAGS if content is None else flag_counts(content.decode())
    return {
        "count": counted["count"],
        "share": counted["count"] / used if used else None,
        "by_rule": counted["by_rule"],
        "mandatory_open": counted["mandatory_open"],
        "file": None if content is None else FLAGS_FILE,
        "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
    }
