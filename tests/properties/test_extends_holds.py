"""What a comparison calls looser or unclear, a child is refused for; what is left, it may write.

Random single edits of a policy: the edited policy stands alone and is compared with the old one,
and the same edit stands in a child of the old one.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import PolicyError
from auditor.rules.bind import bind
from auditor.rules.differences import differences
from auditor.rules.resolve import flow

REFUSED = {"looser", "unclear"}
PARENT: dict[str, Any] = {
    "auditor": "policy/1",
    "policy": {
        "id": "base", "title": "t", "version": "1", "status": "in-force", "owner": "o",
        "effective_from": "2026-01-01",
    },
    "basis": [{"id": "b", "cite": "c", "says": "s"}],
    "decision_rights": {"screening": "assist", "offer": "human_only"},
    "roles": {
        "reader": {"may": ["review", "run-audits"]},
        "lead": {"may": ["approve-waivers", "sign-policies"]},
        "owner": {"may": ["request-waivers", "own-the-model"]},
    },
    "keep_apart": [["request-waivers", "approve-waivers"]],
    "requests": [
        {"id": "ask", "kind": "appeal", "says": "s", "because": ["b"], "due": "10 days",
         "reviewer": "reader"},
    ],
    "reason_codes": [{"id": code, "says": "s"} for code in ("data", "job")],
    "missing_values": "review",
    "waivers": {"limits": {"longest": "30 days", "approvals": 2, "never_for": ["rights"]}},
    "gates": [
        {"id": "ratio", "kind": "impact-ratio", "says": "s", "because": ["b"],
         "options": {"threshold": 0.8, "alpha": 0.03, "min_people": 30}},
        {"id": "rights", "kind": "decision-right", "says": "s", "because": ["b"]},
        {"id": "share", "kind": "unknown-share", "says": "s", "because": ["b"],
         "options": {"limit": 0.25}, "for_each": ["sex", "race"]},
        {"id": "budget", "kind": "flag-budget", "says": "s", "because": ["b"],
         "options": {"at_most": 0.2}},
    ],
    "reviews": [
        {"id": "near", "kind": "near-cut-score", "says": "s", "because": ["b"],
         "options": {"band": 0.1}, "reviewer": "reader", "due": "5 days", "readers": 2},
        {"id": "low", "kind": "condition", "says": "s", "because": ["b"],
         "options": {"when": {"score": {"below": 0.4}}}, "reviewer": "reader"},
    ],
}  # fmt: skip

DUTIES = ("run-audits", "own-the-model", "review", "second-review", "request-waivers",
          "approve-waivers", "sign-policies")  # fmt: skip
DAYS = st.integers(1, 60).map(lambda n: f"{n} days")
SHARES = st.integers(1, 99).map(lambda n: n / 100)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "severity": st.sampled_from(["block", "warn", "info"]),
    "for_each": st.sampled_from(["every-attribute", ["sex"], ["sex", "race"], ["sex", "age"]]),
    "when_present": st.booleans(),
    "mandatory": st.booleans(),
    "reviewer": st.sampled_from(["reader", "lead"]),
    "due": DAYS,
    "readers": st.sampled_from([1, 2]),
}
OPTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "ratio": {
        "threshold": SHARES, "alpha": st.sampled_from([0.01, 0.05]), "min_people": DAYS.map(
            lambda text: int(text.split()[0])), "fail_only": st.booleans(),
        "must_pass": st.sampled_from([["sex"], []]),
    },
    "share": {"limit": SHARES},
    "budget": {"at_most": SHARES},
    "near": {"band": SHARES},
    "low": {"missing": st.sampled_from(["review", "skip"]),
            "when": SHARES.map(lambda n: {"score": {"below": n}})},
}  # fmt: skip


@st.composite
def edits(draw) -> dict[str, Any]:
    """One section of a child, as it stands in a file; whole entries, one thing changed."""
    section = draw(
        st.sampled_from(
            ["decision_rights", "roles", "requests", "limits", "missing_values", "keep_apart",
             "reason_codes", "key", "option", "status", "option", "key"]
        )
    )  # fmt: skip
    match section:
        case "decision_rights":
            kind = draw(st.sampled_from(["screening", "offer", "rating"]))
            return {section: {kind: draw(st.sampled_from(["automate", "assist", "human_only"]))}}
        case "roles":
            name = draw(st.sampled_from([*PARENT["roles"], "new"]))
            may = draw(st.lists(st.sampled_from(DUTIES), min_size=1, max_size=3, unique=True))
            return {section: {name: {"may": may}}}
        case "requests":
            asked = {**PARENT["requests"][0]}
            key = draw(st.sampled_from(["due", "reviewer"]))
            return {section: [{**asked, key: draw(VALUES[key])}]}
        case "limits":
            limit = draw(
                st.one_of(
                    st.tuples(st.just("longest"), DAYS),
                    st.tuples(st.just("approvals"), st.integers(1, 4)),
                    st.tuples(
                        st.just("never_for"),
                        st.sampled_from([[], ["rights"], ["ratio"], ["rights", "ratio"]]),
                    ),
                )
            )
            return {"waivers": {"limits": dict([limit])}}
        case "missing_values":
            return {section: draw(st.sampled_from(["review", "skip"]))}
        case "reason_codes":
            codes = st.lists(st.sampled_from(["data", "job", "new"]), max_size=3, unique=True)
            return {section: [{"id": code, "says": "s"} for code in draw(codes)]}
        case "keep_apart":
            return {section: [draw(st.permutations(DUTIES))[:2]]}
        case "status":
            return {"status": draw(st.sampled_from(["in-force", "draft", "retired"]))}
    rules = [(place, rule) for place in ("gates", "reviews") for rule in PARENT[place]]
    if section == "option":
        rules = [(place, rule) for place, rule in rules if rule["id"] in OPTIONS]
    place, rule = draw(st.sampled_from(rules))
    rule = copy.deepcopy(rule)
    if section == "option":
        option = draw(st.sampled_from(sorted(OPTIONS[rule["id"]])))
        rule["options"][option] = draw(OPTIONS[rule["id"]][option])
    else:
        gate = ("severity", "for_each", "when_present")
        review = ("mandatory", "reviewer", "due", "readers")
        key = draw(st.sampled_from(gate if place == "gates" else review))
        rule[key] = draw(VALUES[key])
    return {place: [rule]}


def edited(edit: dict[str, Any]) -> dict[str, Any]:
    """Parent with one edit in it, as a policy of its own."""
    whole = copy.deepcopy(PARENT)
    for key, value in edit.items():
        if key == "status":
            whole["policy"]["status"] = value
        elif key in ("gates", "reviews", "requests"):
            ids = [entry["id"] for entry in whole[key]]
            whole[key][ids.index(value[0]["id"])] = value[0]
        elif key == "keep_apart":
            whole[key] += value
        elif key == "waivers":
            whole[key]["limits"] |= value["limits"]
        elif key in ("missing_values", "reason_codes"):
            whole[key] = value
        else:
            whole[key] |= value
    return whole


def text(data: dict[str, Any]) -> str:
    return "".join(f"{key}: {flow(value)}\n" for key, value in data.items())


def bound(path, content):
    """Bind a file; None when it is refused for another reason than being looser."""
    path.write_text(content, encoding="utf-8")
    try:
        return bind([path])[0], []
    except PolicyError as refused:
        return None, [problem.slug for problem in refused.problems]


@settings(max_examples=70, deadline=None)
@given(edits())
def test_what_is_called_looser_or_unclear_is_refused_in_a_child(tmp_path_factory, edit):
    place = tmp_path_factory.getbasetemp()
    old, _ = bound(place / "base.yaml", text(PARENT))
    new, wrong = bound(place / "edited.yaml", text(edited(edit)))
    digest = hashlib.sha256((place / "base.yaml").read_bytes()).hexdigest()
    head = {
        "auditor": "policy/1",
        "policy": {**PARENT["policy"], "id": "ours", "status": edit.get("status", "in-force")},
        "extends": {"file": "base.yaml", "version": "1", "sha256": digest},
    }
    rest = {key: value for key, value in edit.items() if key != "status"}
    child, refused = bound(place / "ours.yaml", text({**head, **rest}))

    if new is None:
        assert child is None  # no policy at all is none of a child either
        assert refused
        assert wrong
    elif REFUSED & {change.direction for change in differences(old, new)}:
        assert child is None
        assert set(refused) <= {"loosens-parent", "duties-together", "not-a-role"}
    else:
        assert child is not None, refused
