"""One person alone on the command line: what they pass on, ask for, or date ahead opens no gate."""

from __future__ import annotations

import sqlite3

import pytest

from auditor.cli.policy.passphrases import opened_key
from auditor.ledger import Entry, new_draft
from auditor.ledger.reading import read_entry
from auditor.ledger.tree import leaf_hash
from auditor.signing import make_key
from tests.cli import test_review_command
from tests.cli.test_review_command import POLICY, TODAY, cases, gate, office, place, resolve

__all__ = ["office"]

ASKING = POLICY + (
    "requests: [{id: again, kind: reconsideration, says: s, because: [b], due: 45 days, "
    "reviewer: recruiter}]\n"
)


@pytest.fixture
def small(monkeypatch, request):
    """Ada is recruiter and lead, Lea lead alone, and Kim makes checkpoints."""
    monkeypatch.setattr(test_review_command, "POLICY", ASKING)
    office = request.getfixturevalue("office")
    ring = office / "ring.yaml"
    kim = make_key(office / "kim.key", None)
    people = ring.read_text().replace("[recruiter]", "[recruiter, lead]")
    ring.write_text(
        f"{people}  - {{name: Kim, key: {kim}, roles: [checkpoint], from: 2026-01-01}}\n"
    )
    return office


def step(run, office, verb, case, *words, key="ada"):
    told = (verb, office / "out", case, *place(office), "--sign-with", office / f"{key}.key")
    return run("review", *told, *words)


def test_a_case_is_passed_on_to_others_who_may_decide(run, small):
    one = cases(run, small)[0]["case"]
    refused = step(run, small, "escalate", one, "--role", "recruiter", "--to", "checkpoint")
    assert (refused.code, "nobody else in the keyring holds" in refused.err) == (2, True)
    passed = step(run, small, "escalate", one, "--role", "recruiter", "--to", "lead")
    assert passed.code == 0
    refused = resolve(run, small, one, role="lead")
    assert (refused.code, "than whoever passed it on" in refused.err) == (2, True)
    settled = resolve(run, small, one, key="lea", role="lead")
    assert (settled.code, "the case is resolved" in settled.err) == (0, True)
    refused = step(run, small, "escalate", one, "--role", "lead", "--to", "recruiter", key="lea")
    assert (refused.code, "there is nothing to pass on" in refused.err) == (2, True)


def test_whoever_asks_does_not_answer_and_has_a_part_in_the_policy(run, small):
    for one in cases(run, small):
        assert resolve(run, small, one["case"]).code == 0
    assert gate(run, small).code == 0
    one = cases(run, small, "--state", "resolved")[0]["case"]
    words = (
        "--kind", "reconsideration", "--policy", "ours", "--received", TODAY.isoformat(),
    )  # fmt: skip
    refused = step(run, small, "request", one, *words, key="kim")
    assert (refused.code, "holds no role of ours" in refused.err) == (2, True)
    assert step(run, small, "request", one, *words).code == 0

    refused = resolve(run, small, one)
    assert (refused.code, "than whoever entered it" in refused.err) == (2, True)
    assert gate(run, small).code == 5
    yesterday = (TODAY.replace(year=TODAY.year - 1)).isoformat()
    assert gate(run, small, "--as-of", yesterday).code == 5


def test_the_last_second_of_all_is_no_traceback(run, small):
    one = cases(run, small)[0]["case"]
    assert resolve(run, small, one).code == 0
    with sqlite3.connect(small / "reviews.db") as file:
        seq, content = file.execute("SELECT max(seq), content FROM entries").fetchone()
        said = read_entry(content).draft
        private = opened_key(str(small / "ada.key"), None)
        draft = new_draft("ours", "claimed", {"case": one, "role": "recruiter"}).signed(private)
        entry = Entry(
            seq=seq + 1, at="9999-12-31T23:59:59Z", previous=leaf_hash(content).hex(), draft=draft
        )
        file.execute("INSERT INTO entries VALUES (?, ?, ?)", (entry.seq, draft.id, entry.content))
    file.close()
    assert said.kind == "reviewed"

    for day in ((), ("--as-of", "9999-12-31")):
        for verb in ("gate", "list", "oversight", "status"):
            words = (verb,) if verb == "gate" else ("review", verb)
            ran = run(*words, small / "out", *place(small), *(day if verb != "status" else ()))
            assert ran.code in (0, 5, 6), (verb, day, ran.err)
            assert "Traceback" not in ran.err
