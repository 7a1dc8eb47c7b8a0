from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from auditor.cube import GroupTable
from auditor.decisions import Coded, Decisions, ExportFacts, InputFile, RowAccount
from auditor.metrics.values import Measures
from auditor.policy import Basis, Policy, RuleEntry
from auditor.rules.base import Evidence
from auditor.rules.kinds import KINDS
from auditor.system import load_system
from auditor.vocabulary import OUTCOMES, Severity


def takers(words: list[str | None]) -> Coded:
    levels = tuple(sorted({word for word in words if word}))
    codes = [levels.index(word) if word else -1 for word in words]
    return Coded(levels=levels, codes=np.array(codes, dtype=np.int32))


@pytest.fixture
def review():
    """Bind one rule for single decisions, as a policy file would."""

    def review(
        kind: str,
        rule_id: str = "rule",
        policy_id: str = "ours",
        *,
        rights: dict[str, str] | None = None,
        **options,
    ):
        entry = RuleEntry(
            section="reviews",
            id=rule_id,
            kind=kind,
            says="Look at it.",
            because=("b",),
            for_each="every-attribute",
            options=options,
            severity=Severity.INFO,
            when_present=False,
            mandatory=True,
            reviewer="recruiter",
            due_days=3,
        )
        policy = Policy(
            id=policy_id,
            title="t",
            version="1",
            status="in-force",
            owner="o",
            effective_from=date(2026, 1, 1),
            review_by=None,
            verified_on=None,
            notice="",
            basis=(Basis(id="b", cite="c", says="s"),),
            intersections=(),
            rules=(entry,),
            path="p.yaml",
            sha256="0",
            decision_rights=rights or {},
        )
        found = next(k for k in KINDS if k.kind == kind)
        return found(entry, policy, found.Options.model_validate(options))

    return review


@pytest.fixture
def evidence():
    """Evidence about single decisions; every line favorable unless ``outcome`` says otherwise."""

    def evidence(
        n: int | None = None,
        *,
        outcome: list[str] | None = None,
        score: list[float] | None = None,
        single: bool = False,
        missing: dict[str, list[bool]] | None = None,
        cut_score: float | None = None,
        scale: tuple[float, float] | None = None,
        groups: dict[str, list[int]] | None = None,
        seed: int = 0,
        failed: tuple[str, ...] = (),
        has_outcome: bool = True,
        has_ids: bool = True,
        decision: str | None = None,
        taken_by: str | list[str | None] | None = None,
        flagged: int | None = None,
        features: dict[str, list[float]] | None = None,
        better: str = "high",
        final: list[int] | None = None,
    ) -> Evidence:
        missing = missing or {n: [x != x for x in v] for n, v in (features or {}).items()}
        size = n or len(outcome or score or next(iter((missing or {}).values()), []))
        names = outcome or ["favorable"] * size
        decisions = Decisions(
            rows=np.ones(size, dtype=np.int64),
            people=np.ones(size, dtype=np.int64),
            outcome=np.array([OUTCOMES.index(x) for x in names], dtype=np.int32)
            if has_outcome
            else None,
            groups={
                name: Coded(levels=("F", "M"), codes=np.array(codes, dtype=np.int32))
                for name, codes in (groups or {}).items()
            },
            score=None if score is None else np.array(score, dtype=np.float64),
            score_is_single=single,
            taken_by=takers(taken_by) if isinstance(taken_by, list) else None,
            final=None if final is None else np.array(final, dtype=np.int32),
            features={k: np.array(v, dtype=np.float64) for k, v in (features or {}).items()},
            missing={k: np.array(v, dtype=np.bool_) for k, v in (missing or {}).items()},
            ids=(lambda lines: [str(line) for line in lines]) if has_ids else None,
            account=RowAccount(read=size, used=size),
            export=ExportFacts(
                profile_id="p",
                profile_sha256="0",
                inputs=(InputFile(path="frame", sha256="0", rows=size),),
                cut_score=cut_score,
                better=better,
                scale=scale,
                decision_kind=decision,
                taken_by=taken_by if isinstance(taken_by, str) else None,
            ),
        )
        return Evidence(
            attributes=tuple(groups or {}),
            intersections=(),
            tables={},
            measures=Measures(measurements=(), comparisons=()),
            decisions=decisions,
            seed=seed,
            failed_block_rules=failed,
            flagged=flagged,
        )

    return evidence


@pytest.fixture
def gate():
    """Bind one rule about groups, as a policy file would."""

    def gate(
        kind: str,
        *,
        for_each: str | tuple[str, ...] = "every-attribute",
        severity: Severity = Severity.WARN,
        when_present: bool = False,
        notice: str = "",
        intersections: tuple[str, ...] = (),
        rights: dict[str, str] | None = None,
        **options,
    ):
        entry = RuleEntry(
            section="gates",
            id="rule",
            kind=kind,
            says="s",
            because=("b",),
            for_each=for_each,
            options=options,
            severity=severity,
            when_present=when_present,
            mandatory=False,
            reviewer="",
            due_days=None,
        )
        policy = Policy(
            id="ours",
            title="t",
            version="1",
            status="in-force",
            owner="o",
            effective_from=date(2026, 1, 1),
            review_by=None,
            verified_on=None,
            notice=notice,
            basis=(Basis(id="b", cite="29 CFR 1607.4(D)", says="s"),),
            intersections=intersections,
            rules=(entry,),
            path="p.yaml",
            sha256="0",
            decision_rights=rights or {},
        )
        found = next(k for k in KINDS if k.kind == kind)
        return found(entry, policy, found.Options.model_validate(options))

    return gate


@pytest.fixture
def counted():
    """Evidence about groups from tables such as ``{"sex": {"F": "40/100", "unknown": "1/5"}}``."""

    def counted(
        tables: dict[str, dict[str, str]],
        *,
        metric: str = "selection-rate",
        attributes: tuple[str, ...] | None = None,
        has_outcome: bool = True,
        has_score: bool = False,
    ) -> Evidence:
        def table(attribute: str, groups: dict[str, str]) -> GroupTable:
            counts = {g: tuple(map(int, text.split("/"))) for g, text in sorted(groups.items())}
            unknown = counts.pop("unknown", (0, 0))
            return GroupTable(
                attribute=attribute,
                groups=tuple(counts),
                considered=np.array([n for _, n in counts.values()], dtype=np.int64),
                favorable=np.array([x for x, _ in counts.values()], dtype=np.int64),
                unknown_considered=unknown[1],
                unknown_favorable=unknown[0],
            )

        one = np.ones(1, dtype=np.int64)
        singles = tuple(name for name in tables if "*" not in name)
        return Evidence(
            attributes=singles if attributes is None else attributes,
            intersections=tuple(name for name in tables if "*" in name),
            tables={(metric, name): table(name, groups) for name, groups in tables.items()},
            measures=Measures(measurements=(), comparisons=()),
            decisions=Decisions(
                rows=one,
                people=one,
                outcome=np.zeros(1, dtype=np.int32) if has_outcome else None,
                score=np.zeros(1) if has_score else None,
                groups={
                    part: Coded(levels=(), codes=np.full(1, -1, dtype=np.int32))
                    for name in tables
                    for part in name.split("*")
                },
                account=RowAccount(read=1, used=1),
                export=ExportFacts(profile_id="p", profile_sha256="0", inputs=()),
            ),
            seed=0,
        )

    return counted


@pytest.fixture
def on_record(evidence):
    """Evidence with a system record: its entries as a file would say them, None for no record."""

    def on_record(
        record: dict[str, Any] | None = None,
        *,
        given: bool = True,
        head: dict[str, Any] | None = None,
        as_of: date | None = date(2026, 11, 22),
        versions: list[str | None] | None = None,
        outcome: list[str] | None = None,
    ) -> Evidence:
        seen = evidence(outcome=outcome or ["favorable"] * len(versions or ["one"]))
        decisions = replace(
            seen.decisions, model_version=None if versions is None else takers(versions)
        )
        system = {"id": "ranker", "name": "Ranker", **(head or {})}
        data = {"auditor": "system/1", "system": system, **(record or {})}
        return replace(
            seen,
            decisions=decisions,
            as_of=as_of,
            system=load_system(data) if given else None,
        )

    return on_record


@pytest.fixture
def one(gate):
    """Bind one rule about groups and give the one thing it says, with its verdict or reason."""

    def one(kind: str, seen: Evidence, **options: Any) -> tuple[str, str]:
        (said,) = gate(kind, **options).check(seen)
        return getattr(said, "verdict", None) or said.reason, said.says

    return one
