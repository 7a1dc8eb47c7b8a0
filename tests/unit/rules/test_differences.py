"""Every change between two policies: what it is, which way it goes, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.policy import pack_names
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.resolve import resolved_text

POLICY = """\
auditor: policy/1
policy: {id: ours, title: Ours, version: "1", status: in-force, owner: us,
  effective_from: 2026-01-01}
basis: [{id: b1, cite: C., says: S.}]
groups: {intersections: [[sex, race]]}
decision_rights: {offer: human_only}
roles: {lead: {may: [review, approve-waivers]}, owner: {may: [request-waivers]}}
keep_apart: [[request-waivers, approve-waivers]]
waivers: {limits: {longest: 30 days}}
gates:
  - {id: known, kind: unknown-share, says: We know enough., because: [b1], options: {limit: 1/4}}
  - {id: rights, kind: decision-right, says: A person decides., because: [b1]}
  - id: impact
    kind: impact-ratio
    says: No large gap.
    because: [b1]
    for_each: [sex, race]
    options: {threshold: 4/5}
reviews:
  - {id: close, kind: near-cut-score, says: Look., because: [b1], reviewer: lead, due: 3 days}
examples:
  - {name: over, table: {sex: {M: [2999, 1], unknown: [1000, 1]}}, expect: {known: fail}}
"""


@pytest.fixture
def changes(tmp_path):
    """Changes after replacing some texts of the policy; (key, direction) and the place by line."""

    def changes(*replacements: tuple[str, str], old: str = POLICY):
        new = old
        for before, after in replacements:
            assert before in new
            new = new.replace(before, after)
        for name, text in (("old.yaml", old), ("new.yaml", new)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return differences(*(bind([tmp_path / n])[0] for n in ("old.yaml", "new.yaml")))

    return changes


def told(found) -> list[tuple[str | None, str, str]]:
    return [(change.rule, change.key, change.direction) for change in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("status: in-force", "status: stayed", (None, "policy.status", "looser")),
        ("2026-01-01", "2026-02-01", (None, "policy.effective_from", "looser")),
        ('version: "1"', 'version: "2"', (None, "policy.version", "neutral")),
        ("owner: us,", "owner: them,", (None, "policy.owner", "neutral")),
        ("cite: C.", "cite: D.", (None, "basis.b1.cite", "neutral")),
        ("[[sex, race]]", "[[sex, race], [sex, age]]",
         (None, "groups.intersections.sex*age", "tighter")),
        ("[[sex, race]]", "[]", (None, "groups.intersections.sex*race", "looser")),
        ("human_only", "automate", (None, "decision_rights.offer", "looser")),
        ("may: [request-waivers]", "may: [request-waivers, run-audits]",
         (None, "roles.owner", "unclear")),
        ("may: [request-waivers]", "may: [request-waivers, sign-policies]",
         (None, "roles.owner", "looser")),
        ("may: [request-waivers]}", "may: [request-waivers]}, all: {may: [sign-policies]}",
         (None, "roles.all", "looser")),
        ("may: [request-waivers]}", "may: [request-waivers]}, all: {may: [run-audits]}",
         (None, "roles.all", "neutral")),
        (", owner: {may: [request-waivers]}", "", (None, "roles.owner", "neutral")),
        ("[review, approve-waivers]", "[review]", (None, "roles.lead", "unclear")),
        ("{offer: human_only}", "{offer: human_only, rating: automate}",
         (None, "decision_rights.rating", "looser")),
        ("{offer: human_only}", "{offer: human_only, rating: human_only}",
         (None, "decision_rights.rating", "tighter")),
        ("decision_rights:", "missing_values: skip\ndecision_rights:",
         (None, "missing_values", "looser")),
        ("keep_apart: [[request-waivers, approve-waivers]]", "keep_apart: []",
         (None, "keep_apart.approve-waivers, request-waivers", "looser")),
        ("longest: 30 days", "longest: 60 days", (None, "waivers.limits.longest", "looser")),
        ("limit: 1/4", "limit: 1/5", ("known", "options.limit", "tighter")),
        ("{threshold: 4/5}", "{threshold: 4/5, min_people: 40}",
         ("impact", "options.min_people", "looser")),
        ("for_each: [sex, race]", "for_each: [sex]", ("impact", "for_each", "looser")),
        ("for_each: [sex, race]", "severity: warn\n    for_each: [sex, race]",
         ("impact", "severity", "looser")),
        ("for_each: [sex, race]", "when_present: true\n    for_each: [sex, race]",
         ("impact", "when_present", "looser")),
        ("due: 3 days", "due: 1 week", ("close", "due", "looser")),
        ("due: 3 days", "due: 3 days, readers: 2", ("close", "readers", "tighter")),
        ("due: 3 days", "mandatory: false, due: 3 days", ("close", "mandatory", "looser")),
        ("says: Look.", "says: Look here.", ("close", "says", "neutral")),
        ("limit: 1/4", "limit: 0.25", None),
    ],
)  # fmt: skip
def test_one_change_is_told_once_with_its_way(changes, before, after, expected):
    assert told(changes((before, after))) == ([] if expected is None else [expected])


def test_a_change_stands_at_its_value_in_the_new_file_and_what_is_gone_in_the_old(changes):
    (value,) = changes(("limit: 1/4", "limit: 1/5"))
    (default,) = changes(("{threshold: 3/4}", "{}"), old=POLICY.replace("4/5", "3/4"))
    gone = POLICY[POLICY.index("  - {id: close") : POLICY.index("examples:")]
    (rule,) = changes((gone, ""), ("reviews:\n", ""))

    assert str(value.where).endswith("new.yaml:11:93")
    assert value.says == "Rule known: limit was 0.25, is now 0.2."
    # nothing says it any more, so the options stand for it
    assert str(default.where).endswith("new.yaml:18:14")
    assert default.says == "Rule impact: threshold was 0.75, is now 0.8."
    assert str(rule.where).endswith("old.yaml:20:5")
    assert rule.says == "Rule close (near-cut-score, mandatory) is gone: Look."


def test_a_new_rule_is_tighter_where_it_moves_the_verdict_or_flags(changes):
    gate = "  - {id: more, kind: three-deviations, says: S., because: [b1]%s}\n  - id: impact\n"
    review = "reviews:\n  - {id: some, kind: random-control, says: S., because: [b1], %s\n"
    lead = "mandatory: false, reviewer: lead}"

    assert told(changes(("  - id: impact\n", gate % ""))) == [("more", "gates.more", "tighter")]
    assert told(changes(("  - id: impact\n", gate % ", severity: warn"))) == [
        ("more", "gates.more", "neutral")
    ]
    assert told(changes(("reviews:\n", review % lead))) == [("some", "reviews.some", "tighter")]


def test_a_rule_that_is_gone_is_looser_and_nothing_inside_it_is_told(changes):
    line = POLICY[POLICY.index("  - {id: known") : POLICY.index("  - {id: rights")]
    example = POLICY[POLICY.index("examples:") :]

    assert told(changes((line, ""), (example, ""))) == [
        ("known", "gates.known", "looser"),
        (None, "examples.over", "neutral"),
    ]


def test_another_kind_under_the_same_id_is_unclear_and_its_options_are_not_compared(changes):
    found = changes(("kind: impact-ratio", "kind: descriptive"))

    assert told(found) == [("impact", "kind", "unclear")]
    assert "read the rule whole" in found[0].says


def test_a_rule_that_moved_is_told_by_its_place(changes):
    line = POLICY[POLICY.index("  - {id: known") : POLICY.index("  - {id: rights")]
    found = changes((line, ""), ("reviews:\n", f"{line}reviews:\n"))

    assert [change.direction for change in found] == ["neutral"]
    assert "place 3" in found[0].says
    assert "at 1" in found[0].says


def test_a_waiver_lets_through_and_one_that_is_gone_does_not(changes):
    waiver = """
  granted:
    - id: w1
      finding: 94dc8b4475076e85
      rule: known
      attribute: sex
      value: 0.26
      because: R.
      instead: I.
      requested_by: {name: A, role: owner}
      approved_by: [{name: B, role: lead}]
      from: 2026-01-01
      until: 2026-01-20
"""
    limits = "limits: {longest: 30 days}"
    granted = f"waivers: {{{limits}}}", f"waivers:\n  {limits}{waiver}"
    with_waiver = POLICY.replace(*granted)

    assert told(changes(granted)) == [(None, "waivers.granted.w1", "looser")]
    assert told(changes(granted[::-1], old=with_waiver)) == [
        (None, "waivers.granted.w1", "tighter")
    ]
    assert told(changes(("2026-01-20", "2026-01-25"), old=with_waiver)) == [
        (None, "waivers.granted.w1.until", "looser")
    ]


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_and_itself_resolved_mean_the_same(name, tmp_path):
    (bound,) = bind([name])
    path = Path(tmp_path) / "again.yaml"
    path.write_text(resolved_text(bound), encoding="utf-8")

    assert differences(bound, bind([path])[0]) == ()


def test_a_number_of_days_is_told_in_days(changes):
    recent = (
        "  - {id: fresh, kind: data-age, says: S., because: [b1], options: {at_most: 52 weeks}}\n"
    )
    old = POLICY.replace("  - id: impact\n", recent + "  - id: impact\n")
    (found,) = changes(("52 weeks", "365 days"), old=old)

    assert found.says == "Rule fresh: at most was 364 days, is now 365 days."
