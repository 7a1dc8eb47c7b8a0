"""No pass rests on a part of the people while too many others are left out of the rate."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.cube import GroupTable
from auditor.decisions import Coded, Decisions, ExportFacts, RowAccount
from auditor.findings import Finding
from auditor.metrics.values import Measures
from auditor.rules.base import Evidence
from auditor.rules.group_rule import Case, GroupRule
from auditor.rules.kinds import KINDS
from auditor.rules.left_out import held_back, known_enough, left_out
from auditor.vocabulary import FindingVerdict, Severity


def case(
    groups: list[str], considered: dict[str, int], *, score=None, metric: str, derived: bool = False
) -> Case:
    """One line a person; ``?`` is a person whose group is not known."""
    levels = tuple(sorted(set(groups) - {"?"}))
    codes = [levels.index(g) if g != "?" else -1 for g in groups]
    people = np.ones(len(groups), dtype=np.int64)
    decisions = Decisions(
        rows=people,
        people=people,
        outcome=None,
        groups={"sex": Coded(levels=levels, codes=np.array(codes, dtype=np.int32))},
        score=None if score is None else np.array(score, dtype=np.float64),
        account=RowAccount(read=len(groups), used=len(groups)),
        export=ExportFacts(profile_id="p", profile_sha256="0", inputs=(), outcome_derived=derived),
    )
    table = GroupTable(
        attribute="sex",
        groups=levels,
        considered=np.array([considered.get(g, 0) for g in levels], dtype=np.int64),
        favorable=np.zeros(len(levels), dtype=np.int64),
        unknown_considered=considered.get("?", 0),
        unknown_favorable=0,
    )
    evidence = Evidence(
        attributes=("sex",),
        intersections=(),
        tables={(metric, "sex"): table},
        measures=Measures(measurements=(), comparisons=()),
        decisions=decisions,
        seed=0,
    )
    return Case(metric=metric, table=table, evidence=evidence)


def finding(verdict=FindingVerdict.PASS, severity=Severity.BLOCK) -> Finding:
    return Finding(
        policy="p", rule="r", kind="k", verdict=verdict, severity=severity, says="s", must_pass=True
    )


NAN = float("nan")
NINE_OF_TEN = case(
    ["F"] * 45 + ["M"] * 45 + ["X"] * 10, {"F": 45, "M": 45}, metric="selection-rate"
)
TOO_MANY = case(["F"] * 44 + ["M"] * 45 + ["X"] * 11, {"F": 44, "M": 45}, metric="selection-rate")


def test_groups_in_which_nobody_was_considered_are_left_out():
    assert left_out(TOO_MANY) == {"X": 11}


def test_single_people_who_were_not_considered_are_in_the_row_account_and_not_here():
    assert left_out(case(["F"] * 9 + ["M"] * 9, {"F": 1, "M": 1}, metric="selection-rate")) == {}


@pytest.mark.parametrize(("metric", "derived"), [("scoring-rate", False), ("selection-rate", True)])
def test_people_without_a_score_are_left_out_where_scores_count(metric, derived):
    scored = case(
        ["F", "F", "M", "X", "X", "?"],
        {"F": 1, "M": 1},
        score=[1, NAN, 1, NAN, NAN, NAN],
        metric=metric,
        derived=derived,
    )

    assert left_out(scored) == {"X": 2, "F": 1, "unknown": 1}


def test_a_missing_score_is_no_matter_where_the_outcome_was_given():
    given = case(["F", "M"], {"F": 1, "M": 1}, score=[1, NAN], metric="selection-rate")

    assert left_out(given) == {}


def test_more_than_a_tenth_makes_a_pass_no_verdict():
    held = held_back(finding(), TOO_MANY)

    assert held.verdict == FindingVerdict.NO_VERDICT
    assert held.must_pass
    assert held.says == (
        "11 of 100 people (11.0%) are in groups in which nobody was considered (X). That is "
        "more than 10%: what holds for the others is no pass for them."
    )
    assert held.evidence == {"reason": "left-out", "left_out": {"X": 11}}


def test_a_tenth_does_not():
    assert held_back(finding(), NINE_OF_TEN) == finding()


@pytest.mark.parametrize("verdict", [v for v in FindingVerdict if v != FindingVerdict.PASS])
def test_only_a_pass_is_held_back(verdict):
    assert held_back(finding(verdict), TOO_MANY) == finding(verdict)


@pytest.mark.parametrize("severity", [Severity.WARN, Severity.INFO])
def test_only_a_pass_that_moves_the_verdict_is_held_back(severity):
    assert held_back(finding(severity=severity), TOO_MANY).verdict == FindingVerdict.PASS


def with_unknown(n: int) -> Case:
    rest = (100 - n) // 2
    groups = ["F"] * rest + ["M"] * (100 - n - rest) + ["?"] * n
    counts = {"F": rest, "M": 100 - n - rest, "?": n}
    return case(groups, counts, metric="selection-rate")


def test_more_than_a_tenth_of_unknown_group_makes_a_pass_no_verdict():
    held = known_enough(finding(), with_unknown(11))

    assert held.verdict == FindingVerdict.NO_VERDICT
    assert held.says == (
        "The sex of 11 of 100 people (11.0%) is not known, more than 10%. What holds for the "
        "others is no pass for them."
    )
    assert held.evidence == {"reason": "too-many-unknown", "unknown": 11}
    assert held.next
    # the controls: a tenth; what is no pass; what does not move the verdict
    assert known_enough(finding(), with_unknown(10)) == finding()
    assert known_enough(finding(FindingVerdict.FAIL), with_unknown(90)).verdict == "fail"
    assert known_enough(finding(severity=Severity.WARN), with_unknown(90)).verdict == "pass"


def test_only_kinds_that_weigh_unknown_groups_themselves_are_spared():
    spared = {k.kind for k in KINDS if issubclass(k, GroupRule) and k.weighs_unknown}

    assert spared == {"impact-ratio", "unknown-share"}
