"""Columns that were computed from the score or the outcome, and honest ones that look alike."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from auditor.run.answers import features_telling_the_answer
from auditor.vocabulary import OUTCOMES, Outcome

ROWS = 400
CHANCE = np.random.default_rng(5)
SCORE = np.round(CHANCE.uniform(0.01, 0.99, ROWS), 3)
PASSED = SCORE + CHANCE.normal(0, 0.1, ROWS) >= 0.5
OUTCOME = np.where(
    PASSED, OUTCOMES.index(Outcome.FAVORABLE), OUTCOMES.index(Outcome.UNFAVORABLE)
).astype(np.int32)
NAN = np.nan


def tells(values, *, score=SCORE, outcome=OUTCOME) -> bool:
    one = SimpleNamespace(
        features={"x": np.asarray(values, dtype=float)}, score=score, outcome=outcome
    )
    return features_telling_the_answer(one) == {"x"}


def blanked(values, rows):
    changed = np.array(values, dtype=float)
    changed[rows] = NAN
    return changed


OF_THE_SCORE = {
    "copy": SCORE,
    "hundredfold": 100 * SCORE,
    "tenth": np.floor(10 * SCORE),
    "band": (SCORE >= 0.5).astype(float),
    "root": np.sqrt(SCORE),
    "turned round": 1 - SCORE,
    "rank from the top": np.argsort(np.argsort(-SCORE)).astype(float),
    "hundredfold with blanks": blanked(100 * SCORE, [0, 7, 9]),
    "mark or blank": np.where(SCORE >= 0.5, 1.0, NAN),
}


@pytest.mark.parametrize("name", OF_THE_SCORE)
def test_what_follows_from_the_score_tells_it(name):
    assert tells(OF_THE_SCORE[name], outcome=None)


@pytest.mark.parametrize("name", OF_THE_SCORE)
def test_two_values_exchanged_and_it_follows_no_more(name):
    """The negative control: the lowest row and the highest one change places."""
    values = np.array(OF_THE_SCORE[name])
    low, high = np.nanargmin(SCORE), np.nanargmax(SCORE)
    values[[low, high]] = values[[high, low]]
    assert not tells(values, outcome=None)


def test_a_score_that_was_rounded_is_told_by_what_it_was_rounded_from():
    rounded = np.round(SCORE, 1)
    assert tells(SCORE, score=rounded, outcome=None)
    assert tells(SCORE >= 0.48, score=rounded, outcome=None)


def test_a_feature_that_goes_along_with_the_score_is_evidence():
    years = SCORE + CHANCE.normal(0, 0.13, ROWS)
    assert 0.88 < np.corrcoef(years, SCORE)[0, 1] < 0.95
    assert not tells(years)
    assert not tells(np.round(years, 1))
    assert not tells(np.ones(ROWS))


def test_a_score_that_hardly_differs_is_told_by_nothing_by_accident():
    score = np.full(ROWS, 0.5)
    assert not tells(SCORE, score=score, outcome=None)
    score[3] = 0.9
    licence = CHANCE.integers(0, 2, ROWS)
    assert not tells(licence, score=score, outcome=None)


OF_THE_OUTCOME = {
    "copy": PASSED.astype(float),
    "copy with a blank": blanked(PASSED, [4]),
    "range": np.where(PASSED, 10, 0) + CHANCE.uniform(0, 9, ROWS),
    "status code": np.where(PASSED, 2, CHANCE.choice([1, 3], ROWS)),
    "mark or blank": np.where(PASSED, 1.0, NAN),
}


@pytest.mark.parametrize("name", OF_THE_OUTCOME)
def test_what_separates_the_outcomes_tells_them(name):
    values = np.array(OF_THE_OUTCOME[name], dtype=float)
    assert tells(values, score=None)

    good, bad = np.flatnonzero(PASSED)[9], np.flatnonzero(~PASSED)[9]
    values[good] = values[bad]
    assert not tells(values, score=None)


def test_a_feature_that_goes_along_with_the_outcome_is_evidence():
    grade = np.where(CHANCE.uniform(size=ROWS) < 0.95, PASSED, ~PASSED).astype(float)
    assert np.corrcoef(grade, PASSED)[0, 1] > 0.85
    assert not tells(grade)


def test_values_that_hardly_repeat_belong_to_one_outcome_by_accident():
    assert not tells(CHANCE.permutation(ROWS), score=None)


def test_a_few_rows_separate_nothing_unless_each_outcome_has_one_value():
    favorable = np.arange(14) < 7
    outcome = np.where(favorable, OUTCOMES.index(Outcome.FAVORABLE), OUTCOMES.index("unfavorable"))
    assert not tells(np.arange(14), score=None, outcome=outcome)
    assert tells(blanked(favorable, [2]), score=None, outcome=outcome)
    assert not tells(np.arange(7), score=np.linspace(0.2, 0.9, 7), outcome=None)
