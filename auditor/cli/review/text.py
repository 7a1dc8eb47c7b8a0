"""Cases as reviewers read them. No protected attribute stands in what they come from."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from auditor.policy.needs import NEED_WORDS
from auditor.report.words import visible
from auditor.review.statements import given_with

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.policy.needs import Need
    from auditor.review import Checked, Item, Queue
    from auditor.review.records import Record
    from auditor.review.settling import DecisionStanding

_SHORTEST = 8


def say(line: str = "") -> None:
    """Print one line to standard output, where it commands no terminal."""
    click.echo(visible(line))


def short(queue: Queue) -> int:
    """How many digits of a case's name tell it from all others."""
    names = [item.case.id for item in queue.items]
    for length in range(_SHORTEST, 33):
        if len({name[:length] for name in names}) == len(set(names)):
            return length
    return 32


def show_list(items: Sequence[Item], digits: int) -> None:
    """One line a case, then the words for an empty list."""
    for item in items:
        decisions = ", ".join(one.decision.decision for one in item.decisions)
        due = f"due {item.due}" if item.due else "no day"
        asked = "mandatory" if item.case.mandatory else "advised"
        mine = f"  claimed by {item.claimed_by.name}" if item.claimed_by else ""
        say(
            f"{item.case.id[:digits]}  {item.state:<9} {due:<15} {asked:<9} "
            f"{', '.join(item.roles)}: {decisions}{mine}"
        )
    if not items:
        click.echo("no case", err=True)


def show_case(
    item: Item, reasons: Mapping[str, str], needs: Mapping[Need, tuple[str, ...]]
) -> None:
    """Everything about one case that a reviewer may see, and what a review of it has to say.

    ``reasons`` are the codes to choose from, ``needs`` what policies need besides.
    """
    say(f"Case {item.case.id}: {item.state}")
    if item.due:
        say(f"  due {item.due}{', overdue' if item.overdue else ''}")
    say(f"  whose turn it is: {', '.join(item.roles)}")
    if item.claimed_by:
        say(f"  claimed by {item.claimed_by.name}")
    for one in item.decisions:
        say()
        for line in _decision(one):
            say(line)
    for need, policies in needs.items():
        say()
        say(f"A review says {NEED_WORDS[need]} (--{need}): {', '.join(policies)} needs it")
    if reasons:
        say()
        say("Reason codes")
        for code, says in reasons.items():
            say(f"  {code}: {says}")
    if item.records:
        say()
        say("Records")
        for record in item.records:
            for line in _record(record, item.unread):
                say(f"  {line}")


def _decision(one: DecisionStanding) -> Iterator[str]:
    decision = one.decision
    yield f"Decision {decision.decision} ({decision.identity})"
    said = [f"the model says {decision.outcome or 'nothing'}"]
    said += [f"score {decision.score}"] if decision.score else []
    said += [f"model {decision.model_version}"] if decision.model_version else []
    yield f"  {', '.join(said)}"
    for standing in one.rules:
        rule = standing.rule
        asked = "mandatory" if rule.mandatory else "advised"
        readers = ", two readers" if rule.readers > 1 else ""
        due = f", due {rule.due}" if rule.due else ""
        yield f"  {rule.name} ({asked}, {rule.reviewer}{readers}{due}): {rule.reason}"
        yield from (f"    {text}" for text in (rule.evidence, rule.factors) if text)
        if standing.final:
            yield f"    settled on {standing.on} by {standing.role}: {standing.final}"
    if one.final:
        yield f"  decided by people: {one.final}"
    yield from (f"  missing: {text}" for text in one.missing)


def _record(record: Record, unread: Container[str]) -> Iterator[str]:
    who = "nobody who is known" if record.person is None else record.person.name
    draft = record.entry.draft
    yield f"entry {record.entry.seq}, {record.entry.at}: {draft.kind} by {who} ({draft.id})"
    if given_with(record.entry):
        yield f"  a statement was given{', and erased' if draft.id in unread else ''}"
    yield from (f"  does not count: {why}" for why in record.objections)
    yield from (f"  counts in part: {why}" for why in record.limits)


def show_kept(made: Checked, entry: Entry, item: Item, *, what: str) -> None:
    """Say what was stored, whether it does anything, and what is missing now."""
    click.echo(f"recorded: {what}, entry {entry.seq} ({made.draft.id})", err=True)
    for why in made.reasons:
        click.echo(f"  it counts for nothing: {visible(why)}", err=True)
    for why in made.limits:
        click.echo(f"  it counts in part: {visible(why)}", err=True)
    for why in made.cautions:
        click.echo(f"  careful: {visible(why)}", err=True)
    click.echo(f"  the case is {item.state}", err=True)
    for missing in item.missing:
        click.echo(f"  missing: {visible(missing)}", err=True)


def plain_item(item: Item) -> dict[str, Any]:
    """One case as JSON values."""
    return {
        "case": item.case.id,
        "state": item.state,
        "mandatory": item.case.mandatory,
        "due": None if item.due is None else item.due.isoformat(),
        "overdue": item.overdue,
        "roles": list(item.roles),
        "claimed_by": item.claimed_by.name if item.claimed_by else None,
        "escalated_to": item.escalated_to,
        "missing": list(item.missing),
        "decisions": [
            {
                "identity": one.decision.identity,
                "decision": one.decision.decision,
                "model": one.decision.outcome,
                "final": one.final,
                "pending": one.pending,
                "rules": [rule.rule.name for rule in one.rules],
            }
            for one in item.decisions
        ],
        "not_counting": [
            {"entry": record.entry.seq, "why": [*record.objections, *record.limits]}
            for record in item.not_counting
        ],
    }
