"""Who is measured: from a file or a frame to selection rates by group, each in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.applicants import (
    FAVORABLE,
    GROUPS,
    ID,
    OUTCOME,
    SCORE,
    UNFAVORABLE,
    WITHDRAWN,
)
from benchmarks.tasks import AUDIT, AUDITOR, GROUP_BY, METRIC_FRAME

POLICY = "us-adverse-impact"
VIEWS = ("sex", "race", "age", "sex*race")

Rates = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a contestant gets before the clock starts: a path or a pandas frame."""

    data: Any
    source: str
    scores: bool


@dataclass(frozen=True, slots=True)
class Contestant:
    """``run`` is timed; ``rates`` turns what it returned into numbers that all must agree on."""

    run: Callable[[Given], Any]
    rates: Callable[[Any], Rates]


def to_comparisons(given: Given) -> Any:
    """Do what `auditor.audit` does up to the comparisons: row account, duplicates, intervals."""
    from auditor.ingest import profile_of, read
    from auditor.rules.bind import bind
    from auditor.run.measuring import measured
    from auditor.run.plan import Plan

    plan = Plan.of(bind([POLICY]), (), model=False)
    decisions = read(given.data, profile_of(**_columns(given)), rows=plan.rows)
    return measured(decisions, plan)


def whole_audit(given: Given) -> Any:
    """Everything: the comparisons, the rules of the policy and the verdict."""
    import auditor

    return auditor.audit(given.data, POLICY, **_columns(given))


def bare_group_by(given: Given) -> Any:
    """Counts of the same columns, and nothing else: no check, no id, no account."""
    import duckdb

    columns = [*GROUPS.values(), OUTCOME, *([SCORE] if given.scores else [])]
    relation = {
        "parquet": f"read_parquet('{given.data}')",
        "csv": f"read_csv('{given.data}', all_varchar = true)",
        "frame": "frame",
    }[given.source]
    engine = duckdb.connect()
    if given.source == "frame":
        engine.register("frame", given.data)
    engine.execute(
        f"CREATE TABLE counts AS SELECT {', '.join(columns)}, count(*) AS n"  # noqa: S608
        f" FROM {relation} GROUP BY ALL"
    )
    return engine


def metric_frame(given: Given) -> Any:
    """Run fairlearn's MetricFrame once a view, with the selection rate as the only metric."""
    from fairlearn.metrics import MetricFrame, selection_rate

    frame = given.data
    considered = frame[frame[OUTCOME].isin([FAVORABLE, UNFAVORABLE])]
    selected = (considered[OUTCOME] == FAVORABLE).astype(int)
    return {
        view: MetricFrame(
            metrics=selection_rate,
            y_true=selected,
            y_pred=selected,
            sensitive_features=considered[[GROUPS[name] for name in view.split("*")]],
        ).by_group
        for view in VIEWS
    }


def _columns(given: Given) -> dict[str, Any]:
    """Column arguments of `auditor.audit`."""
    return {
        "id": ID,
        "outcome": OUTCOME,
        "favorable": [FAVORABLE],
        "unfavorable": [UNFAVORABLE],
        "withdrawn": [WITHDRAWN],
        "groups": {name: {"column": column, "unknown": [""]} for name, column in GROUPS.items()},
        "score": SCORE if given.scores else None,
    }


def _measured(taken: Any) -> Rates:
    return _selection(
        (m.metric, m.attribute, m.group, m.value) for m in taken.measures.measurements
    )


def _audited(audit: Any) -> Rates:
    names = ["metric", "attribute", "group", "value"]
    return _selection(audit.measurements[names].itertuples(index=False))


def _selection(measurements: Iterable[tuple[str, str, str, float]]) -> Rates:
    rates: Rates = {view: {} for view in VIEWS}
    for metric, attribute, group, value in measurements:
        if metric == "selection-rate" and group != "unknown":
            rates[attribute][group] = value
    return rates


def _counted(engine: Any) -> Rates:
    columns = ", ".join([*GROUPS.values(), OUTCOME])
    cells = engine.execute(
        f"SELECT {columns}, sum(n)::BIGINT FROM counts GROUP BY ALL"  # noqa: S608
    ).fetchall()
    considered: Counter[tuple[str, str]] = Counter()
    favorable: Counter[tuple[str, str]] = Counter()
    for *parts, outcome, n in cells:
        values = dict(zip(GROUPS, parts, strict=True))
        for view in VIEWS:
            known = [values[name] for name in view.split("*")]
            if all(known) and outcome in (FAVORABLE, UNFAVORABLE):
                group = view, "*".join(known)
                considered[group] += n
                favorable[group] += n * (outcome == FAVORABLE)
    rates: Rates = {view: {} for view in VIEWS}
    for (view, group), n in considered.items():
        rates[view][group] = favorable[view, group] / n
    return rates


def _by_group(frames: dict[str, Any]) -> Rates:
    rates: Rates = {}
    for view, by_group in frames.items():
        keyed = ((k if isinstance(k, tuple) else (k,), v) for k, v in by_group.items())
        rates[view] = {"*".join(k): float(v) for k, v in keyed if all(k) and v == v}
    return rates


CONTESTANTS = {
    AUDITOR: Contestant(to_comparisons, _measured),
    AUDIT: Contestant(whole_audit, _audited),
    GROUP_BY: Contestant(bare_group_by, _counted),
    METRIC_FRAME: Contestant(metric_frame, _by_group),
}
