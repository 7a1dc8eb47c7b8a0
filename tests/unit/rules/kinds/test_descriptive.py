from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.gate import decide
from auditor.report.words import shown_state
from auditor.rules.bind import bind
from auditor.rules.evaluate import evaluate
from auditor.vocabulary import FindingVerdict, Severity, State

KIND = "descriptive"
LOW = {"F": "40/100", "M": "60/100"}
EVEN = {"F": "300/1000", "M": "330/1100"}


def only(rule, evidence):
    (finding,) = rule.check(evidence)
    json.dumps(finding.evidence, allow_nan=False)
    return finding


def shown(finding, *, in_force: bool = True) -> str:
    """State as every face of a result shows it."""
    return shown_state(
        {"verdict": str(finding.verdict), "severity": str(finding.severity)}, in_force=in_force
    )


def test_a_ratio_below_the_threshold_is_a_warning_with_its_chance(gate, counted):
    finding = only(gate(KIND), counted({"sex": LOW}))

    assert (finding.verdict, finding.severity) == (FindingVerdict.FAIL, Severity.WARN)
    assert shown(finding) == "warning"
    assert (finding.group, finding.reference, finding.must_pass) == ("F", "M", False)
    assert finding.says == (
        "Below 4/5 of the rate of M (60 of 100 selected, 60.0%), the highest: F 0.67 (40 of 100, "
        "40.0%). Equal groups of these sizes would show a ratio below 4/5 in about 11 of 100 "
        "audits."
    )
    assert finding.next.startswith("Read it beside the rule that weighs chance")
    assert finding.because == ("29 CFR 1607.4(D)",)


def test_a_ratio_at_the_threshold_is_described(gate, counted):
    finding = only(gate(KIND), counted({"sex": {"F": "48/100", "M": "60/100"}}))

    assert (finding.verdict, finding.severity) == (FindingVerdict.DESCRIPTIVE, Severity.INFO)
    assert shown(finding) == "descriptive"
    assert (finding.group, finding.next) == (None, "")
    assert finding.says.startswith(
        "No group is below 4/5 of the rate of M (60 of 100 selected, 60.0%), the highest; the "
        "lowest ratio is that of F 0.80 (48 of 100, 48.0%). Equal groups"
    )


def test_every_group_below_is_listed_lowest_first(gate, counted):
    groups = {f"g{i:02}": f"{10 + i}/100" for i in range(12)} | {"top": "60/100"}
    finding = only(gate(KIND), counted({"location": groups}))

    assert finding.group == "g00"
    assert finding.says.count(" of 100, ") == 12
    assert finding.says.index("g00 0.17") < finding.says.index("g11 0.35")
    assert finding.says.endswith("a ratio below 4/5 in more than 99 of 100 audits.")


def test_under_severity_info_a_low_ratio_is_only_printed(gate, counted):
    finding = only(gate(KIND, severity=Severity.INFO), counted({"sex": LOW}))

    assert (finding.verdict, finding.severity) == (FindingVerdict.DESCRIPTIVE, Severity.INFO)
    assert finding.says.startswith("Below 4/5 of the rate of M")


@pytest.mark.parametrize(
    ("groups", "verdict", "state"),
    [(LOW, FindingVerdict.FAIL, State.FAIL), (EVEN, FindingVerdict.PASS, State.PASS)],
)
def test_under_severity_block_it_judges_and_says_the_chance(gate, counted, groups, verdict, state):
    rule = gate(KIND, severity=Severity.BLOCK)
    judged = evaluate([rule], counted({"sex": groups}), ["ours"])
    (finding,) = judged.findings

    assert (finding.verdict, finding.must_pass) == (verdict, True)
    assert "Equal groups of these sizes would show a ratio below 4/5 in" in finding.says
    assert decide(judged.findings, (), in_force=["ours"]).state == state


def test_as_a_warning_it_never_moves_the_verdict(gate, counted):
    judged = evaluate([gate(KIND)], counted({"sex": LOW}), ["ours"])

    assert decide(judged.findings, (), in_force=["ours"]).state == State.NO_VERDICT
    assert decide(judged.findings, (), in_force=["ours"]).says.startswith("No rule")


def test_an_intersection_need_not_pass_under_severity_block(gate, counted):
    rule = gate(KIND, severity=Severity.BLOCK, for_each=("sex*race",))
    finding = only(rule, counted({"sex*race": EVEN}))

    assert finding.must_pass is False


def test_without_a_threshold_the_ratios_are_reported_and_nothing_else(gate, counted):
    groups = {"A": "600/2000", "B": "200/1000", "C": "3/50"}
    rule = gate(KIND, severity=Severity.INFO, threshold=None)
    finding = only(rule, counted({"race": groups}))

    assert finding.verdict == FindingVerdict.DESCRIPTIVE
    assert finding.says == (
        "Ratio to the rate of A (600 of 2,000 selected, 30.0%), the highest: C 0.20 (3 of 50, "
        "6.0%), B 0.67 (200 of 1,000, 20.0%)."
    )
    assert finding.evidence["threshold"] is None
    assert finding.evidence["false_alarm_chance"] is None
    assert [group["below"] for group in finding.evidence["groups"]] == [None, None, None]


def test_small_groups_are_left_out_only_when_the_policy_says_so(gate, counted):
    groups = {"A": "600/2000", "B": "290/1000", "C": "3/50"}
    everybody = only(gate(KIND), counted({"race": groups}))
    without = only(gate(KIND, exclude_below="0.02"), counted({"race": groups}))

    assert everybody.group == "C"
    assert without.verdict == FindingVerdict.DESCRIPTIVE
    assert "Left out, under 2% of people: C (3 of 50, 6.0%)." in without.says
    assert [(g["group"], g["left_out"], g["ratio"]) for g in without.evidence["groups"]] == [
        ("A", False, 1.0),
        ("B", False, pytest.approx(0.29 / 0.3, rel=1e-12)),
        ("C", True, None),
    ]
    assert without.evidence["exclude_below"] == "1/50"


def test_a_share_of_exactly_the_limit_is_not_left_out(gate, counted):
    evidence = counted({"race": {"A": "300/980", "B": "5/20"}})

    at_limit = only(gate(KIND, exclude_below="0.02"), evidence)
    above_it = only(gate(KIND, exclude_below="0.0200001"), evidence)
    assert "Left out" not in at_limit.says
    assert above_it.says == "Fewer than two groups of race to compare, so there is no ratio."


def test_a_small_group_left_out_is_no_reference_either(gate, counted):
    groups = {"A": "300/1000", "B": "310/1000", "C": "20/20"}

    assert only(gate(KIND), counted({"race": groups})).reference == "C"
    assert only(gate(KIND, exclude_below="0.02"), counted({"race": groups})).reference == "B"


def test_among_equal_highest_rates_the_larger_group_is_the_reference_then_by_name(gate, counted):
    larger = {"A": "30/100", "B": "60/200", "C": "20/100"}
    equal = {"B": "30/100", "A": "30/100", "C": "20/100"}

    assert only(gate(KIND), counted({"race": larger})).reference == "B"
    assert only(gate(KIND), counted({"race": equal})).reference == "A"


def test_the_chance_is_the_same_for_the_same_seed_and_close_for_others(gate, counted):
    evidence = counted({"sex": LOW})
    first, again = (only(gate(KIND), evidence).evidence["false_alarm_chance"] for _ in range(2))

    assert first == again
    # 0.1148 by enumeration of all tables; the standard error of 20,000 draws is 0.0023
    assert first == pytest.approx(0.1148, abs=0.009)


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ({"unknown": "2/4"}, "Nobody whose sex is known was considered, so there is no ratio."),
        ({"F": "9/90"}, "Fewer than two groups of sex to compare, so there is no ratio."),
        ({"F": "9/90", "M": "0/0"}, "Fewer than two groups of sex to compare"),
        ({"F": "0/90", "M": "0/90"}, "Nobody was selected, so there is no ratio."),
    ],
)
def test_where_there_is_no_ratio_that_is_said_and_is_no_pass(gate, counted, groups, says):
    described = only(gate(KIND), counted({"sex": groups}))
    judged = only(gate(KIND, severity=Severity.BLOCK), counted({"sex": groups}))

    assert described.says.startswith(says)
    assert (described.verdict, described.severity) == (FindingVerdict.DESCRIPTIVE, Severity.INFO)
    assert (judged.verdict, judged.must_pass) == (FindingVerdict.NO_VERDICT, True)


def test_everybody_selected_is_a_ratio_of_one(gate, counted):
    finding = only(gate(KIND), counted({"sex": {"F": "90/90", "M": "80/80"}}))

    assert "the lowest ratio is that of M 1.00 (80 of 80, 100.0%)" in finding.says
    assert "in fewer than 1 of 100 audits" in finding.says


def test_a_scoring_rate_is_described_in_its_own_words(gate, counted):
    rule = gate(KIND, metric="scoring-rate", threshold=None)
    finding = only(rule, counted({"sex": LOW}, metric="scoring-rate"))

    assert finding.says.startswith(
        "Ratio to the rate of M (60 of 100 on the better side of the median, 60.0%)"
    )


def test_the_shipped_pack_describes_new_york_tables_without_a_threshold(counted):
    rules = [rule for rule in bind(["nyc-ll144"])[0].rules if rule.kind == KIND]
    said = list(rules[0].check(counted({"sex": LOW})))

    assert [rule.options.metric for rule in rules] == ["selection-rate", "scoring-rate"]
    assert said[0].verdict == FindingVerdict.DESCRIPTIVE
    assert said[0].says.startswith("Ratio to the rate of M")
    assert [item.required for item in said[1:]] == [False, False]


@pytest.mark.parametrize(
    ("options", "where", "slug"),
    [
        ("{threshold: 0}", "16:26", "out-of-range"),
        ("{threshold: 1.2}", "16:26", "out-of-range"),
        ("{threshold: low}", "16:26", "not-a-number"),
        ("{exclude_below: -0.1}", "16:30", "out-of-range"),
        ("{exclude_below: 1}", "16:30", "out-of-range"),
        ("{exclude: 0.1}", "16:15", "unknown-key"),
        ("{metric: rate}", "16:23", "not-one-of"),
    ],
)
def test_options_are_refused_at_their_place(tmp_path, monkeypatch, options, where, slug):
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(
        "auditor: policy/1\npolicy:\n  id: ours\n  title: t\n  version: '1'\n  status: in-force\n"
        "  owner: o\n  effective_from: 2026-01-01\nbasis:\n"
        "  - {id: b1, cite: c, says: s}\ngates:\n  - id: bare\n    kind: descriptive\n"
        f"    says: s\n    because: [b1]\n    options: {options}\n",
        encoding="utf-8",
    )
    with pytest.raises(PolicyError, match=r"\w") as caught:
        bind(["./p.yaml"])

    assert [(str(p.where), p.slug) for p in caught.value.problems] == [(f"p.yaml:{where}", slug)]


def test_a_threshold_is_read_exactly(gate):
    assert gate(KIND, threshold="0.80").options.threshold == Fraction(4, 5)


@pytest.mark.parametrize(
    ("groups", "options", "reason"),
    [
        ({"F": "3/5", "M": "3/5"}, {}, "too-few-people"),
        # a tenth left out, and more
        ({"F": "45/90", "M": "45/90", "X": "2/20"}, {"exclude_below": "1/5"}, None),
        ({"F": "45/90", "M": "45/90", "X": "2/30"}, {"exclude_below": "1/5"}, "too-few-people"),
    ],
)
def test_a_rule_that_blocks_passes_only_where_something_was_judged(
    gate, counted, groups, options, reason
):
    (finding,) = gate(KIND, severity=Severity.BLOCK, **options).check(counted({"sex": groups}))

    assert finding.verdict == ("pass" if reason is None else "no_verdict")
    assert finding.evidence.get("reason") == reason
    assert finding.must_pass


@pytest.mark.parametrize(
    ("severity", "threshold", "refused"),
    [("block", None, True), ("block", "4/5", False), ("warn", None, False), ("info", None, False)],
)
def test_a_rule_that_blocks_and_could_never_fail_is_refused(gate, severity, threshold, refused):
    rule = gate(KIND, severity=Severity(severity), threshold=threshold)

    assert ["needs 'threshold'" in one.message for one in rule.objections()] == [True] * refused
