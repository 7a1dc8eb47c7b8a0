"""`auditor ledger`: exit codes, what goes to standard output, and what people read."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.ledger import Words, addresses, new_draft
from auditor.ledger.checkpoint import read_checkpoint
from auditor.ledger.proofs import proof_holds
from auditor.ledger.sqlite import SqliteLedger
from auditor.signing import KeyFile

CASE = "c" * 32
WHY = "her phone was off, he wrote"
DAY = "2030-06-01"


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ring(run, here) -> None:
    """Keys of Ada, who reviews, and of the one that signs checkpoints, and their keyring."""
    entries = []
    for name, role in (("ada", "hr"), ("log", "checkpoint")):
        made = run("policy", "sign", "--new-key", f"{name}.key")
        line = made.out.rstrip().replace("YOUR NAME", name).replace("YOUR ROLE", role)
        entries.append(re.sub(r"from: [0-9-]+", "from: 2026-01-01", line))
    (here / "ring.yaml").write_text("auditor: keyring/1\npeople:\n" + "\n".join(entries) + "\n")


def private(name: str) -> Ed25519PrivateKey:
    return KeyFile.read(f"{name}.key").private_key(lambda: b"")


def add(path: str, many: int = 1) -> None:
    with SqliteLedger(path) as ledger:
        for _ in range(many):
            said = Words(text=WHY)
            body = {"case": CASE, "role": "hr", "to_role": "head"}
            draft = new_draft(ledger.name, "escalated", body, words={"why": said})
            ledger.append([draft.signed(private("ada"))], {(draft.id, "why"): said})


@pytest.fixture
def ledger(run, here, ring) -> str:
    assert run("ledger", "init", "r.db", "--name", "reviews").code == 0
    add("r.db", 3)
    return "r.db"


def checkpoint(run, *more: str):
    return run("ledger", "checkpoint", "r.db", "--sign-with", "log.key", *more)


def verify(run, *more: str):
    return run("ledger", "verify", "r.db", "--as-of", DAY, *more)


def test_a_ledger_is_made_once(run, here):
    made, again = run("ledger", "init", "r.db"), run("ledger", "init", "r.db")

    assert (made.code, made.out, again.code) == (0, "", 74)
    assert re.search(r"The ledger r-[0-9a-f]{8} is in r.db", words(made.err))
    assert "never written over" in again.err
    assert "docs/messages.md#ledger-exists" in again.err


def test_without_a_checkpoint_verification_says_what_it_cannot_show(run, ledger):
    plain, strict = verify(run), verify(run, "--strict")

    assert (plain.code, plain.out) == (0, "")
    assert "Nothing was found that does not hold." in words(plain.err)
    says = "Not shown: without a checkpoint from outside it cannot be seen whether entries were "
    assert f"{says}left out, put in another order, dated anew" in words(plain.err)
    assert strict.code == 6
    assert "#ledger-not-anchored" in strict.err


def test_with_a_checkpoint_of_today_and_a_keyring_strict_is_content(run, here, ledger):
    made = checkpoint(run)
    (here / "kept.txt").write_bytes(made.out.encode())
    today = f"{read_checkpoint(made.out, 'f').made:%Y-%m-%d}"
    options = ("--checkpoint", "kept.txt", "--strict")
    found = verify(run, *options, "--keyring", "ring.yaml", "--as-of", today)
    later = verify(run, *options, "--keyring", "ring.yaml")
    unknown = verify(run, *options, "--as-of", today)

    assert made.code == found.code == 0
    assert read_checkpoint(made.out, "f").size == 4
    says = f"A checkpoint from outside, made on {today}, covers 4 entries, which are as they were"
    assert says in words(found.err)
    says = f"it cannot be seen whether anything was added, since {today}, after entry 3 and left"
    assert f"Not shown: {says}" in words(found.err)
    assert (later.code, f"error: {says}" in words(later.err)) == (6, True)
    assert unknown.code == 6
    assert "there is no keyring" in unknown.err


def test_since_a_checkpoint_its_signer_answers_for_signatures(run, here, ledger):
    checkpoint(run, "--out", "kept.txt")
    add("r.db", 2)
    options = ("--checkpoint", "kept.txt", "--keyring", "ring.yaml", "--since-checkpoint")
    plain, strict = verify(run, *options), verify(run, *options, "--strict")

    assert (plain.code, strict.code) == (0, 6)
    says = "signatures of the first 4 entries were not computed: whoever signed the checkpoint"
    assert says in words(plain.err)
    assert says in words(strict.err)


def test_entries_after_the_checkpoint_are_named(run, here, ledger):
    checkpoint(run, "--out", "kept.txt")
    add("r.db", 2)
    options = ("--checkpoint", "kept.txt", "--keyring", "ring.yaml")
    plain, strict = verify(run, *options), verify(run, *options, "--strict")

    assert (plain.code, strict.code) == (0, 6)
    assert "Not shown: entries 4 to 5 are not yet anchored" in words(plain.err)


def test_a_changed_entry_is_6_and_named_and_not_signed(run, here, ledger):
    checkpoint(run, "--out", "kept.txt")
    change = sqlite3.connect("r.db")
    (sql,) = change.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'entries_as_they_are'"
    ).fetchone()
    change.execute("DROP TRIGGER entries_as_they_are")
    change.execute(
        "UPDATE entries SET content = CAST(replace(content, 'head', 'hood') AS BLOB) WHERE seq = 2"
    )
    change.execute(sql)
    change.commit()
    change.close()
    plain = verify(run)
    anchored = verify(run, "--checkpoint", "kept.txt")
    signed = checkpoint(run)

    assert (plain.code, anchored.code, signed.code, signed.out) == (6, 6, 6, "")
    assert "error: the signature of entry 2 is not genuine" in plain.err
    assert "error: entry 3 does not follow the one before it" in plain.err
    assert "The first is about entry 2." in words(plain.err)
    assert "not those that the checkpoint covers" in anchored.err


def test_a_cut_end_is_seen_with_a_checkpoint_only(run, here, ledger):
    checkpoint(run, "--out", "kept.txt")
    change = sqlite3.connect("r.db")
    held = change.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name in ("entries_stay", "checkpoints_stay"):
        change.execute(f"DROP TRIGGER {name}")
    change.execute("DELETE FROM words WHERE id IN (SELECT id FROM entries WHERE seq = 3)")
    change.execute("DELETE FROM entries WHERE seq = 3")
    change.execute("DELETE FROM checkpoints")
    for (sql,) in held:
        if "_stay " in sql:
            change.execute(sql)
    change.commit()
    change.close()

    assert verify(run).code == 0
    found = verify(run, "--checkpoint", "kept.txt")
    assert found.code == 6
    assert "covers 4 entries and there are 3: the end is gone" in found.err
    assert "1 thing does not hold." in words(found.err)


def test_a_checkpoint_continues_every_earlier_one_that_is_named(run, here, ledger):
    first = checkpoint(run, "--out", "first.txt")
    assert "No earlier checkpoint was named with --after" in words(first.err)
    add("r.db", 1)
    options = ("--after", "first.txt", "--keyring", "ring.yaml", "--out", "second.txt")
    second = checkpoint(run, *options)
    assert second.code == 0
    assert "--after" not in second.err
    unknown = checkpoint(run, "--after", "second.txt", "--after", "first.txt")
    assert (unknown.code, "was not looked up" in unknown.err) == (0, True)
    by_ada = run("ledger", "checkpoint", "r.db", "--sign-with", "ada.key", "--out", "ada.txt")
    nobodys = checkpoint(run, "--after", "ada.txt", "--keyring", "ring.yaml")
    assert (by_ada.code, nobodys.code, nobodys.out) == (0, 6, "")


def test_a_history_that_was_written_anew_is_not_signed_after_what_was_kept(run, here, ledger):
    checkpoint(run, "--out", "kept.txt")
    for name in ("r.db", "r.db-wal", "r.db-shm"):
        (here / name).unlink(missing_ok=True)
    run("ledger", "init", "r.db", "--name", "reviews")
    add("r.db", 5)
    refused = checkpoint(run, "--after", "kept.txt")
    assert (refused.code, refused.out) == (6, "")
    assert "not those that the checkpoint covers" in refused.err
    with SqliteLedger("r.db") as opened:
        assert opened.checkpoints() == ()
    assert checkpoint(run).code == 0  # whoever names none signs whatever is there


def test_a_note_of_nobody_or_a_keyring_decides_whether_a_ledger_is_signed(run, ledger):
    with SqliteLedger("r.db") as opened:
        opened.keep_checkpoint("pasted by hand")
    alone, known = checkpoint(run), checkpoint(run, "--keyring", "ring.yaml")

    assert (alone.code, alone.out, known.code) == (6, "", 0)
    assert "so it is left aside" in words(known.err)
    assert read_checkpoint(known.out, "f").size == 4


def test_a_proof_goes_to_standard_output_and_holds(run, here, ledger):
    checkpoint(run, "--out", "older.txt")
    add("r.db", 2)
    checkpoint(run, "--out", "newer.txt")
    options = ("--checkpoint", "newer.txt", "--consistency", "older.txt")
    made = run("ledger", "prove", "r.db", "2", *options)
    wrong = run("ledger", "prove", "r.db", "2", "--checkpoint", "older.txt", "--consistency",
                "newer.txt")  # fmt: skip

    assert (made.code, made.err, wrong.code) == (0, "", 2)
    assert proof_holds(json.loads(made.out))
    assert made.out.isascii()
    assert WHY not in made.out


def test_an_export_holds_words_only_when_they_are_asked_for(run, here, ledger):
    plain = run("ledger", "export", "r.db")
    table = run("ledger", "export", "r.db", "--format", "csv", "--out", "r.csv")
    full = run("ledger", "export", "r.db", "--with-words")

    assert [one.code for one in (plain, table, full)] == [0, 0, 0]
    assert len(plain.out.splitlines()) == 4
    assert len((here / "r.csv").read_text().splitlines()) == 5
    assert WHY not in plain.out + (here / "r.csv").read_text()
    assert full.out.count(WHY) == 3


HOSTILE = "x\n::error::y\u202e\x9b31m\x1b[31m"


@pytest.fixture
def hostile(run, ledger) -> None:
    """An entry whose case, and words whose text, would command a terminal or a log."""
    said = Words(text=HOSTILE)
    with SqliteLedger("r.db") as opened:
        body = {"case": HOSTILE, "role": HOSTILE, "to_role": "head"}
        draft = new_draft("reviews", "escalated", body, words={"why": said})
        opened.append([draft], {(draft.id, "why"): said})


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_commands_no_terminal_and_is_exact_in_a_pipe(run, hostile, form):
    words = ("ledger", "export", "r.db", "--with-words", "--format", form)
    ours, theirs = pty.openpty()
    with (
        os.fdopen(ours, "rb", buffering=0) as screen,
        subprocess.Popen([sys.executable, "-m", "auditor", *words], stdout=theirs),
    ):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # of Linux, at the end
            while part := screen.read(1 << 16):
                shown += part
    piped = run(*words).out

    assert not {"\u202e", "\x9b", "\x1b"} & set(shown.decode())
    assert len(shown.decode().splitlines()) == len(piped.splitlines())
    assert "\n::" not in piped.replace("\r", "\n")
    assert ("\u202e" in piped, "\x9b" in piped, "\x1b" in piped) == (True, True, False)
    if form == "jsonl":
        *_, entry, beside = map(json.loads, piped.splitlines())
        assert entry["said"]["body"]["case"] == beside["words"]["text"] == HOSTILE


@pytest.mark.parametrize("name", ["r.db", "r.db-wal", "./r.db-shm"])
def test_nothing_is_written_over_the_ledger(run, ledger, name):
    before = Path("r.db").read_bytes()
    ran = run("ledger", "export", "r.db", "--out", name)

    assert ran.code == 2
    assert "#out-is-an-input" in ran.err
    assert Path("r.db").read_bytes() == before


def test_a_pasted_note_is_read_and_one_of_other_words_is_2_and_says_why(run, here, ledger):
    made = checkpoint(run)
    pasted = made.out.replace("\n", "\r\n> ")
    (here / "kept.txt").write_bytes(f"\r\n> {pasted}\r\n".encode())
    (here / "more.txt").write_text(f"Kept today.\n{made.out}")
    found = verify(run, "--checkpoint", "kept.txt")
    refused = verify(run, "--checkpoint", "more.txt")

    assert found.code == 0
    assert "A checkpoint from outside, made on" in words(found.err)
    assert refused.code == 2
    assert "its first three lines have to be a name" in refused.err
    assert "and no others" in " ".join(refused.err.split())


@pytest.mark.parametrize(
    ("args", "code", "slug"),
    [
        (("verify", "none.db"), 74, "ledger-missing"),
        (("verify", "ring.yaml"), 6, "not-a-ledger"),
        (("verify", "."), 74, "ledger-unusable"),
        (("verify", "r.db", "--checkpoint", "none.txt"), 74, "path-unreadable"),
        (("verify", "r.db", "--checkpoint", "ring.yaml"), 2, "checkpoint-malformed"),
        (("verify", "r.db", "--keyring", "none.yaml"), 74, "path-unreadable"),
        (("verify", "r.db", "--since-checkpoint"), 2, "nobody-answers-for-signatures"),
        (("checkpoint", "r.db", "--sign-with", "none.key"), 74, "path-unreadable"),
        (("checkpoint", "none.db", "--sign-with", "log.key"), 74, "ledger-missing"),
        (("prove", "r.db", "9"), 2, "no-such-entry"),
        (("prove", "none.db", "0"), 74, "ledger-missing"),
        (("export", "none.db"), 74, "ledger-missing"),
        (("init", "none/r.db"), 74, "ledger-unwritable"),
        (("init", "x.db", "--name", "Two Words"), 2, "ledger-name"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_has_its_code_and_leaves_nothing(
    run, ledger, listing, args, code, slug
):
    before = listing() - {"r.db-wal", "r.db-shm"}
    ran = run("ledger", *args)

    assert (ran.code, ran.out) == (code, "")
    assert f"docs/messages.md#{slug}" in ran.err
    assert "Traceback" not in ran.err
    assert listing() - {"r.db-wal", "r.db-shm"} == before


ADDRESS = "postgresql://ada:s3cr3t@db.example/hr"


@pytest.mark.parametrize(
    "args",
    [
        ("ledger", "verify", "r.db", ADDRESS),
        ("ledger", "verify", "r.db", "--checkpoint", ADDRESS),
        ("ledger", "verify", "r.db", "--as-of", ADDRESS),
        ("ledger", "export", "r.db", "--format", ADDRESS),
        ("ledger", "export", f"{ADDRESS}?password=s3cr3t", "--format", "x"),
        ("ledger", "verify", f"{ADDRESS} "),
        ("ledger", "verify", f"'{ADDRESS}?sslmode=disable&password=s3cr3t'"),
        ("ledger", "verify", "postgresql:/ada:s3 cr3t s3cr3t@half@db.example/hr"),
        ("ledger", "verify", f"jdbc:{ADDRESS}"),
        ("ledger", "checkpoint", "r.db", "--sign-with", ADDRESS),
        ("gate", ADDRESS),
        (ADDRESS,),
    ],
    ids=range(12),
)
def test_an_address_in_the_wrong_place_is_said_without_its_password(run, ledger, args):
    ran = run(*args)

    assert ran.code in {2, 74}
    assert "s3cr3t" not in ran.out + ran.err


def test_the_line_that_is_hidden_in_would_have_shown_it(run, ledger, monkeypatch):
    monkeypatch.setattr(addresses, "_SECRETS", ())

    assert "s3cr3t" in run("ledger", "verify", "r.db", ADDRESS).err


def test_a_passphrase_opens_the_key(run, here, ledger):
    (here / "phrase").write_text("open sesame\n")
    run("policy", "sign", "--new-key", "locked.key", "--passphrase-file", "phrase")
    right = run("ledger", "checkpoint", "r.db", "--sign-with", "locked.key",
                "--passphrase-file", "phrase")  # fmt: skip
    absent = run("ledger", "checkpoint", "r.db", "--sign-with", "locked.key")

    assert (right.code, absent.code) == (0, 2)
    assert "open sesame" not in right.out + right.err


def test_somebody_unknown_is_named_by_number_and_strict_refuses(run, here, ledger):
    checkpoint(run, "--out", "kept.txt")
    text = (here / "ring.yaml").read_text().splitlines(keepends=True)
    (here / "ring.yaml").write_text("".join(line for line in text if "name: ada" not in line))
    options = ("--checkpoint", "kept.txt", "--keyring", "ring.yaml")
    plain, strict = verify(run, *options), verify(run, *options, "--strict")

    assert (plain.code, strict.code) == (0, 6)
    assert "Nobody stands behind entry 1: its key is not in the keyring." in words(plain.err)
    assert "error: nobody stands behind entry 3: its key is not in the keyring" in strict.err


def test_what_is_unusual_and_no_fault_is_said(run, here, ledger):
    checkpoint(run)
    past = datetime(2026, 1, 1, tzinfo=UTC)
    with SqliteLedger("r.db", clock=lambda: past) as opened:
        for _ in range(25):
            opened.append([new_draft("reviews", "claimed", {"case": CASE, "role": "hr"})])
    (here / "empty.yaml").write_text(
        (here / "ring.yaml").read_text().replace("2026-01-01", "2031-01-01")
    )
    found = verify(run, "--keyring", "empty.yaml")

    assert found.code == 0
    said = words(found.err)
    assert "kept in the ledger, of 4 entries, was signed by nobody of the keyring" in said
    known = words(verify(run, "--keyring", "ring.yaml").err)
    assert (
        "kept in the ledger itself covers 4 entries; whoever can write the ledger cannot" in known
    )
    assert "4 entries; whoever can write the ledger could have made it fit" in words(
        verify(run).err
    )
    assert "signed by nobody" not in known
    assert "Warning: the clock went back; entry 4 is dated" in said
    assert "Nobody stands behind entry 1: its key holds from 2031-01-01." in said
    assert "25 entries without a signature." in said


def test_a_kept_note_of_nobody_is_said_with_a_keyring_and_6_without(run, ledger):
    with SqliteLedger("r.db") as opened:
        opened.keep_checkpoint("\x1b[31mpasted by hand")
    plain, known = verify(run), verify(run, "--keyring", "ring.yaml")

    assert (plain.code, known.code) == (6, 0)
    assert "Warning: a checkpoint in the ledger cannot be read" in words(known.err)
    assert "signed it, so it is left aside." in words(known.err)
    assert "\x1b" not in known.err


@pytest.mark.parametrize("by", ["ada", None])
def test_words_that_nobody_known_erased_are_6_with_a_keyring_and_said_without(run, ledger, by):
    with SqliteLedger("r.db") as opened:
        ((entry, field), *_) = opened.words()
        body = {"case": CASE, "entries": [{"id": entry, "fields": [field]}]}
        draft = new_draft("reviews", "erased", body)
        opened.erase(draft if by is None else draft.signed(private("ada")))
    plain, known = verify(run), verify(run, "--keyring", "ring.yaml")

    assert (plain.code, known.code) == (0, 0 if by else 6)
    said = "Words that were erased: 1, 1 of them by entries that nobody signed"
    assert (said in words(plain.err)) is (by is None)
    assert ("were erased, and no person stands behind entry 4" in words(known.err)) is (by is None)
    assert "Words that were erased: 1" in words(known.err)


def test_of_very_many_unknown_people_the_first_are_named(run, here, ledger):
    add("r.db", 30)
    (here / "ring.yaml").write_text(
        (here / "ring.yaml").read_text().replace("2026-01-01", "2031-01-01")
    )
    found = verify(run, "--keyring", "ring.yaml")

    assert found.code == 0
    assert found.err.count("Nobody stands behind") == 20
    assert "And more of these." in found.err


def test_a_changed_structure_leads_to_the_entry_that_was_changed_with_it(run, here, ledger):
    connection = sqlite3.connect("r.db")
    connection.execute("DROP TRIGGER entries_as_they_are")
    connection.execute("UPDATE entries SET content = x'7b7d' WHERE seq = 2")
    connection.commit()
    connection.close()
    found = verify(run)
    ran = run("ledger", "salvage", "r.db", "--out", "new.db")

    assert (found.code, "its structure was changed" in words(found.err)) == (6, True)
    assert "'auditor ledger salvage' names the first entry" in words(found.err)
    assert "ledger verify" not in found.err
    assert "from entry 2 on: entry 2 cannot be read" in words(ran.err + ran.out)
    signed = run("ledger", "checkpoint", "new.db", "--sign-with", "log.key")
    assert "Entry 2 says that what followed was lost" in words(signed.err)
    assert read_checkpoint(signed.out, "f").size == 3


def test_what_holds_of_a_damaged_ledger_goes_on_in_a_new_one(run, here, ledger):
    assert checkpoint(run, "--out", "first.note").code == 0
    add("r.db", 3)
    assert checkpoint(run, "--out", "second.note").code == 0
    refused = run("ledger", "salvage", "r.db", "--out", "new.db")
    assert (refused.code, "nothing to salvage" in words(refused.err)) == (2, True)
    connection = sqlite3.connect("r.db")
    (drop, put_back) = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE name = 'entries_as_they_are'"
    ).fetchone()
    connection.execute(f"DROP TRIGGER {drop}")
    connection.execute("UPDATE entries SET content = x'7b7d' WHERE seq = 5")
    connection.execute(put_back)
    connection.commit()
    connection.close()
    ran = run(
        "ledger", "salvage", "r.db", "--out", "new.db", "--checkpoint", "first.note",
        "--sign-with", "log.key",
    )  # fmt: skip
    said = words(ran.err + ran.out)

    assert ran.code == 0
    assert "The ledger reviews was salvaged into new.db: 5 entries, 4 texts." in said
    assert "Lost: 2 entries, from entry 5 on: entry 5 cannot be read" in said
    assert "Not copied, since they do not fit any more: checkpoints, 1." in said
    assert WHY not in said
    assert run("ledger", "verify", "r.db").code == 6
    fits = run("ledger", "verify", "new.db", "--checkpoint", "first.note")
    assert (fits.code, "this is a salvage" in words(fits.err + fits.out)) == (0, True)
    assert run("ledger", "verify", "new.db", "--checkpoint", "second.note").code == 6
    assert run("ledger", "salvage", "r.db", "--out", "new.db").code == 74
