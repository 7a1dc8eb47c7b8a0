"""The examples inside a policy, measured like any export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.errors import PolicyError, Problem, ProfileError, UsageError
from auditor.metrics import Measures
from auditor.policy import RecordExample, RowExample
from auditor.rules.base import Evidence
from auditor.run.judging import evidence_of
from auditor.run.measuring import measured
from auditor.run.plan import Plan
from auditor.system import RecordBody, record_of
from auditor.vocabulary import (
    CONSIDERED,
    INTERSECTION,
    OUTCOMES,
    UNKNOWN,
    Outcome,
    attributes_of,
)

if TYPE_CHECKING:
    from auditor.ingest import GroupCounts
    from auditor.policy import Example, TableExample
    from auditor.rules.bound import BoundPolicy
    from auditor.system import SystemRecord
    from auditor.vocabulary import CodeArray, FloatArray

SEED = 0
EXAMPLE = "example"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """An example with everything measured on it, ready for any rule to look at."""

    example: Example
    evidence: Evidence


def prepare(bound: BoundPolicy) -> list[Prepared]:
    """Measure every example of a policy, in the order of the file.

    Raises
    ------
    PolicyError
        With every table that is nothing to audit.
    """
    problems: list[Problem] = []
    prepared = []
    for example in bound.policy.examples:
        try:
            prepared.append(Prepared(example=example, evidence=_evidence(example, bound)))
        except (UsageError, ProfileError) as exc:
            where = example.places.get(())
            problems += [replace(problem, where=where) for problem in exc.problems]
    if problems:
        raise PolicyError.of(problems)
    return prepared


def _evidence(example: Example, bound: BoundPolicy) -> Evidence:
    if isinstance(example, RowExample):
        return _without_groups(_one_decision(example))
    if isinstance(example, RecordExample):
        seen = _without_groups(_decisions_of(example.versions))
        return replace(seen, system=_on_record(example), as_of=example.as_of)
    counted = _counted(example)
    parts = attributes_of(example.attribute)
    plan = Plan.of([bound], [parts] if len(parts) > 1 else [], model=False)
    decisions = _measured_people(example, counted.decisions)
    said = replace(decisions.export, decision_kind=example.decision_kind, taken_by=example.taken_by)
    seen = evidence_of(measured(replace(decisions, export=said), plan), seed=SEED)
    return replace(seen, inputs=dict.fromkeys(example.features, ()))


def _without_groups(decisions: Decisions) -> Evidence:
    return Evidence(
        attributes=(),
        intersections=(),
        tables={},
        measures=Measures(measurements=(), comparisons=(), notes=()),
        decisions=decisions,
        seed=SEED,
    )


def _on_record(example: RecordExample) -> SystemRecord | None:
    if example.record is None:
        return None
    body = RecordBody.model_validate(dict(example.record))
    return record_of(body, path=EXAMPLE, sha256="")


def _decisions_of(versions: tuple[str | None, ...] | None) -> Decisions:
    """Table of favorable decisions with these versions of the model; of one without such."""
    size = 1 if versions is None else len(versions)
    one = np.ones(size, dtype=np.int64)
    levels = tuple(sorted({text for text in versions or () if text is not None}))
    codes = [-1 if text is None else levels.index(text) for text in versions or ()]
    return Decisions(
        rows=one,
        people=one,
        outcome=np.zeros(size, dtype=np.int32),
        groups={},
        account=RowAccount(read=size, used=size),
        export=ExportFacts(profile_id=EXAMPLE, profile_sha256="", inputs=()),
        model_version=None
        if versions is None
        else Coded(levels=levels, codes=np.array(codes, dtype=np.int32)),
    )


def _counted(example: TableExample) -> GroupCounts:
    from auditor.ingest import counts

    return counts(example.counts, attribute=example.attribute)


def _measured_people(example: TableExample, decisions: Decisions) -> Decisions:
    """Table with a line for each person and the mean of their group, where an example has means."""
    if not example.means and not example.within:
        return decisions
    lines = np.repeat(np.arange(len(decisions.people)), decisions.people)
    one = np.ones(len(lines), dtype=np.int64)
    groups = {name: coded.of_lines(lines) for name, coded in decisions.groups.items()}
    return replace(
        decisions,
        rows=one,
        people=one,
        outcome=None if decisions.outcome is None else decisions.outcome[lines],
        groups=groups,
        score=_means(example, groups),
        strata={
            name: Coded(levels=(level,), codes=np.zeros(len(lines), dtype=np.int32))
            for name, level in example.within.items()
        },
    )


def _means(example: TableExample, groups: Mapping[str, Coded]) -> FloatArray | None:
    if not example.means:
        return None
    parts = [
        [UNKNOWN if code < 0 else groups[name].levels[code] for code in groups[name].codes.tolist()]
        for name in attributes_of(example.attribute)
    ]
    named = map(INTERSECTION.join, zip(*parts, strict=True))
    return np.array([float(example.means[name]) for name in named])


def _one_decision(example: RowExample) -> Decisions:
    """Table of one line. Rules on single decisions read no group, so it has none."""
    one = np.ones(1, dtype=np.int64)
    used = int(example.outcome in CONSIDERED)
    columns = {name: np.array([_number(v)]) for name, v in example.values.items()}
    scale = example.scale
    return Decisions(
        rows=one,
        people=one,
        outcome=np.array([OUTCOMES.index(example.outcome)], dtype=np.int32),
        groups={},
        account=RowAccount(read=1, used=used, buckets={} if used else {example.outcome: 1}),
        export=ExportFacts(
            profile_id=EXAMPLE,
            profile_sha256="",
            inputs=(),
            cut_score=None if example.cut_score is None else float(example.cut_score),
            better=example.better,
            decision_kind=example.decision_kind,
            taken_by=example.taken_by,
            scale=None if scale is None else (float(scale[0]), float(scale[1])),
        ),
        score=columns.get("score"),
        features={name: column for name, column in columns.items() if name != "score"},
        model_version=_version(*example.versions) if example.versions else None,
        final=_final(*example.finals) if example.finals else None,
        missing={name: np.isnan(column) for name, column in columns.items()},
        ids=lambda lines: [EXAMPLE] * len(lines),
    )


def _version(version: str | None) -> Coded:
    levels = () if version is None else (version,)
    return Coded(levels=levels, codes=np.array([len(levels) - 1], dtype=np.int32))


def _final(word: str | None) -> CodeArray:
    code = -1 if word is None else int(word == Outcome.FAVORABLE)
    return np.array([code], dtype=np.int32)


def _number(value: Fraction | None) -> float:
    return float("nan") if value is None else float(value)
