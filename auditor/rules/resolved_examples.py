"""Examples of a policy as plain values, the way its file says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.documents import NumberText
from auditor.policy import RecordExample, RowExample, TableExample
from auditor.rules.filled import number_text

if TYPE_CHECKING:
    from fractions import Fraction

    from auditor.policy import Example


def resolved_example(example: Example) -> dict[str, Any]:
    """Plain values of an example, as the file could say them."""
    if isinstance(example, TableExample):
        groups = {group: list(pair) for group, pair in example.counts.items()}
        kind, taker = example.decision_kind, example.taken_by
        means = {group: _number(mean) for group, mean in example.means.items()}
        return {
            "name": example.name,
            **({"decision": {"kind": kind, "taken_by": taker}} if kind else {}),
            **({"features": list(example.features)} if example.features else {}),
            "table": {example.attribute: groups},
            **({"means": means} if means else {}),
            **({"within": dict(example.within)} if example.within else {}),
            **({} if example.left_out is None else {"left_out": list(example.left_out)}),
            "expect": dict(example.expect),
        }
    if isinstance(example, RecordExample):
        versions = {} if example.versions is None else {"model_versions": list(example.versions)}
        return {
            "name": example.name,
            "record": None if example.record is None else dict(example.record),
            "as_of": example.as_of.isoformat(),
            **versions,
            "expect": dict(example.expect),
        }
    return {
        "name": example.name,
        "row": _row(example),
        "expect": {"reviews": list(example.expect)},
    }


def _row(example: RowExample) -> dict[str, Any]:
    scale = example.scale
    (version,) = example.versions or (None,)
    (final,) = example.finals or (None,)
    return {
        "outcome": example.outcome.value,
        "cut_score": _number(example.cut_score),
        "better": example.better,
        "scale": None if scale is None else [_number(end) for end in scale],
        **({"model_version": version} if example.versions else {}),
        **({"final": final} if example.finals else {}),
        **({"decision_kind": example.decision_kind} if example.decision_kind else {}),
        **({"taken_by": example.taken_by} if example.taken_by else {}),
        **{name: _number(value) for name, value in example.values.items()},
    }


def _number(value: Fraction | None) -> NumberText | None:
    return None if value is None else number_text(value)
