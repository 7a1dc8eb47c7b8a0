"""Contesting and intervention under GDPR Article 22: a month, and a review that says its time."""

from __future__ import annotations

import json

from auditor.policy.days import due_span
from auditor.signing import make_key
from tests.cli.test_review_command import CELLS, SCORED, TODAY, WHOLE


def test_whoever_contests_a_decision_is_answered_within_a_month(run, case, tmp_path):
    words = case(CELLS, "eu-gdpr-22", profile=SCORED)
    assert run("audit", *words, "--out", tmp_path / "out").code in (0, 1, 4, 5)
    people = ""
    for name in ("ada", "ben"):
        key = make_key(tmp_path / f"{name}.key", None)
        people += (
            f"  - {{name: {name}, key: {key}, roles: [reviewer], from: 2026-01-01,"
            " trained_on: 2026-02-01, may_change: true}\n"
        )
    (tmp_path / "ring.yaml").write_text(f"auditor: keyring/1\npeople:\n{people}")
    ledger = ("--ledger", tmp_path / "reviews.db", "--keyring", tmp_path / "ring.yaml")
    assert run("ledger", "init", tmp_path / "reviews.db").code == 0
    listed = ("review", "list", tmp_path / "out", *ledger, "--format", "json")
    before = {one["case"] for one in json.loads(run(*listed).out)}
    decision = json.loads(run(*listed).out)[0]["decisions"][0]["decision"]
    for kind in ("appeal", "reconsideration"):
        ran = run(
            "review", "request", tmp_path / "out", decision, *ledger, "--kind", kind,
            "--policy", "eu-gdpr-22", "--received", TODAY, "--sign-with", tmp_path / "ben.key",
        )  # fmt: skip
        assert ran.code == 0, ran.err

    asked = next(
        one for one in json.loads(run(*listed).out) if len(one["decisions"][0]["rules"]) > 2
    )
    assert asked["case"] in before
    shown = run("review", "show", tmp_path / "out", asked["case"], *ledger).out
    due = due_span("1 month").after(TODAY)
    assert f"eu-gdpr-22/contest (mandatory, reviewer, due {due})" in shown
    assert f"eu-gdpr-22/intervention (mandatory, reviewer, due {due})" in shown

    answer = (
        "review", "resolve", tmp_path / "out", asked["case"], *ledger, "--outcome", "kept",
        "--role", "reviewer", *WHOLE, "--sign-with", tmp_path / "ada.key",
    )  # fmt: skip
    refused = run(*answer)
    assert (refused.code, "how long it took, which eu-gdpr-22 needs" in refused.err) == (2, True)
    assert "the case is resolved" in run(*answer, "--seconds", "200").err
