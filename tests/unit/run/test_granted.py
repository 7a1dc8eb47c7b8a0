"""A stored result beside its policy: no waiver in it that the policy does not grant so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

import auditor
from auditor.errors import IntegrityError
from auditor.findings import fingerprint_of
from auditor.run.made_with import must_be_made_with

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)
POLICY = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2020-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: ratio, kind: impact-ratio, says: s, because: [b]}]
waivers:
  granted:
    - id: w
      finding: "%s"
      rule: ratio
      attribute: race
      group: %s
      value: 0.67
      because: x
      instead: y
      requested_by: {name: Ann, role: owner}
      approved_by: [{name: Ben, role: lead}]
      from: %s
      until: %s
      justification:
        {job_related: j, validation_study: v, alternatives: [{tried: t, why_not: n}]}
"""
TABLE = {"White": (300, 180), "Asian": (300, 120), "Black": (300, 120)}


@pytest.fixture
def stored(tmp_path):
    """A saved result whose fail is waived, and its policy; changed as it is asked for."""

    def stored(change=None, *, table=None, start=TODAY):
        policy = tmp_path / "ours.yaml"
        mark = fingerprint_of("ours", "ratio", "race", "Asian", None)
        policy.write_text(POLICY % (mark, "Asian", start, TODAY))
        counted = auditor.counts(table or TABLE, attribute="race")
        place = auditor.audit(counted, str(policy)).save(tmp_path / "out") / "audit.json"
        if change is not None:
            document = json.loads(place.read_text())
            change(document)
            place.write_text(json.dumps(document))
        return auditor.load(place), str(policy)

    return stored


ONE = {"White": (300, 180), "Asian": (300, 120)}


def test_a_result_with_the_waivers_of_its_policy_is_taken(stored):
    audit, policy = stored(table=ONE)

    must_be_made_with(audit, [policy])
    assert audit.verdict.exit_code == 0


def opened(document, *, waiver=None):
    """Make a fail of two groups look waived, consistently in itself."""
    (finding,) = document["findings"]
    for one in finding["failing"]:
        one["waiver"] = "w"
    finding["waiver"] = "w"
    finding["says"] = finding["says"].partition(" Waived for ")[0]
    marks = [one["fingerprint"] for one in finding["failing"]]
    document["waivers"] = [
        {**document["waivers"][0], "finding": mark, "state": "in-use", **(waiver or {})}
        for mark in marks
    ]
    document["verdict"] |= {"state": "pass", "exit_code": 0}


def without_parts(document):
    """Take the group that nobody waived out of the fail."""
    (finding,) = document["findings"]
    finding["failing"] = [one for one in finding["failing"] if one["about"] == "Asian"]
    finding["waiver"] = "w"
    finding["says"] = finding["says"].partition(" Waived for ")[0]
    document["verdict"] |= {"state": "pass", "exit_code": 0}


def invented(document):
    document["waivers"].append({**document["waivers"][0], "id": "w-9", "state": "unused"})


def longer(document):
    document["waivers"][0]["until"] = str(TODAY + 900 * DAY)


def unread(document):
    document["findings"][0]["evidence"]["failing"] = [{}]


def value(document):
    document["waivers"][0]["value"] = "0.01"


def hidden(document):
    document["waivers"] = []
    opens = document["findings"][0]
    opens["says"] = opens["says"].partition(" Waived for ")[0]
    opens["failing"] = [{**one, "waiver": None} for one in opens["failing"]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (opened, "lists a waiver twice"),
        (without_parts, "does not name what its evidence says to fail"),
        (invented, "lists a waiver w-9, and ours grants none"),
        (longer, "has another until"),
        (value, "has another value"),
        (hidden, "does not list the waiver w"),
        (unread, "evidence of its fails cannot be read"),
    ],
)
def test_a_waiver_that_the_policy_does_not_grant_so_is_refused(stored, change, says):
    audit, policy = stored(change)

    with pytest.raises(IntegrityError, match=says):
        must_be_made_with(audit, [policy])


def test_a_waiver_that_did_not_hold_at_the_audit_covers_nothing_in_its_result(stored):
    """The table is worse than the waiver allows, and the result says that it was waived."""

    def change(document):
        opened(document)
        document["waivers"] = document["waivers"][:1]

    audit, policy = stored(change, table={"White": (300, 180), "Asian": (300, 90)})

    assert audit.verdict.exit_code == 0
    with pytest.raises(IntegrityError, match="no waiver of the policy covers it"):
        must_be_made_with(audit, [policy])


@pytest.mark.parametrize("state", ["fail", "no_verdict", None, 3, []])
def test_a_verdict_that_its_evidence_does_not_bear_is_refused(stored, state):
    def change(document):
        document["findings"][0]["verdict"] = "pass"
        document["findings"][0]["evidence"]["state"] = state
        document["findings"][0]["says"] = "All is well."
        document["verdict"] |= {"state": "pass", "exit_code": 0}

    table = {"White": (300, 180), "Asian": (300, 90)}
    with pytest.raises(IntegrityError, match="says pass, and its evidence does not"):
        stored(change, table=table)
