from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditor.errors import DecisionError, ExportError, PathError
from auditor.ingest import load_profile, read
from auditor.ingest.inspection.date_formats import date_formats
from auditor.ingest.inspection.doubts import doubts_of
from auditor.ingest.inspection.draft import (
    NAME_GROUP,
    NAME_ID,
    NAME_OUTCOME,
    NAME_VALUES,
    profile_text,
    written,
)
from auditor.ingest.inspection.group_words import place_groups
from auditor.ingest.inspection.header_words import hint_of
from auditor.ingest.inspection.inspecting import Inspection, inspect_export
from auditor.ingest.inspection.outcome_words import outcome_of
from auditor.ingest.inspection.roles import Guess, Role, Sure
from auditor.ingest.values import trimmed
from auditor.vocabulary import Outcome

ROWS = 40
CLEAN = {
    "application_id": [f"A{i:03d}" for i in range(ROWS)],
    "gender": ["F", "M"] * (ROWS // 2),
    "status": ["Hired", "Rejected", "Rejected", "Withdrew"] * (ROWS // 4),
}


def export(tmp_path: Path, columns: dict[str, list], name: str = "export.csv") -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    path = tmp_path / name
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def cycled(*values: object) -> list[object]:
    return [values[i % len(values)] for i in range(ROWS)]


@pytest.fixture
def inspected(tmp_path):
    """What is found in a clean export with some columns added or, with None, left out."""

    def inspect(**changes: list | None) -> Inspection:
        columns = {n: c for n, c in (CLEAN | changes).items() if c is not None}
        return inspect_export(export(tmp_path, columns))

    return inspect


def test_a_row_in_place_of_the_header_is_refused_and_not_told(tmp_path):
    path = export(tmp_path, {"A999": ["A1", "A2"], "F": ["F", "M"], "Hired": ["No", "No"]})

    with pytest.raises(ExportError, match="holds no names of columns") as caught:
        inspect_export(path)

    assert "A999" not in str(caught.value)


def test_a_header_with_numbers_is_read_and_doubted(inspected):
    found = inspected(**{"2023": ["1", "2"] * (ROWS // 2)})

    assert any("looks like data" in note for note in found.notes)
    assert not any("looks like data" in note for note in inspected().notes)


def guess(found: Inspection, name: str) -> Guess:
    return next(guess for facts, guess in found.columns if facts.name == name)


def loaded(found: Inspection, tmp_path: Path):
    path = tmp_path / "written.yaml"
    path.write_text(profile_text(found), encoding="utf-8")
    return load_profile(path)


def meanings(found: Inspection, tmp_path: Path, attribute: str) -> dict[str, list[str]]:
    values = loaded(found, tmp_path).groups[attribute].values
    return {label: [value.text for value in listed] for label, listed in values.items() if listed}


def test_an_export_with_plain_names_and_values_is_settled(inspected):
    found = inspected()

    assert found.is_settled
    assert doubts_of(found) == ()
    assert [guess.role for _, guess in found.columns] == [Role.ID, Role.GROUP, Role.OUTCOME]
    assert {guess.sure for _, guess in found.columns} == {Sure.CLEAR}


@pytest.mark.parametrize(
    ("name", "role", "attribute"),
    [
        ("gender", Role.GROUP, "sex"),
        ("candidateGender", Role.GROUP, "sex"),
        ("race_ethnicity", Role.GROUP, "race"),
        ("ethnicity", Role.GROUP, "race"),
        ("EEO race", Role.GROUP, "race"),
        ("age_band", Role.GROUP, "age"),
        ("birth_year", Role.GROUP, "age"),
        ("dateOfBirth", Role.GROUP, "age"),
        ("veteran_status", Role.GROUP, "veteran"),
        ("disability_status_description", Role.GROUP, "disability"),
        ("application_id", Role.ID, None),
        ("candidate_id", Role.PERSON, None),
        ("EmployeeNumber", Role.PERSON, None),
        ("Req. Identifier", Role.STRATUM, None),
        ("jobReqId", Role.STRATUM, None),
        ("Current Status", Role.OUTCOME, None),
        ("Candidate_Stage", Role.OUTCOME, None),
        ("disposition", Role.OUTCOME, None),
        ("hired", Role.OUTCOME, None),
        ("model_score", Role.SCORE, None),
        ("ranking", Role.SCORE, None),
        ("model_version", Role.MODEL_VERSION, None),
        ("hired_on", Role.DATE, None),
        ("rejected_at", Role.DATE, None),
        ("Candidate First Name", Role.PERSONAL, None),
        ("name", Role.PERSONAL, None),
        ("E-Mail", Role.PERSONAL, None),
        ("Hiring Manager", Role.PERSONAL, None),
        ("statusComments", Role.FREE_TEXT, None),
        ("# Submissions", Role.COUNT, None),
    ],
)
def test_a_column_name_speaks_in_every_spelling(name, role, attribute):
    hint = hint_of(name)

    assert hint is not None
    assert (hint.role, hint.attribute) == (role, attribute)


@pytest.mark.parametrize(
    "name",
    ["AgencyName", "Disposition Reason", "timeToHire", "average", "Stage2Notes2", "zip3", "source"],
)
def test_a_name_that_only_looks_like_one_of_them_says_nothing_of_it(name):
    hint = hint_of(name)

    assert hint is None or hint.role not in (Role.GROUP, Role.OUTCOME)


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("Hired", Outcome.FAVORABLE),
        ("ADVANCED", Outcome.FAVORABLE),
        ("Offer extended", Outcome.FAVORABLE),
        ("pass", Outcome.FAVORABLE),
        ("Yes", Outcome.FAVORABLE),
        ("Rejected - Not qualified", Outcome.UNFAVORABLE),
        ("not selected", Outcome.UNFAVORABLE),
        ("declined by us", Outcome.UNFAVORABLE),
        ("RejectedByOrganization", Outcome.UNFAVORABLE),
        ("unsuccessful", Outcome.UNFAVORABLE),
        ("no", Outcome.UNFAVORABLE),
        ("Withdrawn by candidate", Outcome.WITHDRAWN),
        ("RejectedByCandidate", Outcome.WITHDRAWN),
        ("Position closed", Outcome.NOT_CONSIDERED),
        ("Requisition cancelled", Outcome.NOT_CONSIDERED),
        ("Duplicate", Outcome.NOT_CONSIDERED),
        ("IN_REVIEW", Outcome.OPEN),
        ("New", Outcome.OPEN),
        ("", Outcome.OPEN),
        # one word says one thing and another word another, or a person must have looked
        ("Rejected - Withdrew", None),
        ("Offer declined", None),
        ("Declined", None),
        ("Not hired - position filled", None),
        ("Withdrew after offer", None),
        ("Not active", None),
        ("Not rejected", None),
        ("Passed over", None),
        ("Pass on candidate", None),
        ("No longer active", None),
        ("Offer rescinded", None),
        ("On hold", None),
        ("Interview", None),
        ("1", None),
        ("-", None),
    ],
)
def test_a_word_of_an_outcome_is_placed_only_when_it_says_one_thing(value, outcome):
    assert outcome_of(value, "status") is outcome


@pytest.mark.parametrize(
    ("value", "column", "outcome"),
    [
        ("1", "hired", Outcome.FAVORABLE),
        ("False", "was_selected", Outcome.UNFAVORABLE),
        ("yes", "decision", Outcome.FAVORABLE),
        ("1", "decision", None),
        ("yes", "disqualified", None),
        ("yes", "remote", None),
    ],
)
def test_a_yes_means_what_its_column_asks(value, column, outcome):
    assert outcome_of(value, column) is outcome


def placed(attribute: str, *values: str) -> dict[str, str]:
    found = place_groups(attribute, dict.fromkeys(values, 1))
    said = {text: label for label, texts in found.groups.items() for text in texts}
    return said | dict.fromkeys(found.unknown, "unknown")


@pytest.mark.parametrize(
    ("attribute", "value", "label"),
    [
        ("sex", "F", "Female"),
        ("sex", "MALE", "Male"),
        ("sex", "NON-BINARY", "Non-binary"),
        ("race", "White (Not Hispanic or Latino)", "White"),
        ("race", "AMERICAN_INDIAN", "Native American or Alaska Native"),
        (
            "race",
            "Native Hawaiian or Other Pacific Islander",
            "Native Hawaiian or Pacific Islander",
        ),
        ("race", "TWO_OR_MORE_RACES", "Two or more races"),
        ("race", "Hispanic/Latino", "Hispanic or Latino"),
        ("disability", "No, I do not have a disability", "No disability"),
        ("disability", "Yes, I have a disability, or have had one in the past", "Disability"),
        ("veteran", "I am not a protected veteran", "Not a veteran"),
        ("veteran", "1", "Veteran"),
        ("age", "40+", "40+"),
        ("sex", "Decline To Self Identify", "unknown"),
        ("race", "I don't wish to answer", "unknown"),
        ("disability", "I do not want to answer", "unknown"),
        ("veteran", "N/A", "unknown"),
        ("age", "Unknown", "unknown"),
    ],
)
def test_a_word_of_a_group_is_put_to_it(attribute, value, label):
    assert placed(attribute, value) == {value: label}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("sex", "1"),
        ("sex", "X"),
        ("sex", "Femal"),
        ("race", "White;Asian"),
        ("race", '["White","Black"]'),
        ("race", "non-white"),
        ("race", "Not Hispanic or Latino"),
        ("race", "Sponge"),
        ("race", "Indian"),
        ("veteran", "I am a veteran, but not a protected veteran"),
        ("disability", "None"),
        ("age", "Sales"),
        ("age", "40*"),
        ("sex", "F" + "\x07"),
        ("sex", "F" * 300),
    ],
)
def test_a_value_that_could_be_wrong_is_left_to_the_reader(attribute, value):
    found = place_groups(attribute, {value: 3})

    assert (found.groups, found.unknown, found.unplaced) == ({}, (), (value,))


def test_letters_are_races_only_where_all_values_are_such_letters():
    assert placed("race", "A", "B", "W")["B"] == "Black or African American"
    assert "B" not in placed("race", "A", "B", "Q")


def test_na_is_a_group_of_its_own_only_where_others_stand_for_the_unknown():
    assert placed("race", "White", "NA", "")["NA"] == "NA"
    assert "NA" not in placed("race", "White", "NA")
    assert "NA" not in placed("race", "Native American", "NA", "")
    assert "NA" not in placed("sex", "F", "NA", "")


def test_spellings_of_a_band_that_differ_in_case_are_one_group():
    found = place_groups("age", {"Under 40": 9, "UNDER 40": 2, "40+": 8})

    assert found.groups == {"Under 40": ("Under 40", "UNDER 40"), "40+": ("40+",)}


def test_groups_are_found_by_their_values_under_a_name_that_says_nothing(inspected):
    found = inspected(gender=None, q17=cycled("Female", "Male"), q18=cycled("White", "Asian", ""))

    assert [(g.attribute, g.column) for g in found.groups] == [("sex", "q17"), ("race", "q18")]


@pytest.mark.parametrize("values", [("F", "M"), ("yes", "no"), ("White", "Oak"), ("1", "2")])
def test_values_that_may_mean_anything_make_no_group(inspected, values):
    found = inspected(gender=None, q17=cycled(*values))

    assert found.groups == ()
    assert not found.is_settled
    assert "nothing here can be audited for group differences" in doubts_of(found)[0]


def test_an_outcome_is_found_by_its_values_under_a_name_that_says_nothing(inspected):
    found = inspected(status=None, result_of_2026=None, x=cycled("Hired", "Rejected"))

    assert found.outcome.column == "x"
    assert guess(found, "x").sure is Sure.LIKELY


def test_yes_and_no_under_such_a_name_are_no_outcome(inspected):
    found = inspected(status=None, x=cycled("Yes", "No"))

    assert found.outcome is None


def test_an_outcome_named_as_a_decision_goes_before_a_status(inspected, tmp_path):
    found = inspected(decision=cycled("Selected", "Rejected", "Rejected"))

    assert found.outcome.column == "decision"
    assert found.outcome.rivals == ("status",)
    assert any("'status' may be an outcome too" in doubt for doubt in doubts_of(found))
    assert loaded(found, tmp_path).outcome.column == "decision"


def test_between_two_equal_outcomes_nobody_chooses(inspected, tmp_path):
    found = inspected(stage=cycled("Hired", "Rejected"))

    assert found.outcome.column is None
    assert not found.is_settled
    assert any("'status', 'stage'" in doubt for doubt in doubts_of(found))
    assert loaded(found, tmp_path).outcome.column == NAME_OUTCOME


def test_what_is_not_recognised_of_an_outcome_is_written_in_a_remark_alone(inspected, tmp_path):
    found = inspected(status=cycled("Hired", "Rejected", "Panel 2", "Withdrew"))
    profile = loaded(found, tmp_path)

    texts = [value.text for listed in profile.outcome.values.values() for value in listed]
    assert not found.is_settled
    assert sorted(texts) == ["Hired", "Rejected", "Withdrew"]
    assert "#   Panel 2\n" in profile_text(found)


def test_an_outcome_of_one_side_places_nothing(inspected, tmp_path):
    found = inspected(status=["Rejected"] * ROWS)
    values = loaded(found, tmp_path).outcome.values

    assert not found.is_settled
    assert [v.text for v in values["favorable"]] == [NAME_VALUES[Outcome.FAVORABLE]]
    assert [v.text for v in values["unfavorable"]] == [NAME_VALUES[Outcome.UNFAVORABLE]]
    assert "#   Rejected\n" in profile_text(found)


def test_without_an_outcome_the_profile_names_no_column(inspected, tmp_path):
    found = inspected(status=None)

    assert found.outcome is None
    assert not found.is_settled
    assert loaded(found, tmp_path).outcome.column == NAME_OUTCOME


def test_a_score_alone_does_not_stand_for_an_outcome(inspected, tmp_path):
    found = inspected(status=None, score=[i / ROWS for i in range(ROWS)])
    profile = loaded(found, tmp_path)

    assert profile.score.column == "score"
    assert profile.outcome.column == NAME_OUTCOME


def test_without_a_group_the_profile_names_no_column(inspected, tmp_path):
    found = inspected(gender=None)

    assert loaded(found, tmp_path).groups["sex"].column == NAME_GROUP


def test_a_group_without_a_known_value_stops_the_audit_and_is_not_forgotten(inspected, tmp_path):
    found = inspected(race_code=cycled("1", "2", "3"))

    assert not found.is_settled
    assert loaded(found, tmp_path).groups["race"].column == "race_code"
    assert '#   "1"\n' in profile_text(found)


@pytest.mark.parametrize(
    "ages",
    [
        [str(20 + i) for i in range(ROWS)],
        [f"{1960 + i}-02-03" for i in range(ROWS)],
        [str(1960 + i) for i in range(ROWS)],
    ],
)
def test_single_ages_are_no_groups_and_none_is_shown(inspected, ages):
    found = inspected(age=ages)

    assert [group.attribute for group in found.groups] == ["sex"]
    assert guess(found, "age").hides_values
    assert any("add a column with bands of age" in doubt for doubt in doubts_of(found))
    assert not any(f"[{written(age)}" in profile_text(found) for age in ages)


def test_bands_of_age_are_groups_as_they_are(inspected, tmp_path):
    found = inspected(age_band=cycled("under 40", "40+", "not stated"))

    assert meanings(found, tmp_path, "age") == {
        "under 40": ["under 40"],
        "40+": ["40+"],
        "unknown": ["not stated"],
    }


def test_a_code_beside_its_words_is_a_rival_and_not_taken(inspected):
    found = inspected(gender=None, gender_id=cycled("1", "2"), gender_text=cycled("Male", "Female"))

    (group,) = found.groups
    assert (group.column, group.rivals) == ("gender_text", ("gender_id",))


def test_race_and_ethnicity_asked_apart_are_two_attributes(inspected):
    found = inspected(
        race=cycled("White", "Asian"),
        ethnicity=cycled("Hispanic or Latino", "Not Hispanic or Latino"),
    )

    assert [group.attribute for group in found.groups] == ["sex", "race", "ethnicity"]
    assert any("Race and ethnicity stand in two columns" in doubt for doubt in doubts_of(found))


def test_ethnicity_alone_is_race(inspected):
    found = inspected(ethnicity=cycled("Hispanic or Latino", "White"))

    assert [group.attribute for group in found.groups] == ["sex", "race"]


def test_rows_exported_twice_word_for_word_are_declared(inspected, tmp_path):
    columns = {name: [*values, *values[:3]] for name, values in CLEAN.items()}
    found = inspect_export(export(tmp_path, columns))

    assert found.id.repeats == 3
    assert found.is_settled
    assert loaded(found, tmp_path).duplicates == "drop-identical"


def test_a_file_without_such_rows_declares_nothing(inspected, tmp_path):
    assert loaded(inspected(), tmp_path).duplicates == "refuse"


def test_several_rows_of_one_application_are_not_counted_by_another_id(inspected, tmp_path):
    found = inspected(
        application_id=[f"A{i // 2}" for i in range(ROWS)], row_id=[f"R{i}" for i in range(ROWS)]
    )

    assert found.id.columns == ("application_id",)
    assert not found.is_settled
    assert loaded(found, tmp_path).ids == ("application_id",)
    assert loaded(found, tmp_path).duplicates == "refuse"


def test_a_person_and_a_requisition_identify_a_row_together(inspected):
    found = inspected(
        application_id=None,
        candidate_id=[f"C{i % 20}" for i in range(ROWS)],
        req_id=[f"R{i // 20}" for i in range(ROWS)],
    )

    assert found.id.columns == ("candidate_id", "req_id")
    assert found.is_settled


def test_values_that_are_all_different_are_an_id_with_a_doubt(inspected):
    found = inspected(application_id=None, token=[f"T{i:03d}" for i in range(ROWS)])

    assert found.id.columns == ("token",)
    assert any("only because no two rows" in doubt for doubt in doubts_of(found))


def test_without_an_id_the_profile_names_no_column(inspected, tmp_path):
    found = inspected(application_id=None)

    assert found.id is None
    assert not found.is_settled
    assert loaded(found, tmp_path).ids == (NAME_ID,)


def test_a_footer_without_an_id_is_a_doubt_that_names_its_line(inspected):
    found = inspected(application_id=[*CLEAN["application_id"][:-1], ""])

    assert found.id.columns == ("application_id",)
    assert not found.is_settled
    assert any("no id" in doubt and "export.csv:41" in doubt for doubt in doubts_of(found))


def test_a_table_with_counts_is_seen(tmp_path):
    columns = {
        "Gender": ["F", "F", "M", "M"],
        "Current Status": ["Hired", "Rejected"] * 2,
        "# Submissions": ["10", "30", "20", "20"],
    }
    found = inspect_export(export(tmp_path, columns))

    assert found.is_settled
    assert loaded(found, tmp_path).count == "# Submissions"


def test_the_score_of_the_model_is_taken_and_other_scores_are_not(inspected, tmp_path):
    better = {"Hired": 0.9, "Rejected": 0.2, "Withdrew": 0.5}
    scores = [better[status] + i / 1000 for i, status in enumerate(CLEAN["status"])]
    found = inspected(model_score=scores, skills_score=[i % 7 for i in range(ROWS)])

    assert (found.score.column, found.score.better, found.score.doubt) == (
        "model_score",
        "high",
        None,
    )
    assert loaded(found, tmp_path).score.column == "model_score"
    assert "# score: {column: skills_score" in profile_text(found)


def test_a_rank_is_better_when_it_is_low(inspected):
    ranks = {"Hired": 1, "Rejected": 5, "Withdrew": 3}
    found = inspected(rank=[ranks[s] + i % 3 for i, s in enumerate(CLEAN["status"])])

    assert (found.score.better, found.score.doubt) == ("low", None)


def test_a_score_that_runs_against_the_outcome_is_left_out(inspected, tmp_path):
    worse = {"Hired": 0.1, "Rejected": 0.8, "Withdrew": 0.5}
    found = inspected(score=[worse[s] + i / 1000 for i, s in enumerate(CLEAN["status"])])

    assert "lower scores on average" in found.score.doubt
    assert loaded(found, tmp_path).score is None


def test_a_score_with_words_in_it_is_left_out_and_counted(inspected, tmp_path):
    found = inspected(score=[*(i / 7 for i in range(ROWS - 2)), "n/a", "pending"])

    assert loaded(found, tmp_path).score is None
    assert any("2 of its cells are no numbers" in doubt for doubt in doubts_of(found))


def test_codes_with_leading_zeros_are_no_quantities(inspected):
    found = inspected(zip3=cycled("007", "012"), years=cycled("7", "12"))

    assert guess(found, "zip3").role is Role.CATEGORY
    assert guess(found, "years").role is Role.NUMBER


def test_what_no_audit_needs_stands_in_remarks(inspected, tmp_path):
    found = inspected(years=list(range(ROWS)), requisition=cycled("R1", "R2"))
    profile = loaded(found, tmp_path)

    assert (profile.features, profile.strata) == ((), {})
    assert "# features: [years]" in profile_text(found)
    assert "# strata: {requisition: requisition}" in profile_text(found)


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["2026-01-31"], ("%Y-%m-%d",)),
        (["31.12.2026"], ("%d.%m.%Y",)),
        (["03/04/2026", "12/11/2026"], ("%m/%d/%Y", "%d/%m/%Y")),
        (["03/04/2026", "13/11/2026"], ("%d/%m/%Y",)),
        (["2026-02-30"], ()),
        (["31.12.2026", "2026-12-31"], ()),
    ],
)
def test_a_date_that_may_be_read_in_two_ways_is_not_read(texts, formats):
    assert date_formats(texts) == formats


def test_a_date_in_doubt_is_said_to_be(inspected):
    found = inspected(applied_on=cycled("03/04/2026", "05/06/2026"))

    assert guess(found, "applied_on").sure is Sure.UNSURE
    assert any("day or the month comes first" in doubt for doubt in doubts_of(found))


def test_an_address_is_personal_under_any_name(inspected):
    found = inspected(contact_point=[f"secret{i}@example.org" for i in range(ROWS)])

    assert guess(found, "contact_point").role is Role.PERSONAL


def test_no_value_of_a_private_column_gets_out(inspected):
    found = inspected(
        application_id=[f"secret-id-{i}" for i in range(ROWS)],
        candidate_name=cycled("secret name", "secret other"),
        mail=[f"secret{i}@example.org" for i in range(ROWS)],
        notes=cycled("secret note", ""),
        remarkable=[f"secret words of a person {i}" for i in range(ROWS)],
        token=[f"secret{i:04d}" for i in range(ROWS)],
        dob=[f"secret {i}" for i in range(ROWS)],
    )

    told = profile_text(found) + "".join(doubts_of(found)) + repr(found.columns)
    assert "secret" not in told


def test_a_parquet_file_with_types_is_read_by_its_values(tmp_path):
    import duckdb

    path = tmp_path / "export.parquet"
    duckdb.sql(
        "SELECT i AS application_id, i % 3 = 0 AS hired, "
        "CASE WHEN i % 4 = 0 THEN NULL WHEN i % 2 = 0 THEN 'F' ELSE 'M' END AS gender, "
        "(i % 3 = 0)::INT + (i % 10) / 100 AS score, [i] AS tags, NULL AS nothing "
        "FROM range(60) t(i)"
    ).write_parquet(str(path))
    found = inspect_export(path)
    profile = loaded(found, tmp_path)

    assert found.is_settled
    assert [v.text for v in profile.outcome.values["favorable"]] == ["True"]
    assert meanings(found, tmp_path, "sex")["unknown"] == [""]
    assert profile.score.column == "score"
    assert guess(found, "tags").role is Role.UNREADABLE
    assert guess(found, "nothing").role is Role.EMPTY


def test_a_workbook_with_titles_above_its_names_is_read(tmp_path):
    import xlsxwriter

    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Applications")
        sheet.write_row(0, 0, ["Applications report"])
        sheet.write_row(3, 0, list(CLEAN))
        for i, row in enumerate(zip(*CLEAN.values(), strict=True)):
            sheet.write_row(4 + i, 0, row)
    found = inspect_export(path)

    assert found.is_settled
    assert found.rows == ROWS
    assert [facts.name for facts, _ in found.columns] == list(CLEAN)


def test_a_column_that_no_profile_can_name_is_unreadable(inspected, tmp_path):
    found = inspected(gender=None, **{"gender\x07": cycled("F", "M")})

    assert guess(found, "gender\x07").role is Role.UNREADABLE
    assert loaded(found, tmp_path).groups["sex"].column == NAME_GROUP


def test_a_name_that_yaml_reads_as_something_else_is_quoted(inspected, tmp_path):
    found = inspected(gender=None, true=cycled("Male", "Female"), null=cycled("White", "Black"))
    profile = loaded(found, tmp_path)

    assert {group.column for group in profile.groups.values()} == {"true", "null"}


def test_a_bad_file_is_refused_as_an_audit_refuses_it(tmp_path):
    short = tmp_path / "short.csv"
    short.write_text("application_id,gender,status\nA1,F,Hired\nA2,M\n")
    header = tmp_path / "header.csv"
    header.write_text("application_id,gender,status\n")
    joined = tmp_path / "joined.csv"
    joined.write_text("application_id,gender\nA1,F\napplication_id,gender\nA2,M\n")

    with pytest.raises(ExportError, match="2 cells") as caught:
        inspect_export(short)
    assert caught.value.problems[0].where.line == 3
    with pytest.raises(ExportError, match="no rows"):
        inspect_export(header)
    with pytest.raises(DecisionError, match="repeated"):
        inspect_export(joined)
    with pytest.raises(PathError, match="no such file"):
        inspect_export(tmp_path / "missing.csv")


ODD = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters='\0"\r'), min_size=1, max_size=12
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(ODD, min_size=1, max_size=4), st.lists(ODD, min_size=1, max_size=4), ODD, st.booleans()
)
@example(["x\u2028favorable: [Rejected]"], ["a\nb: c"], "true", True)
@example(["# x", "- y", "{z"], ["*", "unknown", "Hired\x07"], "gender", False)
@example(["NA", ""], ["\x85a", "null", "~"], "stage\u2029", True)
def test_whatever_stands_in_a_file_the_profile_can_be_read(
    tmp_path, genders, statuses, name, is_named
):
    columns = CLEAN | {
        "gender": cycled("F", "M", *genders),
        "status" if is_named else "q1": cycled("Hired", "Rejected", *statuses),
        f"{name}_2": cycled("White", *genders),
    }
    try:
        found = inspect_export(export(tmp_path, columns))
    except (ExportError, DecisionError):
        return
    profile = loaded(found, tmp_path)

    listed = {
        value.text
        for values in (profile.outcome, *profile.groups.values())
        for texts in values.values.values()
        for value in texts
    }
    cells = {trimmed(str(cell)) for column in columns.values() for cell in column}
    assert all(text.startswith("(") for text in listed - cells)
    if found.is_settled:
        assert read(tmp_path / "export.csv", profile, rows=True).account.read == ROWS
    else:
        with pytest.raises((ExportError, DecisionError), match="column"):
            read(tmp_path / "export.csv", profile, rows=True)
