"""A pass is earned: whatever is missing, unclear or failed, the gate never says pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.findings import Finding, NotEvaluated
from auditor.gate import EXIT_PASS, Verdict, decide
from auditor.vocabulary import FindingVerdict, Severity, State

IN_FORCE = frozenset({"ours", "yours"})

policies = st.sampled_from(["ours", "yours", "theirs"])
words = st.one_of(st.sampled_from(FindingVerdict), st.sampled_from(["", "passed", "error"]))


def finding(verdict: FindingVerdict, **said: object) -> Finding:
    moving = {"policy": "ours", "severity": Severity.BLOCK, "must_pass": True}
    return Finding(**{"rule": "r", "kind": "k", "verdict": verdict, "says": "s", **moving, **said})


# most of what is said is good: an accident hides among passes
findings = st.lists(
    st.one_of(
        st.just(finding(FindingVerdict.PASS)),
        st.builds(
            finding,
            words,
            policy=policies,
            severity=st.sampled_from(Severity),
            must_pass=st.booleans(),
        ),
    ),
    max_size=4,
)
not_evaluated = st.lists(
    st.builds(
        NotEvaluated,
        policy=policies,
        rule=st.just("r"),
        reason=st.just("attribute-absent"),
        says=st.just("s"),
        severity=st.sampled_from(Severity),
        required=st.booleans(),
    ),
    max_size=1,
)

Decide = Callable[..., Verdict]


def moves(said: Finding | NotEvaluated) -> bool:
    return said.severity == Severity.BLOCK and said.policy in IN_FORCE


def check(gate: Decide) -> None:
    """Try a gate on many sets of findings; an AssertionError when one passes by accident."""

    @settings(deadline=None, max_examples=600, derandomize=True, report_multiple_bugs=False)
    @given(findings, not_evaluated, st.integers(0, 3), st.booleans(), st.sampled_from(["", "old"]))
    @example([], [], 0, True, "")
    @example([finding(FindingVerdict.PASS)], [], 0, True, "old")
    def property_of(found, missing, reviews_open, taken, not_anchored):
        verdict = gate(
            found, missing, in_force=IN_FORCE, reviews_open=reviews_open, taken=taken,
            not_anchored=not_anchored,
        )  # fmt: skip

        moving = [f for f in found if moves(f)]
        passed = [f for f in moving if f.must_pass and f.verdict == FindingVerdict.PASS]
        required = [f for f in moving if f.must_pass]
        if verdict.state == State.PASS:
            assert not not_anchored
            assert passed, "nothing had to pass"
            assert passed == required, "something that had to pass did not"
            assert not [f for f in moving if f.verdict == FindingVerdict.FAIL]
            assert not [f for f in moving if f.verdict not in list(FindingVerdict)]
            assert not [n for n in missing if moves(n) and n.required]
        if verdict.exit_code == EXIT_PASS:
            assert verdict.state == State.PASS
            assert not (reviews_open and taken)

    property_of()


def test_no_set_of_findings_passes_by_accident():
    check(decide)


@settings(deadline=None)
@given(findings, not_evaluated, st.randoms(use_true_random=False))
def test_the_order_of_what_was_said_changes_no_state(found, missing, random):
    here = decide(found, missing, in_force=IN_FORCE)
    there = decide(
        random.sample(found, len(found)), random.sample(missing, len(missing)), in_force=IN_FORCE
    )

    assert (here.state, here.exit_code) == (there.state, there.exit_code)


@settings(deadline=None)
@given(findings, not_evaluated, findings, not_evaluated)
def test_saying_more_never_turns_a_fail_or_a_doubt_about_what_is_required_into_a_pass(
    found, missing, more_found, more_missing
):
    before = decide(found, missing, in_force=IN_FORCE).state
    after = decide(found + more_found, missing + more_missing, in_force=IN_FORCE).state

    if before == State.FAIL:
        assert after == State.FAIL
    elif before == State.NO_VERDICT and any(moves(f) and f.must_pass for f in found):
        assert after != State.PASS


@settings(deadline=None)
@given(findings, not_evaluated)
def test_a_pass_is_possible_and_a_single_fail_takes_it_away(found, missing):
    good = [f for f in found if not moves(f)] + [finding(FindingVerdict.PASS)]
    excused = [n for n in missing if not (moves(n) and n.required)]

    assert decide(good, excused, in_force=IN_FORCE).state == State.PASS
    for bad in (FindingVerdict.FAIL, FindingVerdict.NO_VERDICT, FindingVerdict.DESCRIPTIVE):
        assert decide([*good, finding(bad)], excused, in_force=IN_FORCE).state != State.PASS


def forgets_what_was_not_evaluated(found, missing, **said) -> Verdict:
    return decide(found, [], **said)


def passes_when_nothing_failed(found, missing, *, reviews_open=0, **_) -> Verdict:
    failed = [f for f in found if moves(f) and f.verdict == FindingVerdict.FAIL]
    state = State.FAIL if failed else State.PASS
    return Verdict(state=state, reviews_open=reviews_open, exit_code=1 if failed else 0, says="")


def forgets_reviews(found, missing, **said) -> Verdict:
    return decide(found, missing, **{**said, "reviews_open": 0})


def forgets_the_ledger(found, missing, **said) -> Verdict:
    return decide(found, missing, **{**said, "not_anchored": ""})


def drops_words_it_does_not_know(found, missing, **said) -> Verdict:
    return decide([f for f in found if f.verdict in list(FindingVerdict)], missing, **said)


@pytest.mark.parametrize(
    "broken",
    [
        forgets_what_was_not_evaluated,
        passes_when_nothing_failed,
        forgets_reviews,
        forgets_the_ledger,
        drops_words_it_does_not_know,
    ],
)
def test_the_check_catches_a_gate_that_passes_by_accident(broken):
    with pytest.raises(AssertionError):
        check(broken)
