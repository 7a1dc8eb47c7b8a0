from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import auditor
from auditor.errors import IntegrityError
from auditor.rules.baseline import Baseline
from auditor.vocabulary import FindingVerdict, Severity

KIND = "change-from-baseline"
ASKED = {"baseline": "signed-off", "at_most": "0.05"}
THEN = {"F": (480, 1000), "M": (500, 1000)}


@pytest.fixture
def compared(gate, counted):
    """Judge counts of today against counts of a baseline."""

    def compared(now, then=THEN, *, key=("selection-rate", "sex"), as_of=None, **options):
        rule = gate(KIND, **{"severity": Severity.BLOCK} | ASKED | options)
        baseline = Baseline(sha256="ab", as_of="2026-01-31", counts={key: then})
        found = replace(counted({"sex": now}), baselines={"signed-off": baseline}, as_of=as_of)
        (finding,) = rule.check(found)
        return finding

    return compared


def test_a_fall_that_the_data_show_fails(compared):
    finding = compared({"F": "400/1000", "M": "500/1000"})

    assert (finding.verdict, finding.severity) == (FindingVerdict.FAIL, Severity.BLOCK)
    assert (finding.group, finding.reference) == ("F", "M")
    assert finding.says == (
        # by hand: log 0.8333 and a standard error of the root of 0.0045833, which is 0.0677
        "F: ratio 0.80 against M, 0.96 then. That is 0.83 of what it was, interval 0.73 to "
        "0.952. It fell by 0.16 since the audit of 2026-01-31, more than 0.05. The data show it."
    )
    assert finding.evidence["baseline_sha256"] == "ab"
    assert finding.evidence["changes"][0]["p_value"] < 0.01


@pytest.mark.parametrize(
    ("severity", "verdict"), [("block", "no_verdict"), ("warn", "fail"), ("info", "fail")]
)
def test_the_same_fall_among_fewer_people_is_no_verdict_or_a_warning(compared, severity, verdict):
    now, then = {"F": "40/100", "M": "50/100"}, {"F": (48, 100), "M": (50, 100)}
    finding = compared(now, then, severity=Severity(severity))

    assert (finding.verdict, finding.severity) == (verdict, severity)
    assert finding.evidence["reason"] == "may-be-chance"
    assert "The data do not show it" in finding.says


@pytest.mark.parametrize("women", ["480/1000", "455/1000", "490/1000"])
def test_what_did_not_fall_by_more_passes(compared, women):
    finding = compared({"F": women, "M": "500/1000"})

    assert finding.verdict == FindingVerdict.PASS


def test_a_fall_of_exactly_the_limit_is_in_order(compared):
    # 0.96 to 0.91 in floats is 0.04999999999999993 or 0.05 and some, as one rounds
    many = {"F": (480_000_000, 10**9), "M": (500_000_000, 10**9)}

    assert compared({"F": "455000000/1000000000", "M": "500000000/1000000000"}, many).verdict == (
        FindingVerdict.PASS
    )
    assert compared({"F": "454000000/1000000000", "M": "500000000/1000000000"}, many).verdict == (
        FindingVerdict.FAIL
    )


def test_both_ratios_are_against_the_reference_of_today(compared):
    finding = compared({"F": "500/1000", "M": "400/1000"}, THEN)

    # men were at 500/480 of women, and are at 0.8 of them
    assert (finding.group, finding.reference) == ("M", "F")
    assert finding.evidence["changes"][0]["ratio_before"] == pytest.approx(500 / 480)


def test_the_level_is_divided_among_the_groups(compared):
    now = {"F": "436/1000", "M": "500/1000"}
    crowd = {f"G{n}": "480/1000" for n in range(9)}
    then = THEN | dict.fromkeys(crowd, (480, 1000))

    alone, among_ten = compared(now), compared(now | crowd, then)

    assert (
        alone.evidence["changes"][0]["change_high"]
        < among_ten.evidence["changes"][0]["change_high"]
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"baseline": "elsewhere"}, "no-baseline"),
        ({"key": ("selection-rate", "race")}, "baseline-without-measure"),
        ({"key": ("scoring-rate", "sex")}, "baseline-without-measure"),
        ({"then": {"M": (500, 1000)}}, "group-not-comparable"),
        ({"then": {"F": (0, 10), "M": (0, 10)}}, "group-not-comparable"),
        ({"now": {"M": "5/10"}}, "too-few-groups"),
        ({"now": {"M": "0/0"}}, "nobody-considered"),
    ],
)
def test_what_cannot_be_compared_is_no_verdict(compared, changes, reason):
    finding = compared(**{"now": {"F": "480/1000", "M": "500/1000"}} | changes)

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == reason


POLICY = """\
auditor: policy/1
policy: {id: p, title: t, version: '1', status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates:
  - {id: no-worse, kind: change-from-baseline, says: s, because: [b],
     options: {baseline: kept, at_most: 0.05}}
"""


@pytest.fixture
def audited(tmp_path):
    """Audit counts under a policy that names a result kept beside it."""

    def audited(women: int) -> auditor.Audit:
        policy = tmp_path / "policy.yaml"
        policy.write_text(POLICY, encoding="utf-8")
        counts = auditor.counts({"F": (1000, women), "M": (1000, 500)}, attribute="sex")
        return auditor.audit(counts, policy)

    return audited


def test_a_result_kept_beside_the_policy_is_read(audited, tmp_path):
    first = audited(480)
    first.save(tmp_path / "kept")

    assert first.verdict.state.value == "no_verdict"
    assert audited(481).verdict.state.value == "pass"
    assert audited(400).verdict.state.value == "fail"


def test_a_result_of_this_very_export_is_nothing_to_compare_with(audited, tmp_path):
    audited(480).save(tmp_path / "kept")
    again = audited(480)

    assert again.verdict.state.value == "no_verdict"
    assert "made from this very export" in again.verdict.says


def test_a_result_of_a_later_day_is_nothing_to_compare_with(compared):
    now = {"F": "480/1000", "M": "500/1000"}

    assert compared(now, as_of=date(2026, 1, 31)).verdict == FindingVerdict.PASS
    assert compared(now, as_of=date(2026, 1, 30)).evidence["reason"] == "later-baseline"
    # a fall is one whenever the baseline was made
    assert compared({"F": "400/1000", "M": "500/1000"}, as_of=date(2026, 1, 30)).verdict == "fail"


@pytest.mark.parametrize(
    ("now", "then", "verdict"),
    [
        ({"F": "3/5", "M": "3/5"}, {"F": (3, 5), "M": (3, 5)}, "no_verdict"),
        ({"F": "48/100", "M": "50/100"}, {"F": (3, 5), "M": (3, 5)}, "no_verdict"),
        ({"F": "48/100", "M": "50/100"}, {"F": (48, 100), "M": (50, 100)}, "pass"),
        # a group of the baseline that nobody is in now: a tenth of its people, and more
        ({"F": "480/1000", "M": "500/1000"}, THEN | {"X": (99, 220)}, "pass"),
        ({"F": "480/1000", "M": "500/1000"}, THEN | {"X": (99, 230)}, "no_verdict"),
    ],
)
def test_a_pass_needs_people_who_could_have_shown_a_fall(compared, now, then, verdict):
    assert compared(now, then).verdict == verdict


def test_one_group_alone_is_no_pass(compared):
    finding = compared({"F": "480/1000"}, {"F": (480, 1000)}, taken_as="rate")

    assert finding.verdict == FindingVerdict.NO_VERDICT


def test_a_result_that_was_changed_is_refused(audited, tmp_path):
    audited(480).save(tmp_path / "kept")
    file = tmp_path / "kept" / "audit.json"
    file.write_text(file.read_text().replace('"no_verdict"', '"pass"'), encoding="utf-8")

    with pytest.raises(IntegrityError):
        audited(400)


def test_other_groups_that_fell_are_named_after_the_first(compared):
    then = {"F": (480, 1000), "M": (500, 1000), "X": (490, 1000)}
    finding = compared({"F": "400/1000", "M": "500/1000", "X": "410/1000"}, then)

    assert finding.says.endswith("The same holds for X.")
    assert compared({"F": "400/1000", "M": "500/1000"}).says.endswith("The data show it.")


@pytest.mark.parametrize(
    ("form", "women", "verdict", "severity"),
    [
        ("rate", "400/1000", "fail", "block"),
        ("rate", "440/1000", "pass", "block"),
        ("difference", "400/1000", "fail", "block"),
        ("difference", "430/1000", "pass", "block"),
        # six points less, and the interval holds no change (Newcombe, by statsmodels)
        ("difference", "420/1000", "no_verdict", "block"),
    ],
)
def test_a_rate_or_a_difference_that_fell_is_judged(compared, form, women, verdict, severity):
    finding = compared({"F": women, "M": "500/1000"}, taken_as=form)

    assert (finding.verdict, str(finding.severity)) == (verdict, severity)
    assert finding.evidence["taken_as"] == form
    assert f"F: {form} " in finding.says
    assert finding.evidence["changes"][0]["p_value"] is None


def test_of_rates_every_group_is_judged_the_highest_too(compared):
    finding = compared({"F": "480/1000", "M": "400/1000"}, taken_as="rate")

    assert (finding.verdict, finding.group, finding.reference) == ("fail", "M", None)
    assert finding.says.startswith(
        # Newcombe at 0.975 each, by statsmodels: -0.149145 to -0.050155
        "M: rate 40.0%, 50.0% then. The change is -10.0 points, interval -14.9 to -5.02."
    )


def test_a_rate_of_nobody_then_gives_no_verdict(compared):
    finding = compared({"F": "480/1000", "M": "500/1000"}, {"F": (0, 0), "M": (5, 10)},
                       taken_as="rate")  # fmt: skip

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.evidence["reason"] == "group-not-comparable"


def test_people_of_unknown_group_in_the_baseline_show_nothing(compared):
    now = {"F": "480/1000", "M": "500/1000"}

    assert compared(now, THEN | {"unknown": (100, 200)}).verdict == FindingVerdict.PASS
    assert compared(now, THEN | {"unknown": (100, 230)}).verdict == FindingVerdict.NO_VERDICT
