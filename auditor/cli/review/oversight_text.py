"""Oversight as people read it: every number with its count, its interval, or why it has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.cli.review.oversight_groups import group_lines
from auditor.cli.review.oversight_hiding import (
    CHANGED,
    DEFERRED,
    ELSEWHERE,
    LOWERED,
    RAISED,
    WHY_HIDDEN,
    told_of_rules,
)
from auditor.cli.review.shares import share_text
from auditor.report.reviews import review_lines
from auditor.report.words import many

if TYPE_CHECKING:
    from auditor.cli.review.oversight_hiding import Rates
    from auditor.inference.agreement import Agreement
    from auditor.review.oversight.controls import Reliance
    from auditor.review.oversight.load import Load
    from auditor.review.oversight.measures import Overrides, Texts
    from auditor.review.oversight.measuring import Oversight, Team
    from auditor.review.oversight.numbers import Middle
    from auditor.review.oversight.pacing import Pace
    from auditor.review.oversight.readers import Readers


def oversight_lines(found: Oversight, summary: Rates | None) -> Iterator[str]:
    """Everything, in the order in which it is asked: how much, how, how fast, what came of it.

    Parameters
    ----------
    found : Oversight
    summary : mapping of attributes to rates, or None
        What a summary of the result tells: small numbers are hidden, with those that would follow
        from it and from the rest. None writes every number, for a file made for its reader.
    """
    whole = summary is None
    yield "What was done"
    for line in review_lines(found.reviews):
        yield f"  {line}"
    yield f"  done: {share_text(found.coverage.done)}"
    yield f"  in time: {share_text(found.coverage.in_time)}; overdue: {found.coverage.overdue:,}"
    yield ""
    yield "What people made of the model's answers"
    yield from _team(found.team, whole=whole)
    yield ""
    yield "Two readers of one decision"
    yield from _readers("what they decided", found.final)
    yield from _readers("what they thought before the model's answer was shown", found.first)
    yield ""
    yield "Load"
    yield from _load(found.load)
    if found.controls is not None:
        yield ""
        yield "Control cases"
        yield from _controls(found.controls)
    if found.groups is not None:
        yield ""
        yield from group_lines(found, summary)
    for key, team in (found.persons or {}).items():
        yield ""
        yield f"{(found.names or {}).get(key, key)}"
        yield from _team(team, whole=whole)


def _middle(one: Middle, unit: str) -> str:
    if one.undefined:
        return f"no number: {one.undefined}"
    of_unit = unit.removesuffix("s") if one.value == 1 else unit
    said = f"{one.value:,.10g} {of_unit} (median of {one.of:,}"
    if one.no_interval:
        return f"{said}; no interval: {one.no_interval})"
    return f"{said}; interval {one.low:,.10g} to {one.high:,.10g})"


def _coefficient(one: Agreement) -> str:
    if one.undefined:
        return f"no number: {one.undefined}"
    interval = f"interval {one.low:z.2f} to {one.high:z.2f}"
    if one.no_interval:
        interval = f"no interval: {one.no_interval}"
    return (
        f"{one.value:z.2f} ({many(one.cases, 'decision')}; {interval}; "
        f"observed agreement {100 * one.observed:.1f}%)"
    )


def _team(team: Team, *, whole: bool) -> Iterator[str]:
    counts = "counts" if team.reviews == 1 else "count"
    yield f"  {many(team.reviews, 'review')} of {many(team.decisions, 'decision')} {counts}"
    yield from _overrides(team.overrides, "  ")
    yield f"  answers to requests that changed what had been decided: {share_text(team.answers)}"
    yield from rule_lines(team.by_rule, team.overrides, whole=whole)
    yield from _pace(team.pace)
    yield from _texts(team.texts)


def rule_lines(
    rules: Mapping[str, Overrides], total: Overrides, *, whole: bool = False
) -> Iterator[str]:
    """Rules apart; small numbers are hidden, and with them what would tell them."""
    everything = frozenset((what, rule) for rule in rules for what in _SHARES)
    told = everything if whole else told_of_rules(rules, total)
    for rule, one in rules.items():
        if any((what, rule) in told for what in _SHARES):
            yield f"  {rule}"
            yield from _overrides(one, "    ", [what for what in _SHARES if (what, rule) in told])
    hidden = sum(all((what, rule) not in told for what in _SHARES) for rule in rules)
    if hidden:
        are = "1 rule is" if hidden == 1 else f"{hidden:,} rules are"
        yield f"  {are} hidden: {WHY_HIDDEN}; {ELSEWHERE}"
    elif told < everything:
        yield f"  what is hidden: {WHY_HIDDEN}; {ELSEWHERE}"


_SHARES = {
    CHANGED: "changed",
    RAISED: "unfavorable to favorable",
    LOWERED: "favorable to unfavorable",
    DEFERRED: "thought otherwise and went over to the model",
}


def _overrides(one: Overrides, indent: str, told: Iterable[str] = _SHARES) -> Iterator[str]:
    for what, words in _SHARES.items():
        said = share_text(getattr(one, what)) if what in told else "hidden"
        yield f"{indent}{words}: {said}"


def _pace(one: Pace) -> Iterator[str]:
    untimed = f"; {many(one.untimed, 'review does', 'reviews do')} not say" if one.untimed else ""
    yield f"  time: {_middle(one.seconds, 'seconds')}{untimed}"
    yield f"  under 10 seconds: {share_text(one.fast)}"
    bursts = f"{one.bursts:,} {'burst' if one.bursts == 1 else 'bursts'}"
    left = ""
    if one.undated:
        are = many(one.undated, "review of a worksheet says", "reviews of a worksheet say")
        left = f"; {are} no time and {'is' if one.undated == 1 else 'are'} left out"
    yield (
        f"  more than 10 in 60 seconds: {bursts}; reviews in them: {share_text(one.in_bursts)}"
        f"{left}"
    )


def _texts(one: Texts) -> Iterator[str]:
    erased = f"; {one.erased:,} {'was' if one.erased == 1 else 'were'} erased" if one.erased else ""
    yield f"  rationales that stand there twice or more: {share_text(one.identical)}{erased}"
    if one.most_alike > 1:
        yield f"  most often: the same one {one.most_alike:,} times"
    yield f"  most common reason code: {share_text(one.most_common_reason)}"
    alone = len(one.reason_codes) == 1
    if one.concentration is not None:
        yield (
            f"  {len(one.reason_codes):,} {'reason code' if alone else 'reason codes'}; "
            f"concentration {one.concentration:.2f} (1: always the same)"
        )


def _readers(what: str, one: Readers) -> Iterator[str]:
    yield f"  {what}"
    yield f"    Cohen's kappa: {_coefficient(one.kappa)}"
    yield f"    Krippendorff's alpha: {_coefficient(one.alpha)}"
    yield f"    favorable answers: {share_text(one.favorable)}"


def _load(one: Load) -> Iterator[str]:
    part = "" if one.flagged_share is None else f" ({100 * one.flagged_share:.1f}% of all)"
    yield f"  {many(one.flagged, 'decision')} flagged{part}"
    yield from (f"  {says}" for says in one.budgets)
    yield f"  {many(one.open_cases, 'case waits', 'cases wait')}: {_middle(one.waiting, 'days')}"
    if one.longest is not None:
        yield f"  the longest waits {many(one.longest, 'day')}"
    yield f"  most reviews of one person on one day: {one.busiest_day:,}"


def _controls(one: Reliance) -> Iterator[str]:
    yield f"  {one.cases:,} sealed at {one.sealed_at}, {one.met:,} of them in this result"
    if one.by_sealer:
        left = "is left" if one.by_sealer == 1 else "are left"
        yield f"  {many(one.by_sealer, 'reading')} by whoever sealed them {left} out"
    yield f"  of what was read: {share_text(one.read)}"
    yield f"  decided right: {share_text(one.found)}"
    yield f"  follows the model where it is right: {share_text(one.follows)}"
    yield f"  departs from it where it is wrong: {share_text(one.departs)}"
