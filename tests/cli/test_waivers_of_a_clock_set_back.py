"""A clock that was set back revives no waiver: later days are known from what is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

import auditor
from auditor.findings import fingerprint_of
from auditor.ledger.sqlite import make_ledger

NOW = datetime.now(UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
ENDED = TODAY - 5 * DAY
BACK = TODAY - 10 * DAY
POLICY = f"""\
auditor: policy/1
policy: {{id: ours, title: t, version: "1", status: in-force, owner: o,
  effective_from: 2020-01-01}}
basis: [{{id: b, cite: c, says: s}}]
gates: [{{id: ratio, kind: impact-ratio, says: s, because: [b]}}]
waivers:
  granted:
    - id: w
      finding: "{fingerprint_of("ours", "ratio", "sex", "F", None)}"
      rule: ratio
      attribute: sex
      group: F
      value: 0.67
      because: x
      instead: y
      requested_by: {{name: Ann, role: owner}}
      approved_by: [{{name: Ben, role: lead}}]
      from: {BACK - 10 * DAY}
      until: {ENDED}
      justification:
        {{job_related: j, validation_study: v, alternatives: [{{tried: t, why_not: n}}]}}
"""


@pytest.fixture
def back(monkeypatch):
    """Set the clock of the audit, and of the gate on a stored result, ten days back."""
    from auditor.run import arguments, holding, writing

    class Back(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - 10 * DAY

    for module in (arguments, holding, writing):
        monkeypatch.setattr(module, "datetime", Back)


@pytest.fixture
def audited(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(POLICY)
    rows = [("F", n < 40) for n in range(100)] + [("M", n < 60) for n in range(100)]
    frame = pd.DataFrame(rows, columns=["sex", "out"]).assign(id=range(200))
    frame["out"] = frame["out"].map({True: "y", False: "n"})

    def audited(last=BACK, **options) -> auditor.Audit:
        return auditor.audit(
            frame.assign(day=[str(last - DAY)] * 199 + [str(last)]), "p.yaml", id="id",
            outcome="out", favorable=["y"], unfavorable=["n"], groups={"sex": "sex"},
            date={"column": "day", "format": "%Y-%m-%d"}, **options,
        )  # fmt: skip

    return audited


def state(audit: auditor.Audit) -> tuple[str, int]:
    (waiver,) = audit.result.document["waivers"]
    return waiver["state"], audit.verdict.exit_code


def test_on_its_days_the_waiver_holds_and_today_it_has_ended(audited, request):
    assert state(audited()) == ("expired", 1)

    request.getfixturevalue("back")

    # nothing tells that the clock was set back
    assert state(audited()) == ("in-use", 0)


@pytest.mark.usefixtures("back")
def test_the_last_day_of_the_data_has_come(audited):
    assert state(audited(last=ENDED)) == ("in-use", 0)
    assert state(audited(last=ENDED + DAY)) == ("expired", 1)


@pytest.fixture
def signed(run, tmp_path):
    """Sign the policy with Ada's key on a day."""
    for name in ("ada", "ben"):
        line = run("policy", "sign", "--new-key", f"{name}.key").out.replace("YOUR ROLE", "hr")
        start = line.index(", from: ")
        (tmp_path / f"{name}.line").write_text(
            f"{line[:start]}, from: 2026-01-01}}\n".replace("YOUR", name)
        )
    people = "".join((tmp_path / f"{name}.line").read_text() for name in ("ada", "ben"))
    (tmp_path / "ring.yaml").write_text(f"auditor: keyring/1\npeople:\n{people}")

    def signed(name, role, day):
        ran = run(
            "policy", "sign", "p.yaml", "--key", f"{name}.key", "--role", role, "--as-of", str(day)
        )
        assert ran.code == 0

    return signed


@pytest.mark.usefixtures("back")
def test_the_days_of_signatures_have_come(audited, signed):
    signed("ada", "hr", BACK)
    assert state(audited(keyring="ring.yaml")) == ("in-use", 0)

    # one of a later day does not count as a signature yet, but it was made
    signed("ben", "hr", TODAY)
    assert state(audited(keyring="ring.yaml")) == ("expired", 1)


@pytest.mark.usefixtures("back")
def test_the_newest_entry_of_the_ledger_has_come(audited, tmp_path):
    from tests.unit.review.office import ADA, ring

    audit = audited()
    place = audit.save(tmp_path / "out")
    for day, code in ((ENDED, 0), (TODAY, 1)):
        clock = datetime.combine(day, NOW.timetz())
        with make_ledger(tmp_path / f"{day}.db", "ours", clock=lambda clock=clock: clock) as held:
            for made in (audit, auditor.load(place)):
                seen = made.reviewed(held, ring(ADA), as_of=BACK)
                assert (made.verdict.exit_code, seen.verdict.exit_code) == (0, code)
                (finding,) = seen.judged().findings
                assert (finding.waiver is None) == bool(code)
                (waiver,) = seen.judged().document["waivers"]
                assert waiver["state"] == ("expired" if code else "in-use")
