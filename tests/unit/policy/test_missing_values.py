"""What happens where a value is missing, said once for a policy and otherwise by a rule."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

import auditor
from auditor.errors import PolicyError
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.lint import remarks
from auditor.rules.resolve import resolved, resolved_text

POLICY = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2020-01-01}
basis: [{id: b, cite: c, says: s}]
reviews:
  - {id: old, kind: condition, says: s, because: [b], options: {when: {age: {above: 60}}}}
  - {id: own, kind: condition, says: s, because: [b], reviewer: somebody else,
     options: {when: {age: {above: 60}}, missing: OWN}}
gates: [{id: g, kind: unknown-share, says: s, because: [b]}]
"""


@pytest.fixture
def ours(tmp_path):
    def ours(said: str | None, own: str, name: str = "ours.yaml", more: str = "") -> str:
        line = f"missing_values: {said}\n" if said else ""
        text = POLICY.replace("OWN", own).replace("id: ours", f"id: {name[:4]}") + line + more
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return ours


@pytest.mark.parametrize(
    ("said", "own", "flagged"),
    [
        (None, "review", {"old", "own"}),
        (None, "skip", {"old"}),
        ("review", "skip", {"old"}),
        ("skip", "skip", set()),
        ("skip", "review", {"own"}),
    ],
)
def test_the_policy_says_it_for_all_and_a_rule_for_itself(ours, tmp_path, said, own, flagged):
    frame = pd.DataFrame(
        {"id": range(40), "sex": ["F", "M"] * 20, "status": ["yes", "no"] * 20,
         "age": [30.0] * 39 + [None]}
    )  # fmt: skip

    audit = auditor.audit(
        frame, ours(said, own), id="id", outcome="status", favorable=["yes"], unfavorable=["no"],
        groups=["sex"], features=["age"], key=tmp_path / "key",
    )  # fmt: skip

    assert set(audit.flags["rule"]) == flagged


def test_the_resolved_policy_says_it_and_where_it_comes_from(ours):
    (bound,) = bind([ours("skip", "review")])
    text = resolved_text(bound, origins=True)

    assert resolved(bound)["missing_values"] == "skip"
    assert text.count("missing: skip  # " + bound.policy.path + ":9:17") == 1
    assert text.count("missing: review  # " + bound.policy.path + ":7:") == 1
    assert not [one for one in remarks(bound, bound.policy.effective_from) if one.level == "note"]


def test_what_a_rule_says_as_the_policy_does_is_remarked_on(ours):
    (bound,) = bind([ours("skip", "skip")])
    notes = [one.message for one in remarks(bound, bound.policy.effective_from)]

    assert "own writes what holds anyway: missing" in notes


def test_a_difference_names_the_policy_and_each_rule_that_follows_it(ours):
    (old,), (new,) = bind([ours(None, "review", "old_.yaml")]), bind([ours("skip", "review")])

    found = [(c.rule, c.key, c.direction) for c in differences(old, new) if "missing" in c.key]

    assert found == [(None, "missing_values", "looser"), ("old", "options.missing", "looser")]


@pytest.mark.parametrize(
    ("parent", "child", "held"),
    [("review", None, "review"), ("skip", None, "skip"), ("skip", "review", "review"),
     ("review", "skip", None), (None, "skip", None)],
)  # fmt: skip
def test_a_child_takes_it_over_and_may_tighten_it_only(ours, tmp_path, parent, child, held):
    base = ours(parent, "review", "base.yaml")
    digest = hashlib.sha256(Path(base).read_bytes()).hexdigest()
    text = POLICY[: POLICY.index("basis")] + (f"missing_values: {child}\n" if child else "")
    text += f'extends: {{file: base.yaml, version: "1", sha256: "{digest}"}}\n'
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")

    if held is None:
        with pytest.raises(
            PolicyError, match="missing values was review, is now skip, which is looser"
        ):
            bind([tmp_path / "ours.yaml"])
    else:
        (bound,) = bind([tmp_path / "ours.yaml"])
        assert resolved(bound)["missing_values"] == held
        assert bound.rules[1].options.missing in (held, "review")


def test_another_word_is_refused_at_its_place(ours):
    with pytest.raises(PolicyError, match=r":9:17: 'missing_values' must be one of review, skip"):
        bind([ours("ignore", "review")])
