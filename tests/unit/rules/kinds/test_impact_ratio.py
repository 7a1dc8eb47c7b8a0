from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.findings import NotEvaluated
from auditor.gate import decide
from auditor.rules.bind import bind
from auditor.rules.evaluate import evaluate
from auditor.vocabulary import FindingVerdict, Severity, State

KIND = "impact-ratio"
SEVEN = {
    "White": "660/2200", "Black": "300/1000", "Hispanic": "225/750", "Asian": "210/700",
    "two": "75/250", "AIAN": "3/50", "NHPI": "15/50",
}  # fmt: skip
FAIR = {"F": "300/1000", "M": "330/1100"}
HEAD = """\
auditor: policy/1
policy:
  id: ours
  title: Our gate
  version: "1.0"
  status: in-force
  owner: people team
  effective_from: 2026-01-01
basis:
  - {id: b1, cite: Standard 1, says: Something.}
gates:
  - id: clear
    kind: impact-ratio
    says: s
    because: [b1]
"""


@pytest.fixture
def block(gate):
    """One rule that moves the verdict."""
    return lambda **options: gate(KIND, **{"severity": Severity.BLOCK, **options})


@pytest.fixture
def bound(tmp_path, monkeypatch):
    """A rule bound from a policy file with these options."""
    monkeypatch.chdir(tmp_path)

    def bound(options: str, lines: str = ""):
        Path("p.yaml").write_text(f"{HEAD}{lines}    options: {options}\n", encoding="utf-8")
        return bind(["./p.yaml"])[0].rules[0]

    return bound


def whole(finding):
    return f"{finding.says} {finding.detail}"


def only(rule, evidence):
    (finding,) = rule.check(evidence)
    json.dumps(finding.evidence, allow_nan=False)
    return finding


# --- what each state says -----------------------------------------------------------------------


def test_a_fail_says_who_against_whom_how_sure_and_what_would_undo_it(block, counted):
    finding = only(block(), counted({"sex": {"F": "40/100", "M": "60/100"}}))

    assert (finding.verdict, finding.severity) == (FindingVerdict.FAIL, Severity.BLOCK)
    assert (finding.attribute, finding.group, finding.reference) == ("sex", "F", "M")
    assert finding.must_pass
    assert finding.because == ("29 CFR 1607.4(D)",)
    assert whole(finding) == (
        "Group F was selected at 0.67 times the rate of group M: 40 of 100 (40.0%) against 60 of "
        "100 (60.0%). "
        "That is below 4/5. A gap this large would come up by chance in fewer than 5 of 100 audits "
        "of equal groups, and moving one selection would not change this. The ratio is 0.67 (95 % "
        "interval 0.50 to 0.88), 10.0 people short of the common rate; p 0.012 with one selection "
        "moved, for 1 pair; 4 selections would have to move from M to F to undo it. A true ratio "
        "between 0.48 and 0.92 could get either verdict at this size."
    )
    assert finding.next.startswith("Find the step, job or requisition")


def test_the_evidence_of_a_fail_is_whole_and_plain(block, counted):
    finding = only(block(), counted({"sex": {"F": "40/100", "M": "60/100", "unknown": "1/4"}}))
    seen = finding.evidence

    assert (seen["metric"], seen["state"], seen["reason"]) == ("selection-rate", "fail", None)
    assert (seen["threshold"], seen["worth_detecting"], seen["alpha"]) == ("4/5", "7/10", 0.05)
    assert (seen["reference_share"], seen["open_share"]) == ("1/50", "1/10")
    assert [(g["group"], g["favorable"], g["considered"]) for g in seen["groups"]] == [
        ("F", 40, 100),
        ("M", 60, 100),
    ]
    assert (seen["pairs"], seen["reference"], seen["proof"]) == (1, "M", None)
    (pair,) = seen["failing"]
    assert pair == seen["headline"] == seen["deciding"]
    assert (pair["group"], pair["against"], pair["selections_to_undo"]) == ("F", "M", 4)
    assert pair["p_moved"] == pytest.approx(0.01152862, abs=5e-9)
    assert pair["p_mid"] == pair["p_adjusted"] == pytest.approx(0.00497269, abs=5e-9)
    assert pair["shortfall"] == 10.0
    # all four unknown are M and rejected: 60/104 instead of 60/100, and 40/100 is still below 4/5
    assert seen["unknown"]["considered"] == 4
    assert (seen["unknown"]["tipping_factor"], seen["unknown"]["tips"]) == (None, False)
    assert seen["near_the_line"]["selections"] == 4


def test_a_pass_says_what_is_ruled_out_and_that_rates_need_not_be_equal(block, counted):
    finding = only(block(), counted({"sex": {"F": "555/1181", "M": "667/1390"}}))

    assert (finding.verdict, finding.group, finding.must_pass) == (FindingVerdict.PASS, None, True)
    assert finding.says == (
        "No group was below 4/5 of another, and the data rule out (95 %) a ratio below 0.70 "
        "between any two of: F, M (100.0% of people). A pass does not mean that rates are equal."
    )
    assert finding.detail == "The smallest ratio not ruled out is 0.91."
    assert finding.next == ""
    assert finding.evidence["smallest_ratio_not_ruled_out"] == pytest.approx(0.914283, abs=1e-6)


def test_a_pass_names_the_groups_that_it_does_not_show(block, counted):
    groups = {"White": "412/797", "Asian": "302/616", "Black": "170/390", "NHPI": "16/41"}
    finding = only(block(), counted({"race": groups}))

    assert finding.verdict == FindingVerdict.PASS
    assert finding.says.startswith("Among the groups shown, no group was below 4/5 of another")
    assert "any two of: Asian, Black, White (97.8% of people)." in whole(finding)
    assert "Not shown: NHPI (16 of 41, ratio 0.75)." in whole(finding)
    assert finding.next == "Watch the groups not shown over a longer period."


def test_a_pass_says_that_a_small_group_is_no_yardstick(block, counted):
    groups = {"A": "15000/50000", "B": "15000/50000", "C": "600/1500"}
    finding = only(block(), counted({"race": groups}))

    assert finding.verdict == FindingVerdict.PASS
    assert "A group under 2% of people is compared with larger ones, never the reverse." in whole(
        finding
    )


def test_a_pass_with_a_gap_that_is_real_yields_a_warning_below_nine_tenths(block, counted):
    passed, gap = block().check(counted({"sex": {"F": "300/500", "M": "600/800"}}))

    real = "The difference is real (adjusted p 1.6e-8) but smaller than 4/5."
    assert passed.verdict == FindingVerdict.PASS
    assert real in whole(passed)
    assert "It would fail with 2 selections moved from F to M." in whole(passed)
    assert (gap.verdict, gap.severity) == (FindingVerdict.FAIL, Severity.WARN)
    assert (gap.group, gap.reference, gap.must_pass) == ("F", "M", False)
    assert whole(gap) == (
        "Group F was selected at 0.80 times the rate of group M: 300 of 500 (60.0%) against 600 of "
        "800 "
        f"(75.0%). {real} The ratio is 0.80 (95 % interval 0.74 to 0.87), 46.2 people short of the "
        "common rate, z -5.70."
    )
    assert gap.next.startswith("Professional practice, not law")
    z = -0.15 / math.sqrt(9 / 13 * 4 / 13 * (1 / 500 + 1 / 800))
    assert gap.evidence["gap"]["z"] == pytest.approx(z, rel=1e-12)
    assert gap.fingerprint != passed.fingerprint


@pytest.mark.parametrize(
    ("severity", "groups", "expected"),
    [
        (Severity.BLOCK, {"F": "900/1000", "M": "1000/1000"}, ("descriptive", "info")),
        (Severity.BLOCK, {"F": "899/1000", "M": "1000/1000"}, ("fail", "warn")),
        (Severity.WARN, {"F": "850/1000", "M": "999/1000"}, ("fail", "warn")),
        (Severity.INFO, {"F": "850/1000", "M": "999/1000"}, ("descriptive", "info")),
    ],
)  # fmt: skip
def test_a_real_gap_warns_only_below_nine_tenths_and_never_above_the_rule(
    block, counted, severity, groups, expected
):
    passed, gap = block(severity=severity).check(counted({"sex": groups}))

    assert (passed.verdict, passed.severity) == (FindingVerdict.PASS, severity)
    assert (gap.verdict, gap.severity) == expected


def test_a_warning_beside_a_pass_does_not_move_the_verdict(block, counted):
    rule = block()
    judged = evaluate([rule], counted({"sex": {"F": "300/500", "M": "600/800"}}), ["ours"])
    verdict = decide(judged.findings, judged.not_evaluated, in_force=["ours"])

    assert verdict.state == State.PASS


def test_the_proof_is_named_when_another_pair_carries_it(block, counted):
    # C has the highest rate, but so few people that only the pair with B is beyond chance
    groups = {"A": "240/1000", "B": "350/1000", "C": "14/40"}
    finding = only(block(), counted({"race": groups | {"C": "15/42"}}))

    assert (finding.group, finding.reference) == ("A", "C")
    assert finding.says.startswith(
        "Group A was selected at 0.67 times the rate of group C: 240 of 1,000"
    )
    assert "The proof is A against B: 240 of 1,000 (24.0%) against 350 of 1,000" in whole(finding)
    assert finding.evidence["proof"]["against"] == "B"
    assert finding.evidence["headline"]["fails"] is False


def test_other_groups_that_fail_are_listed_with_their_strongest_pair(block, counted):
    groups = {"A": "100/1000", "B": "150/1000", "C": "300/1000", "D": "310/1000"}
    finding = only(block(), counted({"race": groups}))

    assert (finding.group, finding.reference) == ("A", "D")
    assert "The same holds for B against D." in whole(finding)
    assert "for 6 pairs" in whole(finding)


def test_a_fail_that_the_unknown_could_undo_says_so(block, counted):
    groups = {"F": "60/150", "M": "90/150", "unknown": "60/120"}
    finding = only(block(), counted({"sex": groups}))

    assert finding.verdict == FindingVerdict.FAIL
    assert (
        "The 120 people whose sex is not known (28.6%) could undo this if their groups differ from "
        "the known by a factor of 1.9 or more."
    ) in whole(finding)
    assert finding.evidence["unknown"]["tipping_factor"] == pytest.approx(1.875, rel=1e-9)


def test_a_pass_says_how_unlike_the_known_the_unknown_would_have_to_be(block, counted):
    many = only(block(), counted({"sex": FAIR | {"unknown": "350/900"}}))
    few = only(block(), counted({"sex": FAIR | {"unknown": "1/2"}}))

    assert (
        "The 900 people whose sex is not known (30.0%) could change this only if their groups "
        "differ from the known by a factor of 2.4 or more."
    ) in whole(many)
    assert "The 2 people whose sex is not known (0.1%) could not change this, whatever" in whole(
        few
    )


# --- no verdict, reason by reason ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "reason", "says"),
    [
        ({"unknown": "3/9"}, "all-unknown", "Nobody whose sex is known was considered"),
        ({"F": "0/90", "M": "0/90"}, "nobody-selected", "Nobody was selected, so no rates"),
        ({"F": "90/90", "M": "90/90"}, "everybody-selected", "Everybody was selected"),
        ({"F": "9/90"}, "too-few-groups", "All considered people are of one group of sex, F."),
        (
            {"F": "70/235", "M": "63/265"},
            "too-few-groups",
            "Group M was selected at 0.798 times the rate of group F, below 4/5: 63 of 265 (23.8%) "
            "against "
            "70 of 235 (29.8%). But a gap like this is not rare among equal groups (adjusted p "
            "0.131). Not enough people to tell: with equal groups this audit would reach a "
            "verdict at about 780 considered (now 500).",
        ),
        (
            {"F": "45/95", "M": "60/105"},
            "too-few-groups",
            "Not enough people to tell: with equal groups this audit would reach a verdict at "
            "about 260 considered (now 200). Not shown: F (45 of 95, ratio 0.83).",
        ),
    ],
)
def test_no_verdict_says_why(block, counted, groups, reason, says):
    finding = only(block(), counted({"sex": groups}))

    assert (finding.verdict, finding.evidence["reason"]) == (FindingVerdict.NO_VERDICT, reason)
    assert whole(finding).startswith(says)
    assert finding.next
    assert finding.must_pass


def test_no_verdict_says_what_would_have_been_caught(block, counted):
    some = only(block(), counted({"sex": {"F": "45/95", "M": "60/105"}}))
    none = only(block(), counted({"sex": {"F": "8/35", "M": "10/35"}}))

    assert (
        "Between F and M a true ratio of 0.59 or less would have been caught in 80 of 100 audits"
    ) in whole(some)
    assert "No ratio, however low, would have been caught in 80 of 100" in whole(none)


def test_open_groups_that_hold_too_many_people_are_named(block, counted):
    groups = {"A": "300/1000", "B": "300/1000", "C": "30/130", "D": "36/150"}
    finding = only(block(), counted({"race": groups}))

    assert finding.evidence["reason"] == "open-share"
    assert (
        "Groups about which nothing is shown hold 12.3% of people, more than 10%. Not shown: D (36 "
        "of 150, ratio 0.80), C (30 of 130, ratio 0.77)."
    ) in whole(finding)


def test_enough_people_without_a_pass_are_not_asked_for_more(block, counted):
    evidence = counted({"race": {"A": "1200/4000", "B": "970/4000", "C": "1190/4000"}})
    finding = only(block(pass_needs="equivalence"), evidence)  # noqa: S106 - no password

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.says.startswith("The data do not rule out (95 %) a ratio below 0.80.")


def test_a_sign_in_a_small_group_holds_the_pass_back(block, counted):
    groups = {"A": "400/1000", "B": "400/1000", "C": "4/29"}
    finding = only(block(), counted({"race": groups}))

    assert finding.evidence["reason"] == "sign-in-small-group"
    assert (
        "Too few people to compare, yet different from everyone else beyond chance and by a ratio "
        "below 4/5: C (4 of 29)."
    ) in whole(finding)
    assert finding.next.startswith("Look at the decisions on the groups named")


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        ("2", "a factor of 1.9, and a pass has to hold up to a factor of 2."),
        ("worst-case", "a factor of 1.9, and a pass has to hold whatever their groups."),
    ],
)
def test_unknown_people_who_could_tip_the_pass_hold_it_back(block, counted, factor, says):
    evidence = counted({"sex": FAIR | {"unknown": "400/1500"}})
    finding = only(block(unknown_factor=factor), evidence)

    assert finding.evidence["reason"] == "unknown"
    assert (
        "The 1,500 people whose sex is not known (41.7%) could bring a ratio below 0.70"
    ) in whole(finding)
    assert says in whole(finding)
    assert finding.evidence["unknown_factor"] == (2.0 if factor == "2" else "worst-case")
    assert only(block(unknown_factor="1"), evidence).verdict == FindingVerdict.PASS


def test_a_gap_that_one_selection_would_change_is_not_called_chance(block, counted):
    finding = only(block(), counted({"sex": {"F": "40/100", "M": "54/100"}}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert "But moving one selection would change this." in whole(finding)


def test_an_intersection_below_another_but_not_below_everyone_else_does_not_fail(block, counted):
    groups = {"F*A": "330/1000", "F*B": "330/1000", "M*A": "330/1000", "M*B": "450/1000"}
    rule = block(for_each=("sex*race",))
    crossed = only(rule, counted({"sex*race": groups}, attributes=("sex", "race")))
    single = only(block(), counted({"race": groups}))

    assert crossed.verdict == FindingVerdict.NO_VERDICT
    assert "But F*A is not below 4/5 of everyone else together." in whole(crossed)
    assert single.verdict == FindingVerdict.FAIL


def test_groups_that_are_all_too_small_for_a_yardstick_are_not_asked_for_more_people(
    block, counted
):
    groups = {f"g{i:02}": "30/100" for i in range(60)}
    finding = only(block(), counted({"location": groups}))

    assert finding.evidence["reason"] == "too-few-groups"
    assert finding.says.startswith("More people of the same mix would not lead to a pass.")


# --- options ------------------------------------------------------------------------------------


def test_every_parameter_is_an_option_under_its_name(bound):
    options = bound(
        "{metric: scoring-rate, threshold: 0.85, alpha: 0.01, worth_detecting: 3/4, "
        "confidence: 0.9, min_people: 50, min_expected: 10, reference_share: 0.05, "
        "open_share: 0, must_pass: [sex, sex*race], unknown_factor: 1.5, strata_decide: false, "
        "fail_only: true}"
    ).options
    rule = options.rule()

    assert options.metric == "scoring-rate"
    assert (rule.threshold, rule.worth_detecting) == (Fraction(17, 20), Fraction(3, 4))
    assert (rule.alpha, rule.confidence, rule.unknown_factor) == (0.01, 0.9, 1.5)
    assert (rule.min_people, rule.min_expected) == (50, 10)
    assert (rule.reference_share, rule.open_share) == (Fraction(1, 20), 0)
    assert options.must_pass == ("sex", "sex*race")
    assert (options.strata_decide, options.fail_only) == (False, True)


def test_the_defaults_are_those_of_the_rule(bound):
    rule = bound("{}").options.rule()

    assert (rule.threshold, rule.alpha, rule.worth_detecting) == (
        Fraction(4, 5),
        0.05,
        Fraction(7, 10),
    )
    assert (rule.confidence, rule.min_people, rule.min_expected) == (0.95, 30, 5)
    assert (rule.reference_share, rule.open_share, rule.unknown_factor) == (
        Fraction(1, 50),
        Fraction(1, 10),
        2.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "worth_detecting"),
    [
        ("{pass_needs: equivalence}", Fraction(4, 5)),
        ("{pass_needs: equivalence, threshold: 0.9}", Fraction(9, 10)),
        ("{threshold: 0.6}", Fraction(3, 5)),
        ("{worth_detecting: 4/5}", Fraction(4, 5)),
    ],
)
def test_what_a_pass_has_to_rule_out(bound, options, worth_detecting):
    assert bound(options).options.rule().worth_detecting == worth_detecting


def test_the_worst_case_is_an_unknown_factor(bound):
    assert math.isinf(bound("{unknown_factor: worst-case}").options.rule().unknown_factor)


@pytest.mark.parametrize(
    ("options", "where", "slug"),
    [
        ("{thresold: 0.8}", "16:15", "unknown-key"),
        ("{threshold: 0}", "16:26", "out-of-range"),
        ("{threshold: 1.01}", "16:26", "out-of-range"),
        ("{threshold: 80%}", "16:26", "not-a-number"),
        ("{alpha: 0.0009}", "16:22", "out-of-range"),
        ("{alpha: 0.11}", "16:22", "out-of-range"),
        ("{worth_detecting: 0.49}", "16:32", "out-of-range"),
        ("{worth_detecting: 0.81}", "16:32", "out-of-range"),
        ("{threshold: 0.75, worth_detecting: 0.8}", "16:49", "out-of-range"),
        ("{confidence: 0.89}", "16:27", "out-of-range"),
        ("{confidence: 0.9991}", "16:27", "out-of-range"),
        ("{min_people: 0}", "16:27", "out-of-range"),
        ("{min_people: 30.5}", "16:27", "wrong-type"),
        ("{min_expected: 0}", "16:29", "out-of-range"),
        ("{reference_share: 0.11}", "16:32", "out-of-range"),
        ("{open_share: 0.26}", "16:27", "out-of-range"),
        ("{open_share: -0.1}", "16:27", "out-of-range"),
        ("{unknown_factor: 0.99}", "16:31", "out-of-range"),
        ("{unknown_factor: never}", "16:31", "not-a-number"),
        ("{must_pass: []}", "16:26", "empty-value"),
        ("{must_pass: [sex, sex]}", "16:26", "listed-twice"),
        ("{must_pass: [sex**race]}", "16:27", "bad-attribute"),
        ("{metric: hire-rate}", "16:23", "not-one-of"),
        ("{pass_needs: power}", "16:27", "not-one-of"),
        ("{worth_detecting: 0.7, pass_needs: equivalence}", "16:49", "contradicting-options"),
        ("{strata_decide: no}", "16:30", "wrong-type"),
    ],
)
def test_options_out_of_range_are_refused_at_their_place(bound, options, where, slug):
    with pytest.raises(PolicyError, match=r"\w") as caught:
        bound(options)

    assert [(str(p.where), p.slug) for p in caught.value.problems] == [(f"p.yaml:{where}", slug)]


def test_a_refusal_names_the_limit(bound):
    with pytest.raises(
        PolicyError, match=r"'worth_detecting' must be from 0\.5 to the threshold 3/4, got 0\.8"
    ):
        bound("{threshold: 0.75, worth_detecting: 0.8}")
    with pytest.raises(
        PolicyError, match=r"'unknown_factor' must be at least 1, or worst-case, got 0\.5"
    ):
        bound("{unknown_factor: 0.5}")
    with pytest.raises(PolicyError, match=r"'alpha' must be from 0\.001 to 0\.10, got 0\.2"):
        bound("{alpha: 0.2}")


# --- which attributes, and what must pass -------------------------------------------------------


def test_single_attributes_must_pass_and_intersections_need_not(block, counted):
    found = block(for_each=("sex", "sex*race")).check(
        counted({"sex": FAIR, "race": FAIR, "sex*race": {"F*A": "300/1000", "M*A": "330/1100"}})
    )

    assert [(f.attribute, f.must_pass) for f in found] == [("sex", True), ("sex*race", False)]


def test_must_pass_lists_what_must_pass_and_asks_for_it(block, counted):
    rule = block(for_each=("sex", "race"), must_pass=["sex", "sex*race"])
    said = list(rule.check(counted({"sex": FAIR, "race": FAIR})))

    assert [(f.attribute, f.must_pass) for f in said[:2]] == [("sex", True), ("race", False)]
    assert isinstance(said[2], NotEvaluated)
    assert (said[2].reason, said[2].required) == ("attribute-absent", True)
    assert rule.needs().attributes == {"sex", "race", "sex*race"}
    assert rule.needs().metrics == {"selection-rate"}


def test_an_absent_attribute_holds_the_run_back(block, counted):
    rule = block(for_each=("sex", "race", "sex*race"))
    judged = evaluate([rule], counted({"sex": FAIR}), ["ours"])
    verdict = decide(judged.findings, judged.not_evaluated, in_force=["ours"])

    assert [(n.reason, n.required) for n in judged.not_evaluated] == [
        ("attribute-absent", True),
        ("attribute-absent", False),
    ]
    assert judged.not_evaluated[0].says == (
        "Rule rule of ours was not evaluated on race: the profile maps no attribute named race "
        "(known here: sex)."
    )
    assert verdict.state == State.NO_VERDICT


def test_an_absent_attribute_is_only_listed_with_when_present(block, counted):
    rule = block(for_each=("sex", "race"), when_present=True)
    judged = evaluate([rule], counted({"sex": FAIR}), ["ours"])

    assert [n.required for n in judged.not_evaluated] == [False]
    assert decide(judged.findings, judged.not_evaluated, in_force=["ours"]).state == State.PASS


def test_an_intersection_of_the_policy_that_is_absent_is_listed(block, counted):
    rule = block(intersections=("sex*race",))
    judged = evaluate([rule], counted({"sex": FAIR}), ["ours"])

    assert [(n.says, n.required) for n in judged.not_evaluated] == [
        (
            "Rule rule of ours was not evaluated on sex*race: the profile maps no attribute named "
            "race (known here: sex).",
            False,
        )
    ]
    assert decide(judged.findings, judged.not_evaluated, in_force=["ours"]).state == State.PASS


def test_an_intersection_that_nobody_counted_is_said(block, counted):
    (said,) = block(for_each=("sex*race",)).check(counted({"sex": FAIR, "race": FAIR}))

    assert (said.reason, said.says.endswith("on sex*race: it was not counted.")) == (
        "attribute-absent",
        True,
    )


def test_a_rate_that_the_export_does_not_carry_is_said(block, counted):
    (said,) = block(metric="scoring-rate").check(counted({"sex": FAIR}))

    assert (said.reason, said.required) == ("metric-absent", True)
    assert said.says.endswith("on sex: the export carries nothing to compute a scoring rate from.")


def test_a_scoring_rate_is_judged_in_its_own_words(block, counted):
    evidence = counted({"sex": {"F": "40/100", "M": "60/100"}}, metric="scoring-rate")
    finding = only(block(metric="scoring-rate"), evidence)

    assert finding.says.startswith(
        "Group F was on the better side of the median at 0.67 times the rate of group M"
    )
    assert finding.evidence["metric"] == "scoring-rate"


def test_a_rule_that_can_only_fail_never_counts_as_a_pass(block, counted):
    rule = block(fail_only=True)
    passed = only(rule, counted({"sex": FAIR}))
    unsure = only(rule, counted({"sex": {"F": "11/40", "M": "12/40"}}))
    failed = only(rule, counted({"sex": {"F": "40/100", "M": "60/100"}}))

    assert (passed.verdict, passed.must_pass) == (FindingVerdict.DESCRIPTIVE, False)
    assert passed.says.endswith("This rule can only fail, so this counts as no pass.")
    assert (unsure.verdict, unsure.must_pass) == (FindingVerdict.NO_VERDICT, False)
    assert failed.verdict == FindingVerdict.FAIL
    assert decide([passed], [], in_force=["ours"]).state == State.NO_VERDICT


# --- strata -------------------------------------------------------------------------------------


def with_strata(evidence):
    export = replace(evidence.decisions.export, strata=("requisition",))
    return replace(evidence, decisions=replace(evidence.decisions, export=export))


@pytest.mark.parametrize("groups", [FAIR, {"F": "40/100", "M": "60/100"}])
def test_declared_strata_leave_the_pooled_counts_without_a_verdict(block, counted, groups):
    finding = only(block(), with_strata(counted({"sex": groups})))

    assert (finding.verdict, finding.must_pass) == (FindingVerdict.NO_VERDICT, True)
    assert finding.evidence == {
        "metric": "selection-rate",
        "reason": "strata-not-evaluated",
        "strata": ["requisition"],
    }
    assert finding.says.startswith("Strata are declared (requisition), and comparisons inside them")
    assert "strata_decide: false" in finding.next


def test_pooled_counts_decide_when_the_policy_says_so(block, counted):
    rule = block(strata_decide=False)

    assert only(rule, with_strata(counted({"sex": FAIR}))).verdict == FindingVerdict.PASS
