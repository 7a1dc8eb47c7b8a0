"""What a model decides when only a protected feature is another one."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from auditor.decisions import ExportFacts
from auditor.explain import check_scores, model_scores
from auditor.run.flipping import MOST_VALUES, flip
from tests.house.source import ROOT
from tests.unit.run.applicants import FEATURES

POLICY = ROOT / "fixtures" / "policies" / "protected.yaml"


def export(**facts) -> ExportFacts:
    return ExportFacts(profile_id="p", profile_sha256="0", inputs=(), **facts)


def tried(model, matrix, protected=("man",), *, check=None, **facts):
    names = ("years", "man")
    lines = np.arange(len(matrix))
    return flip(model, matrix, names, protected, lines=lines, export=export(**facts), check=check)


@pytest.fixture
def table():
    """Years, and 0.1 in the score for men; by hand: a woman from 0.4 on is selected as a man."""
    years = np.array([0.30, 0.39, 0.41, 0.45, 0.49, 0.51, 0.55, 0.62])
    matrix = np.column_stack([np.tile(years, 2), np.repeat([0.0, 1.0], len(years))])
    model = LinearRegression().fit(matrix, matrix[:, 0] + 0.1 * matrix[:, 1])
    return matrix, model


def test_by_the_cut_score_those_within_the_step_flip(table):
    matrix, model = table
    scores = model_scores(model, matrix)

    made = tried(model, matrix, check=check_scores(scores, scores), cut_score=0.5)

    by_hand = [0.4 <= years < 0.5 for years in matrix[:, 0]]
    assert made.changed.tolist() == by_hand


def test_where_a_low_score_is_better_the_other_side_of_the_line_counts(table):
    matrix, model = table
    scores = model_scores(model, matrix)

    made = tried(model, matrix, check=check_scores(scores, scores), cut_score=0.5, better="low")

    assert made.changed.any()
    assert not made.changed[matrix[:, 0] > 0.5].any()


def test_scores_of_another_model_have_another_cut_score(table):
    matrix, model = table
    other = check_scores(model_scores(model, matrix), model_scores(model, matrix) * 100)

    assert tried(model, matrix, check=other, cut_score=50) is None
    assert tried(model, matrix, cut_score=0.5) is None


def test_a_classifier_decides_by_the_class_it_predicts(table):
    matrix, _ = table
    model = LogisticRegression(C=1e6, max_iter=5000).fit(matrix, matrix.sum(axis=1) > 1)
    swapped = matrix * [1, -1] + [0, 1]

    made = tried(model, matrix)

    assert made.changed.tolist() == (model.predict(matrix) != model.predict(swapped)).tolist()
    assert made.changed.any()


def test_a_feature_that_is_not_protected_is_left_alone(table):
    matrix, model = table
    scores = model_scores(model, matrix)

    made = tried(model, matrix, (), check=check_scores(scores, scores), cut_score=0.5)

    assert not made.changed.any()


def test_a_number_with_many_values_is_not_tried():
    matrix = np.column_stack([np.zeros(20), np.arange(20.0)])
    model = LogisticRegression().fit(matrix, matrix[:, 1] > 9)

    assert tried(model, matrix).untried == ("man",)
    assert not tried(model, matrix).changed.any()
    few = np.minimum(matrix, MOST_VALUES - 1)
    assert tried(model, few).untried == ()


def test_an_audit_flags_them_and_tells_reviewers_nothing(audit, frame):
    features = frame[FEATURES].assign(title=(frame["sex"] == "M").astype(float))
    model = LogisticRegression(max_iter=500).fit(features, frame["sex"] == "M")

    made = audit(policy=POLICY, model=model, features=features)

    flags = made.flags
    assert set(flags["rule"]) == {"review-a", "review-b"}
    assert set(flags["reason"]) == {"Selected for review."}
    assert set(flags["evidence"]) == {"selected for review"}
    assert not flags["factors"].str.contains("title").any()
    assert any("but review-a of protected, review-b" in n for n in made.result.document["notes"])


def test_without_such_a_rule_the_note_names_none(audit, frame):
    features = frame[FEATURES].assign(title=(frame["sex"] == "M").astype(float))
    model = LogisticRegression(max_iter=500).fit(features, frame["sex"] == "M")

    made = audit(policy="us-adverse-impact", model=model, features=features)

    assert not any("but review" in note for note in made.result.document["notes"])
