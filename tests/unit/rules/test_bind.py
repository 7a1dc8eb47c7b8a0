from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import PathError, PolicyError
from auditor.policy import load_policy, pack_names
from auditor.rules.base import Rule
from auditor.rules.bind import bind
from auditor.rules.kinds import KINDS
from auditor.rules.scales import one_entry_would_do

HEAD = """\
auditor: policy/1
policy:
  id: ours
  title: Our screening
  version: "1.0"
  status: in-force
  owner: people team
  effective_from: 2026-01-01
basis:
  - {id: b1, cite: Standard 1, says: Something.}
"""
REVIEW = """\
reviews:
  - id: near
    kind: near-cut-score
    says: Look.
    because: [b1]
    options: {band: 0.10}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "p.yaml") -> str:
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write


def problems(*sources) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError, match=r"\w") as caught:
        bind(sources)
    return [(str(p.where), p.slug) for p in caught.value.problems]


def test_rules_are_bound_to_their_kind_with_exact_options(write):
    (bound,) = bind([write(HEAD + REVIEW)])

    (rule,) = bound.rules
    assert (bound.policy.id, rule.kind, rule.entry.id) == ("ours", "near-cut-score", "near")
    assert str(rule.options.band) == "1/10"
    assert rule.policy is bound.policy


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_binds(name):
    (bound,) = bind([name])

    assert len(bound.rules) == len(bound.policy.rules) > 0


def test_kinds_are_told_apart_by_name_and_section():
    assert len({kind.kind for kind in KINDS}) == len(KINDS)
    assert {kind.section for kind in KINDS} <= {"gates", "reviews"}
    assert all(issubclass(kind, Rule) for kind in KINDS)


def test_several_policies_keep_their_order(write):
    sources = [write(HEAD + REVIEW), "professional-practice"]

    assert [bound.policy.id for bound in bind(sources)] == ["ours", "professional-practice"]


def test_a_loaded_policy_can_be_bound(write):
    policy = load_policy(write(HEAD + REVIEW))

    assert bind([policy])[0].policy is policy


@pytest.mark.parametrize(
    ("options", "where", "slug"),
    [
        ("{bnd: 0.10}", "16:15", "unknown-key"),
        ("{band: 5%}", "16:21", "not-a-number"),
        ("{band: 0}", "16:21", "out-of-range"),
        ("{band: 1.01}", "16:21", "out-of-range"),
        ("{band: 1e400000}", "16:21", "not-a-number"),
        ("{band: 1/0}", "16:21", "not-a-number"),
        ("{band: [1]}", "16:21", "not-a-number"),
        ("{band: }", "16:15", "not-a-number"),
    ],
)
def test_options_are_refused_at_their_place(write, options, where, slug):
    text = HEAD + REVIEW.replace("{band: 0.10}", options)

    assert problems(write(text)) == [(f"p.yaml:{where}", slug)]


def test_contradicting_options_are_placed_at_the_second_one(write):
    text = HEAD + REVIEW.replace("near-cut-score", "random-control").replace(
        "{band: 0.10}", "{share: 0.5, count: 3}"
    )

    assert problems(write(text)) == [("p.yaml:16:34", "contradicting-options")]


def test_an_unknown_kind_is_answered_with_the_nearest_and_the_list(write):
    with pytest.raises(PolicyError, match="unknown rule kind 'near-cutscore'") as caught:
        bind([write(HEAD + REVIEW.replace("near-cut-score", "near-cutscore"))])

    (problem,) = caught.value.problems
    assert str(problem.where) == "p.yaml:13:11"
    known = sorted(kind.kind for kind in KINDS if kind.section == "reviews")
    assert problem.hint == f"did you mean 'near-cut-score'? Known here: {', '.join(known)}"


def test_a_kind_that_resembles_nothing_is_answered_with_the_list(write):
    with pytest.raises(PolicyError, match="unknown rule kind 'zzz'") as caught:
        bind([write(HEAD + REVIEW.replace("near-cut-score", "zzz"))])

    assert str(caught.value.problems[0].hint).startswith("known here: condition, ")


def test_a_kind_in_the_wrong_section_says_where_it_belongs(write):
    with pytest.raises(PolicyError, match="judges one decision") as caught:
        bind([write(HEAD + REVIEW.replace("reviews:", "gates:"))])

    (problem,) = caught.value.problems
    assert (str(problem.where), problem.hint) == ("p.yaml:13:11", "move the entry to reviews")


def test_a_group_kind_under_reviews_says_where_it_belongs(write):
    group_kind = next(kind.kind for kind in KINDS if kind.section == "gates")
    with pytest.raises(PolicyError, match="judges groups") as caught:
        bind([write(HEAD + REVIEW.replace("near-cut-score", group_kind))])

    assert caught.value.problems[0].hint == "move the entry to gates"


def test_all_problems_of_all_files_come_in_one_error(write):
    first = HEAD.replace("title:", "titel:") + REVIEW.replace("0.10", "7").replace(
        "says: Look.", "sais: Look."
    )
    second = "auditor: policy/1\na: 1\na: 2\n"

    assert problems(write(first), write(second, "q.yaml"), "us-advers-impact") == [
        ("p.yaml:3:3", "missing-key"),
        ("p.yaml:4:3", "unknown-key"),
        ("p.yaml:12:5", "missing-key"),
        ("p.yaml:14:5", "unknown-key"),
        ("p.yaml:16:21", "out-of-range"),
        ("q.yaml:3:1", "duplicate-key"),
        ("None", "unknown-pack"),
    ]


def test_a_missing_kind_is_said_once(write):
    text = HEAD + REVIEW.replace("    kind: near-cut-score\n", "")

    assert problems(write(text)) == [("p.yaml:12:5", "missing-key")]


def test_options_of_the_wrong_shape_are_said_once(write):
    text = HEAD + REVIEW.replace("{band: 0.10}", "[0.10]")

    assert problems(write(text)) == [("p.yaml:16:14", "wrong-type")]


def test_the_same_policy_twice_is_refused(write):
    with pytest.raises(PolicyError, match=r"'ours' is named twice: p\.yaml and p\.yaml"):
        bind([write(HEAD + REVIEW), "./p.yaml"])


def test_a_policy_without_places_names_the_whole_way(write):
    policy = load_policy(write(HEAD + REVIEW))
    entry = replace(policy.rules[0], places={}, options={"band": 0.1})

    with pytest.raises(PolicyError, match=r"'band' must be a number .* a float cannot hold"):
        bind([replace(policy, rules=(entry,))])


def test_a_missing_file_is_a_path_error():
    with pytest.raises(PathError, match="cannot read"):
        bind(["./absent.yaml"])


def test_limits_on_every_attribute_that_exclude_each_other_are_refused(write):
    limits = "gates:\n" + "".join(
        f"  - {{id: {name}, kind: measure-limit, says: s, because: [b1],\n"
        f"     options: {{measure: selection-rate, {limit}}}}}\n"
        for name, limit in (("low", "at_least: 0.6"), ("high", "at_most: 0.5"))
    )

    assert [slug for _, slug in problems(write(HEAD + limits))] == ["rules-contradict"]


def test_a_waiver_of_a_rule_that_cannot_be_read_says_nothing_of_its_kind(write):
    text = (
        HEAD
        + """\
gates: [{id: g, kind: impact-ratio, says: s, because: [b1], options: {treshold: 0.8}}]
waivers:
  granted:
    - {id: w, finding: 0123456789abcdef, rule: g, attribute: sex, group: F, value: 0.7, because: x,
       instead: y, requested_by: {name: Ann, role: a}, approved_by: [{name: Ben, role: b}],
       from: 2026-01-01, until: 2026-02-01,
       justification: {job_related: j, validation_study: v,
         alternatives: [{tried: t, why_not: n}]}}
"""
    )

    assert {slug for _, slug in problems(write(text))} <= {"unknown-key", "bad-waiver"}


def test_asking_for_one_of_no_entries_is_met_by_nothing_at_all():
    assert one_entry_would_do(()) > one_entry_would_do(("dpia", "audit"))
