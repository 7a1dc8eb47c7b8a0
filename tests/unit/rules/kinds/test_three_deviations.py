from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from auditor.findings import NotEvaluated
from auditor.vocabulary import FindingVerdict, Severity

KIND = "three-deviations"


def verdict(rule, evidence) -> FindingVerdict:
    (finding,) = rule.check(evidence)
    return finding.verdict


def test_three_deviations_fire_and_say_who_against_whom(gate, counted):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "430/1000", "M": "500/1000"}}))

    assert finding.verdict == FindingVerdict.FAIL
    assert (finding.group, finding.reference, finding.attribute) == ("F", "M", "sex")
    assert finding.says == (
        "F: 430 of 1,000 selected (43.0%); M: 500 of 1,000 (50.0%). That is ratio 0.86, z -3.14, "
        "35.0 people short of their common rate. A difference of 3 standard deviations or more is "
        "hard to explain by chance, whatever the ratio."
    )
    assert finding.evidence["deviations"] == "3"
    assert finding.next


@pytest.mark.parametrize(
    "groups",
    [
        {"F": "990000/1000000", "M": "995000/1000000"},  # ratio 0.995, far above 4/5
        {"F": "10/100", "M": "60/100"},  # ratio 0.17, far below
    ],
)
def test_the_ratio_does_not_matter(gate, counted, groups):
    assert verdict(gate(KIND), counted({"sex": groups})) == FindingVerdict.FAIL


def test_two_deviations_are_silent(gate, counted):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "440/1000", "M": "500/1000"}}))

    assert finding.verdict == FindingVerdict.PASS
    assert finding.says.startswith(
        "No group is 3 standard deviations and one person or more from the group compared with. "
        "The largest difference: F: 440 of 1,000 selected (44.0%)"
    )


def test_many_deviations_of_less_than_one_person_are_silent(gate, counted):
    # z is -100, but F is 0.9999 people short of the common rate
    # nor is it a pass: one person could have shown nothing
    assert verdict(gate(KIND), counted({"sex": {"F": "0/1", "M": "10000/10000"}})) == (
        FindingVerdict.NO_VERDICT
    )
    # the control: two people short
    assert verdict(gate(KIND), counted({"sex": {"F": "0/2", "M": "10000/10000"}})) == (
        FindingVerdict.FAIL
    )


def test_a_shortfall_of_exactly_one_person_counts(gate, counted):
    # n_l m / N - x_l = 2 * 2 / 4 - 0 = 1, z = -2
    found = counted({"sex": {"F": "0/2", "M": "2/2"}})

    assert verdict(gate(KIND, deviations="1.9"), found) == FindingVerdict.FAIL


def test_a_z_of_exactly_the_limit_decides_nothing(gate, counted):
    # pooled rate 1/2, 50 + 50 people: z = (20 - 30) / 50 / sqrt(1/4 * 2/50) = -2 exactly
    found = counted({"sex": {"F": "20/50", "M": "30/50"}})

    (finding,) = gate(KIND, deviations="2").check(found)
    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "on-the-limit"
    assert "z -2.00" in finding.says
    assert finding.says.endswith("That is too close to the limit to tell.")
    assert verdict(gate(KIND, deviations="2.000001"), found) == FindingVerdict.PASS
    assert verdict(gate(KIND, deviations="1.999999"), found) == FindingVerdict.FAIL


def test_a_doubt_about_one_group_does_not_hide_a_clear_one(gate, counted):
    groups = {"A": "6/18", "B": "12/18", "C": "0/18"}
    found = counted({"race": groups})

    (finding,) = gate(KIND, deviations="2").check(found)

    assert (finding.verdict, finding.group) == (FindingVerdict.FAIL, "C")


def test_a_shown_z_never_contradicts_the_verdict(gate, counted):
    # z is -2.9961: two places would read 3.00
    (finding,) = gate(KIND).check(counted({"sex": {"F": "1398/3000", "M": "1514/3000"}}))

    assert finding.verdict == FindingVerdict.PASS
    assert "z -2.996" in finding.says


def test_both_directions_from_the_reference_are_looked_at(gate, counted):
    # 20 people cannot be the reference; the rate above it is three deviations away
    found = counted({"race": {"A": "20/20", "B": "500/1000", "C": "500/1000"}})

    (finding,) = gate(KIND).check(found)

    assert (finding.verdict, finding.group, finding.reference) == (FindingVerdict.FAIL, "B", "A")


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ({"unknown": "5/10"}, "all-unknown"),
        ({"F": "5/10", "M": "0/0"}, "too-few-groups"),
        ({"F": "0/10", "M": "0/20"}, "nobody-selected"),
        ({"F": "10/10", "M": "20/20"}, "everybody-selected"),
    ],
)
def test_where_nothing_can_differ_there_is_no_verdict(gate, counted, groups, reason):
    (finding,) = gate(KIND, severity=Severity.BLOCK).check(counted({"sex": groups}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == reason
    assert finding.must_pass


def test_groups_that_all_select_everybody_beside_another_group_are_equal(gate, counted):
    found = counted({"race": {"A": "100/100", "B": "100/100", "C": "84/100"}})
    few = counted({"race": {"A": "100/100", "B": "100/100", "C": "99/100"}})

    assert verdict(gate(KIND, deviations="5"), found) == FindingVerdict.PASS
    # one person who is not selected could have shown nothing, whoever it is
    assert verdict(gate(KIND), few) == FindingVerdict.NO_VERDICT


def test_groups_that_select_nobody_have_no_ratio_and_no_difference(gate, counted):
    # the reference is A, of 5,000 without a selection; B is equal to it and has no ratio
    found = counted({"race": {"A": "0/5000", "B": "0/4000", "C": "0/2", "D": "0/0"}})
    (nobody,) = gate(KIND).check(found)
    some = counted({"race": {"A": "0/5000", "B": "0/4000", "C": "1/2", "D": "0/0"}})

    (finding,) = gate(KIND, deviations="100").check(some)

    assert nobody.verdict == FindingVerdict.NO_VERDICT
    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "too-few-people"


def test_an_absent_attribute_is_not_evaluated_and_holds_a_pass_up_unless_when_present(
    gate, counted
):
    found = counted({"sex": {"F": "5/10", "M": "5/10"}})

    (missing,) = gate(KIND, for_each=("race",), severity=Severity.BLOCK).check(found)
    (listed,) = gate(KIND, for_each=("race",), when_present=True).check(found)

    assert isinstance(missing, NotEvaluated)
    assert (missing.reason, missing.required, missing.severity) == (
        "attribute-absent",
        True,
        Severity.BLOCK,
    )
    assert listed.required is False


def test_limits_that_are_no_limits_are_refused(gate):
    with pytest.raises(ValueError, match="deviations"):
        gate(KIND, deviations=Fraction(0))


def test_a_kind_that_does_not_say_what_fails_takes_all_for_worse(gate):
    rule = gate("coverage", attributes=["sex"], metrics=["selection-rate"])

    assert rule.failing(SimpleNamespace()) == ()
    assert rule.beside(1, SimpleNamespace(), SimpleNamespace()) == "worse"
