"""Why a table has no verdict, reason by reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.inference.impact_moves import is_below
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
from auditor.rules.impact_phrases import listed, p_value

if TYPE_CHECKING:
    from auditor.inference.impact import PairEvidence
    from auditor.rules.impact_phrases import Phrases


def no_verdict(words: Phrases) -> Iterator[str]:
    """Say the reason, and why a ratio below the threshold did not fail."""
    verdict = words.verdict
    deciding = verdict.deciding
    if deciding and deciding.below:
        yield f"{words.at(deciding)}, below {words.line}: {words.rates(deciding)}."
        yield f"But {_why_no_fail(words, deciding)}."
    yield from _REASONS[verdict.reason](words)


def beside_no_verdict(words: Phrases) -> Iterator[str]:
    """Name the groups about which nothing is shown, and what would have been caught."""
    verdict = words.verdict
    deciding = verdict.deciding
    if verdict.reason in (TOO_FEW_GROUPS, OPEN_SHARE):
        yield from words.not_shown()
    if deciding and not math.isnan(deciding.caught):
        yield (
            f"Between {deciding.pair.focal} and {deciding.pair.upper} a true ratio of "
            f"{words.ratio(deciding.caught)} or less would have been caught in 80 of 100 audits of "
            "this size."
        )
    elif deciding:
        yield "No ratio, however low, would have been caught in 80 of 100 audits of this size."


def _why_no_fail(words: Phrases, evidence: PairEvidence) -> str:
    verdict, pair = words.verdict, evidence.pair
    rest = (pair.x_l, pair.n_l, verdict.selected - pair.x_l, verdict.people - pair.n_l)
    if evidence.p_adjusted >= verdict.rule.alpha:
        return (
            "a gap like this is not rare among equal groups (adjusted p "
            f"{p_value(evidence.p_adjusted)})"
        )
    if verdict.intersection and not is_below(rest, verdict.rule.threshold):
        return f"{pair.focal} is not below {words.line} of everyone else together"
    return "moving one selection would change this"


def _all_unknown(words: Phrases) -> Iterator[str]:
    yield f"Nobody whose {words.attribute} is known was considered, so nothing is compared."


def _nobody(words: Phrases) -> Iterator[str]:
    yield f"Nobody was {words.favorable}, so no rates can differ."


def _everybody(words: Phrases) -> Iterator[str]:
    yield f"Everybody was {words.favorable}, so no rates can differ."


def _too_few(words: Phrases) -> Iterator[str]:
    present = [group.name for group in words.verdict.groups if group.n]
    if len(present) == 1:
        yield f"All considered people are of one group of {words.attribute}, {present[0]}."
    else:
        yield _needs(words)


def _too_open(words: Phrases) -> Iterator[str]:
    verdict, limit = words.verdict, words.verdict.rule.open_share
    held = percent(sum(group.n for group in verdict.open), verdict.people, limit)
    yield _needs(words)
    yield (
        f"Groups about which nothing is shown hold {held} of people, more than "
        f"{plain(100 * limit)}%."
    )


def _needs(words: Phrases) -> str:
    people, needed = words.verdict.people, words.verdict.people_needed
    if needed is None:
        return "More people of the same mix would not lead to a pass."
    if needed > people:
        return (
            "Not enough people to tell: with equal groups this audit would reach a verdict at "
            f"about {needed:,} considered (now {people:,})."
        )
    return f"The data do not rule out ({words.sure}) a ratio below {words.worth}."


def _signs(words: Phrases) -> Iterator[str]:
    signs = [f"{g.name} ({g.x:,} of {g.n:,})" for g in words.verdict.open if g.sign]
    yield (
        "Too few people to compare, yet different from everyone else beyond chance and by a ratio "
        f"below {words.line}: {listed(signs)}."
    )


def _tips(words: Phrases) -> Iterator[str]:
    factor = words.verdict.rule.unknown_factor
    limit = "whatever their groups" if math.isinf(factor) else f"up to a factor of {factor:g}"
    yield (
        f"{words.unknown_people} could bring a ratio below {words.worth}: it is enough that their "
        f"groups differ from the known by a factor of {words.tipping}, and a pass has to hold "
        f"{limit}."
    )


_REASONS: Mapping[str, Callable[[Phrases], Iterator[str]]] = {
    ALL_UNKNOWN: _all_unknown,
    NOBODY_SELECTED: _nobody,
    EVERYBODY_SELECTED: _everybody,
    TOO_FEW_GROUPS: _too_few,
    OPEN_SHARE: _too_open,
    SIGN_IN_SMALL_GROUP: _signs,
    UNKNOWN_TIPS: _tips,
}
