"""The table of directions: complete, and each way as it is meant. Behaviour is in properties."""

from __future__ import annotations

import pytest

from auditor.policy.schema import GateEntry, Head, ReviewEntry
from auditor.policy.waiver_schema import LimitsEntry
from auditor.rules.base import Params
from auditor.rules.directions import (
    OPTIONS,
    POLICY_KEYS,
    RULE_KEYS,
    direction,
    key_direction,
    policy_direction,
)
from auditor.rules.kinds import KINDS

TURNED = {"tighter": "looser", "looser": "tighter", "neutral": "neutral", "unclear": "unclear"}


def unknown_options(kinds) -> list[str]:
    """Options without a direction, and directions without an option."""
    found = {(k.kind, name) for k in kinds for name in k.Options.model_fields}
    known = {(kind, name) for kind, options in OPTIONS.items() for name in options}
    return [f"{kind}.{name}" for kind, name in sorted(found ^ known)]


def test_every_option_of_every_kind_has_a_direction():
    assert unknown_options(KINDS) == []
    assert set(OPTIONS) == {kind.kind for kind in KINDS}


def test_an_option_that_a_kind_gets_is_seen():
    class More(Params):
        limit: int = 1
        surprise: int = 1

    class Grown:
        kind = "unknown-share"
        Options = More

    kinds = [kind for kind in KINDS if kind.kind != "unknown-share"]

    assert unknown_options([*kinds, Grown]) == ["unknown-share.surprise"]


def test_every_key_of_a_rule_and_of_the_head_has_a_direction():
    keys = {*GateEntry.model_fields, *ReviewEntry.model_fields} - {"options"}

    assert keys - set(RULE_KEYS) == set()
    assert {f"policy.{name}" for name in Head.model_fields} - set(POLICY_KEYS) == set()
    limits = {f"waivers.limits.{name}" for name in LimitsEntry.model_fields}
    assert limits - set(POLICY_KEYS) == set()


@pytest.mark.parametrize(
    ("kind", "option", "old", "new"),
    [
        ("impact-ratio", "threshold", "0.8", "9/10"),
        ("impact-ratio", "alpha", "0.01", "0.05"),
        ("impact-ratio", "worth_detecting", "0.7", "0.75"),
        ("impact-ratio", "worth_detecting", "0.7", None),
        ("impact-ratio", "pass_needs", None, "equivalence"),
        ("impact-ratio", "confidence", "0.95", "0.99"),
        ("impact-ratio", "open_share", "0.1", "0"),
        ("impact-ratio", "must_pass", ["sex"], ["race", "sex"]),
        ("impact-ratio", "unknown_factor", "2", "worst-case"),
        ("impact-ratio", "fail_only", True, False),
        ("descriptive", "threshold", None, "0.8"),
        ("small-but-real", "ratio_below", "0.9", "0.95"),
        ("small-but-real", "effect_size", "0.2", "0.1"),
        ("small-but-real", "deviations", "1.96", "1.5"),
        ("three-deviations", "deviations", "3", "2"),
        ("unknown-share", "limit", "0.2", "0.1"),
        ("coverage", "attributes", ["sex"], ["sex", "race"]),
        ("coverage", "metrics", [], ["selection-rate"]),
        ("coverage", "any_metric", ["selection-rate", "scoring-rate"], ["selection-rate"]),
        ("coverage", "any_metric", [], ["selection-rate", "scoring-rate", "scoring-rate-known"]),
        ("flag-budget", "at_most", "0.12", "0.1"),
        ("near-cut-score", "band", "0.05", "0.1"),
        ("value-missing", "columns", ["score"], ["score", "years"]),
        ("condition", "missing", "skip", "review"),
        ("random-control", "share", "0.02", "0.03"),
        ("gate-failed", "count", 10, 20),
        ("decision-right-violated", "missing", "skip", "review"),
    ],
)
def test_tighter_one_way_is_looser_the_other(kind, option, old, new):
    assert direction(kind, option, old, new) == "tighter"
    assert direction(kind, option, new, old) == "looser"
    assert direction(kind, option, old, old) == "neutral"


@pytest.mark.parametrize(
    ("kind", "option", "low", "high"),
    [
        ("impact-ratio", "min_people", 20, 30),
        ("impact-ratio", "min_expected", 4, 5),
        ("impact-ratio", "reference_share", "0.01", "0.02"),
        ("descriptive", "exclude_below", "0", "0.02"),
    ],
)
def test_a_higher_floor_is_looser_and_a_lower_one_can_go_either_way(kind, option, low, high):
    assert direction(kind, option, low, high) == "looser"
    assert direction(kind, option, high, low) == "unclear"


@pytest.mark.parametrize(
    ("kind", "option", "old", "new"),
    [
        ("impact-ratio", "metric", "selection-rate", "scoring-rate"),
        ("impact-ratio", "strata_decide", True, False),
        ("impact-ratio", "must_pass", None, ["sex"]),
        ("impact-ratio", "must_pass", ["sex"], ["race"]),
        ("coverage", "attributes", ["sex"], ["race"]),
        ("condition", "when", {"score": "missing"}, {"outcome": {"equals": "favorable"}}),
        ("random-control", "share", "0.02", None),
        ("random-control", "count", None, 30),
        ("value-missing", "columns", None, ["score"]),
        ("unknown-share", "no_such_option", "1", "2"),
        ("no-such-kind", "limit", "1", "2"),
    ],
)
def test_what_nobody_can_say_is_unclear_both_ways(kind, option, old, new):
    assert direction(kind, option, old, new) == "unclear"
    assert direction(kind, option, new, old) == "unclear"


@pytest.mark.parametrize(
    ("kind", "option", "old", "new"),
    [
        ("impact-ratio", "threshold", "4/5", "0.8"),
        ("impact-ratio", "must_pass", ["sex", "race"], ["race", "sex"]),
        ("coverage", "any_metric", ["selection-rate", "scoring-rate"],
         ["scoring-rate", "selection-rate"]),
    ],
)  # fmt: skip
def test_another_way_of_writing_the_same_is_neutral(kind, option, old, new):
    assert direction(kind, option, old, new) == "neutral"


@pytest.mark.parametrize(
    ("key", "old", "new", "goes"),
    [
        ("severity", "block", "warn", "looser"),
        ("severity", "warn", "info", "looser"),
        ("when_present", False, True, "looser"),
        ("mandatory", True, False, "looser"),
        ("due", "3 days", "1 week", "looser"),
        ("due", "2 weeks", "14 days", "neutral"),
        ("due", "3 days", None, "looser"),
        ("readers", 1, 2, "tighter"),
        ("readers", 2, 1, "looser"),
        ("for_each", ["sex", "race"], ["sex"], "looser"),
        ("for_each", ["sex"], ["race"], "unclear"),
        ("reviewer", "lead", "anybody", "unclear"),
        ("kind", "unknown-share", "coverage", "unclear"),
        ("says", "A.", "B.", "neutral"),
    ],
)
def test_keys_of_a_rule(key, old, new, goes):
    assert key_direction(key, old, new) == goes
    assert key_direction(key, new, old) == TURNED[goes]


def test_a_list_of_attributes_is_looser_than_every_attribute_and_the_way_back_is_unclear():
    # a list may name one that a profile does not declare, and then there is no verdict
    assert key_direction("for_each", "every-attribute", ["sex"]) == "looser"
    assert key_direction("for_each", ["sex"], "every-attribute") == "unclear"
    assert key_direction("for_each", "every-attribute", "every-attribute") == "neutral"


@pytest.mark.parametrize(
    ("key", "old", "new", "goes"),
    [
        ("policy.status", "in-force", "stayed", "looser"),
        ("policy.status", "draft", "proposed", "neutral"),
        ("policy.effective_from", "2026-01-01", "2026-02-01", "looser"),
        ("policy.title", "A", "B", "neutral"),
        ("decision_rights", "human_only", "automate", "looser"),
        ("roles", {"may": ["review"]}, None, "unclear"),
        ("waivers.limits.longest", "30 days", "12 weeks", "looser"),
        ("waivers.limits.approvals", 2, 1, "looser"),
        ("waivers.limits.never_for", ["a"], [], "looser"),
        ("waivers.granted.until", "2026-03-01", "2026-04-01", "looser"),
        ("waivers.granted.from", "2026-03-01", "2026-02-01", "looser"),
        ("waivers.granted.group", "F", None, "unclear"),
    ],
)
def test_keys_outside_the_rules(key, old, new, goes):
    assert policy_direction(key, old, new) == goes
    assert policy_direction(key, new, old) == TURNED[goes]
