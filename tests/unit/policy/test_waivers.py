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
        ("name: Ben", "name: ' ann  LEE'", "bad-waiver", "approves a waiver that"),
        ("role: lead}]", "role: owner}]", "not-a-role", "none that may approve-waivers"),
        ("role: owner}", "role: lead}", "not-a-role", "none that may request-waivers"),
        ("until: 2027-02-15", "until: 2027-03-01", "bad-waiver", "lasts 91 days, longer than"),
        ("until: 2027-02-15", "until: 2026-11-30", "bad-waiver", "before it begins"),
        ("until: 2027-02-15", "until: never", "not-a-date", "calendar date"),
        ("approvals: 1", "approvals: 2", "bad-waiver", "has 1 approvals of other people, not 2"),
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
        "the waiver 'w-1' has 1 approvals of other people, not 2",
        "'BEN' approves it a second time",
    ]
