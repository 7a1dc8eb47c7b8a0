"""A policy with nothing left unsaid: every key of the grammar, every option of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from auditor.documents import NumberText, PathKey
from auditor.rules.filled import filled_options
from auditor.rules.resolved_examples import resolved_example
from auditor.vocabulary import attributes_of

if TYPE_CHECKING:
    from auditor.errors import Where
    from auditor.policy import Policy
    from auditor.policy.model import RequestClock, Waiver
    from auditor.rules.base import Rule
    from auditor.rules.bound import BoundPolicy

DEFAULT = "default"
_PLAIN_WORD = re.compile(r"(?!(?:true|false|null)$)[a-z][a-z0-9_*-]*")
_LINE_BREAKS = re.compile("[\x85\u2028\u2029]")
_MOST_DAYS = 9999


def resolved(bound: BoundPolicy) -> dict[str, Any]:
    """Whole policy as plain data in the order of the grammar, defaults filled in.

    Two files that mean the same give the same; the data read back as a policy that means the same.
    """
    policy = bound.policy
    return {
        "auditor": "policy/1",
        "policy": _head(policy),
        "basis": [
            {"id": b.id, "cite": b.cite, "says": b.says, "status": b.status, "source": b.source}
            for b in policy.basis
        ],
        "groups": {"intersections": [list(attributes_of(name)) for name in policy.intersections]},
        "decision_rights": dict(policy.decision_rights),
        "roles": {name: {"may": list(duties)} for name, duties in policy.roles.items()},
        "keep_apart": [list(pair) for pair in policy.keep_apart],
        "requests": [_request(asked) for asked in policy.requests],
        # left out where nothing is said: what was signed before these keys stays signed
        **({"reason_codes": _reason_codes(policy)} if policy.reason_codes else {}),
        **({"reviews_need": list(policy.reviews_need)} if policy.reviews_need else {}),
        "missing_values": policy.missing_values,
        "waivers": _waivers(policy),
        "gates": [_gate(rule) for rule in bound.rules if rule.section == "gates"],
        "reviews": [_review(rule) for rule in bound.rules if rule.section == "reviews"],
        "examples": [resolved_example(example) for example in policy.examples],
    }


def resolved_text(bound: BoundPolicy, *, origins: bool = False) -> str:
    """Write the resolved policy as YAML, which reads back as a policy.

    With ``origins`` every value tells in a comment where the file says it, or that it is a default.
    """
    places = bound.policy.places if origins else None
    return "\n".join(_lines(resolved(bound), (), places)) + "\n"


def flow(value: Any) -> str:
    """One value as YAML in one line.

    Examples
    --------
    >>> flow({"in": ["no", "Ö 1"], "at_least": NumberText("0.8"), "x": None})
    '{in: [no, "Ö 1"], at_least: 0.8, x: null}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, NumberText) or (isinstance(value, str) and _PLAIN_WORD.fullmatch(value)):
        return str(value)
    text = json.dumps(value, ensure_ascii=False)
    return _LINE_BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _head(policy: Policy) -> dict[str, Any]:
    days = (policy.effective_from, policy.review_by, policy.verified_on)
    start, review, verified = (None if day is None else day.isoformat() for day in days)
    return {
        "id": policy.id,
        "title": policy.title,
        "version": policy.version,
        "status": policy.status,
        "owner": policy.owner,
        "effective_from": start,
        "review_by": review,
        "verified_on": verified,
        "notice": policy.notice,
        "signed_by": list(policy.signed_by),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    entry = rule.entry
    return {
        "id": entry.id,
        "kind": entry.kind,
        "says": entry.says,
        "because": list(entry.because),
        "options": filled_options(rule),
    }


def _gate(rule: Rule) -> dict[str, Any]:
    entry, every = rule.entry, rule.entry.for_each
    return {
        **_rule(rule),
        "for_each": every if isinstance(every, str) else list(every),
        "severity": entry.severity.value,
        "when_present": entry.when_present,
    }


def _review(rule: Rule) -> dict[str, Any]:
    entry = rule.entry
    due = None if entry.due_days is None else _days(entry.due_days)
    return {
        **_rule(rule),
        "mandatory": entry.mandatory,
        "reviewer": entry.reviewer,
        "due": due,
        "readers": entry.readers,
    }


def _request(asked: RequestClock) -> dict[str, Any]:
    return {
        "id": asked.id,
        "kind": asked.kind,
        "says": asked.says,
        "because": list(asked.because),
        "due": _days(asked.due_days),
        "reviewer": asked.reviewer,
    }


def _reason_codes(policy: Policy) -> list[dict[str, str]]:
    return [{"id": code.id, "says": code.says} for code in policy.reason_codes]


def _days(days: int) -> str:
    return f"{days} days" if days <= _MOST_DAYS else f"{days // 7} weeks"


def _waivers(policy: Policy) -> dict[str, Any]:
    limits = policy.waiver_limits
    return {
        "limits": {
            "longest": f"{limits.longest} days",
            "approvals": limits.approvals,
            "never_for": list(limits.never_for),
        },
        "granted": [_waiver(waiver) for waiver in policy.waivers],
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    why = waiver.justification
    people = [{"name": p.name, "role": p.role} for p in (waiver.requested_by, *waiver.approved_by)]
    said = {
        "id": waiver.id,
        "finding": waiver.finding,
        "rule": waiver.rule,
        "attribute": waiver.attribute,
        "group": waiver.group,
        # left out where nothing is said: what was signed before these keys stays signed
        **({"stratum": waiver.stratum} if waiver.stratum else {}),
        **({"feature": waiver.feature} if waiver.feature else {}),
        **({"version": waiver.version} if waiver.version else {}),
        "value": NumberText(waiver.value_text),
        "because": waiver.because,
        "instead": waiver.instead,
        "requested_by": people[0],
        "approved_by": people[1:],
        "from": waiver.start.isoformat(),
        "until": waiver.until.isoformat(),
    }
    if why is None:
        return said
    return {
        **said,
        "justification": {
            "job_related": why.job_related,
            "validation_study": why.validation_study,
            "alternatives": [{"tried": t, "why_not": n} for t, n in why.alternatives],
        },
    }


def _lines(
    value: dict[str, Any], at: PathKey, places: Mapping[PathKey, Where] | None
) -> Iterator[str]:
    """Keys of a mapping, one a line; what stands inside is indented by two."""
    for key, inner in value.items():
        path = (*at, key)
        name = flow(key)
        if isinstance(inner, dict) and inner:
            yield f"{name}:"
            yield from (f"  {line}" for line in _lines(inner, path, places))
        elif isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
            yield f"{name}:"
            for n, item in enumerate(inner):
                first, *rest = _lines(item, (*path, n), places)
                yield f"  - {first}"
                yield from (f"    {line}" for line in rest)
        else:
            origin = "" if places is None else f"  # {_origin(path, places)}"
            yield f"{name}: {flow(inner)}{origin}"


def _origin(path: PathKey, places: Mapping[PathKey, Where]) -> Where | str:
    """Where a value is said: for one rule, for the whole policy, or nowhere."""
    if path not in places and path[2:] == ("options", "missing"):
        path = ("missing_values",)
    return places.get(path, DEFAULT)
