"""What a policy needs of every review besides, on the command line; and each rule's own day."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.cli import test_review_command
from tests.cli.test_review_command import POLICY, TODAY, cases, gate, office, place, resolve

__all__ = ["office"]

NEEDING = POLICY + "reviews_need: [seconds]\n"


def test_a_review_without_its_time_settles_nothing_where_the_policy_needs_it(
    run, monkeypatch, request
):
    monkeypatch.setattr(test_review_command, "POLICY", NEEDING)
    office = request.getfixturevalue("office")
    result = json.loads((office / "out" / "audit.json").read_text())
    assert result["policies"][0]["reviews_need"] == ["seconds"]
    waiting = [one["case"] for one in cases(run, office)]
    shown = run("review", "show", office / "out", waiting[0], *place(office)).out
    assert "A review says how long it took (--seconds): ours needs it" in shown

    for words in ((), ("--seconds", "0")):
        refused = resolve(run, office, waiting[0], *words)
        says = "it does not say how long it took, which ours needs of a review"
        assert (refused.code, says in refused.err) == (2, True)
    for one in waiting:
        assert gate(run, office).code == 5
        assert resolve(run, office, one, "--seconds", "90").code == 0
    assert gate(run, office).code == 0


def test_a_policy_that_needs_nothing_more_asks_for_nothing(run, office):
    one = cases(run, office)[0]["case"]

    assert "--seconds" not in run("review", "show", office / "out", one, *place(office)).out
    assert resolve(run, office, one).code == 0


def test_a_case_shows_the_day_of_each_rule(run, monkeypatch, request):
    two = POLICY.replace(
        "due: 3 days}]",
        "due: 3 days}, {id: wide, kind: near-cut-score, says: Look., because: [b], "
        "options: {band: 0.02}, reviewer: recruiter, due: 2 weeks}, {id: whenever, kind: "
        "near-cut-score, says: Look., because: [b], options: {band: 0.03}, reviewer: recruiter}]",
    )
    monkeypatch.setattr(test_review_command, "POLICY", two)
    office = request.getfixturevalue("office")
    one = next(one for one in cases(run, office) if len(one["decisions"][0]["rules"]) == 3)
    shown = run("review", "show", office / "out", one["case"], *place(office)).out

    near, wide = (TODAY + timedelta(days=days) for days in (3, 14))
    assert f"ours/near (mandatory, recruiter, due {near}): " in shown
    assert f"ours/wide (mandatory, recruiter, due {wide}): " in shown
    assert "ours/whenever (mandatory, recruiter): " in shown
