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
from benchmarks.tasks import AUDIT, AUDITOR, GROUP_BY, METRIC_FRAMES

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


def metric_frame_rates(given: Given) -> Any:
    """Selection rates by fairlearn's MetricFrame, once a view."""
    from fairlearn.metrics import selection_rate

    return _metric_frames(given.data, {"rate": selection_rate})


def metric_frame_counts(given: Given) -> Any:
    """Selection rates with the people that each rests on, as an audit has them."""
    from fairlearn.metrics import count, selection_rate

    return _metric_frames(given.data, {"rate": selection_rate, "n": count})


def _metric_frames(frame: Any, metrics: dict[str, Callable[..., float]]) -> dict[str, Any]:
    from fairlearn.metrics import MetricFrame

    considered = frame[frame[OUTCOME].isin([FAVORABLE, UNFAVORABLE])]
    selected = (considered[OUTCOME] == FAVORABLE).astype(int)
    return {
        view: MetricFrame(
            metrics=metrics,
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
                place = view, "*".join(known)
                considered[place] += n
                favorable[place] += n * (outcome == FAVORABLE)
    rates: Rates = {view: {} for view in VIEWS}
    for place, n in considered.items():
        view, name = place
        rates[view][name] = favorable[place] / n
    return rates


def _by_group(frames: dict[str, Any]) -> Rates:
    rates: Rates = {}
    for view, by_group in frames.items():
        rows = ((k if isinstance(k, tuple) else (k,), rate) for k, rate in by_group["rate"].items())
        rates[view] = {"*".join(k): float(rate) for k, rate in rows if all(k) and rate == rate}
    return rates


CONTESTANTS = {
    AUDITOR: Contestant(to_comparisons, _measured),
    AUDIT: Contestant(whole_audit, _audited),
    GROUP_BY: Contestant(bare_group_by, _counted),
    METRIC_FRAMES[0]: Contestant(metric_frame_rates, _by_group),
    METRIC_FRAMES[1]: Contestant(metric_frame_counts, _by_group),
}
