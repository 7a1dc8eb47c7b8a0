from __future__ import annotations

import pytest

from auditor.errors import PolicyError
from auditor.findings import fingerprint_of
from auditor.policy import load_policy
from auditor.rules.bind import bind

POLICY = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
roles:
  owner: {may: [request-waivers]}
  lead: {may: [approve-waivers]}
  recruiter: {may: [review]}
gates:
  - {id: ratio, kind: impact-ratio, says: s, because: [b]}
  - {id: unknown, kind: unknown-share, says: s, because: [b]}
  - id: tables
    kind: coverage
    says: s
    because: [b]
    options: {attributes: [sex], metrics: [selection-rate]}
waivers:
  limits: {longest: 90 days, approvals: 1, never_for: [tables]}
  granted:
    - id: w-1
      finding: FINGERPRINT
      rule: ratio
      attribute: sex
      group: F
      value: 0.67
      because: A licence is required.
      instead: Two people read.
      requested_by: {name: Ann Lee, role: owner}
      approved_by: [{name: Ben, role: lead}]
      from: 2026-12-01
      until: 2027-02-15
      justification:
        {job_related: j, validation_study: VS-1, alternatives: [{tried: t, why_not: n}]}
""".replace("FINGERPRINT", fingerprint_of("ours", "ratio", "sex", "F", None))


@pytest.fixture
def said(tmp_path, monkeypatch):
    """Problems of the policy with some text replaced: place, slug, message."""
    monkeypatch.chdir(tmp_path)

    def said(*changes: tuple[str, str]) -> list[tuple[str, str, str]]:
        text = POLICY
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1)
        (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
        try:
            bind(["p.yaml"])
        except PolicyError as refused:
            return [(str(p.where), p.slug, p.message) for p in refused.problems]
        return []

    return said


def test_a_complete_waiver_is_read(said, tmp_path):
    assert said() == []

    (waiver,) = load_policy(tmp_path / "p.yaml").waivers
    assert (waiver.id, waiver.rule, waiver.attribute, waiver.group) == ("w-1", "ratio", "sex", "F")
    assert (waiver.value, waiver.half) == (pytest.approx(0.67), pytest.approx(0.005))
    assert waiver.justification.alternatives == (("t", "n"),)
    assert [person.role for person in waiver.approved_by] == ["lead"]


@pytest.mark.parametrize(
    ("before", "after", "slug", "message"),
    [
        ("      until: 2027-02-15\n", "", "missing-key", "'until'"),
        ("      from: 2026-12-01\n", "", "missing-key", "'from'"),
        ("      because: A licence is required.\n", "", "missing-key", "'because'"),
        ("      instead: Two people read.\n", "", "missing-key", "'instead'"),
        ("      value: 0.67\n", "", "missing-key", "'value'"),
        ("name: Ben", "name: Ann Lee", "bad-waiver", "approves a waiver that"),
        (
            "name: Ben",
            "name: ' ann  LEE'",
            "bad-waiver",
            "' ann  LEE' approves a waiver that 'Ann Lee' asked for",
        ),
        ("role: lead}]", "role: owner}]", "not-a-role", "none that may approve-waivers"),
        ("role: owner}", "role: lead}", "not-a-role", "none that may request-waivers"),
        ("until: 2027-02-15", "until: 2027-03-01", "bad-waiver", "lasts 91 days, longer than"),
        ("until: 2027-02-15", "until: 2026-11-30", "bad-waiver", "before it begins"),
        ("until: 2027-02-15", "until: never", "not-a-date", "calendar date"),
        ("approvals: 1", "approvals: 2", "bad-waiver", "has 1 of 2 approvals of other people"),
        ("rule: ratio", "rule: ratios", "unknown-rule", "'ratios' is no rule under gates"),
        ("never_for: [tables]", "never_for: [ratio]", "bad-waiver", "is never waived"),
        ("never_for: [tables]", "never_for: [table]", "unknown-rule", "'table' is no rule"),
        ("attribute: sex\n", "attribute: '*'\n", "bad-waiver", "the fingerprint of ratio on *"),
        ("      group: F\n", "", "bad-waiver", "the fingerprint of ratio on sex is"),
        (
            "alternatives: [{tried: t, why_not: n}]",
            "alternatives: []",
            "empty-value",
            "alternatives",
        ),
        ("      justification:\n", "      x:\n", "unknown-key", "'x'"),
    ],
)
def test_a_waiver_that_must_not_be_is_refused_in_its_place(said, before, after, slug, message):
    found = said((before, after))

    assert any(s == slug and message in m for _, s, m in found), found
    assert all(where.startswith("p.yaml:") for where, _, _ in found)


def test_a_fail_about_impact_is_not_waived_without_a_justification(said):
    start = POLICY.index("      justification:")
    found = said((POLICY[start:], ""))

    assert [(slug, message) for _, slug, message in found] == [
        ("bad-waiver", "a waiver of the kind impact-ratio needs a justification")
    ]


def test_what_is_no_fail_about_a_number_cannot_be_waived(said):
    finger = fingerprint_of("ours", "ratio", "sex", "F", None)
    other = fingerprint_of("ours", "tables", "sex", "F", None)

    found = said((finger, other), ("rule: ratio", "rule: tables"), (", never_for: [tables]", ""))

    assert [message for _, _, message in found] == ["a fail of the kind coverage cannot be waived"]


def test_one_approval_by_one_person_counts_once(said):
    twice = "approved_by: [{name: Ben, role: lead}, {name: BEN, role: lead}]"
    found = said(
        ("approved_by: [{name: Ben, role: lead}]", twice), ("approvals: 1", "approvals: 2")
    )

    assert [message for _, _, message in found] == [
        "the waiver 'w-1' has 1 of 2 approvals of other people",
        "'BEN' approves it a second time",
    ]


def second(**changes: str) -> tuple[str, str]:
    """Replacement that adds a second waiver of the same finding, with other keys."""
    start = POLICY.index("    - id: w-1")
    text = POLICY[start:].replace("id: w-1", "id: w-2")
    for before, after in changes.items():
        line = next(line for line in text.splitlines() if f" {before}: " in line)
        text = text.replace(line, f"      {before}: {after}")
    return POLICY[start:], POLICY[start:] + text


@pytest.mark.parametrize(
    ("start", "until", "days"),
    [
        ("2027-02-16", "2027-03-01", 91),
        ("2027-02-01", "2027-03-01", 91),
        ("2026-11-01", "2026-11-30", 107),
        ("2027-02-16", "2027-02-28", None),
        ("2027-02-17", "2027-05-01", 151),  # a day between is no break
        ("2027-05-16", "2027-06-01", 94),
        ("2027-05-17", "2027-06-01", None),
    ],
)
def test_waivers_of_one_finding_cover_no_more_days_than_one_may(said, start, until, days):
    found = said(second(**{"from": start, "until": until}))

    where = "44" if start > "2026-12-01" else "30"
    assert [(place.split(":")[1], slug) for place, slug, _ in found] == (
        [(where, "bad-waiver")] if days else []
    )
    assert all(f"together they cover {days} days, more than the 90" in m for *_, m in found)


CROSSED = {
    "requested_by": "{name: Ben, role: owner}",
    "approved_by": "[{name: ann lee, role: lead}]",
    "from": "2027-05-01",
    "until": "2027-05-02",
}
APART = "keep_apart: [[request-waivers, approve-waivers]]\ngates:"


def test_two_people_do_not_approve_each_others_waivers_where_that_is_kept_apart(said):
    assert said(second(**CROSSED)) == []

    found = said(("gates:", APART), second(**CROSSED))

    assert [(place.split(":")[1], slug) for place, slug, _ in found] == [
        ("42", "duties-together"),
        ("43", "duties-together"),
    ]
    assert found[1][2] == (
        "'ann lee' has the duty request-waivers in the waiver 'w-1' and approve-waivers in the "
        "waiver 'w-2', which keep_apart keeps apart"
    )


def test_other_duties_that_are_kept_apart_count_by_the_roles_of_a_person(said):
    apart = ("gates:", "keep_apart: [[review, approve-waivers]]\ngates:")
    reviews = ("owner: {may: [request-waivers]}", "owner: {may: [request-waivers, review]}")

    assert [slug for _, slug, _ in said(apart, reviews, second(**CROSSED))] == [
        "duties-together"
    ] * 2
    assert said(apart, reviews) == []


def test_one_mistake_in_a_waiver_hides_no_other_one(said):
    found = said(
        ("      because: A licence is required.\n", "      becuase: A licence is required.\n"),
        ("name: Ben", "name: Ann Lee"),
        ("until: 2027-02-15", "until: 2027-03-31"),
        ("rule: ratio\n", "rule: ratios\n"),
        ("value: 0.67", "value: much"),
    )

    says = " / ".join(message for *_, message in found)
    for part in (
        "becuase", "'because'", "approves a waiver that", "lasts 121 days", "'ratios' is no rule",
        "has 0 of 1 approvals", "value",
    ):  # fmt: skip
        assert part in says
