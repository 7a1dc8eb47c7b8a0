"""Floors in a child: lower where a rule only tells, as in the parent where it moves the verdict."""

from __future__ import annotations

import hashlib

import pytest

from auditor.errors import PolicyError
from auditor.rules.bind import bind
from tests.unit.policy.test_extends import CHILD, PARENT

TOLD = "id: told, kind: descriptive, says: s, because: [b], severity: {0}, options: {{{1}}}"
LEAST = "id: least, kind: measure-limit, says: s, because: [b], severity: {0}, options: {{{1}}}"
LIMIT = "measure: selection-rate, taken_as: rate, at_least: 0.1, fewest_people: {0}"
GAP = "id: gap, kind: mean-gap, says: s, because: [b], severity: {0}, options: {{{1}}}"
RULES = {
    "told": (TOLD, "threshold: 4/5, exclude_below: {0}", "0.02", "0", "0.03"),
    "least": (LEAST, LIMIT, "30", "10", "31"),
    "gap": (GAP, "at_most: 0.05, fewest_people: {0}", "10", "9", "11"),
}


def entry(rule: str, severity: str, floor: str) -> str:
    form, options, *_ = RULES[rule]
    return "{" + form.format(severity, options.format(floor)) + "}"


@pytest.fixture
def child(tmp_path):
    """Bind a child that writes one rule of its parent with another floor."""

    def child(rule: str, severity: str, floor: str, *, own: str = ""):
        theirs = entry(rule, severity, RULES[rule][2])
        parent = PARENT.replace("gates:\n", f"gates:\n  - {theirs}\n")
        (tmp_path / "base.yaml").write_text(parent, encoding="utf-8")
        head = CHILD.replace("DIGEST", hashlib.sha256(parent.encode()).hexdigest())
        ours = entry(rule, severity, floor).replace(f"id: {rule}", f"id: {own or rule}")
        (tmp_path / "ours.yaml").write_text(f"{head}gates: [{ours}]\n", encoding="utf-8")
        return bind([tmp_path / "ours.yaml"])[0]

    return child


@pytest.mark.parametrize("severity", ["warn", "info"])
@pytest.mark.parametrize("rule", ["told", "least"])
def test_a_rule_that_moves_no_verdict_may_name_more_groups(child, rule, severity):
    lower = RULES[rule][3]

    assert lower in map(str, child(rule, severity, lower).rules[0].entry.options.values())
    with pytest.raises(PolicyError, match="is looser than in the parent"):
        child(rule, severity, RULES[rule][4])


@pytest.mark.parametrize(
    ("rule", "severity"),
    [("told", "block"), ("least", "block"), ("gap", "block"), ("gap", "warn")],
)
def test_elsewhere_a_lower_floor_may_be_looser_and_the_refusal_says_why(child, rule, severity):
    for floor, way in ((RULES[rule][3], "may be looser"), (RULES[rule][4], "is looser")):
        with pytest.raises(PolicyError) as caught:
            child(rule, severity, floor)
        (problem,) = caught.value.problems

        assert way in problem.message
        assert "below a lower one what was left open may come to pass" in problem.hint
        assert "a rule of your own beside this one may have any floor" in problem.hint


@pytest.mark.parametrize("floor", [3, 4])
@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_of_ones_own_beside_it_may_have_any_floor(child, rule, floor):
    bound = child(rule, "block", RULES[rule][floor], own="ours-too")

    assert {"ours-too", rule} <= {one.entry.id for one in bound.rules}
