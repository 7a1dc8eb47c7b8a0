from __future__ import annotations

import pytest

from auditor.findings import Finding, NotEvaluated
from auditor.gate import decide
from auditor.vocabulary import FindingVerdict, Severity, State

IN_FORCE = ("ours",)


def finding(verdict: str = "pass", **said) -> Finding:
    defaults = {
        "policy": "ours",
        "rule": "r",
        "kind": "impact-ratio",
        "verdict": verdict,
        "severity": Severity.BLOCK,
        "says": f"It says {verdict}.",
        "must_pass": True,
    }
    return Finding(**{**defaults, **said})


def missing(**said) -> NotEvaluated:
    defaults = {
        "policy": "ours",
        "rule": "r",
        "reason": "attribute-absent",
        "says": "No race.",
        "severity": Severity.BLOCK,
        "required": True,
    }
    return NotEvaluated(**{**defaults, **said})


def state(findings=(), not_evaluated=(), **said) -> State:
    return decide(findings, not_evaluated, in_force=IN_FORCE, **said).state


def test_everything_that_must_pass_passed():
    verdict = decide([finding()], [], in_force=IN_FORCE)

    assert (verdict.state, verdict.exit_code, verdict.reviews_open) == (State.PASS, 0, 0)
    assert verdict.says == "It says pass."


def test_one_fail_fails_whatever_else_is_said():
    verdict = decide(
        [finding(), finding("fail", must_pass=False), finding("no_verdict")],
        [missing()],
        in_force=IN_FORCE,
        reviews_open=3,
    )

    assert (verdict.state, verdict.exit_code) == (State.FAIL, 1)
    assert verdict.says == "3 decisions need a person before release. It says fail."


def test_a_waived_fail_moves_nothing_and_is_named_first():
    verdict = decide([finding(), finding("fail", waiver="w-1", rule="s")], [], in_force=IN_FORCE)

    assert (verdict.state, verdict.exit_code) == (State.PASS, 0)
    assert verdict.says == "Waived (w-1), not passed: It says fail. It says pass."


def test_a_waiver_covers_neither_another_fail_nor_what_is_missing():
    waived = finding("fail", waiver="w-1", rule="s")

    assert state([waived, finding("fail")]) == State.FAIL
    assert state([waived, finding("no_verdict")]) == State.NO_VERDICT
    assert state([waived], [missing()]) == State.NO_VERDICT


@pytest.mark.parametrize("verdict", ["no_verdict", "descriptive", "odd word", ""])
def test_only_a_fail_can_be_waived(verdict):
    assert state([finding(), finding(verdict, waiver="w-1", rule="s")]) == State.NO_VERDICT


def test_a_pass_with_a_waiver_is_said_as_a_pass():
    said = decide([finding("pass", waiver="w-1")], [], in_force=IN_FORCE).says

    assert said == "It says pass."


@pytest.mark.parametrize("verdict", ["no_verdict", "descriptive", "odd word", ""])
def test_what_must_pass_and_did_not_is_no_verdict(verdict):
    assert state([finding(), finding(verdict)]) == State.NO_VERDICT


def test_what_may_fail_but_need_not_pass_holds_nothing_up():
    for verdict in ("no_verdict", "descriptive"):
        assert state([finding(), finding(verdict, must_pass=False)]) == State.PASS


def test_a_word_that_the_gate_does_not_know_is_no_pass_even_where_nothing_has_to_pass():
    assert state([finding(), finding("failed", must_pass=False)]) == State.NO_VERDICT


def test_a_required_rule_that_was_not_evaluated_is_no_verdict():
    verdict = decide([finding()], [missing()], in_force=IN_FORCE)

    assert (verdict.state, verdict.exit_code, verdict.says) == (State.NO_VERDICT, 4, "No race.")


@pytest.mark.parametrize(
    "said", [{"required": False}, {"severity": Severity.WARN}, {"policy": "theirs"}]
)
def test_rules_not_evaluated_that_are_not_required_hold_nothing_up(said):
    assert state([finding()], [missing(**said)]) == State.PASS


@pytest.mark.parametrize("severity", [Severity.WARN, Severity.INFO])
def test_only_severity_block_moves_the_verdict(severity):
    assert state([finding(), finding("fail", severity=severity)]) == State.PASS
    assert state([finding(severity=severity)]) == State.NO_VERDICT


def test_policies_that_are_not_in_force_only_advise():
    assert state([finding(), finding("fail", policy="theirs")]) == State.PASS
    assert state([finding(policy="theirs")]) == State.NO_VERDICT


def test_nothing_that_had_to_pass_is_no_verdict():
    for findings in ([], [finding(must_pass=False)]):
        verdict = decide(findings, [], in_force=IN_FORCE)

        assert (verdict.state, verdict.exit_code) == (State.NO_VERDICT, 4)
        assert verdict.says.startswith("No rule of a policy in force had to pass")


def test_generators_are_read_once_and_completely():
    verdict = decide(
        (f for f in [finding(), finding("fail")]),
        (n for n in [missing()]),
        in_force=IN_FORCE,
    )

    assert verdict.state == State.FAIL


@pytest.mark.parametrize(
    ("word", "reviews_open", "taken", "exit_code"),
    [
        ("pass", 0, True, 0),
        ("pass", 1, True, 5),
        ("pass", 1, False, 0),
        ("no_verdict", 0, True, 4),
        ("no_verdict", 1, True, 5),
        ("no_verdict", 1, False, 4),
        ("fail", 0, True, 1),
        ("fail", 1, True, 1),
        ("fail", 1, False, 1),
    ],
)
def test_the_exit_code_is_the_first_of_1_5_4(word, reviews_open, taken, exit_code):
    verdict = decide([finding(word)], [], in_force=IN_FORCE, reviews_open=reviews_open, taken=taken)

    assert verdict.exit_code == exit_code
    assert verdict.reviews_open == reviews_open
    assert verdict.state == State(word)


def test_open_reviews_never_turn_a_state():
    assert state([finding()], reviews_open=9) == State.PASS


def test_test_data_say_so_and_speak_of_no_review():
    verdict = decide([finding()], [], in_force=IN_FORCE, reviews_open=2, taken=False)

    assert verdict.says == "It says pass. Test data, not decisions about people."


def test_one_review_is_one_decision():
    verdict = decide([finding()], [], in_force=IN_FORCE, reviews_open=1)

    assert verdict.says == "1 decision needs a person before release. It says pass."


def test_three_reasons_are_said_once_each_and_the_rest_counted():
    words = ["One.", "Two.", "Two.", "Three.", "Four.", "Five."]
    findings = [finding("fail", says=word) for word in words]

    verdict = decide(findings, [], in_force=IN_FORCE)

    assert verdict.says == "One. Two. Three. And 2 more, listed under the findings."


def test_three_reasons_are_all_said():
    three = [finding("fail", says=word) for word in ("One.", "Two.", "Three.")]

    assert decide(three, [], in_force=IN_FORCE).says == "One. Two. Three."


def test_reasons_of_no_verdict_name_findings_and_what_was_not_evaluated():
    verdict = decide([finding("no_verdict"), finding()], [missing()], in_force=IN_FORCE)

    assert verdict.says == "It says no_verdict. No race."


def test_every_word_of_a_finding_is_known_to_the_gate():
    outcomes = {word: state([finding(word)]) for word in FindingVerdict}

    assert outcomes == {
        FindingVerdict.PASS: State.PASS,
        FindingVerdict.FAIL: State.FAIL,
        FindingVerdict.NO_VERDICT: State.NO_VERDICT,
        FindingVerdict.DESCRIPTIVE: State.NO_VERDICT,
    }


def test_what_is_late_and_what_does_not_count_is_said_where_reviews_are_open():
    said = {"in_force": IN_FORCE, "about_reviews": "Nothing counts."}
    late = decide([finding()], [], reviews_open=3, reviews_overdue=1, **said)
    none = decide([finding()], [], reviews_open=0, reviews_overdue=0, **said)
    test = decide([finding()], [], reviews_open=3, reviews_overdue=1, taken=False, **said)

    assert late.says.startswith(
        "3 decisions need a person before release, and 1 of them is overdue. Nothing counts. "
    )
    assert "Nothing counts" not in none.says + test.says
    assert (late.exit_code, none.exit_code, test.exit_code) == (5, 0, 0)


OLD = "Entries are covered by no checkpoint."


@pytest.mark.parametrize(
    ("word", "expected"),
    [("pass", State.NO_VERDICT), ("no_verdict", State.NO_VERDICT), ("fail", State.FAIL)],
)
@pytest.mark.parametrize("reviews_open", [0, 2])
@pytest.mark.parametrize("taken", [True, False])
def test_nothing_passes_on_a_ledger_that_cannot_be_relied_on(word, expected, reviews_open, taken):
    said = {"in_force": IN_FORCE, "reviews_open": reviews_open, "taken": taken}
    without = decide([finding(word)], [], **said)
    verdict = decide([finding(word)], [], not_anchored=OLD, **said)

    assert (verdict.state, verdict.exit_code) == (expected, 6)
    assert verdict.says.replace(f"{OLD} ", "") == without.says
    assert OLD in verdict.says
    assert without.exit_code != 6


def test_what_is_wrong_with_the_ledger_is_said_before_anything_that_failed():
    many = [finding("fail", rule=str(n)) for n in range(5)]

    assert decide(many, [], in_force=IN_FORCE, not_anchored=OLD).says.startswith(OLD)


def test_several_that_are_late_are_counted():
    late = decide([finding()], [], reviews_open=1_003, reviews_overdue=1_002, in_force=IN_FORCE)

    assert late.says.startswith(
        "1,003 decisions need a person before release, and 1,002 of them are overdue."
    )
