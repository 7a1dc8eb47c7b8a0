from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from auditor.documents import parse_document
from auditor.errors import DecisionError, Where
from auditor.ingest import profile_of
from auditor.ingest.mapping import map_table
from auditor.ingest.matching import match
from auditor.ingest.profile.model import ValueMap
from auditor.ingest.reading import request_of
from auditor.ingest.refusals import MAX_LISTED, MAX_PLACED
from auditor.ingest.stanza import stanza
from auditor.ingest.values import Declared, declared, declared_in_yaml, trimmed, value_text
from auditor.vocabulary import OUTCOMES
from tests.unit.ingest.raw_tables import OUTCOME, SEXES, mapped, raw_table

YES_NO = ["Yes", "No", "Yes"]


def refusal(raw, **columns) -> DecisionError:
    with pytest.raises(DecisionError, match="column") as caught:
        mapped(raw, **columns)
    return caught.value


def outcomes(decisions) -> list[str]:
    return [OUTCOMES[code] for code in decisions.outcome]


def labels(coded) -> list[str | None]:
    return [coded.levels[code] if code >= 0 else None for code in coded.codes]


def test_every_outcome_has_its_code():
    raw = raw_table(
        {"status": ["Yes", "No", "W", "C", "", "Yes"], "sex": ["F", "M", "F", "M", "F", "M"]}
    )

    decisions = mapped(raw, **OUTCOME, withdrawn="W", not_considered="C", open="")

    assert outcomes(decisions) == [
        *("favorable", "unfavorable", "withdrawn", "not_considered", "open", "favorable")
    ]
    assert decisions.account.read == 6
    assert decisions.account.used == 3
    assert list(decisions.account.buckets.items()) == [
        ("withdrawn", 1),
        ("not_considered", 1),
        ("open", 1),
    ]
    assert decisions.outcome.dtype == decisions.groups["sex"].codes.dtype == np.int32


def test_a_declared_bucket_is_shown_when_it_is_empty_and_no_other():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"]})

    assert mapped(raw, **OUTCOME, open=["Pending"]).account.buckets == {"open": 0}
    assert mapped(raw, **OUTCOME).account.buckets == {}


def test_dropped_duplicates_are_a_bucket():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"]}, dropped=2)

    account = mapped(raw, **OUTCOME, duplicates="drop-identical").account

    assert (account.read, account.used, account.buckets) == (5, 3, {"duplicate": 2})


def test_lines_are_weighted_by_their_rows():
    raw = raw_table({"status": ["Yes", "No", "W"], "sex": ["F", "M", "F"]}, rows=[5, 7, 2])

    decisions = mapped(raw, with_rows=False, **OUTCOME, withdrawn="W")

    assert (decisions.account.read, decisions.account.used) == (14, 12)
    assert decisions.account.buckets == {"withdrawn": 2}
    assert decisions.people.tolist() == [5, 7, 2]


def test_a_row_that_a_reader_lost_is_never_overlooked():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"]})
    lost = dataclasses.replace(raw, file=dataclasses.replace(raw.file, rows=4))

    with pytest.raises(ValueError, match="does not balance: 4 rows read, 3 used"):
        mapped(lost, **OUTCOME)


def test_the_group_called_na_is_kept():
    raw = raw_table({"status": YES_NO, "sex": ["NA", "nan", "None"]})

    decisions = mapped(raw, **OUTCOME, groups=["sex"])

    assert labels(decisions.groups["sex"]) == ["NA", "nan", "None"]


def test_a_missing_group_is_unknown_and_a_blank_one_must_be_listed():
    missing = raw_table({"status": YES_NO, "sex": ["F", None, "M"]})
    blank = raw_table({"status": YES_NO, "sex": ["F", " ", "M"]})

    assert labels(mapped(missing, **OUTCOME, groups=["sex"]).groups["sex"]) == ["F", None, "M"]
    assert labels(mapped(blank, **OUTCOME).groups["sex"]) == ["F", None, "M"]
    assert "column 'sex' holds a blank" in str(refusal(blank, **OUTCOME, groups=["sex"]))


def test_a_missing_outcome_is_the_blank_and_must_be_listed():
    raw = raw_table({"status": ["Yes", None, "No"], "sex": ["F", "M", "F"]})

    assert outcomes(mapped(raw, **OUTCOME, open=[None]))[1] == "open"
    assert outcomes(mapped(raw, **OUTCOME, withdrawn=[""]))[1] == "withdrawn"
    assert "column 'status' holds a blank, which the profile maps to no outcome (1 row)" in str(
        refusal(raw, **OUTCOME)
    )


def test_values_match_after_trimming_and_composition():
    raw = raw_table({"status": ["Yes", "\u00a0No\t", "Yes "], "sex": ["Re\u0301", "Ré", " Ré"]})

    decisions = mapped(raw, **OUTCOME, groups=["sex"])

    assert decisions.groups["sex"].levels == ("Ré",)
    assert outcomes(decisions) == ["favorable", "unfavorable", "favorable"]
    assert decisions.export.notes == (
        "Separated by commas.",
        "Column 'status': 2 rows read without spaces around the value and in composed form "
        "('\\xa0No\\t' as 'No', 'Yes ' as 'Yes').",
        "Column 'sex': 2 rows read without spaces around the value and in composed form "
        "('Re\u0301' as 'Ré', ' Ré' as 'Ré').",
    )


def test_case_is_kept_and_groups_that_read_alike_are_a_doubt():
    raw = raw_table({"status": YES_NO, "sex": ["White", "white", "\uff37hite"]})

    decisions = mapped(raw, **OUTCOME, groups=["sex"])

    assert decisions.groups["sex"].levels == ("White", "white", "\uff37hite")
    assert decisions.export.notes[1:] == (
        "Column 'sex': the groups 'White', 'white', '\uff37hite' differ only in case or form of "
        "their letters and are counted apart; map them together if they are one.",
    )


def test_a_text_matches_by_its_spelling_alone():
    raw = raw_table({"status": ["1", "1.0", "01"], "sex": ["F", "M", "F"]})

    decisions = mapped(raw, outcome="status", favorable=[1], unfavorable=[1.0], open=["01"])

    assert outcomes(decisions) == ["favorable", "unfavorable", "open"]
    assert "holds '1.0'" in str(refusal(raw, outcome="status", favorable=[1], unfavorable=["01"]))


def test_a_typed_cell_matches_by_equality():
    raw = raw_table(
        {"status": ["1", "0", "1"], "sex": ["True", "False", "2026-01-02"]}, typed=["status", "sex"]
    )
    sexes = {"sex": {"column": "sex", "values": {"F": [True], "M": [False], "D": ["2026-01-02"]}}}

    decisions = mapped(raw, outcome="status", favorable=[1.0], unfavorable=["0"], groups=sexes)

    assert outcomes(decisions) == ["favorable", "unfavorable", "favorable"]
    assert labels(decisions.groups["sex"]) == ["F", "M", "D"]


def test_true_is_not_one():
    raw = raw_table({"status": ["True", "0", "1"], "sex": ["F", "M", "F"]}, typed=["status"])

    error = refusal(raw, outcome="status", favorable=[1], unfavorable=[0])

    assert [problem.message for problem in error.problems] == [
        "column 'status' holds 'True', which the profile maps to no outcome (1 row)"
    ]


def test_a_typed_cell_that_equals_values_of_two_lists_is_refused():
    raw = raw_table({"status": ["1", "0"], "sex": ["F", "M"]}, typed=["status"])

    error = refusal(raw, outcome="status", favorable=[1], unfavorable=[0, 1.0])

    assert [problem.slug for problem in error.problems] == ["ambiguous-value"]


def test_all_unmapped_values_of_all_columns_come_at_once():
    raw = raw_table(
        {
            "status": ["Pending", "Yes", "Pending ", "On hold"],
            "sex": ["F", "Femal", "M", "M"],
            "kept": ["1", "0", "?", ""],
        }
    )

    error = refusal(raw, **OUTCOME, label="kept", positive=["1"], negative=["0"])

    assert [(str(p.where), p.message, p.slug) for p in error.problems] == [
        (
            "x.csv:2",
            "column 'status' holds 'Pending', which the profile maps to no outcome (2 rows)",
            "unmapped-value",
        ),
        (
            "x.csv:5",
            "column 'status' holds 'On hold', which the profile maps to no outcome (1 row)",
            "unmapped-value",
        ),
        (
            "x.csv:3",
            "column 'sex' holds 'Femal', which the profile maps to no group of 'sex' (1 row)",
            "unmapped-value",
        ),
        (
            "x.csv:4",
            "column 'kept' holds '?', which the profile maps to neither positive nor negative "
            "(1 row)",
            "unmapped-value",
        ),
    ]
    assert error.exit_code == 3


def test_rows_of_unmapped_values_are_counted_in_rows_not_lines():
    raw = raw_table({"status": ["Yes", "?", "No"], "sex": ["F", "F", "M"]}, rows=[1, 1200, 3])

    assert "(1,200 rows)" in str(refusal(raw, with_rows=False, **OUTCOME))


def test_the_stanza_to_paste_holds_what_is_there_and_what_is_new():
    raw = raw_table({"status": ["Yes", "On hold", "50%"], "sex": ["F", "M", "X"]})

    error = refusal(raw, **OUTCOME)
    outcome, group = (p.hint for p in error.problems if p.hint)

    assert outcome == (
        "in the profile, under columns:\n"
        "  outcome:\n"
        "    column: status\n"
        "    favorable: [Yes]\n"
        "    unfavorable: [No]\n"
        "    withdrawn: []\n"
        "    not_considered: []\n"
        "    open: []\n"
        '    # not listed yet: [On hold, "50%"]'
    )
    assert group == (
        "in the profile, under columns, groups:\n"
        "    sex:\n"
        "      column: sex\n"
        "      values:\n"
        "        F: [F]\n"
        "        M: [M]\n"
        '      unknown: ["", "?"]\n'
        "      # not listed yet: [X]"
    )


def test_a_blank_among_groups_as_they_are_has_one_place_to_go():
    raw = raw_table({"status": YES_NO, "sex": ["F", "", "M"]})

    error = refusal(raw, **OUTCOME, groups=["sex"])

    assert error.problems[-1].hint.endswith('values: as-is\n      unknown: [""]')


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "null",
        "true",
        "~",
        "08",
        "1.0",
        "",
        "a: b",
        "#x",
        "[x",
        "it's",
        '"q"',
        "50%",
        "é",
        "- a",
    ],
)
def test_a_pasted_stanza_says_the_same_text(text):
    values = ValueMap(column=text or "c", values={"favorable": (Declared(text, text),)})
    entry = stanza(values, "outcome", [], group=False)

    document = parse_document(entry.encode(), "p.yaml", error=DecisionError)

    assert document.texts[("outcome", "favorable", 0)] == text


@pytest.mark.parametrize("word", ["unknown", "Unknown", "UNKNOWN ", "A*B"])
def test_a_value_with_a_kept_name_is_no_group(word):
    raw = raw_table({"status": YES_NO, "sex": ["F", word, "M"]})

    error = refusal(raw, **OUTCOME, groups=["sex"])

    assert [problem.slug for problem in error.problems] == ["reserved-group"]
    assert "list it under unknown" in error.problems[0].hint


def test_a_value_with_a_kept_name_may_be_listed_or_mapped():
    raw = raw_table({"status": YES_NO, "sex": ["F", "unknown", "A*B"]})
    listed = {"sex": {"column": "sex", "unknown": ["unknown", "A*B"]}}
    renamed = {
        "sex": {"column": "sex", "values": {"F": ["F"], "AB": ["A*B"]}, "unknown": ["unknown"]}
    }

    assert labels(mapped(raw, **OUTCOME, groups=listed).groups["sex"]) == ["F", None, None]
    assert labels(mapped(raw, **OUTCOME, groups=renamed).groups["sex"]) == ["F", None, "AB"]


def test_a_long_list_is_cut_and_says_so():
    names = [f"v{n}" for n in range(MAX_LISTED + 7)]
    asked = []
    raw = raw_table({"status": names, "sex": ["F"] * len(names)})
    locate = raw.locate
    object.__setattr__(raw, "locate", lambda *cell: asked.append(cell) or locate(*cell))

    error = refusal(raw, **OUTCOME)

    assert len(error.problems) == MAX_LISTED + 1
    assert "holds 7 more such values (7 rows)" in error.problems[-1].message
    assert len(asked) == MAX_PLACED
    assert error.problems[MAX_PLACED].where == Where("x.csv")


def test_only_groups_that_somebody_has_are_levels():
    raw = raw_table({"status": YES_NO, "sex": ["M", "M", "?"]})

    assert mapped(raw, **OUTCOME).groups["sex"].levels == ("M",)


def test_one_column_may_serve_two_attributes():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"]})

    decisions = mapped(raw, **OUTCOME, groups={**SEXES, "gender": "sex"})

    assert list(decisions.groups) == ["sex", "gender"]


def test_labels_strata_and_versions_are_coded():
    raw = raw_table(
        {
            "status": YES_NO,
            "sex": ["F", "M", "F"],
            "kept": ["1", "", "0"],
            "req": ["r2", None, "r1"],
            "v": ["b ", "b", ""],
        }
    )

    decisions = mapped(
        raw,
        **OUTCOME,
        label="kept",
        positive=["1"],
        negative=["0"],
        strata={"job": "req"},
        model_version="v",
    )

    assert decisions.label.tolist() == [1, -1, 0]
    assert labels(decisions.strata["job"]) == ["r2", None, "r1"]
    assert labels(decisions.model_version) == ["b", "b", None]
    assert decisions.export.strata == ("job",)


def finals(raw, *, rows=True):
    profile = profile_of(name="p", id="id", **OUTCOME, groups=SEXES)
    values = {"favorable": (declared("In"),), "unfavorable": (declared("Out"),)}
    profile = dataclasses.replace(profile, final=ValueMap(column="end", values=values))
    return map_table(raw, profile, request_of(profile, rows=rows))


def test_a_final_decision_is_coded_and_blank_where_nobody_has_decided():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"], "end": ["Out ", "In", " "]})

    decisions = finals(raw)

    assert decisions.final.tolist() == [0, 1, -1]
    assert decisions.final.dtype == np.int32


def test_a_final_decision_is_read_of_single_rows_only():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"]})

    decisions = finals(raw, rows=False)

    assert decisions.final is None
    assert mapped(raw, **OUTCOME).final is None


def test_a_final_decision_that_stands_for_nothing_is_refused():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"], "end": ["In", "Later", ""]})

    with pytest.raises(DecisionError, match="neither favorable nor unfavorable") as caught:
        finals(raw)

    (problem,) = caught.value.problems
    assert (problem.slug, str(problem.where)) == ("unmapped-value", "x.csv:3")


def test_facts_of_the_profile_and_the_file_are_kept():
    raw = raw_table({"status": YES_NO, "sex": ["F", "M", "F"]}, {"s": [0.1, 0.2, 0.3]})
    said = {"unit": "person", "decisions": "test", "name": "acme"}

    export = mapped(
        raw, **OUTCOME, **said, score="s", cut_score=0.5, better="low", scale=(0, 1)
    ).export

    assert (export.profile_id, export.unit, export.decisions) == ("acme", "person", "test")
    assert (export.cut_score, export.better, export.scale) == (0.5, "low", (0.0, 1.0))
    assert export.inputs == (raw.file,)
    assert not export.outcome_derived
    assert len(export.profile_sha256) == 64


def test_ids_and_masks_are_there_with_single_rows_only():
    raw = raw_table(
        {"status": YES_NO, "sex": ["F", "M", "F"]},
        {"s": [0.1, np.nan, 0.3], "f": [np.nan, 1.0, 2.0]},
    )

    single = mapped(raw, **OUTCOME, score="s", features=["f"])
    grouped = mapped(raw, with_rows=False, **OUTCOME, score="s", features=["f"])

    assert {name: mask.tolist() for name, mask in single.missing.items()} == {
        "f": [True, False, False],
        "s": [False, True, False],
    }
    assert single.features["f"].tolist()[1:] == [1.0, 2.0]
    assert single.ids(np.array([2])) == ["id2"]
    assert grouped.missing == grouped.features == {}


def test_matching_is_by_role():
    raw = raw_table({"c": [None, "x"]})
    values = ValueMap(column="c", values={"positive": (Declared("x", "x"),)})

    assert match(raw, values, "label", "label").problems == ()
    assert match(raw, values, "group", "g").targets == (None, "positive")
    assert len(match(raw, values, "outcome", "outcome").problems) == 1


def test_a_null_in_yaml_is_its_text_and_the_missing_cell():
    values = ValueMap(column="c", values={"open": (declared_in_yaml("null", None),)})

    def found(cell):
        return match(raw_table({"c": [cell]}), values, "outcome", "outcome").targets

    assert found("null") == found(None) == ("open",)
    assert found("") == (None,)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        (1.5e-7, "0.00000015"),
        (np.float32(0.1), "0.1"),
        (2**63, "9223372036854775808"),
        (True, "True"),
        (np.True_, "True"),
        (None, None),
        (float("nan"), None),
        (float("inf"), "Infinity"),
    ],
)
def test_equal_values_have_one_text(value, text):
    assert value_text(value) == text


@pytest.mark.parametrize("value", [[1], {"a": 1}, b"x", object(), 1j])
def test_what_is_no_scalar_has_no_text(value):
    with pytest.raises(TypeError, match="is no single value"):
        value_text(value)


def test_trimming_keeps_what_is_inside():
    assert trimmed("\u2003New  York\u00a0\n") == "New  York"
    assert declared(" a b ") == Declared("a b", "a b")


def test_profile_of_and_mapping_agree_on_blank_outcomes():
    profile = profile_of(
        id="id", outcome="o", favorable=["Y"], unfavorable=["N"], open=[""], groups=["g"]
    )

    assert profile.outcome.values["open"] == (Declared("", ""),)
