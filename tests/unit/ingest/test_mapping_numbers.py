from __future__ import annotations

import numpy as np
import pytest

from auditor.errors import DecisionError
from auditor.vocabulary import OUTCOMES
from tests.unit.ingest.raw_tables import OUTCOME, mapped, raw_table


def table(scores, *, single=False, rows=None, name="s"):
    n = len(scores)
    return raw_table(
        {"status": ["Yes", "No"] * (n // 2) + ["Yes"] * (n % 2), "sex": ["F"] * n},
        {name: scores},
        single=single,
        rows=rows,
    )


def refusal(raw, **columns) -> DecisionError:
    columns = {**OUTCOME, "score": "s", **columns}
    with pytest.raises(DecisionError, match="column") as caught:
        mapped(raw, **columns)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        (" 0.5\u00a0", 0.5),
        ("-1", -1.0),
        ("+1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("2.5E-3", 0.0025),
        ("0.1234567890123456789", 0.1234567890123456789),
        ("007", 7.0),
    ],
)
def test_plain_numbers_are_read(text, value):
    assert mapped(table([text, "0"]), **OUTCOME, score="s").score.tolist() == [value, 0.0]


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("inf", "which is not finite", "leave the cell empty"),
        ("-Infinity", "which is not finite", "leave the cell empty"),
        ("1e400", "which is not finite", "leave the cell empty"),
        ("80%", "which is no plain number", "write 0.8, without the per cent sign"),
        ("12,5 %", "which is no plain number", "write 0.125, without the per cent sign"),
        ("0,8", "which has a decimal comma", "write 0.8: export the column with a decimal point"),
        ("1,200", "which can be read in two ways", "write 1200 without separators, or 1.200 if"),
        ("1_000", "which is no number", "write plain digits"),
        ("0x1F", "which is no number", "write plain digits"),
        ("\u0660.\u0665", "which is no plain number", "write it with the digits 0 to 9"),
        ("1e4000", "which is no number", "write plain digits"),
        ("n/a", "which is no number", "leave the cell empty"),
        ("0.5 0.6", "which is no number", "write plain digits"),
        ("--1", "which is no number", "write plain digits"),
        ("2026-01-02", "which is no number", "write plain digits"),
    ],
)
def test_what_may_mean_something_else_is_refused(text, said, hint):
    (problem,) = refusal(table(["0.5", text, text])).problems

    assert problem.message.endswith(f"{said} (2 rows)")
    assert str(problem.where) == "x.csv:3"
    assert hint in problem.hint
    assert problem.slug == "cell-not-a-number"


def test_all_that_is_no_number_comes_at_once_most_frequent_first():
    error = refusal(table(["80%", "0,8", "0,8", "0.5"]))

    assert [p.message.split(",")[0] for p in error.problems] == [
        "column 's' holds '0",
        "column 's' holds '80%'",
    ]


def test_empty_and_nan_scores_are_missing_and_counted():
    texts = mapped(table(["0.5", "", " ", "NaN", None]), **OUTCOME, score="s")
    floats = mapped(table([0.5, np.nan, np.nan, np.nan, np.nan]), **OUTCOME, score="s")

    for decisions in (texts, floats):
        assert decisions.missing["s"].tolist() == [False, True, True, True, True]
        assert np.isnan(decisions.score).sum() == 4
        assert decisions.account.used == 5
        assert (
            "Column 's' is blank in 4 rows, left out of score measures." in decisions.export.notes
        )
    assert "Column 's' holds the text NaN in 1 row, read as missing." in texts.export.notes


def test_infinite_scores_of_a_frame_are_refused():
    error = refusal(table([0.5, np.inf, -np.inf, np.inf]))

    assert [(p.message, str(p.where), p.slug) for p in error.problems] == [
        ("column 's' holds 'Infinity', which is not finite (2 rows)", "x.csv", "not-finite"),
        ("column 's' holds '-Infinity', which is not finite (1 row)", "x.csv", "not-finite"),
    ]


def test_a_score_outside_its_scale_is_refused_with_its_rows():
    error = refusal(table([0.0, 1.0, 1.5, -2.0], rows=[1, 1, 30, 1]), with_rows=False, scale=(0, 1))

    assert [(p.message, str(p.where)) for p in error.problems] == [
        ("column 's' holds '1.5', which lies outside the scale 0 to 1 (30 rows)", "x.csv:4"),
        ("column 's' holds '-2', which lies outside the scale 0 to 1 (1 row)", "x.csv"),
    ]
    assert {p.slug for p in error.problems} == {"score-outside-scale"}


def test_a_score_text_outside_its_scale_is_shown_as_it_stands():
    (problem,) = refusal(table(["0.5", "1.50"]), scale=(0, 1)).problems

    assert "holds '1.50', which lies outside the scale" in problem.message
    assert str(problem.where) == "x.csv:3"


def test_the_ends_of_the_scale_are_inside_and_a_missing_score_is_nowhere():
    decisions = mapped(table([0.0, 1.0, np.nan]), **OUTCOME, score="s", scale=(0, 1))

    assert decisions.account.used == 3


def test_a_float32_score_at_the_end_of_the_scale_is_inside():
    # as float64, float32 0.1 lies above 0.1 and float32 0.7 below 0.7
    for scale in ((0.0, 0.1), (0.7, 1.0)):
        end = scale[1] if scale[0] == 0 else scale[0]
        decisions = mapped(table([end, end], single=True), **OUTCOME, score="s", scale=scale)

        assert decisions.score_is_single
        assert decisions.score[0] != end


@pytest.mark.parametrize(
    ("better", "expected"),
    [
        ("high", ["unfavorable", "favorable", "favorable"]),
        ("low", ["favorable", "favorable", "unfavorable"]),
    ],
)
def test_the_cut_score_itself_is_favorable_on_both_sides(better, expected):
    decisions = mapped(table([0.4, 0.5, 0.6]), score="s", cut_score=0.5, better=better)

    assert [OUTCOMES[code] for code in decisions.outcome] == expected
    assert decisions.export.outcome_derived


def test_a_derived_outcome_is_said_and_its_missing_scores_are_open():
    decisions = mapped(table(["0.4", "0.5", ""]), score="s", cut_score=0.5)

    assert [OUTCOMES[code] for code in decisions.outcome] == ["unfavorable", "favorable", "open"]
    assert decisions.account.buckets == {"open": 1}
    assert decisions.export.notes[1:] == (
        "The outcome is derived from column 's': 0.5 or above is favorable.",
        "Column 's' is blank in 1 row, counted as open.",
    )


def test_an_outcome_column_wins_over_the_cut_score():
    decisions = mapped(table([0.9, 0.9]), **OUTCOME, score="s", cut_score=0.5)

    assert [OUTCOMES[code] for code in decisions.outcome] == ["favorable", "unfavorable"]
    assert not decisions.export.outcome_derived
    assert decisions.export.cut_score == 0.5


@pytest.mark.parametrize("better", ["high", "low"])
@pytest.mark.parametrize("cut", [0.1, 0.3, 0.7, 0.9])
def test_a_float32_score_is_compared_with_the_cut_rounded_to_float32(cut, better):
    def selected(single):
        decisions = mapped(
            table([cut, cut], single=single), score="s", cut_score=cut, better=better
        )
        return [OUTCOMES[code] for code in decisions.outcome]

    assert selected(single=True) == selected(single=False) == ["favorable", "favorable"]


def test_float32_scores_next_to_the_cut_stay_on_their_side():
    cut = np.float32(0.7)
    below, above = np.nextafter(cut, np.float32(0)), np.nextafter(cut, np.float32(1))

    decisions = mapped(table([below, above], single=True), score="s", cut_score=0.7)

    assert [OUTCOMES[code] for code in decisions.outcome] == ["unfavorable", "favorable"]


def test_a_text_at_the_cut_reaches_it():
    decisions = mapped(table(["0.70", "0.6999999999999999"]), score="s", cut_score=0.7)

    assert [OUTCOMES[code] for code in decisions.outcome] == ["favorable", "unfavorable"]


def test_scores_alone_use_every_row():
    decisions = mapped(table([0.1, np.nan]), score="s")

    assert decisions.outcome is None
    assert (decisions.account.used, decisions.account.buckets) == (2, {})
    assert not decisions.export.outcome_derived


def test_a_count_column_counts_people_and_rows_stay_rows():
    decisions = mapped(table(["40", "2e1", "0"], name="n"), **OUTCOME, count="n")

    assert decisions.people.tolist() == [40, 20, 0]
    assert decisions.rows.tolist() == [1, 1, 1]
    assert (decisions.account.read, decisions.account.used) == (3, 3)


def test_rows_that_were_grouped_count_their_people_once_each():
    decisions = mapped(
        table([40.0, 5.0], name="n", rows=[3, 1]), with_rows=False, **OUTCOME, count="n"
    )

    assert decisions.people.tolist() == [120, 5]


@pytest.mark.parametrize("wrong", ["-1", "1.5", "", "nan", "9007199254740993"])
def test_a_count_that_is_no_number_of_people_is_refused(wrong):
    with pytest.raises(DecisionError, match="which is no number of people") as caught:
        mapped(table(["1", wrong], name="n"), **OUTCOME, count="n")

    assert [str(p.where) for p in caught.value.problems] == ["x.csv:3"]


def test_a_missing_count_of_a_frame_is_refused():
    with pytest.raises(DecisionError, match="holds a blank, which is no number of people"):
        mapped(table([1.0, np.nan], name="n"), **OUTCOME, count="n")


def test_features_are_typed_like_scores():
    raw = raw_table({"status": ["Yes", "No"], "sex": ["F", "M"]}, {"a": ["1", ""], "b": ["x", "2"]})

    with pytest.raises(DecisionError, match="column 'b' holds 'x', which is no number"):
        mapped(raw, **OUTCOME, features=["a", "b"])


def test_a_score_that_is_a_feature_too_is_refused_once():
    error = refusal(table(["0,8", "1"]), features=["s"])

    assert len(error.problems) == 1


def test_numbers_and_values_are_refused_together():
    raw = raw_table({"status": ["Yes", "?"], "sex": ["F", "M"]}, {"s": ["x", "1"]})

    assert {p.slug for p in refusal(raw).problems} == {"cell-not-a-number", "unmapped-value"}
