from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest

from auditor.errors import PathError, ProfileError
from auditor.ingest import Profile, load_profile
from auditor.ingest.profile.model import DateColumn, ScoreColumn
from auditor.ingest.values import Declared

FULL = """\
auditor: profile/1
profile: {id: acme, unit: person, decisions: test, duplicates: drop-identical}
decision: {kind: screening, taken_by: {column: decided_by, person: [Recruiter]}}
columns:
  id: [run_id, position]
  outcome:
    column: status
    favorable: [Hired, Advanced]
    unfavorable: [Rejected]
    withdrawn: [Withdrew]
    not_considered: [Closed]
    open: [""]
  groups:
    sex: {column: gender, values: {F: [Female, F], M: [Male]}, unknown: [""]}
    race: {column: race_ethnicity, values: [White, Black]}
    age: age_band
  score: {column: model_score, cut_score: 0.50, better: low, scale: [0, 1]}
  label: {column: stayed, positive: [yes], negative: [no]}
  final: {column: final_status, favorable: [Hired], unfavorable: [Rejected]}
  strata: {requisition: req_id}
  features: [years, skills]
  job_related: [skills]
  model_version: version
  person: person_id
  date: {column: decided_on, format: "%d.%m.%Y"}
"""
SMALL = """\
auditor: profile/1
profile: {id: small}
columns:
  id: id
  outcome: {column: status, favorable: [Yes], unfavorable: [No]}
  groups: {sex: sex}
"""


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def load(text: str) -> Profile:
        Path("p.yaml").write_text(text, encoding="utf-8")
        return load_profile("p.yaml")

    return load


@pytest.fixture
def problems(load):
    def problems(text: str) -> list[tuple[str, str]]:
        with pytest.raises(ProfileError, match=r"p\.yaml") as caught:
            load(text)
        return [(str(p.where).removeprefix("p.yaml:"), p.slug) for p in caught.value.problems]

    return problems


@pytest.fixture
def refusal(load):
    def refusal(text: str) -> str:
        with pytest.raises(ProfileError, match=r"p\.yaml") as caught:
            load(text)
        return str(caught.value)

    return refusal


def texts(values: tuple[Declared, ...]) -> list[str]:
    return [value.text for value in values]


def test_every_part_of_the_grammar_is_read(load):
    profile = load(FULL)

    assert (profile.id, profile.unit, profile.decisions) == ("acme", "person", "test")
    assert profile.duplicates == "drop-identical"
    assert profile.ids == ("run_id", "position")
    assert profile.attributes == ("sex", "race", "age")
    assert profile.features == ("years", "skills")
    assert profile.job_related == ("skills",)
    assert profile.strata == {"requisition": "req_id"}
    assert (profile.model_version, profile.person) == ("version", "person_id")
    assert profile.score == ScoreColumn(
        column="model_score", cut_score=0.5, better="low", scale=(0.0, 1.0)
    )
    assert profile.date == DateColumn(column="decided_on", format="%d.%m.%Y")
    assert (profile.decision.kind, profile.decision.taken_by) == ("screening", None)
    assert {k: texts(v) for k, v in profile.takers.values.items()} == {
        "model": ["model"],
        "person": ["Recruiter"],
        "both": ["both"],
    }
    assert {k: texts(v) for k, v in profile.outcome.values.items()} == {
        "favorable": ["Advanced", "Hired"],
        "unfavorable": ["Rejected"],
        "withdrawn": ["Withdrew"],
        "not_considered": ["Closed"],
        "open": [""],
    }
    assert {k: texts(v) for k, v in profile.label.values.items()} == {
        "positive": ["yes"],
        "negative": ["no"],
    }
    assert profile.final.column == "final_status"


def test_columns_name_everything_once(load):
    profile = load(FULL)

    assert profile.columns == (
        *("run_id", "position", "gender", "race_ethnicity", "age_band", "status", "model_score"),
        *("stayed", "final_status", "decided_on", "req_id", "years", "skills", "version"),
        *("person_id", "decided_by"),
    )


def test_groups_are_a_map_a_list_or_a_bare_column(load):
    groups = load(FULL).groups

    assert {k: texts(v) for k, v in groups["sex"].values.items()} == {
        "F": ["F", "Female"],
        "M": ["Male"],
        "unknown": [""],
    }
    assert {k: texts(v) for k, v in groups["race"].values.items()} == {
        "White": ["White"],
        "Black": ["Black"],
        "unknown": [],
    }
    assert (groups["sex"].as_is, groups["race"].as_is, groups["age"].as_is) == (False, False, True)
    assert groups["age"].column == "age_band"


def test_what_is_not_required_has_a_default(load):
    profile = load(SMALL)

    assert (profile.unit, profile.decisions, profile.duplicates) == (
        "application",
        "taken",
        "refuse",
    )
    assert profile.score is profile.label is profile.final is profile.decision is None
    assert profile.ids == ("id",)


def test_the_sum_is_of_the_bytes_of_the_file(load):
    profile = load(SMALL)

    assert profile.sha256 == hashlib.sha256(SMALL.encode()).hexdigest()
    assert profile.path == "p.yaml"


def test_the_demo_profile_is_read():
    path = Path(__file__).parents[3] / "auditor/demo/profile.yaml"

    profile = load_profile(path)

    assert profile.attributes == ("sex", "race", "age")
    assert texts(profile.groups["race"].values["Native American"]) == ["NA"]


@pytest.mark.parametrize(
    ("written", "text", "value"),
    [
        ("yes", "yes", "yes"),
        ("no", "no", "no"),
        ("true", "true", "True"),
        ("08", "08", "8"),
        ("1.0", "1.0", "1"),
        ("1_000", "1_000", "1_000"),
        ("2026-01-02", "2026-01-02", "2026-01-02"),
        ("NA", "NA", "NA"),
        ("null", "null", ""),
        ('"8"', "8", "8"),
        ('" Re\\u0301union "', "Réunion", "Réunion"),
    ],
)
def test_a_scalar_counts_as_its_source_text(load, written, text, value):
    profile = load(SMALL.replace("[Yes]", f"[{written}]"))

    assert profile.outcome.values["favorable"] == (Declared(text=text, value=value),)


def test_labels_are_source_text_too(load):
    profile = load(SMALL.replace("sex: sex", "sex: {column: s, values: {no: [n], 08: [x]}}"))

    assert list(profile.groups["sex"].values) == ["no", "08", "unknown"]


def test_all_problems_come_at_once_and_in_place(problems):
    found = problems(
        """\
auditor: profile/1
profile: {id: a b, unitt: x, decisions: takn}
decision: {kind: firing, taken_by: {colum: c}}
columns:
  id: [a, a]
  outcome: {column: 5, favorable: [Yes, [no]], unfavorable: [Yes], withdrawn: Maybe}
  groups: {sex: {column: s, values: asis}}
  score: {column: s, cut_score: 2, scale: [0, 1]}
  person:
"""
    )

    assert found == [
        ("2:15", "bad-id"),
        ("2:20", "unknown-key"),
        ("2:41", "not-one-of"),
        ("3:18", "not-one-of"),
        ("3:36", "missing-key"),
        ("3:37", "unknown-key"),
        ("5:7", "listed-twice"),
        ("6:21", "wrong-type"),
        ("6:41", "bad-value"),
        ("6:62", "value-twice"),
        ("6:79", "wrong-type"),
        ("7:37", "not-one-of"),
        ("8:33", "cut-outside-scale"),
        ("9:3", "empty-value"),
    ]


def test_an_unknown_key_names_the_nearest(refusal):
    said = refusal(SMALL.replace("favorable: [Yes]", "favourable: [Yes]"))

    assert "unknown key 'favourable' (did you mean 'favorable'?)" in said
    assert "'favorable' is missing in 'outcome'" in said


@pytest.mark.parametrize("groups", ["", "  groups: {}\n"])
def test_no_protected_attribute_is_refused_in_words(refusal, groups):
    said = refusal(SMALL.replace("  groups: {sex: sex}\n", groups))

    assert "declares no protected attribute, so no group difference can be computed" in said


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        ("  id: id\n", "", "missing-key"),
        ("  outcome: {column: status, favorable: [Yes], unfavorable: [No]}\n", "", "no-outcome"),
        ("profile: {id: small}\n", "", "missing-key"),
        ("  id: id\n", "  id: id\n  count: n\n", "contradicting-columns"),
        ("  id: id\n", "  count: n\n  features: [a]\n", "contradicting-columns"),
        ("  id: id\n", "  count: n\n  person: a\n", "contradicting-columns"),
        ("  id: id\n", "  id: id\n  job_related: [a]\n", "not-a-feature"),
        ("  id: id\n", "  id: id\n  features: [a]\n  job_related: [b, a]\n", "not-a-feature"),
        ("  id: id\n", "  id: id\n  features: [a]\n  job_related: [a, a]\n", "listed-twice"),
        ("{sex: sex}", "{unknown: sex}", "reserved-attribute"),
        ("{sex: sex}", "{Unknown: sex}", "reserved-attribute"),
        ("{sex: sex}", "{outcome: sex}", "reserved-attribute"),
        ("{sex: sex}", "{label: sex}", "reserved-attribute"),
        ("{sex: sex}", "{sex*race: sex}", "bad-attribute"),
        ("{sex: sex}", '{"sex ": sex}', "bad-attribute"),
        ("{sex: sex}", '{sex: {column: s, values: {"A*B": [x]}}}', "bad-label"),
        ("{sex: sex}", "{sex: {column: s, values: {Unknown: [x]}}}", "bad-label"),
        ("{sex: sex}", '{sex: {column: s, values: {" ": [x]}}}', "bad-label"),
        ("{sex: sex}", '{sex: {column: s, values: ["A*B"]}}', "bad-label"),
        ("{sex: sex}", "{sex: {column: s, values: {F: []}}}", "empty-value"),
        ("{sex: sex}", "{sex: {column: s, values: {F: [x], M: [x]}}}", "value-twice"),
        ("{sex: sex}", '{sex: {column: s, values: {F: [x], M: ["x "]}}}', "value-twice"),
        ("{sex: sex}", "{sex: {column: s, values: {F: [x]}, unknown: [x]}}", "value-twice"),
        ("{sex: sex}", "{sex: {column: s, values: [x], unknown: [x]}}", "value-twice"),
        ("{sex: sex}", '{sex: {column: s, values: {F: [x], "F ": [y]}}}', "label-twice"),
        ("favorable: [Yes]", "favorable: []", "empty-value"),
        ("unfavorable: [No]", "unfavorable: [No], open: [Yes]", "value-twice"),
        ("  id: id\n", "  id: id\n  score: {column: s, scale: [1, 0]}\n", "bad-scale"),
        ("  id: id\n", "  id: id\n  score: {column: s, scale: [0]}\n", "bad-scale"),
        ("  id: id\n", "  id: id\n  score: {column: s, cut_score: 80%}\n", "not-a-number"),
        ("  id: id\n", "  id: id\n  score: {column: s, cut_score: .inf}\n", "not-a-number"),
        ("  id: id\n", "  id: id\n  score: {column: s, cut_score: 1_0}\n", "not-a-number"),
        ("  id: id\n", '  id: id\n  score: {column: s, cut_score: "1"}\n', "not-a-number"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(problems, old, new, slug):
    changed = SMALL.replace(old, new, 1)

    assert changed != SMALL
    assert slug in [found for _, found in problems(changed)]


def test_a_table_with_counts_needs_no_id(load):
    assert load(SMALL.replace("  id: id\n", "  count: n\n")).count == "n"


def test_a_table_with_counts_has_no_duplicates_to_drop(problems):
    text = SMALL.replace("  id: id\n", "  count: n\n")

    assert problems(text.replace("{id: small}", "{id: small, duplicates: drop-identical}")) == [
        ("2:34", "contradicting-columns")
    ]


def test_a_value_repeated_in_its_own_list_does_no_harm(load):
    assert load(SMALL.replace("[Yes]", '[Yes, "Yes "]')).outcome is not None


def test_one_misspelt_key_hides_no_value_twice(problems):
    found = problems(SMALL.replace("unfavorable: [No]", "unfavorable: [Yes], openn: []"))

    assert [slug for _, slug in found] == ["value-twice", "unknown-key"]


def test_a_cut_score_at_the_end_of_the_scale_is_allowed(load):
    text = SMALL.replace(
        "  id: id\n", "  id: id\n  score: {column: s, cut_score: 1, scale: [0, 1]}\n"
    )

    assert load(text).score.cut_score == 1.0


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        ("", "the first line of a profile is"),
        ("auditor: policy/1\n", "this is a policy; it goes with --policy"),
        ("auditor: profile/2\n", "a newer format needs a newer version"),
        ("auditor: [profile/1]\n", "the first line of a profile is"),
    ],
)
def test_another_format_is_refused_before_its_keys(refusal, first, hint):
    said = refusal(first + "profile: {oops: 1}\n")

    assert hint in said
    assert "oops" not in said


@pytest.mark.parametrize("columns", ["", "columns: [a]\n", "columns:\n"])
def test_a_profile_without_columns_is_refused(refusal, columns):
    said = refusal("auditor: profile/1\nprofile: {id: small}\n" + columns)

    assert "'columns'" in said


def test_a_duplicate_key_is_refused(problems):
    assert problems(SMALL + "columns: {}\n") == [("7:1", "duplicate-key")]


def test_a_missing_file_is_a_path_error(tmp_path):
    with pytest.raises(PathError, match="cannot read"):
        load_profile(tmp_path / "none.yaml")


def test_a_profile_is_handed_back():
    profile = load_profile(MAPPING)

    assert load_profile(profile) is profile


MAPPING = {
    "auditor": "profile/1",
    "profile": {"id": "small"},
    "columns": {
        "id": "id",
        "outcome": {"column": "status", "favorable": [True, 1.5], "unfavorable": [False, None]},
        "groups": {
            "sex": {"column": "s", "values": {"F": [1], "M": [2]}, "unknown": [float("nan")]}
        },
        "score": {"column": "x", "cut_score": 0.5, "scale": [0, 1]},
    },
}


def test_a_mapping_has_the_same_grammar_with_any_scalar():
    profile = load_profile(MAPPING)

    assert profile.outcome.values["favorable"] == (Declared("1.5", "1.5"), Declared("True", "True"))
    assert profile.outcome.values["unfavorable"] == (Declared("", ""), Declared("False", "False"))
    assert profile.groups["sex"].values["unknown"] == (Declared("", ""),)
    assert profile.path == "dict"


def test_the_sum_of_a_mapping_is_of_its_content_not_of_its_order():
    reordered = {**MAPPING, "columns": dict(reversed(MAPPING["columns"].items()))}
    reordered["columns"]["outcome"] = {
        **MAPPING["columns"]["outcome"],
        "favorable": [1.5, True],
    }
    changed = {**MAPPING, "profile": {"id": "other"}}

    assert load_profile(reordered).sha256 == load_profile(MAPPING).sha256
    assert load_profile(changed).sha256 != load_profile(MAPPING).sha256


def test_problems_of_a_mapping_name_the_whole_way():
    broken = {
        **MAPPING,
        "columns": {**MAPPING["columns"], "outcome": {"column": "s", "favorable": [[1]]}},
    }

    with pytest.raises(
        ProfileError, match=r"item 1 of 'columns.outcome.favorable' must be a single"
    ):
        load_profile(broken)


def test_two_names_of_one_group_are_not_merged_silently():
    groups = {"sex": {"column": "s", "values": {"é": [1], "e\u0301": [2]}}}

    with pytest.raises(ProfileError, match="have the same name"):
        load_profile({**MAPPING, "columns": {**MAPPING["columns"], "groups": groups}})


def test_a_profile_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        load_profile(MAPPING).id = "x"
