from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import auditor
from auditor.findings import fingerprint_of

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
TABLE = {"F": (200, 80), "M": (200, 120)}
POLICY = """\
auditor: policy/1
policy: {{id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2020-01-01}}
basis: [{{id: b, cite: c, says: s}}]
gates:
  - {{id: ratio, kind: impact-ratio, says: s, because: [b]}}
  - {{id: other, kind: unknown-share, says: s, because: [b]}}
waivers:
  granted:
    - id: w-1
      finding: {finding}
      rule: ratio
      attribute: sex
      group: {group}
      value: {value}
      because: A licence is required.
      instead: Two people read.
      requested_by: {{name: Ann, role: owner}}
      approved_by: [{{name: Ben, role: lead}}]
      from: {start}
      until: {until}
      justification:
        {{job_related: j, validation_study: v, alternatives: [{{tried: t, why_not: n}}]}}
"""


@pytest.fixture
def audited(tmp_path):
    def audited(
        *, value="2/3", group="F", start=TODAY - DAY, until=TODAY + DAY, as_of=None, table=None
    ):
        path = tmp_path / "p.yaml"
        finding = fingerprint_of("ours", "ratio", "sex", group, None)
        path.write_text(
            POLICY.format(finding=finding, value=value, group=group, start=start, until=until),
            encoding="utf-8",
        )
        counted = auditor.counts(table or TABLE, attribute="sex")
        return auditor.audit(counted, str(path), as_of=as_of)

    return audited


def state(audit) -> str:
    (waiver,) = audit.result.document["waivers"]
    return waiver["state"]


def test_a_waived_fail_does_not_close_the_gate_and_stands_first(audited):
    audit = audited()

    assert (audit.verdict.state, audit.verdict.exit_code, state(audit)) == ("pass", 0, "in-use")
    assert audit.verdict.says.startswith("Waived (w-1), not passed: Group F was selected at 0.67")
    (finding,) = [f for f in audit.result.findings if f.rule == "ratio"]
    assert (finding.verdict, finding.waiver) == ("fail", "w-1")
    page = str(audit)
    assert "fail, waived" in page
    assert "Waiver w-1 of ratio on sex for F holds until" in page


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"until": TODAY}, "in-use"),
        ({"start": TODAY}, "in-use"),
        ({"start": TODAY - 9 * DAY, "until": TODAY - DAY}, "expired"),
        ({"start": TODAY + DAY, "until": TODAY + 9 * DAY}, "not-yet"),
        ({"as_of": TODAY + 2 * DAY}, "expired"),
        ({"as_of": TODAY - 2 * DAY}, "not-yet"),
        # setting the clock of the audit back does not revive it
        ({"start": TODAY - 9 * DAY, "until": TODAY - DAY, "as_of": TODAY - 2 * DAY}, "expired"),
        # nor does a day in the future begin one
        ({"start": TODAY + DAY, "until": TODAY + 9 * DAY, "as_of": TODAY + 2 * DAY}, "not-yet"),
        ({"value": "0.67"}, "in-use"),
        ({"value": "0.667"}, "in-use"),
        ({"value": "0.61"}, "in-use"),
        ({"value": "0.6"}, "in-use"),
        # more than a tenth better than the value is no longer what was waived
        ({"value": "0.60"}, "too-wide"),
        ({"value": "0.001"}, "too-wide"),
        ({"table": {"F": (200, 95), "M": (200, 120)}}, "unused"),
        ({"value": "0.668"}, "void"),
        ({"value": "0.7"}, "in-use"),
        ({"value": "0.70"}, "void"),
        ({"value": "201/300"}, "void"),
        ({"group": "M"}, "unused"),
        ({"table": {"F": (200, 79), "M": (200, 120)}}, "void"),
        ({"table": {"F": (200, 81), "M": (200, 120)}}, "in-use"),
        ({"table": {"F": (600, 300), "M": (600, 300)}}, "unused"),
        ({"table": {"F": (200, 120), "M": (200, 80)}}, "unused"),
    ],
)
def test_a_waiver_holds_for_its_days_its_finding_and_its_value(audited, changes, found):
    audit = audited(**changes)

    assert state(audit) == found
    failed = any(f.verdict == "fail" and not f.waiver for f in audit.result.findings)
    assert (audit.verdict.exit_code == 1) == failed
    if found not in ("in-use", "unused"):
        assert audit.verdict.exit_code == 1


def test_another_fail_beside_the_waived_one_still_closes_the_gate(audited):
    table = {"F": (200, 80), "M": (200, 120), "X": (200, 10)}

    assert audited(table=table).verdict.exit_code == 1


def test_a_stored_waiver_ends_on_its_day_although_the_result_stays(audited, tmp_path, monkeypatch):
    from auditor.run import holding

    place = audited().save(tmp_path / "out")
    assert auditor.load(place).verdict.exit_code == 0

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + 2 * DAY

    monkeypatch.setattr(holding, "datetime", Later)

    assert auditor.load(place).verdict.exit_code == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"waiver": "w-1"', '"waiver": "w-2"'),
        ('"state": "in-use"', '"state": "expired"'),
        ('"waiver": "w-1"', '"waiver": null'),
    ],
)
def test_a_result_edited_around_its_waiver_is_refused(audited, tmp_path, before, after):
    place = audited().save(tmp_path / "out") / "audit.json"
    text = place.read_text(encoding="utf-8")
    assert before in text
    place.write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(auditor.errors.IntegrityError, match=r"waiver|does not follow"):
        auditor.load(place)
