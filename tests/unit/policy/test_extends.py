from __future__ import annotations

import hashlib
from datetime import date

import pytest

from auditor.errors import PolicyError
from auditor.policy import load_policy, pack_path
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.lint import remarks
from auditor.rules.resolve import resolved_text

PARENT = """\
auditor: policy/1
policy: {id: base, title: t, version: "1.0", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
decision_rights: {screening: assist}
roles: {recruiter: {may: [review]}, lead: {may: [approve-waivers]}, senior: {may: [review]},
  owner: {may: [request-waivers, run-audits]}}
keep_apart: [[request-waivers, own-the-model]]
requests: [{id: ask, kind: appeal, says: s, because: [b], due: 5 days, reviewer: recruiter}]
gates:
  - {id: ratio, kind: impact-ratio, says: s, because: [b], options: {alpha: 0.02, min_people: 25}}
  - {id: rights, kind: decision-right, says: s, because: [b]}
reviews:
  - {id: near, kind: near-cut-score, says: s, because: [b], options: {band: 0.1},
     reviewer: recruiter}
waivers: {limits: {longest: 30 days, approvals: 2, never_for: [rights]}}
"""
CHILD = """\
auditor: policy/1
policy: {id: ours, title: t, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
extends: {file: base.yaml, version: "1.0", sha256: DIGEST}
"""
OWN = """\
basis: [{id: own, cite: c, says: s}]
gates:
  - {id: tables, kind: unknown-share, says: s, because: [own]}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def written(place):
    """Write parent and child; the child pins the parent as it is."""

    def written(child: str = "", parent: str = PARENT, head: str = CHILD) -> str:
        (place / "base.yaml").write_text(parent, encoding="utf-8")
        digest = hashlib.sha256(parent.encode()).hexdigest()
        (place / "ours.yaml").write_text(head.replace("DIGEST", digest) + child, encoding="utf-8")
        return "ours.yaml"

    return written


@pytest.fixture
def problems(written):
    def problems(*args, **kwargs) -> list[tuple[str, str, str]]:
        with pytest.raises(PolicyError, match=r"\w") as caught:
            bind([written(*args, **kwargs)])
        return [(str(p.where), p.slug, p.message) for p in caught.value.problems]

    return problems


def test_a_child_has_all_that_its_parent_says_and_its_own(written):
    policy = load_policy(written(OWN))

    assert [rule.id for rule in policy.rules] == ["ratio", "rights", "near", "tables"]
    assert [entry.id for entry in policy.basis] == ["b", "own"]
    assert policy.decision_rights == {"screening": "assist"}
    assert (policy.id, policy.parent.id) == ("ours", "base")
    assert policy.waiver_limits == policy.parent.waiver_limits


def test_a_child_that_says_nothing_of_its_own_means_what_its_parent_means(written):
    (child,), (parent,) = bind([written()]), bind(["base.yaml"])

    assert [rule.options for rule in child.rules] == [rule.options for rule in parent.rules]


def test_what_a_child_writes_of_a_rule_stands_over_what_its_parent_writes(written):
    gate = (
        "gates: [{id: ratio, kind: impact-ratio, says: ours, because: [b], options: {alpha: 0.05}}]"
    )
    (bound,) = bind([written(gate)])

    rule = bound.rules[0]
    assert (rule.entry.says, str(rule.options.alpha), rule.options.min_people) == (
        "ours",
        "1/20",
        25,
    )


def test_origins_name_the_file_that_says_it(written):
    (bound,) = bind([written(OWN)])

    text = resolved_text(bound, origins=True)

    assert "alpha: 0.02  # base.yaml:10:" in text
    assert "id: tables  # ours.yaml:6:" in text


def test_a_pack_is_a_parent(written, place):
    path = pack_path("us-adverse-impact")
    pack = load_policy("us-adverse-impact")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    head = CHILD.replace("file: base.yaml", "pack: us-adverse-impact").replace("DIGEST", digest)

    policy = load_policy(written(head=head.replace('"1.0"', f'"{pack.version}"')))

    assert policy.rules == pack.rules


@pytest.mark.parametrize(
    ("before", "after", "slug", "message"),
    [
        ('version: "1.0"', 'version: "1.1"', "parent-changed", "has version '1.0', not '1.1'"),
        ("sha256: DIGEST", f"sha256: {'0' * 63}f", "parent-changed", "another than pinned"),
        ("sha256: DIGEST", "sha256: abc", "bad-digest", "64 letters and digits"),
        (", sha256: DIGEST", "", "missing-key", "'sha256'"),
        ('version: "1.0", ', "", "missing-key", "'version'"),
        ("file: base.yaml", "file: gone.yaml", "bad-extends", "cannot read"),
        ("file: base.yaml", "pack: nyc-ll14", "bad-extends", "there is no policy pack"),
        ("file: base.yaml", "file: base.yaml, pack: nyc-ll144", "bad-extends", "either"),
        ("file: base.yaml, ", "", "bad-extends", "either"),
        ("file: base.yaml", "file: ours.yaml", "bad-extends", "in a circle"),
    ],
)
def test_a_parent_that_is_not_the_one_meant_is_refused(problems, before, after, slug, message):
    assert before in CHILD

    found = problems(head=CHILD.replace(before, after))

    assert any(s == slug and message in m for _, s, m in found), found
    assert all(where.startswith("ours.yaml:3") for where, _, _ in found)


def test_a_parent_that_was_edited_is_not_the_one_that_was_pinned(written, place):
    written()
    (place / "base.yaml").write_text(PARENT.replace("0.02", "0.01"), encoding="utf-8")

    with pytest.raises(PolicyError, match="another than pinned"):
        bind(["ours.yaml"])


def test_a_longer_circle_ends(place):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        text = CHILD.replace("base.yaml", f"{other}.yaml").replace("DIGEST", "0" * 63 + "a")
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(PolicyError, match="in a circle"):
        bind(["a.yaml"])


def test_a_broken_parent_is_named_with_its_first_problem(problems):
    ((where, slug, message),) = problems(parent=PARENT.replace("alpha", "alhpa") + "x: 1\n")

    assert (where, slug) == ("ours.yaml:3:10", "bad-extends")
    assert "base.yaml:16:1: unknown key 'x'" in message


@pytest.mark.parametrize(
    ("child", "message"),
    [
        ("decision_rights: {screening: automate}\n", "was assist, is now automate"),
        # where the parent names no right there is no verdict
        ("decision_rights: {rating: automate}\n", "rating was none, is now automate"),
        ("decision_rights: {rating: assist}\n", "rating was none, is now assist"),
        ("roles: {recruiter: {may: [review, second-review]}}\n", "is now review, second-review"),
        ("roles: {recruiter: {may: [review, run-audits]}}\n", "is now review, run-audits"),
        ("roles: {lead: {may: [run-audits]}}\n", "was approve-waivers, is now run-audits"),
        ("roles: {anybody: {may: [sign-policies]}}\n", "anybody was none, is now sign-policies"),
        ("roles: {anybody: {may: [approve-waivers]}}\n", "is now approve-waivers"),
        ("roles: {anybody: {may: [own-the-model, review]}}\n", "is now own-the-model, review"),
        ("roles: {anybody: {may: [second-review]}}\n", "is now second-review"),
        ("roles: {owner: {may: [run-audits]}}\n", "nobody can say which way it goes"),
        ("requests: [{id: ask, kind: appeal, says: s, because: [b], due: 9 days,"
         " reviewer: recruiter}]\n", "due was 5 days, is now 9 days"),
        ("requests: [{id: ask, kind: appeal, says: s, because: [b], due: 4 days,"
         " reviewer: senior}]\n", "reviewer was recruiter, is now senior"),
        ("missing_values: skip\n", "missing values was review, is now skip"),
        ("waivers: {limits: {longest: 31 days}}\n", "was 30 days, is now 31 days"),
        ("waivers: {limits: {approvals: 1}}\n", "approvals was 2, is now 1"),
        ("waivers: {limits: {never_for: [ratio]}}\n", "never for was rights, is now ratio"),
        ("waivers: {limits: {never_for: []}}\n", "never for was rights, is now []"),
    ],
)  # fmt: skip
def test_a_child_does_not_loosen(problems, child, message):
    ((where, slug, said),) = problems(child)

    assert slug == "loosens-parent"
    assert message in said
    assert where.startswith("ours.yaml:4:")


def test_what_is_looser_is_told_beside_whatever_else_is_wrong(problems):
    child = "roles: {anybody: {may: [sign-policies]}}\n" + gate("{alpha: 0.01}")
    child += "waivers:" + WAIVER.removeprefix("waivers:").replace("RULE", "rights").replace(
        "UNTIL", "2026-01-30"
    ).replace("APPROVED", "[{name: B, role: lead}, {name: C, role: lead}]").replace(
        "granted:", "limits: {never_for: []}\n  granted:"
    )
    slugs = [slug for _, slug, _ in problems(child)]

    assert slugs.count("loosens-parent") == 3
    assert "bad-waiver" in slugs


@pytest.mark.parametrize("status", ["draft", "proposed", "stayed", "retired"])
def test_a_child_of_a_policy_in_force_is_in_force(problems, written, status):
    head = CHILD.replace("status: in-force", f"status: {status}")
    ((where, slug, said),) = problems(head=head)

    assert slug == "loosens-parent"
    assert f"status was in-force, is now {status}" in said
    assert where.startswith("ours.yaml:2:")
    # a parent that only advises has nothing that could stop blocking
    bind([written(head=head, parent=PARENT.replace("status: in-force", "status: draft"))])


def test_a_parent_keeps_duties_apart_in_its_child(problems, written):
    roles = "roles: {new: {may: [own-the-model, request-waivers]}}\n"
    ((where, slug, said),) = problems(roles)

    assert (where, slug) == ("ours.yaml:4:20", "duties-together")
    assert "may request-waivers and own-the-model" in said
    bind([written("roles: {new: {may: [request-waivers]}}\n")])


def test_a_role_of_a_child_that_names_none_in_its_parent_takes_from_everybody(written):
    parent = PARENT.replace(PARENT[PARENT.index("roles:") : PARENT.index("keep_apart")], "")

    bind([written("roles: {recruiter: {may: [review, approve-waivers]}}\n", parent)])


def test_who_has_to_sign_and_what_is_crossed_only_adds_up(written):
    parent = PARENT.replace("2026-01-01}", "2026-01-01, signed_by: [lead]}")
    parent = parent.replace("[approve-waivers]", "[approve-waivers, sign-policies]")
    parent = parent.replace("gates:", "groups: {intersections: [[sex, race]]}\ngates:")
    head = CHILD.replace("2026-01-01}", "2026-01-01, signed_by: []}")
    policy = load_policy(written("groups: {intersections: [[sex, age]]}\n", parent, head))

    assert policy.signed_by == ("lead",)
    assert policy.intersections == ("sex*race", "sex*age")


def test_a_role_that_reads_for_the_parent_may_review_in_its_child(problems):
    parent = PARENT.replace("recruiter: {may: [review]}", "recruiter: {may: [review, run-audits]}")
    ((where, slug, said),) = problems("roles: {recruiter: {may: [run-audits]}}\n", parent)

    assert (where, slug) == ("ours.yaml:4:26", "not-a-role")
    assert "the parent needs 'recruiter' to review" in said


def test_a_role_that_has_to_sign_the_parent_may_sign_its_child(problems):
    parent = PARENT.replace("2026-01-01}", "2026-01-01, signed_by: [lead]}")
    parent = parent.replace("[approve-waivers]", "[approve-waivers, sign-policies]")
    ((where, slug, said),) = problems("roles: {lead: {may: [approve-waivers]}}\n", parent)

    assert (where, slug) == ("ours.yaml:4:21", "not-a-role")
    assert "the parent needs 'lead' to sign-policies" in said


WAIVER = """\
waivers:
  granted:
    - {id: w, finding: 14859adb5a765247, rule: RULE, attribute: sex, value: 0.7, because: r,
       instead: i, requested_by: {name: A, role: owner}, approved_by: APPROVED,
       from: 2026-01-01, until: UNTIL,
       justification: {job_related: j, validation_study: v, alternatives: [{tried: t, why_not: n}]}}
"""


@pytest.mark.parametrize(
    ("rule", "until", "approved", "message"),
    [
        ("ratio", "2026-01-31", "BC", "lasts 31 days, longer than the 30"),
        ("ratio", "2026-01-30", "B", "has 1 of 2 approvals of other people"),
        ("rights", "2026-01-30", "BC", "rights is never waived"),
        ("ratio", "2026-01-30", "BC", None),
    ],
)
def test_the_limits_of_the_parent_hold_for_waivers_of_its_child(
    problems, written, rule, until, approved, message
):
    people = ", ".join(f"{{name: {name}, role: lead}}" for name in approved)
    child = WAIVER.replace("RULE", rule).replace("UNTIL", until)
    child = child.replace("APPROVED", f"[{people}]")

    if message is None:
        bind([written(child)])
    else:
        assert any(s == "bad-waiver" and message in said for _, s, said in problems(child))


def test_a_child_says_what_its_parent_says_of_itself_unless_it_says_otherwise(written):
    said = "2026-01-01, notice: No advice., verified_on: 2026-01-02, review_by: 2026-06-01}"
    parent = PARENT.replace("2026-01-01}", said)
    policy = load_policy(written(parent=parent))
    own = CHILD.replace("2026-01-01}", "2026-01-01, notice: Ours., verified_on: 2026-03-01}")
    other = load_policy(written(parent=parent, head=own))

    assert (policy.notice, policy.verified_on) == ("No advice.", date(2026, 1, 2))
    assert (other.notice, other.verified_on) == ("Ours.", date(2026, 3, 1))
    assert policy.review_by == date(2026, 6, 1)
    assert "the policy was to be reviewed by 2026-06-01, and it is 2026-06-02" in [
        remark.message for remark in remarks(bind([policy])[0], date(2026, 6, 2))
    ]
    assert 'notice: "No advice."  # base.yaml:2' in resolved_text(
        bind([written(parent=parent)])[0], origins=True
    )


def test_a_child_may_add_to_what_a_rule_rests_on_and_drops_nothing(written):
    child = OWN.replace(
        "gates:\n", "gates:\n  - {id: ratio, kind: impact-ratio, says: s, because: [own]}\n"
    )
    child += "requests: [{id: ask, kind: appeal, says: s, because: [own], due: 4 days,"
    child += " reviewer: recruiter}]\n"
    policy = load_policy(written(child))

    assert policy.rules[0].because == ("b", "own")
    assert policy.requests[0].because == ("b", "own")


def test_what_a_child_leaves_out_of_a_rule_is_a_default_and_no_words_of_the_parent(written):
    (bound,) = bind([written(gate("{}"))])
    parent = PARENT.replace("min_people: 25}}", "min_people: 25}, severity: warn}")
    (warned,) = bind([written(gate("{}"), parent)])

    assert "severity: block  # default" in resolved_text(warned, origins=True)
    assert "alpha: 0.02  # base.yaml:10:" in resolved_text(bound, origins=True)


@pytest.mark.parametrize(
    "child",
    [
        "decision_rights: {screening: human_only, offer: human_only}\n",
        "roles: {recruiter: {may: [review]}, clerk: {may: [request-waivers, run-audits]}}\n",
        "waivers: {limits: {longest: 29 days, approvals: 3, never_for: [rights, ratio]}}\n",
    ],
)
def test_a_child_tightens(written, child):
    bind([written(child)])


def gate(options: str, rest: str = "") -> str:
    rule = f"id: ratio, kind: impact-ratio, says: s, because: [b], options: {options}{rest}"
    return f"gates: [{{{rule}}}]\n"


@pytest.mark.parametrize(
    ("child", "message"),
    [
        (gate("{alpha: 0.01}"), "alpha was 0.02, is now 0.01"),
        (gate("{threshold: 0.79}"), "threshold was 0.8, is now 0.79"),
        (gate("{fail_only: true}"), "fail only was no, is now yes"),
        (gate("{}", ", severity: warn"), "severity was block, is now warn"),
        (gate("{}", ", for_each: [sex]"), "for each was every attribute, is now sex"),
        (gate("{}", ", when_present: true"), "when present was no, is now yes"),
        (gate("{metric: scoring-rate}"), "nobody can say which way it goes"),
        (gate("{min_people: 20}"), "nobody can say which way it goes"),
        (gate("{min_people: 31}"), "min people was 25, is now 31"),
        (
            "reviews: [{id: near, kind: near-cut-score, says: s, because: [b],"
            " options: {band: 0.09}, reviewer: recruiter}]\n",
            "band was 0.1, is now 0.09",
        ),
        (
            "reviews: [{id: near, kind: near-cut-score, says: s, because: [b],"
            " mandatory: false, reviewer: recruiter}]\n",
            "mandatory was yes, is now no",
        ),
    ],
)
def test_a_rule_of_the_parent_is_not_loosened(problems, child, message):
    ((where, slug, said),) = problems(child)

    assert slug == "loosens-parent"
    assert message in said
    assert where.startswith("ours.yaml:4:")


@pytest.mark.parametrize(
    "child",
    [
        gate("{alpha: 0.03, threshold: 0.85}"),
        gate("{worth_detecting: 0.8}"),
        "reviews: [{id: near, kind: near-cut-score, says: s, because: [b],"
        " options: {band: 0.11}, reviewer: recruiter, due: 3 days}]\n",
        "reviews: [{id: near, kind: near-cut-score, says: s, because: [b],"
        " options: {band: 0.11}, reviewer: recruiter, due: 3 days, readers: 2}]\n",
    ],
)
def test_a_rule_of_the_parent_is_tightened(written, child):
    bind([written(child)])


@pytest.mark.parametrize(
    ("child", "slug"),
    [
        ("gates: [{id: near, kind: unknown-share, says: s, because: [b]}]\n", "not-the-same-rule"),
        ("gates: [{id: ratio, kind: unknown-share, says: s, because: [b]}]\n", "not-the-same-rule"),
        ("basis: [{id: b, cite: c, says: s}]\n", "id-twice"),
        ("gates: [{id: x, kind: unknown-share, says: s, because: [c]}]\n", "unknown-basis"),
        ("gates: [{id: ask, kind: unknown-share, says: s, because: [b]}]\n", "id-twice"),
        (
            "requests: [{id: near, kind: reconsideration, says: s, because: [b], due: 4 days,"
            " reviewer: recruiter}]\n",
            "id-twice",
        ),
    ],
)
def test_names_of_the_parent_keep_their_meaning(problems, child, slug):
    assert slug in [s for _, s, _ in problems(child)]


def test_a_child_is_not_told_off_for_what_its_parent_writes(written):
    (child,), (parent,) = bind([written(OWN)]), bind(["base.yaml"])
    day = date(2026, 11, 22)

    assert "no example shows what ratio says of a table" in [
        r.message for r in remarks(parent, day)
    ]
    assert [r.message for r in remarks(child, day)] == [
        "no example shows what tables says of a table"
    ]


def test_a_parent_that_cannot_bind_is_refused_though_the_child_mends_its_rule(written, problems):
    child = gate("{alpha: 0.01}")
    broken = PARENT.replace("alpha: 0.02", "alpha: 0.5")
    ((where, slug, _),) = problems(child, parent=broken)

    assert (where.split(":")[0].endswith("base.yaml"), slug) == (True, "out-of-range")
    bind([written(child.replace("0.01", "0.03"))])


def test_a_child_may_say_what_a_model_may_do_where_its_parent_looks_at_no_rights(written, problems):
    rights = "  - {id: rights, kind: decision-right, says: s, because: [b]}\n"
    plain = PARENT.replace(rights, "").replace("decision_rights: {screening: assist}\n", "")
    plain = plain.replace("never_for: [rights]", "never_for: [ratio]")
    child = f"decision_rights: {{offer: automate}}\ngates:\n{rights.replace('rights,', 'own,')}"

    (bound,) = bind([written(child, parent=plain)])
    assert bound.policy.decision_rights == {"offer": "automate"}
    # the control: where a rule of the parent looks, one more right may turn no verdict into a pass
    ((_, slug, said),) = problems("decision_rights: {offer: automate}\n")
    assert (slug, "offer was none, is now automate" in said) == ("loosens-parent", True)


@pytest.mark.parametrize(
    ("may", "way"),
    [("[run-audits, review]", "neutral"), ("[review]", "tighter"), ("[run-audits]", "tighter")],
)
def test_a_role_that_may_less_is_tighter_in_the_same_duties_nothing_changes(written, may, way):
    roles = PARENT.replace("recruiter: {may: [review]}", "recruiter: {may: [review, run-audits]}")
    changed = roles.replace("recruiter: {may: [review, run-audits]}", f"recruiter: {{may: {may}}}")
    written(parent=roles)
    (old,) = bind(["base.yaml"])
    written(parent=changed.replace("reviewer: recruiter", "reviewer: senior"))
    (new,) = bind(["base.yaml"])

    found = [c.direction for c in differences(old, new) if c.key.startswith("roles")]
    assert found == [way]
