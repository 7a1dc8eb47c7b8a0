from __future__ import annotations

KIND = "gate-failed"
FAILED = ("us-adverse-impact/four-fifths-and-clear",)


def test_a_failed_gate_draws_a_sample_of_all_decisions(review, evidence):
    flags = list(review(KIND).check(evidence(1000, failed=FAILED)))

    assert len({flag.line for flag in flags}) == 20
    assert {flag.evidence for flag in flags} == {
        "random sample, 20 of 1000 decisions, drawn because "
        "us-adverse-impact/four-fifths-and-clear failed"
    }


def test_without_a_failed_gate_nothing_is_drawn(review, evidence):
    assert list(review(KIND).check(evidence(1000))) == []


def test_neither_group_nor_outcome_moves_the_draw(review, evidence):
    def drawn(**facts) -> list[int]:
        found = evidence(failed=FAILED, **facts)
        return [flag.line for flag in review(KIND, count=10).check(found)]

    first = drawn(n=500, groups={"sex": [0, 1] * 250})

    assert drawn(n=500, groups={"sex": [1] * 500}) == first
    assert drawn(outcome=["unfavorable"] * 250 + ["favorable"] * 250) == first


def test_the_draw_differs_from_the_random_control(review, evidence):
    found = evidence(2000, failed=FAILED)
    control = [flag.line for flag in review("random-control", "control").check(found)]

    assert [flag.line for flag in review(KIND, "failed").check(found)] != control


def test_lines_that_are_combinations_cannot_be_drawn(review, evidence):
    (said,) = review(KIND).check(evidence(5, failed=FAILED, has_ids=False))

    assert said.reason == "no-single-decisions"
