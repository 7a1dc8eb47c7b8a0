"""Ways in which single kinds of rules passed by accident: on few people, on a part of them, early.

The codes are those of the catalogue of vacuous passes, as in the tests beside these.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import pytest

import auditor
from auditor.errors import AuditorError, PolicyError
from tests.cli.conftest import PROFILE
from tests.cli.test_vacuous_passes import IN_FORCE, ONLY_SCORED, SCORED, flat, groups

SCORES = SCORED % ", scale: [0, 1]"
KINDS = {
    "measure-limit": "options: {measure: selection-rate, taken_as: ratio, at_least: 0.5}",
    "small-but-real": "",
    "three-deviations": "",
    "coverage": "options: {attributes: [sex], metrics: [selection-rate]}",
    "mean-gap": "options: {at_most: 0.5}",
}
ENOUGH = groups(("F", 100, 100), ("M", 100, 100))
FEW = groups(("F", 3, 2), ("M", 2, 3))
UNKNOWN = groups(("F", 25, 25), ("M", 25, 25), ("", 200, 200))


def rule(kind: str, options: str = "") -> str:
    said = ", ".join(filter(None, (f"kind: {kind}", options or KINDS[kind])))
    return f"{IN_FORCE}gates: [{{id: g, says: s, because: [b], {said}}}]\n"


@dataclass(frozen=True)
class Case:
    code: int
    cause: str
    policy: str
    cells: dict[tuple[str, str], int]
    profile: str = SCORES


def gate(kind: str, said: str) -> str:
    rest = f", {said}" if said else ""
    return f"  - {{id: {kind}, kind: {kind}, says: s, because: [b]{rest}}}\n"


ALL = IN_FORCE + "gates:\n" + "".join(gate(*entry) for entry in KINDS.items())
SAYS = {
    "V-12 ten people": {
        "measure-limit": "fewer than 30 people, so chance decides most of it",
        "small-but-real": "Too few people to tell a difference from chance: F, M.",
        "three-deviations": "Too few people to tell a difference from chance: F, M.",
        "coverage": "No two groups of sex have 10 people.",
        "mean-gap": "No two groups have 10 people with a number.",
    },
    "V-11 a fifth of known group": dict.fromkeys(
        KINDS, "The sex of 400 of 500 people (80.0%) is not known, more than 10%."
    ),
}
CASES = {
    "V-13 mean-gap with most people in small categories": Case(
        4,
        "16 of 36 people of known group (44.4%) are in none of these means: 1 of 2 categories has",
        rule("mean-gap", "options: {at_most: 0.95, within: step}"),
        groups(("F", 10, 8), ("M", 10, 8)),
        ONLY_SCORED % "" + "  strata: {step: status}\n",
    ),
    "V-13 mean-gap with people in no category": Case(
        4,
        "40 people have no category",
        rule("mean-gap", "options: {at_most: 0.95, within: step}"),
        {("F", "Advanced"): 30, ("M", "Advanced"): 30, ("F", ""): 20, ("M", ""): 20},
        ONLY_SCORED % "" + "  strata: {step: status}\n",
    ),
}


@pytest.fixture
def audited(case, tmp_path):
    def write(wanted: Case) -> list[str]:
        policy = tmp_path / "ours.yaml"
        policy.write_text(wanted.policy, encoding="utf-8")
        words = case(wanted.cells, str(policy), profile=wanted.profile)
        return [*words, "--as-of", "2026-11-24"]

    return write


def in_python(words: list[str]) -> AuditorError:
    with pytest.raises(AuditorError) as caught:
        auditor.audit(
            words[0], words[4], profile=words[2], as_of=date(2026, 11, 24)
        ).raise_for_verdict()
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_no_kind_passes_by_accident(run, audited, tmp_path, name):
    wanted = CASES[name]
    words = audited(wanted)
    ran = run("gate", *words, "--out", tmp_path / "out")

    assert ran.code == wanted.code, ran.err
    # sentences that name small groups stand in the report and in Python only
    assert wanted.cause in flat(ran.err) or "with small counts" in flat(ran.err)
    assert run("gate", tmp_path / "out").code == wanted.code
    raised = in_python(words)
    assert raised.exit_code == wanted.code
    assert wanted.cause in str(raised)


def test_v13_the_control_with_a_tenth_outside_passes(run, audited):
    policy = rule("mean-gap", "options: {at_most: 0.95, within: step}")
    profile = ONLY_SCORED % "" + "  strata: {step: status}\n"
    cells = groups(("F", 45, 5), ("M", 45, 5))

    assert run("gate", *audited(Case(0, "", policy, cells, profile))).code == 0


@pytest.mark.parametrize(("name", "cells"), [*zip(SAYS, (FEW, UNKNOWN), strict=True)])
def test_no_kind_passes_on_few_people_or_on_a_part_of_them(run, audited, tmp_path, name, cells):
    words = audited(Case(4, "", ALL, cells))
    ran = run("gate", *words, "--out", tmp_path / "out")
    found = {f.rule: f for f in auditor.load(tmp_path / "out").result.findings}

    assert ran.code == run("gate", tmp_path / "out").code == in_python(words).exit_code == 4
    assert found.keys() == KINDS.keys()
    for kind, says in SAYS[name].items():
        assert (kind, found[kind].verdict, found[kind].must_pass) == (kind, "no_verdict", True)
        assert says in found[kind].says


def test_the_control_with_enough_known_people_passes(run, audited, tmp_path):
    ran = run("gate", *audited(Case(0, "", ALL, ENOUGH)), "--out", tmp_path / "out")

    assert ran.code == 0, ran.err
    assert {f.verdict for f in auditor.load(tmp_path / "out").result.findings} == {"pass"}


LISTED = PROFILE.replace("{F: [F], M: [M]}", "{F: [F], M: [M], Asian: [Asian, A]}")


def test_v07_groups_of_the_profile_that_no_row_has_are_named(run, audited, tmp_path):
    words = audited(Case(0, "", rule("small-but-real"), ENOUGH, LISTED))
    ran = run("gate", *words, "--out", tmp_path / "out")
    document = json.loads((tmp_path / "out/audit.json").read_text())

    says = "No row is of Asian, which the profile lists under sex: nothing is said about them."
    assert says in flat(ran.err)
    assert says in flat((tmp_path / "out/report.html").read_text())
    assert document["row_account"]["absent_groups"] == {"sex": ["Asian"]}
    # the control: nothing is absent
    plain = run("gate", *audited(Case(0, "", rule("small-but-real"), ENOUGH, PROFILE)))
    assert "No row is of" not in plain.err


@pytest.mark.parametrize(
    ("selected", "rejected", "careful"),
    [(96, 4, True), (95, 5, False), (0, 200, True), (1, 199, False)],
)
def test_v20_a_rate_that_may_be_turned_around_is_doubted(
    run, audited, tmp_path, selected, rejected, careful
):
    cells = groups(("F", selected, rejected), ("M", selected, rejected))
    profile = PROFILE.replace("decisions: taken", "decisions: test")
    words = audited(Case(0, "", rule("small-but-real"), cells, profile))
    ran = run("audit", *words, "--out", tmp_path / "out")

    says = "check that favorable and unfavorable are not the wrong way round"
    assert (says in flat(ran.err + ran.out)) == careful
    assert (says in flat((tmp_path / "out/report.html").read_text())) == careful


def test_rights_that_no_gate_holds_are_refused(run, audited):
    rights = "decision_rights: {offer: human_only}\n"
    words = audited(Case(2, "", rule("small-but-real") + rights, ENOUGH, PROFILE))
    ran = run("gate", *words)

    assert ran.code == 2
    assert "no gate of the kind decision-right that blocks" in flat(ran.err)
    with pytest.raises(PolicyError, match="looks whether it did more"):
        auditor.audit(words[0], words[4], profile=words[2])


def test_rights_that_a_gate_holds_fail_what_a_model_took(run, audited):
    """The control: an offer that the model took, under a policy that leaves offers to people."""
    text = rule("decision-right", "severity: block") + "decision_rights: {offer: human_only}\n"
    profile = PROFILE.replace("taken}\n", "taken}\ndecision: {kind: offer, taken_by: model}\n")
    ran = run("gate", *audited(Case(1, "", text, ENOUGH, profile)))

    assert ran.code == 1, ran.err
    assert "400 decisions of the kind offer were taken by a model alone" in flat(ran.err)


WARNS = (
    f"{IN_FORCE}gates:\n{gate('small-but-real', '')}{gate('decision-right', 'severity: warn')}"
    "decision_rights: {offer: human_only}\n"
)
SENT = "reviews: [{id: anew, kind: decision-right-violated, says: s, because: [b]}]\n"


@pytest.mark.parametrize(
    ("policy", "decision", "code"),
    [
        (WARNS, "{kind: offer, taken_by: model}", 2),
        (WARNS + SENT.replace("]}", "], mandatory: false}"), "{kind: offer, taken_by: model}", 2),
        (WARNS + SENT, "{kind: offer, taken_by: model}", 5),
        (WARNS + SENT, "{kind: offer}", 4),
        (WARNS + SENT, "", 4),
        (WARNS + SENT, "{kind: offer, taken_by: person}", 0),
    ],
)
def test_rights_that_only_warn_beside_a_gate_that_blocks_open_nothing(
    run, audited, policy, decision, code
):
    profile = SCORES.replace("taken}\n", f"taken}}\n{'decision: ' * bool(decision)}{decision}\n")
    ran = run("gate", *audited(Case(code, "", policy, ENOUGH, profile)))

    assert ran.code == code, ran.err
    assert ("only warns, so the run can pass" in flat(ran.err)) is (code == 2)


@pytest.mark.parametrize(("day", "code"), [("2099-01-01", 4), ("2026-11-24", 0)])
def test_what_is_said_to_be_done_later_is_not_on_record(run, audited, tmp_path, day, code):
    system = tmp_path / "system.yaml"
    system.write_text(
        "auditor: system/1\nsystem: {id: ranker, name: Ranker}\n"
        f"dpia: {{reference: D, on: {day}}}\n",
        encoding="utf-8",
    )
    words = audited(Case(code, "", rule("record-present", "options: {entries: [dpia]}"), ENOUGH))
    ran = run("gate", *words, "--system", system)

    assert ran.code == code, ran.err
    assert ("dpia.on is 2099-01-01, after the audit of 2026-11-24" in flat(ran.err)) == (code == 4)
    verdict = auditor.audit(
        words[0], words[4], profile=words[2], system=system, as_of=date(2026, 11, 24)
    ).verdict
    assert verdict.exit_code == code


@pytest.mark.parametrize(("day", "careful"), [("2099-01-01", True), ("2026-11-24", False)])
def test_a_day_that_has_not_come_is_said(run, audited, day, careful):
    words = audited(Case(0, "", rule("small-but-real"), ENOUGH, PROFILE))
    ran = run("gate", *words[:-1], day)

    assert ("a day that had not come when the audit was made" in flat(ran.err)) == careful


@pytest.mark.parametrize(("few", "shown"), [(9, False), (10, True)])
def test_a_pay_gap_that_names_a_group_with_small_counts_is_for_the_report(
    run, audited, tmp_path, few, shown
):
    cells = groups(("F", 30, few), ("M", 30, 30))
    words = audited(Case(0, "", rule("mean-gap", "options: {at_most: 0.99}"), cells))
    ran = run("gate", *words, "--out", tmp_path / "out")

    assert ("the mean of" in flat(ran.err)) is shown
    assert ("with small counts; see report.html" in flat(ran.err)) is not shown
    assert "the mean" in flat((tmp_path / "out/report.html").read_text())
