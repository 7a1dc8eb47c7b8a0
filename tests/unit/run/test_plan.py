"""Which policies move the verdict on a day: a child never lets its parent's duties lapse."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

import auditor
from auditor.report import render_html
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.lint import remarks
from auditor.run.plan import in_force

BASE = """\
auditor: policy/1
policy: {id: base, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: ratio, kind: impact-ratio, says: s, because: [b]}]
"""
OURS = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2099-01-01}
extends: {file: base.yaml, version: "1", sha256: DIGEST}
"""
DAY = date(2026, 11, 29)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write parent, child and grandchild, each pinned."""
    monkeypatch.chdir(tmp_path)

    def written(base: str = BASE, child: str = OURS) -> None:
        third = child.replace("id: ours", "id: third").replace("base.yaml", "ours.yaml")
        above = ""
        for name, text in (("base", base), ("ours", child), ("third", third)):
            content = text.replace("DIGEST", hashlib.sha256(above.encode()).hexdigest())
            (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
            above = content

    return written


@pytest.mark.parametrize(
    ("named", "moving"),
    [
        (["ours"], {"ours"}),
        (["third"], {"third"}),
        (["base", "ours"], {"base"}),
        (["base", "third"], {"base"}),
        (["ours", "third"], {"ours", "third"}),
    ],
)
def test_a_child_that_does_not_apply_yet_counts_as_its_parent_does(written, named, moving):
    written()
    bound = bind([f"{name}.yaml" for name in named])

    assert in_force(bound, DAY) == moving
    assert in_force(bound, date(2025, 12, 31)) == set()  # before the parent too
    assert in_force(bound, date(2099, 1, 1)) == set(named)


def test_another_policy_of_the_parents_name_does_not_stand_in_for_it(written, tmp_path):
    written()
    (tmp_path / "base2.yaml").write_text(BASE + "# another\n", encoding="utf-8")

    assert in_force(bind(["base2.yaml", "ours.yaml"]), DAY) == {"base", "ours"}


def test_a_child_of_a_policy_that_only_advises_advises_until_its_day(written):
    written(BASE.replace("in-force", "draft"))

    assert in_force(bind(["ours.yaml"]), DAY) == set()


def test_what_fails_under_the_parent_fails_under_a_child_with_a_later_day(written):
    written()
    counted = auditor.counts({"M": (100, 60), "F": (100, 30)}, attribute="sex")

    audits = [auditor.audit(counted, name, as_of=DAY) for name in ("base.yaml", "ours.yaml")]
    both = auditor.audit(counted, ["base.yaml", "ours.yaml"], as_of=DAY)

    assert [made.verdict.exit_code for made in audits] == [1, 1]
    assert [p["in_force"] for p in both.result.document["policies"]] == [True, False]
    early = "Policy ours: applies from 2099-01-01, and counts already"
    assert [early in render_html(made.result) for made in (*audits, both)] == [False, True, False]


def test_checking_a_child_tells_that_it_counts_before_its_day(written):
    written()
    (ours,), (base,) = bind(["ours.yaml"]), bind(["base.yaml"])

    assert [(r.level, r.message[:16]) for r in remarks(ours, DAY)] == [("note", "until 2099-01-01")]
    assert not [r for r in remarks(base, DAY) if r.level == "note"]
    assert remarks(ours, date(2099, 1, 1)) == []


def test_a_later_day_is_no_loosening_for_a_child_and_one_for_a_later_version(written, tmp_path):
    written()
    later = BASE.replace("2026-01-01", "2099-01-01")
    (tmp_path / "later.yaml").write_text(later, encoding="utf-8")
    (base,), (ours,), (other,) = (bind([f"{n}.yaml"]) for n in ("base", "ours", "later"))

    def way(new):
        return [c.direction for c in differences(base, new) if c.key == "policy.effective_from"]

    assert (way(ours), way(other)) == (["neutral"], ["looser"])
