"""Fails that are waived: which waiver holds on the day of the run, and which does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from auditor.findings import Failing, Finding, fingerprint_of, in_a_row, with_waivers
from auditor.rules.waived_values import Beside, Number, Part, together
from auditor.vocabulary import FindingVerdict

if TYPE_CHECKING:
    from auditor.policy.model import Waiver
    from auditor.rules.base import Rule

WaiverState: TypeAlias = Literal["in-use", "unused", "expired", "not-yet", "void", "too-wide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A waiver of the run and what became of it."""

    policy: str
    waiver: Waiver
    state: WaiverState
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One group or feature of one fail: number of the finding, and of the part in it."""

    finding: int
    part: int
    fail: Finding
    value: Number | None


def waive(
    findings: Iterable[Finding],
    rules: Iterable[Rule],
    *,
    as_of: date,
    today: date,
    reached: Collection[date] = (),
) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
    """Mark the fails that waivers cover, and say of every waiver what became of it.

    A fail is waived when everything that it is about has a waiver of its own in use, held against
    its own number. A waiver has to hold on the day of the audit and today: neither an ``as_of`` in
    the past nor one in the future makes an expired one count, nor does a clock that was set back
    where one of the days ``reached`` is later. A number that is worse than the one written down
    voids the waiver, and one that is better by more than a tenth asks for a new one.
    """
    rules = list(rules)
    known = {(rule.policy.id, rule.entry.id): rule for rule in rules}
    found: list[Finding] = []
    places: dict[tuple[str, str], list[_Place]] = {}
    for finding in findings:
        parts = _parts(finding, known.get((finding.policy, finding.rule)))
        failing = [_failing(finding, part) for part in parts]
        for n, (one, part) in enumerate(zip(failing, parts, strict=True)):
            place = _Place(finding=len(found), part=n, fail=finding, value=part.value)
            places.setdefault((finding.policy, one.fingerprint), []).append(place)
        found.append(replace(finding, failing=tuple(failing)))
    days = (min(as_of, today), max((as_of, today, *reached)))
    waived = []
    covered: dict[tuple[int, int], Waiver] = {}
    for policy in {rule.policy.id: rule.policy for rule in rules}.values():
        for waiver in policy.waivers:
            at = places.get((policy.id, waiver.finding), [])
            state, says = _state(waiver, known[policy.id, waiver.rule], at, days)
            waived.append(Waived(policy=policy.id, waiver=waiver, state=state, says=says))
            for place in at if state == "in-use" else ():
                # of two in use for one group the one that ends last is named
                other = covered.setdefault((place.finding, place.part), waiver)
                last = max((other, waiver), key=lambda one: one.until)
                covered[place.finding, place.part] = last
    marked = tuple(_marked(n, finding, covered) for n, finding in enumerate(found))
    return marked, tuple(_with_what_is_left(one, marked) for one in waived)


def waived_thing(waiver: Waiver) -> str:
    """Name what is waived, as its finding names it."""
    parts = [waiver.rule]
    parts += [f"on {waiver.attribute}"] if waiver.attribute else []
    parts += [f"for {name}" for name in (waiver.group, waiver.feature, waiver.version) if name]
    parts += [f"in {waiver.stratum}"] if waiver.stratum else []
    return " ".join(parts)


def _parts(finding: Finding, rule: Rule | None) -> Sequence[Part]:
    """Everything that a fail is about; what its kind does not name cannot be waived."""
    if finding.verdict != FindingVerdict.FAIL or rule is None or not rule.can_be_waived:
        return ()
    return rule.failing(finding)


def _failing(finding: Finding, part: Part) -> Failing:
    return Failing(
        about=part.about,
        stratum=part.stratum,
        fingerprint=fingerprint_of(
            finding.policy, finding.rule, finding.attribute, part.about, part.stratum
        ),
        value=None if part.value is None else float(part.value),
    )


def _marked(n: int, finding: Finding, covered: Mapping[tuple[int, int], Waiver]) -> Finding:
    ids = [covered[n, m].id if (n, m) in covered else None for m in range(len(finding.failing))]
    return with_waivers(finding, ids)


def _state(
    waiver: Waiver, rule: Rule, places: Sequence[_Place], days: tuple[date, date]
) -> tuple[WaiverState, str]:
    what = f"Waiver {waiver.id} of {waived_thing(waiver)}"
    first, last = days
    if last > waiver.until:
        return "expired", f"{what} ended on {waiver.until} and covers nothing any more."
    if first < waiver.start:
        return "not-yet", f"{what} begins on {waiver.start} and does not hold yet."
    if not places:
        return "unused", f"{what} covers nothing: there is no such fail. It can be taken out."
    beside = together([_beside(waiver, rule, place) for place in places])
    if beside == "worse":
        return "void", f"{what} is void: the fail is worse than when it was waived."
    if beside == "better":
        return "too-wide", (
            f"{what} was granted for a worse value ({waiver.value_text}) than is measured, and "
            "covers nothing: renew it with the present one."
        )
    return "in-use", f"{what} holds until {waiver.until}."


def _beside(waiver: Waiver, rule: Rule, place: _Place) -> Beside:
    return "worse" if place.value is None else rule.beside(place.value, waiver, place.fail)


def _with_what_is_left(waived: Waived, findings: Iterable[Finding]) -> Waived:
    """Say of a waiver that holds what else of its fail no waiver covers."""
    open_ = [
        failing.name
        for finding in findings
        if waived.state == "in-use" and finding.policy == waived.policy and finding.waiver is None
        if waived.waiver.finding in {failing.fingerprint for failing in finding.failing}
        for failing in finding.failing
        if failing.waiver is None
    ]
    if not open_:
        return waived
    says = f"{waived.says} The same fail is about {in_a_row(open_)}, not waived: it stands."
    return replace(waived, says=says)
