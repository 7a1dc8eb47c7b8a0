from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.policy import load_policy, pack_names, pack_path, packs, read_policy
from auditor.rules.bind import bind
from auditor.run.example_cases import prepare
from auditor.run.examples import example_problems, run_examples
from auditor.run.nudging import nudge_all

PACKS = (
    "eu-ai-act",
    "eu-gdpr-22",
    "eu-pay-transparency",
    "nyc-ll144",
    "professional-practice",
    "uk-equality",
    "us-adverse-impact",
    "us-ca-cppa",
    "us-ca-crd",
    "us-ca-sb947",
    "us-co-admt",
    "us-ct-26-15",
    "us-il-ihra",
    "us-nj-lad",
    "us-tx-traiga",
)
ADVISING = {"eu-ai-act", "us-ca-cppa", "us-ca-sb947", "us-co-admt"}
"""Not yet applicable on the day on which they were checked, or stayed."""


def test_the_shipped_packs():
    assert pack_names() == PACKS


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_says_what_it_rests_on_and_when_it_was_checked(name):
    policy = load_policy(name)

    assert policy.id == name
    assert policy.in_force(policy.verified_on) == (name not in ADVISING)
    assert policy.verified_on is not None
    assert policy.review_by is not None
    assert policy.review_by > policy.verified_on
    assert all(basis.source for basis in policy.basis)
    assert {b.id for b in policy.basis} == {i for rule in policy.rules for i in rule.because}


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_measures_and_does_not_judge_in_its_words(name):
    text = pack_path(name).read_text(encoding="utf-8")

    assert not re.findall(r"\b(un)?fair(ness)?\b|\b(un)?biased\b|\bcompliant\b", text, re.I)


EFFECTS = {"us-adverse-impact", "us-ca-crd", "us-ct-26-15", "us-il-ihra", "us-nj-lad"}
WARNS_OF_EFFECTS = {"uk-equality"}


@pytest.mark.parametrize("name", PACKS)
def test_texts_on_effects_on_measurement_and_on_intent_share_no_rule(name):
    kinds = {rule.kind: str(rule.severity) for rule in load_policy(name).rules}

    assert ("impact-ratio" in kinds) == (name in EFFECTS | WARNS_OF_EFFECTS)
    assert (kinds.get("impact-ratio") == "block") == (name in EFFECTS)


def test_a_pack_about_intent_judges_no_group_and_moves_no_verdict():
    rules = load_policy("us-tx-traiga").rules

    assert {(rule.kind, str(rule.severity)) for rule in rules} == {("record-present", "info")}


@pytest.mark.parametrize("name", [name for name in PACKS if name.startswith("us-")])
def test_no_pack_for_the_united_states_reads_a_protected_attribute_of_one_person(name):
    kinds = {rule.kind for rule in load_policy(name).rules if rule.section == "reviews"}

    assert not kinds & {"protected-among-drivers", "counterfactual-flip"}


LONG = sorted(EFFECTS | WARNS_OF_EFFECTS)
"""Their gates on effects are alike; moving every number of each takes seconds."""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.trust) if n in LONG else n for n in PACKS]
)
def test_the_examples_of_a_pack_notice_every_number(name):
    (bound,) = bind([name])
    prepared = prepare(bound)

    assert example_problems(bound, run_examples(bound, prepared)) == []
    assert nudge_all(bound, prepared).survivors == ()


def test_us_adverse_impact_has_one_rule_that_moves_the_verdict_and_no_reviews():
    rules = load_policy("us-adverse-impact").rules

    assert {rule.section for rule in rules} == {"gates"}
    assert [r.kind for r in rules if r.severity == "block"] == ["impact-ratio"]
    assert {r.severity for r in rules if r.kind != "impact-ratio"} == {"warn"}
    assert "coverage" not in {rule.kind for rule in rules}


def test_the_pending_rescission_is_said():
    basis = {b.id: b for b in load_policy("us-adverse-impact").basis}

    assert basis["ugesp-4d"].status == "rescission-pending"
    assert load_policy("us-adverse-impact").rules[0].because != ("ugesp-4d",)


def test_nyc_ll144_computes_and_judges_nothing():
    policy = load_policy("nyc-ll144")
    coverage, *others = policy.rules
    tables, unknown, around = others[:2], others[2], others[3:]

    assert policy.notice == (
        "Complete: the tables the rule asks for were computed. "
        "The rule sets no threshold; nothing about the ratios was judged."
    )
    assert (coverage.kind, coverage.severity) == ("coverage", "block")
    assert coverage.options["attributes"] == ["sex", "race", "sex*race"]
    assert {(rule.kind, rule.severity) for rule in tables} == {("descriptive", "info")}
    assert [rule.options["metric"] for rule in tables] == ["selection-rate", "scoring-rate"]
    assert (unknown.kind, unknown.severity, unknown.when_present) == ("unknown-share", "info", True)
    assert {rule.kind.partition("-")[0] for rule in around} == {"record"}
    assert not re.search(r"0\.8|4/5|four.fifths", pack_path("nyc-ll144").read_text("utf-8"))


def test_professional_practice_says_that_it_is_no_law():
    policy = load_policy("professional-practice")

    assert "not law" in policy.title
    assert {rule.section for rule in policy.rules} == {"reviews"}
    assert [rule.kind for rule in policy.rules] == [
        "near-cut-score", "value-missing", "condition", "random-control", "gate-failed",
    ]  # fmt: skip


def test_an_unknown_pack_is_answered_with_the_nearest_name():
    with pytest.raises(PolicyError, match="no policy pack 'us-adverse-impct'") as caught:
        load_policy("us-adverse-impct")

    assert "did you mean 'us-adverse-impact'?" in str(caught.value.problems[0].hint)
    assert read_policy("zzz").problems[0].slug == "unknown-pack"
    assert all(name in str(read_policy("zzz").problems[0].hint) for name in PACKS)


def test_an_installed_copy_comes_before_the_checkout(tmp_path, monkeypatch):
    package = tmp_path / "auditor"
    (package / "_policies").mkdir(parents=True)
    (tmp_path / "policies").mkdir()
    monkeypatch.setattr(packs, "_PACKAGE", package)

    assert packs.packs_root() == package / "_policies"
    (package / "_policies").rmdir()
    assert packs.packs_root() == tmp_path / "policies"


def test_this_checkout_reads_its_own_packs():
    assert pack_path("nyc-ll144") == Path(packs.__file__).parents[2] / "policies/nyc-ll144.yaml"
