from __future__ import annotations

from fractions import Fraction

import pytest

from auditor.findings import NotEvaluated
from auditor.rules.base import Needs
from auditor.vocabulary import FindingVerdict, Severity

KIND = "small-but-real"


def verdict(rule, evidence) -> FindingVerdict:
    (finding,) = rule.check(evidence)
    return finding.verdict


def test_a_clear_gap_above_four_fifths_and_under_nine_tenths_fires(gate, counted):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "430/1000", "M": "500/1000"}}))

    assert finding.verdict == FindingVerdict.FAIL
    assert (finding.attribute, finding.group, finding.reference) == ("sex", "F", "M")
    assert finding.severity == Severity.WARN
    assert finding.because == ("29 CFR 1607.4(D)",)
    assert finding.says == (
        "F: 430 of 1,000 selected (43.0%); M: 500 of 1,000 (50.0%). That is ratio 0.86, z -3.14, "
        "35.0 people short of their common rate. The ratio is not below 4/5, but z is 1.96 or more "
        "in size and the ratio is below 0.9."
    )
    assert finding.next.startswith("Find out where the difference arises")


def test_the_evidence_holds_the_numbers_and_the_limits(gate, counted):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "430/1000", "M": "500/1000"}}))

    (row,) = finding.evidence["contrasts"]
    assert {k: finding.evidence[k] for k in ("metric", "ratio_below", "threshold")} == {
        "metric": "selection-rate",
        "ratio_below": "9/10",
        "threshold": "9/10",
    }
    assert (row["group"], row["favorable"], row["n"]) == ("F", 430, 1000)
    assert row["ratio"] == pytest.approx(0.86, rel=1e-12)
    # (430 - 500) / 1000 / sqrt(.465 * .535 * 2 / 1000), by hand
    assert row["z"] == pytest.approx(-3.138193, abs=1e-6)
    assert row["shortfall"] == 35.0


def test_high_rates_fire_by_the_effect_size_alone(gate, counted):
    # 0.95 of 0.99 is a ratio of 0.96, but h = 2 asin sqrt(.95) - 2 asin sqrt(.99) = -0.2526
    (finding,) = gate(KIND).check(counted({"sex": {"F": "950/1000", "M": "990/1000"}}))

    assert finding.verdict == FindingVerdict.FAIL
    assert finding.says.endswith("and Cohen's h is -0.25, 0.2 or more in size.")


@pytest.mark.parametrize(
    "groups",
    [
        {"F": "43/100", "M": "50/100"},  # z -0.99
        {"F": "4600/10000", "M": "5000/10000"},  # z -5.66, but ratio 0.92 and h -0.08
    ],
)
def test_what_is_not_clear_or_not_large_is_silent(gate, counted, groups):
    (finding,) = gate(KIND).check(counted({"sex": groups}))

    assert finding.verdict == FindingVerdict.PASS
    assert "The largest difference: F: " in finding.says
    assert (finding.next, finding.group) == ("", None)


def test_equal_rates_are_said_to_be_equal(gate, counted):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "50/100", "M": "500/1000"}}))

    assert finding.verdict == FindingVerdict.PASS
    assert finding.says.endswith("All groups have the same rate as the one compared with.")


def test_a_difference_of_less_than_one_person_is_silent(gate, counted):
    # ratio 0.875, z -11: but F is 0.9998 people short, one more selected makes all equal
    found = counted({"sex": {"F": "7/8", "M": "50000/50000"}})
    # nor is it a pass: 8 people could have shown nothing
    assert verdict(gate(KIND), found) == FindingVerdict.NO_VERDICT
    # the control: one rejected more, and the shortfall is above one person
    more = counted({"sex": {"F": "14/16", "M": "50000/50000"}})
    assert verdict(gate(KIND), more) == FindingVerdict.FAIL


def test_a_ratio_of_exactly_nine_tenths_is_not_below_it(gate, counted):
    at = counted({"sex": {"F": "4500/10000", "M": "5000/10000"}})
    under = counted({"sex": {"F": "4499/10000", "M": "5000/10000"}})

    assert verdict(gate(KIND), at) == FindingVerdict.PASS
    assert verdict(gate(KIND), under) == FindingVerdict.FAIL


def test_a_ratio_of_exactly_four_fifths_is_not_below_it(gate, counted):
    at = counted({"sex": {"F": "4000/10000", "M": "5000/10000"}})

    assert verdict(gate(KIND), at) == FindingVerdict.FAIL


def test_a_clear_gap_below_four_fifths_is_left_to_other_rules_but_never_a_pass(gate, counted):
    (finding,) = gate(KIND).check(counted({"sex": {"F": "399/1000", "M": "500/1000"}}))

    assert finding.verdict == FindingVerdict.DESCRIPTIVE
    assert "The ratio is below 4/5, which is for a rule on four fifths to judge" in finding.says
    assert finding.must_pass


def test_a_ratio_below_four_fifths_that_may_be_chance_does_not_hold_up_a_pass(gate, counted):
    found = counted({"sex": {"F": "12/40", "M": "20/40"}})
    assert verdict(gate(KIND), found) == FindingVerdict.PASS


def test_a_z_on_its_limit_below_four_fifths_is_no_pass_either(gate, counted):
    # pooled rate 1/2, 50 + 50 people: z = (20 - 30) / 50 / sqrt(1/4 * 2/50) = -2 exactly
    found = counted({"sex": {"F": "20/50", "M": "30/50"}})

    assert verdict(gate(KIND, deviations="2"), found) == FindingVerdict.DESCRIPTIVE
    assert verdict(gate(KIND, deviations="2.000001"), found) == FindingVerdict.PASS


def test_a_z_on_its_limit_above_four_fifths_is_no_verdict(gate, counted):
    found = counted({"sex": {"F": "430/1000", "M": "500/1000"}})
    z = (70 / 1000) / (0.465 * 0.535 * 2 / 1000) ** 0.5

    (finding,) = gate(KIND, deviations=Fraction(z)).check(found)
    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "on-the-limit"
    # the controls: a limit a millionth higher or lower decides
    assert verdict(gate(KIND, deviations=Fraction(z * (1 + 1e-6))), found) == FindingVerdict.PASS
    assert verdict(gate(KIND, deviations=Fraction(z * (1 - 1e-6))), found) == FindingVerdict.FAIL


def test_a_small_group_with_a_higher_rate_than_the_reference_is_looked_at_too(gate, counted):
    # 20 people are no reference; they are above it, and the reference is the lower one
    groups = {"A": "20/20", "B": "8300/10000", "C": "8300/10000"}
    found = counted({"race": groups})

    (finding,) = gate(KIND).check(found)
    assert finding.verdict == FindingVerdict.FAIL
    assert (finding.group, finding.reference) == ("B", "A")


def test_all_groups_that_hold_are_named_the_farthest_first(gate, counted):
    groups = {f"G{i}": f"{4300 + 10 * i}/10000" for i in range(6)} | {"R": "5000/10000"}

    (finding,) = gate(KIND).check(counted({"race": groups}))

    assert (finding.group, finding.reference) == ("G0", "R")
    assert len(finding.evidence["contrasts"]) == 6
    assert finding.says.endswith(
        "The same holds for G1 against R (z -9.78), G2 against R (z -9.64), G3 against R (z -9.50) "
        "and 2 more."
    )


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ({"unknown": "5/10"}, "all-unknown"),
        ({"F": "0/0", "unknown": "5/10"}, "all-unknown"),
        ({"F": "5/10", "M": "0/0"}, "too-few-groups"),
        ({"F": "0/10", "M": "0/20"}, "nobody-selected"),
        ({"F": "10/10", "M": "20/20"}, "everybody-selected"),
    ],
)
def test_where_nothing_can_differ_there_is_no_verdict(gate, counted, groups, reason):
    (finding,) = gate(KIND).check(counted({"sex": groups}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == reason
    assert finding.next


def test_a_reference_that_selects_nobody_beside_a_tiny_group_leaves_no_ratio(gate, counted):
    groups = {"A": "0/5000", "B": "0/5000", "C": "1/2"}

    (finding,) = gate(KIND).check(counted({"race": groups}))

    # C stands one selection above groups of nobody: a ratio of 0, and nothing that shows anything
    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["too_small"] == ["A", "B", "C"]


def test_an_attribute_that_the_profile_does_not_map_is_not_evaluated(gate, counted):
    found = counted({"sex": {"F": "5/10", "M": "5/10"}})

    (missing,) = gate(KIND, for_each=("race",)).check(found)
    (listed,) = gate(KIND, for_each=("race",), when_present=True).check(found)

    assert isinstance(missing, NotEvaluated)
    assert (missing.reason, missing.required) == ("attribute-absent", True)
    assert listed.required is False


def test_a_rate_that_the_export_does_not_carry_is_not_evaluated(gate, counted):
    found = counted({"sex": {"F": "5/10", "M": "5/10"}})

    (missing,) = gate(KIND, metric="scoring-rate").check(found)

    assert (missing.reason, missing.required) == ("metric-absent", True)


def test_a_scoring_rate_is_compared_with_the_highest_of_all_groups(gate, counted):
    groups = {"A": "15/20", "B": "500/1000", "C": "500/1000"}
    found = counted({"race": groups}, metric="scoring-rate")

    (finding,) = gate(KIND, metric="scoring-rate", deviations="1").check(found)

    assert "A: 15 of 20" in finding.says
    assert "on the better side of the median" in finding.says


def test_the_rates_and_attributes_it_needs_are_named(gate):
    rule = gate(KIND, for_each=("sex", "sex*race"), metric="scoring-rate")

    assert rule.needs() == Needs(
        attributes=frozenset({"sex", "sex*race"}), metrics=frozenset({"scoring-rate"})
    )


def test_intersections_may_fail_but_need_not_pass(gate, counted):
    cells = {"F*B": "500/1000", "M*W": "500/1000"}

    (finding,) = gate(KIND, for_each=("sex*race",)).check(
        counted({"sex*race": cells}, attributes=("sex", "race"))
    )

    assert finding.must_pass is False
