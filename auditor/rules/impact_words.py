"""The fixed words of a verdict on an impact ratio, state by state."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.inference.impact_rule import (
    ALL_UNKNOWN,
    EVERYBODY_SELECTED,
    NOBODY_SELECTED,
    OPEN_SHARE,
    SIGN_IN_SMALL_GROUP,
    TOO_FEW_GROUPS,
    UNKNOWN_TIPS,
)
from auditor.rules.contrast import percent, plain
from auditor.rules.impact_phrases import listed, p_value, times
from auditor.rules.impact_reasons import beside_no_verdict, no_verdict
from auditor.vocabulary import State

if TYPE_CHECKING:
    from auditor.inference.impact import PairEvidence
    from auditor.rules.impact_phrases import Phrases

_FAILED = (
    "Find the step, job or requisition in which the gap arises, and whether what is measured there "
    "is needed for the job; look for a way that serves as well with less of a gap."
)
_MORE_PEOPLE = "Take a longer period or more requisitions and audit again."
_OUTCOMES = "Check that the outcomes of the export are mapped as they are meant."
_NEXT = {
    ALL_UNKNOWN: "Find out where {attribute} gets lost (form, export, profile).",
    NOBODY_SELECTED: _OUTCOMES,
    EVERYBODY_SELECTED: _OUTCOMES,
    TOO_FEW_GROUPS: _MORE_PEOPLE,
    OPEN_SHARE: _MORE_PEOPLE,
    SIGN_IN_SMALL_GROUP: "Look at the decisions on the groups named, and take a longer period.",
    UNKNOWN_TIPS: "Ask again those whose {attribute} is not on record.",
}


def says(words: Phrases) -> str:
    """Say the state and what it rests on."""
    parts = {State.FAIL: _fail, State.PASS: _pass, State.NO_VERDICT: no_verdict}
    return " ".join(parts[words.verdict.state](words))


def detail(words: Phrases) -> str:
    """Say what stands beside the state, and whether the line is near."""
    parts = {
        State.FAIL: _beside_fail,
        State.PASS: _beside_pass,
        State.NO_VERDICT: beside_no_verdict,
    }
    return " ".join((*parts[words.verdict.state](words), *words.near_the_line()))


def next_step(words: Phrases) -> str:
    """Say what to do about it."""
    verdict = words.verdict
    if verdict.state == State.FAIL:
        return _FAILED
    if verdict.state == State.PASS:
        return "Watch the groups not shown over a longer period." if verdict.open else ""
    return _NEXT[verdict.reason].format(attribute=words.attribute)


def gap_says(words: Phrases, gap: PairEvidence) -> str:
    """Say that the gap of a pass is real although it is above the threshold."""
    return f"{words.at(gap)}: {words.rates(gap)}. {words.real(gap)}"


def gap_detail(words: Phrases, gap: PairEvidence) -> str:
    """Put the interval, the shortfall and z beside a real gap."""
    return f"{words.beside(gap)}, z {gap.z:.2f}."


def gap_step(words: Phrases) -> str:
    """Say what practice does about a gap above the threshold."""
    return (
        "Professional practice, not law: find out where the difference arises, also above "
        f"{words.line}."
    )


def _fail(words: Phrases) -> Iterator[str]:
    verdict = words.verdict
    headline = verdict.headline or verdict.failing[0]
    yield f"{words.at(headline)}: {words.rates(headline)}. That is below {words.line}."
    if verdict.proof:
        pair = verdict.proof.pair
        yield f"The proof is {pair.focal} against {pair.upper}: {words.rates(verdict.proof)}."
    yield (
        f"A gap this large would come up by chance in fewer than {times(verdict.rule.alpha)} "
        "audits of equal groups, and moving one selection would not change this."
    )


def _beside_fail(words: Phrases) -> Iterator[str]:
    verdict = words.verdict
    headline = verdict.headline or verdict.failing[0]
    carries = verdict.proof or headline
    lower, upper = carries.pair.focal, carries.pair.upper
    pairs = "1 pair" if verdict.pairs == 1 else f"{verdict.pairs:,} pairs"
    yield (
        f"{words.beside(carries)}; p {p_value(carries.p_moved)} with one selection moved, for "
        f"{pairs}; {carries.selections_to_undo:,} selections would have to move from {upper} to "
        f"{lower} to undo it."
    )
    others: dict[str, str] = {}
    for evidence in verdict.failing:
        pair = evidence.pair
        if pair.focal != headline.pair.focal:
            others.setdefault(pair.focal, f"{pair.focal} against {pair.upper}")
    if others:
        yield f"The same holds for {listed([*others.values()])}."
    if verdict.tipping < verdict.rule.unknown_factor:
        yield (
            f"{words.unknown_people} could undo this if their groups differ from the known by a "
            f"factor of {words.tipping} or more."
        )


def _pass(words: Phrases) -> Iterator[str]:
    verdict = words.verdict
    shown = verdict.shown
    among = "Among the groups shown, no group" if verdict.open else "No group"
    held = percent(sum(group.n for group in shown), verdict.people)
    whom = f"people whose {words.attribute} is known" if verdict.unknown_people else "people"
    yield (
        f"{among} was below {words.line} of another, and the data rule out ({words.sure}) a ratio "
        f"below {words.worth} between any two of: {listed([group.name for group in shown])} "
        f"({held} of {whom}). A pass does not mean that rates are equal."
    )
    yield from words.not_shown()
    if verdict.real_gap:
        gap = verdict.real_gap
        yield f"{words.at(gap)}: {words.rates(gap)}. {words.real(gap)}"


def _beside_pass(words: Phrases) -> Iterator[str]:
    verdict = words.verdict
    if not all(group.yardstick for group in verdict.shown):
        share = plain(100 * verdict.rule.reference_share)
        yield f"A group under {share}% of people is compared with larger ones, never the reverse."
    yield f"The smallest ratio not ruled out is {words.ratio(verdict.compatible)}."
    if math.isinf(verdict.tipping):
        yield f"{words.unknown_people} could not change this, whatever their groups."
    elif not math.isnan(verdict.tipping):
        yield (
            f"{words.unknown_people} could change this only if their groups differ from the known "
            f"by a factor of {words.tipping} or more."
        )
