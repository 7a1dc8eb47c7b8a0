from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import auditor

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
    [(94, "fail"), (94.99, "fail"), (95, "no_verdict"), (95.01, "pass"), (100, "pass")],
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
    pay = {
        "a": {"F": even(100), "M": even(100)},
        "b": {"F": even(10, 8), "M": even(100)},
    }

    found = judged(pay)

    assert found.verdict == "pass"
    assert "1 of 2 categories have too few people to be judged" in found.says
    assert judged({"b": pay["b"]}).verdict == "no_verdict"


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
