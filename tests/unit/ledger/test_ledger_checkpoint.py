"""Checkpoints as signed notes: another reader's view of the format, and what is no checkpoint."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auditor.errors import SignatureError
from auditor.ledger.checkpoint import key_id, read_checkpoint, sign_checkpoint
from auditor.ledger.pasting import read_pasted
from auditor.signing.ed25519 import public_bytes
from tests.unit.ledger.conftest import holder, private_of, ring

ROOT = hashlib.sha256(b"a root").digest()
DAY = date(2026, 11, 25)

KNOWN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\N{EM DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
    "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KNOWN_KEY = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""Example of the package golang.org/x/mod/sumdb/note (BSD-3-Clause); 01 and 32 bytes of key."""


def made(size: int = 7):
    return sign_checkpoint("reviews", size, ROOT, private_of("log"))


def test_the_id_and_signature_of_a_published_note_are_ours_too():
    public = base64.b64decode(KNOWN_KEY)[1:]
    text, _, line = KNOWN_NOTE.rpartition("\n\n")
    found = base64.b64decode(line.split(" ")[2])

    assert key_id("PeterNeumann", public) == bytes.fromhex("c74f20a3") == found[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(found[4:], f"{text}\n".encode())


def test_a_checkpoint_reads_as_the_specification_writes_it():
    note = made().note
    origin, size, root, blank, line, end = note.split("\n")
    dash, name, coded = line.split(" ")
    public = public_bytes(private_of("log"))
    found = base64.b64decode(coded)

    assert (origin, size, blank, end, dash, name) == (
        "reviews", "7", "", "", "\N{EM DASH}", "reviews",
    )  # fmt: skip
    assert base64.b64decode(root) == ROOT
    assert found[:4] == hashlib.sha256(b"reviews\n\x01" + public).digest()[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(
        found[4:], f"{origin}\n{size}\n{root}\n".encode()
    )


def test_what_was_signed_is_read_back_and_pasted():
    note = made().note

    assert read_checkpoint(note, "f") == made()
    assert made().signed_by(public_bytes(private_of("log")))
    assert not made().signed_by(public_bytes(private_of("ada")))


NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (("made 2026-11-25T12:00:00Z",), NOON),
        (("another line", "made 2026-11-25T12:00:00Z"), NOON),
        ((), None),
        (("2026-11-25T12:00:00Z",), None),
        (("made 2026-11-25",), None),
        (("made yesterday",), None),
        (("made 2026-11-25T12:00:00Z", "made 2030-11-25T12:00:00Z"), None),  # which of them?
    ],
    ids=range(7),
)
def test_when_a_checkpoint_was_made_is_a_signed_line_below_its_root(lines, when):
    first, blank, below = made().note.partition("\n\n")
    found = read_checkpoint("\n".join((first, *lines)) + blank + below, "f")

    assert found.made == when
    assert found.signed_by(public_bytes(private_of("log"))) is (not lines)
    dated = sign_checkpoint("reviews", 7, ROOT, private_of("log"), made=NOON)
    assert (dated.made, dated.signed_by(public_bytes(private_of("log")))) == (NOON, True)
    assert read_pasted(f"> {dated.note}".replace("\n", "\r\n> ").encode(), "f") == dated


def test_a_changed_line_or_a_moved_signature_is_not_signed():
    public = public_bytes(private_of("log"))
    note = made().note
    other = sign_checkpoint("others", 7, ROOT, private_of("log")).note
    moved = note.rpartition("\n\n")[0] + "\n\n" + other.rpartition("\n\n")[2]

    for changed in (
        note.replace("\n7\n", "\n8\n"),
        note.replace("reviews\n", "others\n", 1),
        moved,
    ):
        assert not read_checkpoint(changed, "f").signed_by(public)


def test_lines_for_later_and_signatures_of_others_are_let_through():
    first = made()
    other = base64.b64encode(b"\1\2\3\4" + b"x" * 70).decode()
    more = f"{first.note}\N{EM DASH} witness {other}\n"
    public = public_bytes(private_of("log"))

    assert read_checkpoint(more, "f").signed_by(public)
    assert read_checkpoint(more.replace("\n\n", "\nan extension\n\n"), "f").size == 7
    assert not read_checkpoint(more.replace("\n\n", "\nan extension\n\n"), "f").signed_by(public)


HEAD, BELOW = made().note.rpartition("\n\n")[::2]


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("", "its last line does not end"),
        (made().note.rstrip("\n"), "its last line does not end"),
        (made().note.replace("\n", "\r\n"), r"its lines end with \r\n"),
        (made().note.replace("reviews", "re\tviews"), "a control character"),
        (made().note.replace("\n\n", "\n"), "a blank line and a signature"),
        (HEAD + "\n\n", "a blank line and a signature"),
        (HEAD + "\n\nno signature\n", "is no signature"),
        (HEAD + "\n\n" + BELOW.replace("\N{EM DASH}", "-"), "is no signature"),
        (HEAD + "\n\n" + BELOW + "\n", "a blank line and a signature"),
        (HEAD + "\n\n\N{EM DASH} reviews AAAA\n", "is no signature"),
        (HEAD + "\n\n\N{EM DASH} reviews !!!!\n", "is no signature"),
        (f"reviews\n7\n\n{BELOW}", "its first three lines"),
        (f"two words\n7\nx\n\n{BELOW}", "its first three lines"),
        (made().note.replace("\n7\n", "\n07\n"), "no number of entries"),
        (made().note.replace("\n7\n", "\n-7\n"), "no number of entries"),
        (made().note.replace("\n7\n", "\n\N{ARABIC-INDIC DIGIT SEVEN}\n"), "no number of entries"),
        (f"reviews\n7\nAAAA\n\n{BELOW}", "no root of 32 bytes"),
        (f"reviews\n7\n{'A' * 43}\n\n{BELOW}", "no root of 32 bytes"),
        ("x" * 20_000, "longer than 16 KiB"),
    ],
    ids=range(19),
)
def test_what_is_no_checkpoint_is_refused_with_what_is_wrong(note, says):
    with pytest.raises(SignatureError) as refused:
        read_checkpoint(note, "note.txt")

    (problem,) = refused.value.problems
    assert problem.slug == "checkpoint-malformed"
    assert says in problem.message
    assert str(problem.where) == "note.txt"


@pytest.mark.parametrize(
    ("holders", "signed"),
    [
        ((holder("log", "checkpoint"),), True),
        ((holder("ada", "checkpoint"), holder("log", "checkpoint", "hr")), True),
        ((holder("log", "hr"),), False),
        ((holder("ada", "checkpoint"),), False),
        ((holder("log", "checkpoint", until=date(2026, 11, 20)),), True),
        ((holder("log", "checkpoint", until=date(2026, 11, 19)),), False),
        ((holder("log", "checkpoint", start=DAY),), True),
        ((holder("log", "checkpoint", start=date(2026, 11, 26)),), False),
    ],
    ids=range(8),
)
def test_a_signer_holds_the_role_on_a_day_on_which_it_can_have_been_made(holders, signed):
    found = made().signer(ring(*holders), since=date(2026, 11, 20), as_of=DAY)

    assert (found is not None) == signed
