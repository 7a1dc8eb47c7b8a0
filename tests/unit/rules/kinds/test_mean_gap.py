from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import auditor
from auditor.rules.bind import bind

POLICY = """\
auditor: policy/1
policy: {id: p, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates:
  - {id: gap, kind: mean-gap, says: s, because: [b], options: {at_most: 0.05%s}}
"""
KIND = "mean-gap"


@pytest.fixture
def judged(tmp_path):
    def judged(pay: dict[str, dict[str, list[float]]], options: str = ", within: category"):
        policy = tmp_path / "p.yaml"
        policy.write_text(POLICY % options)
        rows = [(c, g, x) for c, groups in pay.items() for g, xs in groups.items() for x in xs]
        frame = pd.DataFrame(rows, columns=["category", "sex", "pay"]).sample(
            frac=1, random_state=1
        )
        frame["id"] = np.arange(len(frame))
        audit = auditor.audit(
            frame, str(policy), id="id", score="pay", groups=["sex"], strata=["category"]
        )
        said = [*audit.result.findings, *audit.result.not_evaluated]
        return said[0]

    return judged


def even(mean: float, n: int = 20) -> list[float]:
    return [mean - 1, mean + 1] * (n // 2)


@pytest.mark.parametrize(
    ("women", "verdict"),
    [(94, "fail"), (94.99, "fail"), (95, "fail"), (95.01, "pass"), (100, "pass")],
)
def test_a_gap_of_the_limit_or_more_in_one_category_fails(judged, women, verdict):
    found = judged(
        {"clerks": {"F": even(50), "M": even(50)}, "leads": {"F": even(women), "M": even(100)}}
    )

    assert found.verdict == verdict


def test_the_finding_names_category_groups_means_and_people(judged):
    found = judged(
        {"clerks": {"F": even(50), "M": even(50)}, "leads": {"F": even(90, 30), "M": even(100)}}
    )

    assert found.says == (
        "leads: the mean of F (90, 30 people) is 10% below that of M (100, 20 people). "
        "That is 5% or more."
    )
    assert (found.group, found.reference) == ("F", "M")


def test_the_means_are_those_of_pandas(judged):
    rng = np.random.default_rng(7)
    pay = {c: {g: rng.lognormal(3, 0.3, 40).tolist() for g in "FM"} for c in ("a", "b", "c")}

    levels = judged(pay).evidence["levels"]

    for level in levels:
        for group in level["groups"]:
            expected = pd.Series(pay[level["level"]][group["group"]]).mean()
            assert group["mean"] == pytest.approx(expected, rel=1e-12)


def test_what_pooling_hides_is_found_within_a_category(judged):
    pay = {"a": {"F": even(94, 20), "M": even(100, 60)}, "b": {"F": even(188, 40), "M": even(200)}}

    assert judged(pay).verdict == "fail"
    assert judged(pay, "").evidence["levels"][0]["groups"][0]["mean"] > 150
    assert judged(pay, "").reference == "F"


def test_small_categories_are_counted_and_not_judged(judged):
    few = {"F": even(10, 2), "M": even(100, 2)}
    found = judged({"a": {"F": even(100), "M": even(100)}, "b": few})

    assert found.verdict == "pass"
    assert found.says == (
        "No gap of 5% or more; the widest: a: the means of F and M are equal (100). 4 of 44 people "
        "of known group (9.1%) are in none of these means: 1 of 2 categories has too few people to "
        "be judged."
    )
    assert judged({"b": few}).verdict == "no_verdict"


def test_one_category_of_nine_is_no_pass_for_the_others(judged):
    few = {f"small {n}": {"F": even(10, 8), "M": even(100, 8)} for n in range(8)}
    found = judged({"a": {"F": even(100), "M": even(100)}} | few)

    assert found.verdict == "no_verdict"
    assert found.says.endswith(
        "128 of 168 people of known group (76.2%) are in none of these means: 8 of 9 categories "
        "have too few people to be judged."
    )
    assert found.next
    # a gap where there are people enough still fails
    assert judged({"a": {"F": even(90), "M": even(100)}} | few).verdict == "fail"


def test_people_without_a_category_are_counted(judged):
    pay = {"a": {"F": even(100), "M": even(100)}, "": {"F": even(10), "M": even(100)}}
    found = judged(pay)

    assert found.verdict == "no_verdict"
    assert "(50.0%) are in none of these means: 40 people have no category." in found.says
    one = {"a": {"F": even(100), "M": even(100)}, "": {"F": [10.0]}}
    assert judged(one).verdict == "pass"
    assert "1 person has no category." in judged(one).says


@pytest.mark.parametrize(("others", "verdict"), [(4, "pass"), (6, "no_verdict")])
def test_small_groups_of_a_category_that_is_judged_count_too(judged, others, verdict):
    found = judged({"a": {"F": even(100), "M": even(100), "X": even(10, others)}})

    assert found.verdict == verdict
    assert "groups of fewer than 10 people are in no mean" in found.says


def test_equal_means_are_said_to_be_equal(judged):
    pay = {"a": {"F": even(100), "M": even(100)}}

    assert (
        judged(pay, "").says
        == "No gap of 5% or more; the widest: the means of F and M are equal (100)."
    )


@pytest.mark.parametrize("women", [0, -5])
def test_a_mean_that_is_not_above_nought_has_no_share_below_it(judged, women):
    pay = {"a": {"F": even(women), "M": even(100)}}
    more = {f"b{n}": {"F": even(100), "M": even(100)} for n in range(9)}

    assert judged(pay, "").says == ("A mean is not above 0, so there is no gap as a share.")
    found = judged(pay | more)
    assert found.verdict == "no_verdict"
    assert found.says.startswith("a: a mean is not above 0")


def test_a_blank_number_is_left_out(judged):
    pay = {"a": {"F": [*even(100), float("nan")], "M": even(100)}}

    found = judged(pay)

    assert (found.verdict, found.evidence["blank"]) == ("pass", 1)


def test_a_stratum_that_is_not_there_is_not_evaluated(judged):
    found = judged({"a": {"F": even(90), "M": even(100)}}, ", within: grade")

    assert (found.reason, found.required) == ("no-such-stratum", True)


def test_without_a_number_it_is_not_evaluated(gate, counted):
    tables = {"sex": {"F": "5/20", "M": "5/20"}}
    (said,) = gate(KIND, at_most="1/20").check(counted(tables))

    assert (said.reason, said.required) == ("no-number", True)


TWO = ", within: category, between: [F, M]"


@pytest.mark.parametrize(("third", "verdict"), [(50, "pass"), (200, "pass"), (100, "pass")])
def test_a_third_group_is_shown_and_not_compared(judged, third, verdict):
    found = judged({"a": {"F": even(98), "M": even(100), "X": even(third)}}, TWO)

    assert found.verdict == verdict
    assert f"(not compared: X, {third}, 20 people)" in found.says
    (level,) = found.evidence["levels"]
    assert level["not_compared"] == [{"group": "X", "mean": third, "people": 20}]


def test_a_third_group_between_two_hides_no_gap(judged):
    pay = {"a": {"F": even(90), "M": even(100), "X": even(95)}}

    assert judged(pay, TWO).verdict == "fail"
    assert judged({"a": {"F": even(98), "M": even(100), "X": even(50)}}).verdict == "fail"


def test_a_pair_that_the_export_lacks_is_no_pass(judged):
    said = judged({"a": {"Female": even(98), "Male": even(100)}}, TWO)

    assert (said.reason, said.required) == ("no-such-group", True)
    assert "no group F and no group M" in said.says


@pytest.mark.parametrize("low", ["18.05", "0.0095", "950000.0095"])
def test_five_percent_as_people_write_it_fails_whatever_a_float_makes_of_it(judged, low):
    high = float(low) / 0.95

    assert judged({"a": {"F": [float(low)] * 13, "M": [high] * 17}}, TWO).verdict == "fail"


@pytest.mark.parametrize(("women", "failing"), [(95, ["F"]), (90, ["F"]), (98, [])])
def test_a_waiver_can_name_whoever_fails_and_no_group_beside(judged, tmp_path, women, failing):
    found = judged({"a": {"F": even(women), "M": even(100), "X": even(50)}}, TWO)
    (rule,) = bind([tmp_path / "p.yaml"])[0].rules

    assert [part.about for part in rule.failing(found)] == failing


def test_a_gap_just_under_the_limit_does_not_read_as_the_limit(judged):
    found = judged({"leads": {"F": even(95.0001), "M": even(100)}})

    assert found.verdict == "pass"
    assert "is 4.9999% below" in found.says


def test_a_lower_floor_can_end_a_fail_so_that_no_child_may_write_one(judged):
    pay = {"clerks": {"F": even(90), "M": even(100), "X": [-1.0] * 5}}

    assert judged(pay, "").verdict == "fail"
    assert judged(pay, ", fewest_people: 5").verdict == "no_verdict"
