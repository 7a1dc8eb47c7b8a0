from __future__ import annotations

import pytest

KIND = "decision-right-violated"
RIGHTS = {"screening": "assist", "offer": "human_only", "rating": "automate"}
TAKEN_BY = ["model", "both", "person", None]


@pytest.fixture
def flagged(review, evidence):
    def flagged(decision, taken_by, **options):
        return list(
            review(KIND, rights=RIGHTS, **options).check(
                evidence(4, decision=decision, taken_by=taken_by)
            )
        )

    return flagged


@pytest.mark.parametrize(
    ("decision", "lines"), [("rating", [3]), ("screening", [0, 3]), ("offer", [0, 1, 3])]
)
def test_decisions_taken_without_the_right_are_flagged(flagged, decision, lines):
    assert [flag.line for flag in flagged(decision, TAKEN_BY)] == lines


def test_the_flag_says_who_took_it_and_who_may(flagged):
    said = [flag.evidence for flag in flagged("screening", TAKEN_BY)]

    lets = "the policy lets a person take them, with or without a model"
    assert said == [
        f"screening taken by a model alone; {lets}",
        f"screening taken by nobody on record; {lets}",
    ]


def test_a_missing_record_can_be_skipped(flagged):
    assert [f.line for f in flagged("screening", TAKEN_BY, missing="skip")] == [0]


def test_one_word_for_all_decisions_flags_all_or_none(flagged):
    assert [flag.line for flag in flagged("screening", "model")] == [0, 1, 2, 3]
    assert flagged("screening", "person") == []


@pytest.mark.parametrize(
    ("decision", "taken_by", "reason"),
    [
        (None, "model", "decision-kind-not-declared"),
        ("pay", "model", "no-decision-right"),
        ("offer", None, "taker-not-declared"),
    ],
)
def test_what_is_not_declared_is_not_evaluated_and_holds_back(flagged, decision, taken_by, reason):
    (said,) = flagged(decision, taken_by)

    assert (said.reason, said.required) == (reason, True)
