from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.findings import NotEvaluated
from auditor.rules.base import Needs
from auditor.vocabulary import FindingVerdict, Severity

KIND = "coverage"
NEW_YORK = {
    "attributes": ("sex", "race", "sex*race"),
    "any_metric": ("selection-rate", "scoring-rate"),
}
SEX = {"F": "40/100", "M": "60/100"}
RACE = {"B": "30/90", "W": "70/110"}
CELLS = {"F*B": "10/40", "F*W": "30/60", "M*B": "20/50", "M*W": "40/50"}
ALL = {"sex": SEX, "race": RACE, "sex*race": CELLS}


def new_york(gate, **said):
    return gate(KIND, severity=Severity.BLOCK, **said, **NEW_YORK)


def only(rule, evidence):
    (said,) = rule.check(evidence)
    return said


def test_all_tables_there_is_a_pass_in_the_words_of_the_policy(gate, counted):
    notice = "Complete: the tables the rule asks for were computed."

    finding = only(new_york(gate, notice=notice), counted(ALL))

    assert finding.verdict == FindingVerdict.PASS
    assert finding.says == notice
    assert finding.attribute is None
    assert finding.must_pass
    assert finding.because == ("29 CFR 1607.4(D)",)
    assert finding.evidence["missing"] == []


def test_a_policy_without_a_notice_gets_a_sentence(gate, counted):
    finding = only(new_york(gate), counted(ALL))

    assert finding.says == (
        "Complete: the tables this rule names were computed. Nothing about them was judged."
    )


def test_ratios_of_any_size_pass(gate, counted):
    extreme = {"F": "1/1000", "M": "999/1000"}

    finding = only(
        gate(KIND, attributes=("sex",), metrics=("selection-rate",)), counted({"sex": extreme})
    )

    assert finding.verdict == FindingVerdict.PASS


def test_a_missing_attribute_is_no_verdict_and_names_the_mapping(gate, counted):
    finding = only(new_york(gate, notice="Complete."), counted({"sex": SEX}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.says == (
        "Not complete: no table of the selection rate or scoring rate by race and sex*race. The "
        "profile maps no attribute named race (known here: sex)."
    )
    assert finding.next == (
        "Map race under columns.groups in the profile (race: {column: ..., values: as-is})."
    )
    assert finding.must_pass
    assert finding.evidence["missing"] == [
        "no table of the selection rate or scoring rate by race and sex*race"
    ]


def test_one_rate_must_cover_all_attributes(gate, counted):
    found = counted({"sex": SEX, "race": RACE}, has_score=True)
    scores = counted({"sex*race": CELLS}, metric="scoring-rate")
    tables = {**found.tables, **scores.tables}

    finding = only(new_york(gate), replace(found, tables=tables))

    # each attribute has some table, but no rate has all three
    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert "by sex*race" in finding.says


def test_either_of_the_rates_will_do(gate, counted):
    scores = counted(ALL, metric="scoring-rate", has_outcome=False, has_score=True)

    assert only(new_york(gate), scores).verdict == FindingVerdict.PASS


def test_all_metrics_are_asked_for_where_metrics_says_so(gate, counted):
    rule = gate(KIND, attributes=("sex",), metrics=("selection-rate", "scoring-rate"))

    finding = only(rule, counted({"sex": SEX}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.says == "Not complete: no table of the scoring rate by sex."
    assert finding.next == "Map columns.score in the profile (column)."


def test_a_missing_outcome_is_named(gate, counted):
    rule = gate(KIND, attributes=("sex",), metrics=("selection-rate",))
    scores = counted({"sex": SEX}, metric="scoring-rate", has_outcome=False, has_score=True)

    finding = only(rule, scores)

    assert finding.next == ("Map columns.outcome in the profile (column, favorable, unfavorable).")


def test_metrics_and_any_metric_are_both_asked_for(gate, counted):
    rule = gate(
        KIND,
        attributes=("sex",),
        metrics=("scoring-rate-known",),
        any_metric=("selection-rate", "scoring-rate"),
    )

    finding = only(rule, counted({"sex": SEX}, has_score=True))

    assert finding.says == "Not complete: no table of the scoring rate known by sex."
    assert finding.next == ""


@pytest.mark.parametrize(
    "groups",
    [
        {"unknown": "5/10"},
        {"F": "5/10", "M": "0/0"},
        {"F": "0/10", "M": "0/10"},
    ],
)
def test_a_table_in_which_no_ratio_exists_is_not_computed(gate, counted, groups):
    rule = gate(KIND, attributes=("sex",), metrics=("selection-rate",))

    finding = only(rule, counted({"sex": groups}))

    assert finding.verdict == FindingVerdict.NO_VERDICT
    assert finding.next.startswith("A table can be read when two groups or more have 10 people")


@pytest.mark.parametrize(
    ("groups", "verdict", "why"),
    [
        ({"F": "1/1", "M": "0/1"}, "no_verdict", "No two groups of sex have 10 people."),
        ({"F": "5/9", "M": "50/90"}, "no_verdict", "No two groups of sex have 10 people."),
        ({"F": "5/10", "M": "50/90", "X": "1/1"}, "pass", ""),
        ({"F": "0/10", "M": "0/90"}, "no_verdict", "is counted as favorable."),
        (
            {"F": "20/44", "M": "20/45", "unknown": "2/11"},
            "no_verdict",
            "The sex of 11 of 100 people (11.0%) is not known, more than 10%.",
        ),
        ({"F": "20/45", "M": "20/45", "unknown": "2/10"}, "pass", ""),
    ],
)
def test_a_table_that_nobody_can_read_is_not_complete(gate, counted, groups, verdict, why):
    rule = gate(KIND, attributes=("sex",), metrics=("selection-rate",))

    finding = only(rule, counted({"sex": groups}))

    assert finding.verdict == verdict
    assert finding.says.endswith(why)


def test_everybody_selected_is_a_table(gate, counted):
    rule = gate(KIND, attributes=("sex",), metrics=("selection-rate",))

    finding = only(rule, counted({"sex": {"F": "10/10", "M": "10/10"}}))

    assert finding.verdict == FindingVerdict.PASS


def test_when_present_lists_what_is_absent_and_holds_nothing_up(gate, counted):
    said = only(new_york(gate, when_present=True), counted({"sex": SEX}))

    assert isinstance(said, NotEvaluated)
    assert (said.reason, said.required) == ("tables-absent", False)
    assert "The profile maps no attribute named race (known here: sex)." in said.says


def test_when_present_excuses_no_table_that_is_there_but_compares_nothing(gate, counted):
    rule = gate(KIND, attributes=("sex",), metrics=("selection-rate",), when_present=True)

    finding = only(rule, counted({"sex": {"F": "5/10"}}))

    assert finding.verdict == FindingVerdict.NO_VERDICT


@pytest.mark.parametrize(("severity", "must"), [(Severity.WARN, False), (Severity.BLOCK, True)])
def test_only_a_rule_of_severity_block_has_to_pass(gate, counted, severity, must):
    rule = gate(KIND, severity=severity, attributes=("sex",), metrics=("selection-rate",))

    assert only(rule, counted({"sex": SEX})).must_pass is must


def test_every_table_that_is_named_is_asked_for(gate):
    assert new_york(gate).needs() == Needs(
        attributes=frozenset({"sex", "race", "sex*race"}),
        metrics=frozenset({"selection-rate", "scoring-rate"}),
    )


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"attributes": ("sex",)}, "needs 'any_metric' or 'metrics'"),
        ({"attributes": (), "metrics": ("selection-rate",)}, "attributes"),
        ({"attributes": ("sex",), "metrics": ("selection",)}, "metrics"),
    ],
)
def test_options_that_ask_for_nothing_are_refused(gate, options, match):
    with pytest.raises(ValueError, match=match):
        gate(KIND, **options)
