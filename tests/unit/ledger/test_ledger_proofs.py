"""Proofs that are handed to somebody who has no ledger."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from dataclasses import replace

import pytest

from auditor.errors import IntegrityError, UsageError
from auditor.ledger import Words
from auditor.ledger.checkpoint import sign_checkpoint
from auditor.ledger.export import export_ledger
from auditor.ledger.proofs import proof_holds, prove
from auditor.ledger.tree import leaf_hash
from tests.unit.ledger.conftest import private_of


def test_a_proof_is_checked_with_hashes_alone(book):
    entries = book.add(10)
    outside = book.checkpoint()
    proof = json.loads(json.dumps(prove(book.ledger, "4", outside)))
    found = hashlib.sha256(b"\0" + proof["entry"].encode()).digest()
    index, width = proof["index"], proof["size"]
    for step in map(bytes.fromhex, proof["path"]):  # RFC 6962, by hand for this shape of tree
        left = index % 2 == 1 or index + 1 == width
        pair = step + found if left else found + step
        found, index, width = hashlib.sha256(b"\1" + pair).digest(), index // 2, (width + 1) // 2

    assert proof["entry"].encode() == entries[3].content
    assert found.hex() == proof["root"]
    assert base64.b64encode(found).decode() == proof["checkpoint"].split("\n")[2]
    assert proof_holds(proof)


def test_every_entry_is_proved_by_its_number_and_its_id_and_at_every_checkpoint(book):
    book.add(3)
    older = book.checkpoint()
    book.add(9)
    newer = book.checkpoint()
    for entry in book.ledger.entries():
        by_number = prove(book.ledger, str(entry.seq), newer, since=older)

        assert by_number == prove(book.ledger, entry.draft.id, newer, since=older)
        assert proof_holds(by_number)
        assert by_number["continues"]["size"] == 4


def test_a_changed_proof_does_not_hold(book):
    book.add(3)
    older = book.checkpoint()
    book.add(3)
    proof = prove(book.ledger, "2", book.checkpoint(), since=older)
    other = sign_checkpoint("reviews", 7, b"\0" * 32, private_of("log")).note
    changes = (
        {"entry": proof["entry"].replace("hr", "it")},
        {"leaf": "0" * 64},
        {"index": 3},
        {"size": 8},
        {"path": proof["path"][:-1]},
        {"path": ["x"]},
        {"root": "0" * 64},
        {"ledger": "others"},
        {"checkpoint": other},
        {"checkpoint": "none"},
        {"continues": {**proof["continues"], "root": "0" * 64}},
        {"continues": {**proof["continues"], "path": []}},
        {"continues": {**proof["continues"], "checkpoint": other}},
    )

    assert proof_holds(proof)
    assert [change for change in changes if proof_holds({**proof, **change})] == []


def test_any_other_json_is_no_proof_and_no_crash(book):
    book.add(3)
    older = book.checkpoint()
    book.add(3)
    proof = prove(book.ledger, "2", book.checkpoint(), since=older)
    others = [None, True, 1, -1, 1.5, "", "x", "\ud800", [], [1], {}, {"x": 1}]
    may_be_missing = {"checkpoint", "continues"}

    assert proof_holds(proof)
    for key in proof:
        assert not proof_holds({name: proof[name] for name in proof if name != key})
        found = [one for one in others if proof_holds({**proof, key: one})]
        assert found == ([None] if key in may_be_missing else []), key
    for key in proof["continues"]:
        inner = proof["continues"]
        for one in others:
            assert not proof_holds({**proof, "continues": {**inner, key: one}})
    assert [one for one in others if proof_holds(one)] == []


@pytest.mark.parametrize("which", ["5", "-1", "x", "", "0" * 32, "9" * 40, "\N{SUPERSCRIPT TWO}"])
def test_there_is_no_proof_of_what_is_not_there(book, which):
    book.add(2)
    with pytest.raises(UsageError, match="there is no entry"):
        prove(book.ledger, which)


def test_checkpoints_have_to_fit(book):
    book.add(2)
    older = book.checkpoint()
    book.add(2)
    newer = book.checkpoint()
    with pytest.raises(UsageError, match="entry 4 is not among the 3"):
        prove(book.ledger, "4", older)
    with pytest.raises(UsageError, match="covers 5 entries and the proof is about 3"):
        prove(book.ledger, "0", older, since=newer)
    for wrong in (
        replace(older, origin="others"),
        replace(older, size=9),
        replace(older, root=b"\0" * 32),
    ):
        for given in ({"checkpoint": wrong}, {"since": wrong}):
            with pytest.raises(IntegrityError, match="does not fit this ledger"):
                prove(book.ledger, "0", **given)


def test_lines_of_an_export_are_the_leaves_of_the_tree(book):
    book.add(5)
    lines = export_ledger(book.ledger).splitlines()
    hashes = [leaf_hash(line.encode()).hex() for line in lines]

    assert [json.loads(line)["previous"] for line in lines[1:]] == hashes[:-1]
    assert "reason" not in export_ledger(book.ledger)


def test_words_are_exported_when_they_are_asked_for(book):
    draft, words = book.escalation("=HYPERLINK(evil)")
    book.ledger.append([draft], {(draft.id, "why"): words})
    *_, line = export_ledger(book.ledger, with_words=True).splitlines()
    table = list(csv.DictReader(io.StringIO(export_ledger(book.ledger, "csv", with_words=True))))

    said = json.loads(line)["words"]
    assert (said["id"], said["text"]) == (draft.id, words.text)
    assert Words(text=said["text"], salt=said["salt"]).digest == draft.words["why"]
    assert json.loads(table[1]["words"]) == {"why": words.text}
    assert "words" not in export_ledger(book.ledger, "csv").splitlines()[0]


def test_no_cell_of_an_export_runs_as_a_formula(book):
    body = {"case": "=1+1", "role": "@x"}
    book.ledger.append([book.draft(body=body)])
    *_, row = csv.DictReader(io.StringIO(export_ledger(book.ledger, "csv")))

    assert row["case"] == "'=1+1"
    assert json.loads(row["body"]) == body
