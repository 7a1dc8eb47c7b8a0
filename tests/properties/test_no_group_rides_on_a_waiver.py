"""A waiver opens the gate for the group that it names, and for no other one that fails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from auditor.findings import Finding, fingerprint_of
from auditor.gate import EXIT_FAILED, decide
from auditor.policy import load_policy
from auditor.policy.model import Person, Waiver
from auditor.rules.kinds.impact_ratio import ImpactRatio
from auditor.rules.kinds.measure_limit import MeasureLimit
from auditor.rules.waiving import waive
from auditor.vocabulary import FindingVerdict, Severity

PACK = load_policy("us-adverse-impact")
DAY = date(2026, 12, 1)
GROUPS = ("Asian", "Black", "Hispanic", "Other", "White")
Waive = Callable[..., tuple[tuple[Finding, ...], object]]

values = st.integers(1, 79).map(lambda n: Fraction(n, 100))
fails = st.dictionaries(st.sampled_from(GROUPS), values, min_size=1)
covered = st.sets(st.sampled_from(GROUPS))


def waiver(group: str, value: Fraction) -> Waiver:
    return Waiver(
        id=f"w-{group}",
        finding=fingerprint_of("ours", "r", "race", group, None),
        rule="r",
        attribute="race",
        group=group,
        stratum=None,
        feature=None,
        value=value,
        half=Fraction(0),
        value_text=str(value),
        because="x",
        instead="y",
        requested_by=Person(name="Ann", role="owner"),
        approved_by=(Person(name="Ben", role="lead"),),
        start=DAY,
        until=DAY,
        justification=None,
    )


def evidence(kind: str, ratios: dict[str, Fraction]) -> dict[str, object]:
    if kind == "measure-limit":
        return {"groups": [{"group": g, "value": float(v)} for g, v in ratios.items()]}
    pairs = [
        {"group": g, "favorable": v.numerator, "considered": v.denominator}
        for g, v in ratios.items()
    ]
    return {"failing": [{**p, "against_favorable": 9, "against_considered": 9} for p in pairs]}


def gate(
    by: Waive, kind: str, ratios: dict[str, Fraction], waivers: Iterable[Waiver], worst: str
) -> int:
    policy = replace(PACK, id="ours", waivers=tuple(waivers))
    entry = replace(PACK.rules[0], id="r", kind=kind)
    made = {"impact-ratio": ImpactRatio, "measure-limit": MeasureLimit}[kind]
    asked = {"measure": "selection-rate", "taken_as": "ratio", "at_least": Fraction(4, 5)}
    options = made.Options(**(asked if kind == "measure-limit" else {}))
    said = Finding(
        policy="ours", rule="r", kind=kind, verdict=FindingVerdict.FAIL, severity=Severity.BLOCK,
        says="It fails.", attribute="race", group=worst, must_pass=True,
        evidence=evidence(kind, ratios),
    )  # fmt: skip
    found, _ = by([said], [made(entry, policy, options)], as_of=DAY, today=DAY)
    return decide(found, [], in_force=["ours"]).exit_code


def check(by: Waive, kind: str, phases: Collection[Phase] = tuple(Phase)) -> None:
    @settings(max_examples=60, derandomize=True, phases=phases)
    @given(fails, covered, st.data())
    def no_group_rides(ratios: dict[str, Fraction], named: set[str], data: st.DataObject) -> None:
        worst = data.draw(st.sampled_from(sorted(ratios)))
        granted = [waiver(group, ratios.get(group, Fraction(1, 2))) for group in sorted(named)]
        opens = set(ratios) <= named

        assert (gate(by, kind, ratios, granted, worst) != EXIT_FAILED) == opens

    no_group_rides()


@pytest.mark.parametrize("kind", ["impact-ratio", "measure-limit"])
def test_the_gate_opens_only_when_every_group_that_fails_is_waived(kind):
    check(waive, kind)


def one_is_enough(*asked, **days):
    """Waive as it was once done: by the fingerprint of the finding, which names the worst group."""
    found, waived = waive(*asked, **days)
    return [
        replace(finding, waiver=one.waiver)
        for finding in found
        for one in finding.failing
        if one.fingerprint == finding.fingerprint
    ], waived


@pytest.mark.parametrize("kind", ["impact-ratio", "measure-limit"])
def test_the_check_sees_a_group_that_rides_on_the_waiver_of_another(kind):
    with pytest.raises(AssertionError):
        check(one_is_enough, kind, [Phase.generate])


@settings(max_examples=60, derandomize=True)
@given(fails, st.integers(1, 400))
def test_no_waiver_holds_for_a_value_that_is_far_off(ratios, percent):
    """Each group is held to its own number: not a worse one, and not one a tenth better."""
    off = Fraction(percent, 100)
    granted = [waiver(group, value * off) for group, value in ratios.items()]
    holds = off <= 1 <= off + off / 10

    for kind in ("impact-ratio", "measure-limit"):
        worst = min(ratios)
        assert (gate(waive, kind, ratios, granted, worst) != EXIT_FAILED) == holds
