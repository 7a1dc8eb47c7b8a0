"""Requests of people concerned: a decision is in the queue because they asked, flagged or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditor.ledger.bodies import Requested
from auditor.result.shape import faults
from auditor.review.authority import day_of
from auditor.review.case import Case, FlaggedDecision, FlaggedRule

if TYPE_CHECKING:
    from auditor.ledger import Entry


_ANOTHER = (
    " Its id is now that of another decision of this result: it was made anew since, or the id is "
    "wrong."
)


def with_requests(
    cases: Sequence[Case],
    entries: Iterable[Entry],
    *,
    ids: Mapping[str, str],
) -> tuple[Case, ...]:
    """Cases of a result, and those of a ledger that somebody asked to have looked at again.

    One that nobody stands behind is in the queue as well, and no review can close it: whoever
    answered it would have been chosen by whoever wrote it. A decision that was made anew since has
    another identity; its old one stays in the case with whatever became of it. The day of a request
    is none of this: what is on record as asked is open, whichever day is looked at.

    A decision has one case, whatever its requests say: that of the result, else that of its first
    request. Else two stories could be told of it, and whoever decided in one answer in the other.

    Parameters
    ----------
    cases : of a result
    entries : of a ledger
    ids : mapping of the id of an entry to the export's id of the decision that it asks about
        It lies beside the chain, so it may have been erased; the decision has none then.
    """
    asked = [one for one in entries if one.draft.kind == "requested" and _is_whole(one)]
    if not asked:
        return tuple(cases)
    found, homes = {case.id: case for case in cases}, homes_of(cases)
    flagged = {one.decision: one.identity for case in cases for one in case.decisions}
    for entry in asked:
        body: Any = entry.draft.body
        home = homes.setdefault(body["identity"], body["case"])
        case = found.get(home, Case(id=home, decisions=()))
        name = ids.get(entry.draft.id, "")
        other = flagged.get(name, body["identity"]) != body["identity"]
        found[home] = _asked(case, body, entry.seq, name, _ANOTHER if other else "")
    return tuple(found.values())


def _is_whole(entry: Entry) -> bool:
    return next(faults(dict(entry.draft.body), Requested), None) is None


def homes_of(cases: Iterable[Case]) -> dict[str, str]:
    """Case of each decision, by its identity."""
    return {one.identity: case.id for case in cases for one in case.decisions}


def home(entry: Entry, homes: Mapping[str, str]) -> str:
    """Case that an entry is about: for a request that of its decision, for others what they say."""
    body = entry.draft.body
    said = str(body.get("case"))
    asks = entry.draft.kind == "requested"
    return homes.get(str(body.get("identity")), said) if asks else said


def replaced(decision: FlaggedDecision, unsound: Collection[int]) -> frozenset[int]:
    """Give the unsound requests of a decision that somebody entered again, signed.

    That is a later one which asks for no less: an appeal is for another person, so it takes the
    place of both kinds, and a reconsideration only of its own.
    """
    asked = [(rule.asked, rule.another_person) for rule in decision.rules if rule.asked is not None]
    sound = [(seq, another) for seq, another in asked if seq not in unsound]
    return frozenset(
        seq
        for seq, another in asked
        if seq in unsound and any(after > seq and more >= another for after, more in sound)
    )


def unanswerable(rule: FlaggedRule, unsound: Collection[int]) -> str:
    """Say why no review can answer a request; empty where one can."""
    if rule.asked not in unsound:
        return ""
    return (
        f"nobody with a part in its policy stands behind the request {rule.name}, or no policy "
        "of this result sets its clock: it has to be entered again, signed"
    )


def _asked(case: Case, body: Requested, seq: int, name: str, remark: str) -> Case:
    decision = case.decision(body["identity"])
    names = (name,) if name else ()
    before = () if decision is None else decision.rules
    rule = FlaggedRule(
        name=_name(body, before),
        policy=body["policy"],
        mandatory=True,
        reason=f"The person concerned asked for it ({body['request']}, {body['received']})."
        f"{remark}",
        evidence="",
        factors="",
        reviewer=body["reviewer"],
        due=day_of(body["due"]),
        readers=max((one.readers for one in before), default=1),
        asked=seq,
        another_person=body["request"] == "appeal",
    )
    if decision is None:
        decision = FlaggedDecision(
            identity=body["identity"],
            decision=name,
            outcome=body["outcome"],
            score="",
            model_version=body["model_version"],
            rules=(rule,),
            named=names,
        )
        return replace(case, decisions=(*case.decisions, decision))
    names = tuple(dict.fromkeys((*decision.named, *names)))
    asked = replace(
        decision,
        decision=decision.decision or name,
        rules=(*before, rule),
        named=() if decision.flagged else names,
    )
    return replace(
        case,
        decisions=tuple(asked if one is decision else one for one in case.decisions),
    )


def _name(body: Requested, before: Sequence[FlaggedRule]) -> str:
    """Name of its rule: a second request of one kind is settled by itself, and has its number."""
    name = f"{body['policy']}/{body['rule']}"
    known = sum(rule.name == name or rule.name.startswith(f"{name}/") for rule in before)
    return name if not known else f"{name}/{known + 1}"
