"""A pass on differences needs people who could have shown one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.metrics import Counts
from auditor.metrics.measure import measure
from auditor.rules.thin import thin, too_thin
from auditor.vocabulary import FindingVerdict, Severity

KINDS = ("small-but-real", "three-deviations")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("groups", "verdict"),
    [
        ({"F": "3/5", "M": "2/5"}, FindingVerdict.NO_VERDICT),
        ({"F": "14/29", "M": "500/1000"}, FindingVerdict.NO_VERDICT),
        ({"F": "15/30", "M": "15/30"}, FindingVerdict.PASS),
        # five expected selections, and one fewer
        ({"F": "5/50", "M": "5/50"}, FindingVerdict.PASS),
        ({"F": "5/50", "M": "4/50"}, FindingVerdict.NO_VERDICT),
        ({"F": "45/50", "M": "46/50"}, FindingVerdict.NO_VERDICT),
        # a tenth of the people in small groups, and one person more
        ({"F": "45/90", "M": "45/90", "X": "10/20"}, FindingVerdict.PASS),
        ({"F": "45/90", "M": "45/90", "X": "10/21"}, FindingVerdict.NO_VERDICT),
    ],
)
def test_a_pass_needs_groups_that_can_show_a_difference(gate, counted, kind, groups, verdict):
    (finding,) = gate(kind).check(counted({"sex": groups}))

    assert finding.verdict == verdict


def test_the_sentence_names_the_groups_and_what_a_pass_needs(gate, counted):
    (finding,) = gate("three-deviations").check(counted({"sex": {"F": "3/5", "M": "2/5"}}))

    assert finding.says == (
        "Too few people to tell a difference from chance: F, M. A pass needs two groups or more of "
        "30 people, of whom 5 or more are selected at the rate of all and 5 or more are not, and "
        "nine in ten people in such groups."
    )
    assert finding.evidence["reason"] == "too-few-people"
    assert finding.evidence["too_small"] == ["F", "M"]
    assert finding.next


@pytest.mark.parametrize("kind", KINDS)
def test_few_people_can_still_fail(gate, counted, kind):
    groups = {"F": "16/20", "M": "20/20"}
    (finding,) = gate(kind, deviations="1.9").check(counted({"sex": groups}))

    assert finding.verdict == FindingVerdict.FAIL


PAIRS = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
)


@given(PAIRS)
def test_no_pass_rests_on_one_group_or_on_a_part_of_the_people(pairs):
    few = thin(pairs)
    people = sum(n for _, n in pairs.values())
    shown = [n for name, (_, n) in pairs.items() if name not in few]

    can = too_thin(pairs, "selection-rate") is None
    assert can == (len(shown) > 1 and 10 * sum(shown) >= 9 * people)
    assert all(n >= 30 for n in shown)


BLOCKING = {
    "small-but-real": {},
    "three-deviations": {},
    "descriptive": {"threshold": Fraction(1, 10)},
    "coverage": {"attributes": ("sex",), "metrics": ("selection-rate",)},
    "impact-ratio": {},
    "measure-limit": {"measure": "selection-rate", "at_least": Fraction(1, 100)},
}
CELLS = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("kind", BLOCKING)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.dictionaries(st.sampled_from(["A", "B", "C", "unknown"]), CELLS, min_size=1))
def test_whatever_blocks_passes_only_on_groups_that_can_be_compared(gate, counted, kind, tables):
    seen = counted({"sex": {name: f"{x}/{n}" for name, (x, n) in tables.items()}})
    if kind == "measure-limit":
        seen = replace(seen, measures=measure(seen.tables, Counts(cube=None)))
    sizes = sorted((n for name, (_, n) in tables.items() if name != "unknown"), reverse=True)
    unknown = tables.get("unknown", (0, 0))[1]

    for finding in gate(kind, severity=Severity.BLOCK, **BLOCKING[kind]).check(seen):
        if finding.verdict == FindingVerdict.PASS and finding.must_pass:
            assert len(sizes) > 1
            assert sizes[1] >= 10
            assert kind == "impact-ratio" or 9 * unknown <= sum(sizes)
