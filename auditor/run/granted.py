"""Whether the waivers of a stored result are those that its policies grant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from auditor.run.waiver_documents import waiver_document

if TYPE_CHECKING:
    from auditor.result import AuditResult
    from auditor.rules.bound import BoundPolicy

_OF_THE_RUN = ("state", "says")


def waiver_contradictions(result: AuditResult, bound: Sequence[BoundPolicy]) -> Iterator[str]:
    """Find what the waivers of a result say and those of the policies do not.

    The fails are waived once more, as of the day of the audit: a group that the result calls waived
    has to come out waived.
    """
    from auditor.rules.waiving import waive

    rules = [rule for policy in bound for rule in policy.rules]
    own = {policy.policy.id for policy in bound}
    stored = [finding for finding in result.findings if finding.policy in own]
    bare = [replace(finding, failing=(), waiver=None) for finding in stored]
    try:
        as_of = date.fromisoformat(result.document["as_of"])
        found, waived = waive(bare, rules, as_of=as_of, today=as_of)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        yield "the evidence of its fails cannot be read"
        return
    granted = {(w["policy"], w["id"]): w for w in map(waiver_document, waived)}
    listed = {(w["policy"], w["id"]): w for w in result.document["waivers"]}
    if len(listed) < len(result.document["waivers"]):
        yield "the result lists a waiver twice"
    for policy, name in sorted(listed.keys() | granted.keys()):
        ours, theirs = listed.get((policy, name)), granted.get((policy, name))
        if theirs is None:
            yield f"the result lists a waiver {name}, and {policy} grants none"
        elif ours is None:
            yield f"the result does not list the waiver {name} of {policy}"
        else:
            other = [
                key for key in theirs if key not in _OF_THE_RUN and ours.get(key) != theirs.get(key)
            ]
            if other:
                yield f"the waiver {name} of {policy} has another {', '.join(other)} in the result"
    for held, made in zip(stored, found, strict=True):
        waived_now = {one.fingerprint: one.waiver for one in made.failing}
        waived_then = {one.fingerprint: one.waiver for one in held.failing}
        if waived_now.keys() != waived_then.keys():
            yield f"the finding of {held.rule} does not name what its evidence says to fail"
        elif any(one and waived_now[mark] is None for mark, one in waived_then.items()):
            yield f"the finding of {held.rule} is waived, and no waiver of the policy covers it"
