from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import auditor
from auditor.decisions import Coded
from auditor.errors import PathError, PolicyError
from auditor.explain import Attributions
from auditor.findings import Flag, NotEvaluated
from auditor.ingest import profile_of
from auditor.rules.bind import bind, fit

KIND = "condition"
NAN = float("nan")
NEAR_MISS = {
    "all": [{"outcome": {"equals": "unfavorable"}}, {"score": {"between": ["0.4", "0.5"]}}]
}


@pytest.fixture
def table(evidence):
    """Evidence with the columns that a condition may look at."""

    def table(*, features=None, version=None, reasons=None, **facts):
        made = evidence(**facts)
        n = len(made.decisions.rows)
        decisions = replace(
            made.decisions,
            features={k: np.array(v, dtype=np.float64) for k, v in (features or {}).items()},
            model_version=None
            if version is None
            else Coded(levels=("v1", "v2"), codes=np.array(version, dtype=np.int32)),
        )
        return replace(made, decisions=decisions, attributions=explained(reasons, n))

    return table


def explained(reasons, n) -> Attributions | None:
    """Attributions of the first rows, one list a feature."""
    if reasons is None:
        return None
    values = np.array(list(reasons.values()), dtype=np.float64).T
    return Attributions(
        names=tuple(reasons),
        values=values,
        inputs=np.zeros_like(values),
        outputs=values.sum(axis=1),
        lines=np.arange(len(values), dtype=np.int64),
        base=0.0,
        unit="log-odds",
        explains="e",
        method="m",
        background="b",
        background_rows=1,
        additivity=0.0,
    )


def said(rule, evidence) -> tuple[list[tuple[int, str]], list[str]]:
    """Lines with their evidence, and the reasons of what was not evaluated."""
    items = list(rule.check(evidence))
    flags = [(item.line, item.evidence) for item in items if isinstance(item, Flag)]
    return flags, [item.reason for item in items if isinstance(item, NotEvaluated)]


def lines(rule, evidence) -> list[int]:
    return [line for line, _ in said(rule, evidence)[0]]


def test_decisions_for_which_the_condition_holds_are_flagged_with_what_made_it_hold(review, table):
    found = table(
        score=[0.39, 0.4, 0.45, 0.5, 0.51, 0.45],
        outcome=["unfavorable"] * 5 + ["favorable"],
    )

    assert said(review(KIND, when=NEAR_MISS), found) == (
        [
            (1, "outcome unfavorable, score 0.4"),
            (2, "outcome unfavorable, score 0.45"),
            (3, "outcome unfavorable, score 0.5"),
        ],
        [],
    )


def test_decisions_for_which_it_does_not_hold_are_not_flagged(review, table):
    found = table(score=[0.3999999, 0.5000001, 0.45], outcome=["unfavorable"] * 2 + ["favorable"])

    assert said(review(KIND, when=NEAR_MISS), found) == ([], [])


def test_a_missing_value_that_leaves_it_open_is_flagged_and_counted(review, table):
    found = table(
        score=[0.45, NAN, NAN, 0.9],
        outcome=["unfavorable", "unfavorable", "favorable", "favorable"],
    )

    flags, reasons = said(review(KIND, when=NEAR_MISS), found)

    assert flags == [(0, "outcome unfavorable, score 0.45"), (1, "score missing")]
    assert reasons == ["values-missing"]


def test_the_note_says_how_many_are_open_and_what_became_of_them(review, table):
    found = table(score=[NAN, NAN, 0.9])

    def note(**options) -> str:
        rule = review(KIND, when={"score": {"below": "0.5"}}, **options)
        (entry,) = (item for item in rule.check(found) if isinstance(item, NotEvaluated))
        return entry.says

    start = "Rule rule of ours was evaluated in part: 2 of 3 decisions are open for want of a value"
    assert note() == f"{start}; they are flagged."
    assert note(missing="skip") == f"{start}; they are not flagged, as the policy says."


def test_a_missing_value_is_skipped_only_when_the_policy_says_so(review, table):
    found = table(score=[0.4, NAN])
    when = {"score": {"below": "0.5"}}

    assert lines(review(KIND, when=when), found) == [0, 1]
    assert lines(review(KIND, when=when, missing="skip"), found) == [0]


def test_a_missing_value_can_be_asked_for(review, table):
    found = table(score=[0.4, NAN], features={"years": [NAN, 3]}, version=[-1, 0])

    assert said(review(KIND, when={"score": "missing"}), found) == ([(1, "score missing")], [])
    assert said(review(KIND, when={"years": "missing"}), found) == ([(0, "years missing")], [])
    when = {"model_version": "missing"}
    assert said(review(KIND, when=when), found) == ([(0, "model_version missing")], [])


def test_only_values_that_matter_are_told(review, table):
    when = {"any": [{"score": {"below": "0.2"}}, {"gap": {"above": 12}},
                    {"not": {"model_version": {"in": ["v1"]}}}]}  # fmt: skip
    found = table(score=[0.1, 0.9, 0.1], features={"gap": [3, 24, 14.5]}, version=[0, 0, 1])

    assert said(review(KIND, when=when), found)[0] == [
        (0, "score 0.1"),
        (1, "gap 24"),
        (2, "score 0.1, gap 14.5, model_version v2"),
    ]


def test_single_precision_scores_reach_the_decimal_that_the_policy_says(review, table):
    single = [float(np.float32(0.7)), float(np.nextafter(np.float32(0.7), np.float32(0)))]
    rule = review(KIND, when={"score": {"at_least": "0.7"}})

    assert said(rule, table(score=single, single=True)) == ([(0, "score 0.7")], [])
    # The control: read as double precision, the same number lies a hair below.
    assert lines(rule, table(score=single, single=False)) == []


@pytest.mark.parametrize("outcome", ["withdrawn", "not_considered", "open"])
def test_only_decisions_that_were_taken_are_flagged_or_counted(review, table, outcome):
    found = table(score=[0.1, NAN, 0.1], outcome=["favorable", outcome, outcome])

    assert said(review(KIND, when={"score": {"below": 1}}), found) == ([(0, "score 0.1")], [])


def test_a_column_that_was_not_read_is_named_and_what_is_settled_without_it_flagged(review, table):
    when = {"any": [{"score": {"below": "0.2"}}, {"yeers": {"below": 2}}]}
    found = table(score=[0.1, 0.9, NAN], features={"years": [1, 1, 1]})

    items = list(review(KIND, when=when).check(found))

    assert [type(item) for item in items] == [NotEvaluated, Flag]
    assert items[0].reason == "column-not-read"
    assert "declares no yeers (did you mean 'years'?)" in items[0].says
    assert items[1].line == 0


@pytest.mark.parametrize("word", ["outcome", "score", "model_version"])
def test_a_role_that_the_profile_does_not_declare_is_not_found_in_a_feature(review, table, word):
    test = {"equals": "favorable"} if word == "outcome" else "missing"
    found = table(n=2, features={word: [NAN, 0]}, has_outcome=False)

    assert said(review(KIND, when={word: test}), found) == ([], ["column-not-read"])


SHARE = {"share_of_reason": {"feature": "gap", "at_least": "0.3"}}


def test_a_share_of_the_reasons_is_taken_of_absolute_attributions(review, table):
    found = table(n=3, reasons={"gap": [-0.3, 0.3, 3.0], "years": [0.7, -0.71, 0.0]})

    assert said(review(KIND, when=SHARE), found)[0] == [
        (0, "share of gap in the reasons 0.3"),
        (2, "share of gap in the reasons 1"),
    ]


def test_a_share_that_floating_point_moved_still_reaches_its_bound(review, table):
    # 6 of 20 tenths are 0.3, computed as 0.29999999999999993.
    reasons = {"gap": [0.6, 0.59], "a": [1.1, 1.1], "b": [0.1, 0.1], "c": [0.2, 0.2]}

    assert lines(review(KIND, when=SHARE), table(n=2, reasons=reasons)) == [0]


def test_without_a_model_shares_are_not_evaluated(review, table):
    found = table(score=[0.1, 0.9])

    assert said(review(KIND, when=SHARE), found) == ([], ["no-explanations"])
    assert said(review(KIND, when={"any": [SHARE, {"score": {"below": "0.5"}}]}), found) == (
        [(0, "score 0.1")],
        ["no-explanations"],
    )


def test_a_feature_that_the_model_does_not_have_is_named(review, table):
    found = table(n=1, reasons={"years": [1.0]})

    assert said(review(KIND, when=SHARE), found) == ([], ["no-such-reason"])


def test_a_decision_that_nothing_moved_is_open(review, table):
    found = table(n=2, reasons={"gap": [0.0, 1.0], "years": [0.0, 9.0]})

    assert said(review(KIND, when=SHARE), found) == (
        [(0, "share of gap in the reasons not known")],
        ["values-missing"],
    )


def test_a_row_that_stands_for_several_decisions_is_not_judged(review, evidence):
    found = evidence(score=[0.1], has_ids=False)

    assert said(review(KIND, when={"score": "missing"}), found) == ([], ["no-single-decisions"])


POLICY = """\
auditor: policy/1
policy:
  id: ours
  title: Our screening
  version: "1.0"
  status: in-force
  owner: people team
  effective_from: 2026-01-01
basis:
  - {id: b1, cite: Standard 1, says: Something.}
reviews:
  - id: watched
    kind: condition
    says: Look.
    because: [b1]
    options:
      when:
        all:
          - {score: {below: 0.5}}
          - not: {sex: {equals: 1}}
          - share_of_reason: {feature: gender, at_least: 0.1}
"""
PROFILE = {
    "id": "id",
    "outcome": "status",
    "favorable": "Yes",
    "unfavorable": "No",
    "groups": {"sex": "gender"},
    "score": "model_score",
}


@pytest.fixture
def policy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(POLICY, encoding="utf-8")
    return "p.yaml"


def test_protected_attributes_are_refused_all_at_once_by_name_and_by_column(policy):
    with pytest.raises(PolicyError, match="a protected attribute of the profile") as caught:
        fit(bind([policy]), profile_of(**PROFILE, features=["gender"]))

    assert [(str(p.where), p.slug) for p in caught.value.problems] == [
        ("p.yaml:20:19", "protected-attribute"),
        ("p.yaml:21:40", "protected-attribute"),
    ]
    assert "'sex'" in caught.value.problems[0].message


def test_a_profile_without_those_attributes_is_fit_to_the_same_condition(policy):
    other = profile_of(**{**PROFILE, "groups": ["age"]}, features=["sex", "gender"])

    fit(bind([policy]), other)


def test_a_word_that_means_two_columns_is_refused(policy):
    other = profile_of(**{**PROFILE, "groups": ["age"]}, features=["score"])
    with pytest.raises(PolicyError, match="also the name of a feature") as caught:
        fit(bind([policy]), other)

    assert [p.slug for p in caught.value.problems] == ["ambiguous-word"]
    same = profile_of(**{**PROFILE, "groups": ["age"], "score": "score"}, features=["score"])
    fit(bind([policy]), same)


def test_a_protected_attribute_is_refused_before_the_export_is_opened(policy):
    with pytest.raises(PolicyError, match="protected"):
        auditor.audit("no-such-file.csv", policy, **PROFILE)
    # The control: with a harmless condition, the missing file is what is wrong.
    Path("p.yaml").write_text(POLICY.replace("sex", "years").replace("gender", "years"))
    with pytest.raises(PathError):
        auditor.audit("no-such-file.csv", policy, **PROFILE)


def test_a_feature_with_the_name_of_an_attribute_is_never_handed_out(review, table):
    found = table(n=2, features={"sex": [1, 0]}, groups={"sex": [0, 1]}, reasons={"sex": [1, 1]})
    share = {"share_of_reason": {"feature": "sex", "at_least": "0.1"}}

    assert said(review(KIND, when={"sex": {"equals": 1}}), found) == ([], ["column-not-read"])
    assert said(review(KIND, when=share), found) == ([], ["no-such-reason"])


def test_a_condition_that_no_number_meets_is_refused_at_its_place(review):
    never = {"all": [{"score": {"at_least": "0.6"}}, {"score": {"below": "0.5"}}]}
    (problem,) = review(KIND, when=never).objections()

    assert problem.slug == "contradicting-options"
    assert "'score'" in problem.message
    assert list(review(KIND, when=NEAR_MISS).objections()) == []
