"""Reason codes of a policy on the command line: shown, taken, refused, and in the result."""

from __future__ import annotations

import json

from tests.cli import test_review_command
from tests.cli.test_review_command import POLICY, cases, gate, office, place, resolve

__all__ = ["office"]

LISTING = POLICY + "reason_codes: [{id: data-wrong, says: A value was wrong.}]\n"


def test_a_review_takes_its_reason_from_the_list(run, monkeypatch, request):
    monkeypatch.setattr(test_review_command, "POLICY", LISTING)
    office = request.getfixturevalue("office")
    result = json.loads((office / "out" / "audit.json").read_text())
    assert result["policies"][0]["reason_codes"] == [
        {"id": "data-wrong", "says": "A value was wrong."}
    ]
    waiting = [one["case"] for one in cases(run, office)]
    shown = run("review", "show", office / "out", waiting[0], *place(office)).out
    assert "Reason codes\n  data-wrong: A value was wrong." in shown

    other = ("--outcome", "changed")
    refused = resolve(run, office, waiting[0], *other, "--reason-code", "data-wrng")
    assert (refused.code, "did you mean 'data-wrong'?" in refused.err) == (2, True)
    refused = resolve(run, office, waiting[0], *other)
    assert (refused.code, "names no reason code of ours (data-wrong)" in refused.err) == (2, True)
    assert gate(run, office).code == 5

    for one in waiting:
        assert resolve(run, office, one, *other, "--reason-code", "data-wrong").code == 0
    assert gate(run, office).code == 0


def test_a_policy_without_a_list_shows_none_and_takes_any_label(run, office):
    one = cases(run, office)[0]["case"]

    assert "Reason codes" not in run("review", "show", office / "out", one, *place(office)).out
    assert resolve(run, office, one, "--outcome", "changed", "--reason-code", "mine").code == 0
