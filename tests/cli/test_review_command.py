"""Reviews on the command line: from a flag to a gate that opens, and what is refused on the way."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.ledger import new_draft
from auditor.ledger.sqlite import SqliteLedger, opening
from auditor.signing import make_key
from tests.cli.conftest import PROFILE
from tests.cli.test_last_words import without_a_reader

POLICY = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
gates: [{id: unknown, kind: unknown-share, says: s, because: [b], options: {limit: 0.5}}]
reviews: [{id: near, kind: near-cut-score, says: Look., because: [b], options: {band: 0.01},
  reviewer: recruiter, due: 3 days}]
"""
SCORED = PROFILE.replace(
    "  groups:", "  score: {column: score, cut_score: 0.5, scale: [0, 1]}\n  groups:"
)
CELLS = {("F", "Advanced"): 60, ("F", "Rejected"): 40, ("M", "Advanced"): 61, ("M", "Rejected"): 39}
TODAY = datetime.now(UTC).date()
LATER = (TODAY + timedelta(days=30)).isoformat()
WHOLE = (
    "--considered", "CV", "--explanation", "reasons", "--takes-effect", LATER,
    "--rationale", "The work sample is strong.",
)  # fmt: skip


@pytest.fixture
def office(run, case, tmp_path):
    """A result with flags, a ledger and a keyring with one recruiter and one lead."""
    (tmp_path / "ours.yaml").write_text(POLICY)
    words = case(CELLS, str(tmp_path / "ours.yaml"), profile=SCORED)
    assert run("audit", *words, "--out", tmp_path / "out").code == 0
    people = ""
    for name, role in (("ada", "recruiter"), ("lea", "lead")):
        key = make_key(tmp_path / f"{name}.key", None)
        people += (
            f"  - {{name: {name.title()}, key: {key}, roles: [{role}], from: 2026-01-01,"
            f" trained_on: 2026-02-01, may_change: true}}\n"
        )
    (tmp_path / "ring.yaml").write_text(f"auditor: keyring/1\npeople:\n{people}")
    assert run("ledger", "init", tmp_path / "reviews.db", "--name", "ours").code == 0
    return tmp_path


def place(office, *, keyring: bool = True) -> tuple[object, ...]:
    ring = ("--keyring", office / "ring.yaml") if keyring else ()
    return ("--ledger", office / "reviews.db", *ring)


def cases(run, office, *words) -> list[dict]:
    ran = run("review", "list", office / "out", *place(office), "--format", "json", *words)

    assert ran.code == 0
    return json.loads(ran.out)


def resolve(run, office, case, *words, key="ada", role="recruiter", keyring=True):
    signed = () if key is None else ("--sign-with", office / f"{key}.key")
    return run(
        "review", "resolve", office / "out", case, *place(office, keyring=keyring),
        "--outcome", "kept", "--role", role, *WHOLE, *signed, *words,
    )  # fmt: skip


def gate(run, office, *words):
    return run("gate", office / "out", *place(office), *words)


def test_a_gate_opens_when_its_last_flag_is_settled(run, office):
    waiting = cases(run, office)

    assert len(waiting) > 2
    assert {one["state"] for one in waiting} == {"open"}
    for one in waiting:
        assert gate(run, office).code == 5
        ran = resolve(run, office, one["case"][:10])
        assert (ran.code, "the case is resolved" in ran.err) == (0, True)
    assert gate(run, office).code == 0
    assert run("gate", office / "out").code == 5
    assert cases(run, office) == []
    assert len(cases(run, office, "--state", "resolved")) == len(waiting)
    assert run("gate", office / "out", *place(office, keyring=False)).code == 5
    assert run("ledger", "verify", office / "reviews.db").code == 0


def test_a_case_is_shown_with_what_is_missing_and_why_records_do_not_count(run, office):
    first = cases(run, office)[0]
    refused = resolve(run, office, first["case"], "--conflict")
    assert refused.code == 2
    assert "would count for nothing: its reviewer declared a conflict" in refused.err
    kept = resolve(run, office, first["case"], "--conflict", "--record-anyway")
    assert "it counts for nothing: its reviewer declared a conflict" in kept.err

    shown = run("review", "show", office / "out", first["case"][:10], *place(office)).out
    assert "missing: ours/near: nobody has reviewed it" in shown
    assert "reviewed by Ada" in shown
    assert "does not count: its reviewer declared a conflict of interest" in shown
    assert first["decisions"][0]["decision"] in shown
    assert gate(run, office).code == 5


def test_all_reasons_are_named_before_anything_is_stored(run, office):
    one = cases(run, office)[0]["case"]
    ran = run(
        "review", "resolve", office / "out", one, *place(office), "--outcome", "kept",
        "--role", "lead", "--sign-with", office / "ada.key",
    )  # fmt: skip

    assert ran.code == 2
    assert ran.err.count("would count for nothing") == 5
    assert "did not hold the role 'lead'" in ran.err
    assert cases(run, office)[0]["not_counting"] == []


def test_without_a_key_a_record_is_kept_and_clears_nothing(run, office):
    one = cases(run, office)[0]["case"]
    assert resolve(run, office, one, key=None).code == 2
    ran = resolve(run, office, one, "--record-anyway", key=None)

    assert ran.code == 0
    assert "it counts for nothing: nobody signed it" in ran.err
    assert "1 are not authentic" in run("review", "status", office / "out", *place(office)).out
    assert cases(run, office)[0]["state"] == "open"


def test_steps_of_a_case(run, office):
    one = cases(run, office)[0]["case"]

    def step(verb, *words, key="ada"):
        signed = ("--sign-with", office / f"{key}.key")
        return run("review", verb, office / "out", one, *place(office), *words, *signed)

    assert step("claim", "--role", "recruiter").code == 0
    assert cases(run, office, "--state", "claimed")[0]["claimed_by"] == "Ada"
    assert step("claim", "--role", "lead", key="lea").code == 2
    assert step("release", key="lea").code == 2
    assert step("release").code == 0
    assert step("escalate", "--role", "recruiter", "--to", "lead", "--why", "Hard.").code == 0
    assert cases(run, office, "--role", "lead")[0]["state"] == "escalated"
    assert resolve(run, office, one, key="lea", role="lead").code == 0


def test_status_is_numbers_and_no_ids(run, office):
    first, *rest = cases(run, office)
    resolve(run, office, first["case"])
    counted = json.loads(
        run("review", "status", office / "out", *place(office), "--format", "json").out
    )

    assert (counted["required"], counted["closed"], counted["in_time"]) == (1 + len(rest), 1, 1)
    assert (counted["open"], counted["unauthenticated"]) == (len(rest), 0)
    text = run("review", "status", office / "out", *place(office)).out
    assert f"1 of {1 + len(rest)} required reviews done" in text
    assert first["case"] not in text
    late = (TODAY + timedelta(days=9)).isoformat()
    assert (
        f"{len(rest)} overdue"
        in run("review", "status", office / "out", *place(office), "--as-of", late).out
    )


def test_a_report_has_a_section_on_human_review(run, office):
    page = office / "report.html"
    ran = run("report", office / "out", "--format", f"html={page}", *place(office))

    assert ran.code == 0
    assert "Human review" in page.read_text()
    alone = run("report", office / "out", "--format", f"html={page}", "--keyring", "ring.yaml")
    assert (alone.code, "no ledger is named" in alone.err) == (2, True)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("gate", ()),
        ("report", ("--format", "html=report.html")),
        ("list", ()),
        ("status", ()),
        ("show", ("c",)),
        ("claim", ("c", "--role", "recruiter")),
        ("resolve", ("c", "--role", "recruiter", "--outcome", "kept")),
    ],
)
def test_a_ledger_that_cannot_be_opened_is_never_a_pass(run, office, verb, words):  # V-35
    name = [verb] if verb in ("gate", "report") else ["review", verb]
    none = office / "none.db"
    result, *rest = (office / "out", *words)
    ran = run(*name, result, *rest, "--ledger", none, "--keyring", office / "ring.yaml")

    assert ran.code == 74
    assert not none.exists()


def test_a_file_that_is_no_ledger_is_not_accepted(run, office):
    (office / "reviews.db").write_bytes(b"not a ledger" * 1000)

    assert gate(run, office).code == 6


def test_a_stored_result_takes_no_keyring_alone(run, office):
    assert run("gate", office / "out", "--keyring", office / "ring.yaml").code == 2


def test_an_export_is_judged_with_its_reviews(run, office, case):
    words = case(CELLS, str(office / "ours.yaml"), profile=SCORED)
    for one in cases(run, office):
        resolve(run, office, one["case"])

    # the policy is not signed, and a keyring asks for that: 6 before anything else
    assert run("gate", *words, *place(office)).code == 6
    assert run("gate", *words, "--ledger", office / "reviews.db").code == 5


def test_a_rationale_in_a_file(run, office):
    one = cases(run, office)[0]["case"]
    note = office / "note.txt"
    note.write_text("Looked at everything.")
    signed = ("--sign-with", office / "ada.key")
    said = (*WHOLE[:-2], "--rationale-file", note)
    ran = run("review", "resolve", office / "out", one, *place(office), "--outcome", "kept",
              "--role", "recruiter", *said, *signed)  # fmt: skip
    assert ran.code == 0
    assert "everything" not in run("ledger", "export", office / "reviews.db").out
    assert "everything" in run("ledger", "export", office / "reviews.db", "--with-words").out

    assert resolve(run, office, one, "--rationale-file", note).code == 2
    note.write_bytes(b"\xff\xfe\xff")
    ran = run("review", "resolve", office / "out", one, *place(office), "--outcome", "kept",
              "--role", "recruiter", *said, *signed)  # fmt: skip
    assert (ran.code, "no text in UTF-8" in ran.err) == (2, True)


def test_no_protected_attribute_and_no_word_of_a_person_is_printed(run, office):
    with (office / "out" / "flags.csv").open(newline="") as file:
        columns = next(csv.reader(file))
    one = cases(run, office)[0]["case"]
    resolve(run, office, one)
    shown = run("review", "show", office / "out", one, *place(office)).out
    listed = run("review", "list", office / "out", *place(office)).out

    assert {"gender", "sex"}.isdisjoint(columns)
    for text in (shown, listed):
        assert "work sample" not in text
        assert "gender" not in text


def test_what_anybody_left_in_the_ledger_does_not_keep_the_final_export_back(run, office):
    words = ("--final", "--export", office / "applicants.csv", "--profile", office / "profile.yaml")
    export = ("review", "export", office / "out", *place(office), *words, "--out", office / "f.csv")
    assert run(*export).code == 0
    before = (office / "f.csv").read_bytes()
    body = {"case": "c" * 32, "identity": "0" * 32, "outcome": "unfavorable", "model_version": "v",
            "request": "appeal", "policy": "ours", "rule": "appeal", "reviewer": "recruiter",
            "received": "2026-01-02", "due": "2026-02-02"}  # fmt: skip
    with SqliteLedger(office / "reviews.db") as held:
        held.append([new_draft("ours", "requested", body)])
    ran = run(*export)

    assert ran.code == 0
    assert "1 decision is in no row, though somebody asked about it" in ran.err
    assert "00000" not in ran.err
    assert "ccccc" not in ran.err
    assert (office / "f.csv").read_bytes() == before


def test_the_export_goes_back_with_what_people_decided(run, office):
    first = cases(run, office)[0]
    resolve(run, office, first["case"], "--outcome", "changed")
    before = (office / "applicants.csv").read_bytes()
    words = ("--final", "--export", office / "applicants.csv", "--profile", office / "profile.yaml")
    ran = run("review", "export", office / "out", *place(office), *words,
              "--out", office / "final.csv")  # fmt: skip

    assert (ran.code, "pending human" in ran.err) == (0, True)
    with (office / "final.csv").open(newline="") as file:
        rows = {row["application_id"]: row for row in csv.DictReader(file)}
    one = first["decisions"][0]
    changed = "Rejected" if one["model"] == "favorable" else "Advanced"
    row = rows[one["decision"]]
    assert (row["status"], row["decided_by"]) == (changed, "recruiter")
    assert row["review_case"] == first["case"]
    policy = ("--policy", office / "ours.yaml", "--profile", office / "profile.yaml")
    assert run("audit", office / "final.csv", *policy, "--out", office / "again").code == 0
    for name in ("final.xlsx", "final.parquet", "final.ODS"):
        other = run("review", "export", office / "out", *place(office), *words,
                    "--out", office / name)  # fmt: skip
        assert (other.code, "#out-of-another-kind" in other.err) == (2, True)
        assert not (office / name).exists()
    over = run("review", "export", office / "out", *place(office), *words,
               "--out", office / "applicants.csv")  # fmt: skip
    assert (over.code, "written over" in over.err) == (2, True)
    assert (office / "applicants.csv").read_bytes() == before


def test_the_words_of_a_case_are_erased_and_the_gate_stays_as_it_was(run, office):
    waiting = cases(run, office)
    for one in waiting:
        assert resolve(run, office, one["case"]).code == 0
    first = waiting[0]["case"]

    def erase(key="lea"):
        signed = ("--sign-with", office / f"{key}.key")
        return run("review", "erase", office / "out", first[:10], *place(office), *signed)

    ran = erase()
    assert ran.code == 0
    assert "Erased: 1 text (rationale 1)." in ran.out
    assert f"They lay beside 1 entry of case {first}; entry {len(waiting) + 1} says so." in ran.out
    assert "Not in reach: backups" in ran.out
    assert WHOLE[-1] not in ran.out + ran.err
    assert gate(run, office).code == 0
    assert run("ledger", "verify", office / "reviews.db").code == 0
    again = erase()
    assert (again.code, again.err) == (0, "")
    assert f"were erased before; entry {len(waiting) + 1} says so" in again.out
    words = run("ledger", "export", office / "reviews.db", "--with-words").out
    assert words.count(WHOLE[-1]) == len(waiting) - 1


def test_erasing_while_the_log_is_read_says_what_is_done_and_is_finished_by_saying_it_again(
    run, office, monkeypatch
):
    monkeypatch.setitem(opening.SETTINGS, "busy_timeout", 50)
    first = cases(run, office)[0]["case"]
    assert resolve(run, office, first).code == 0
    words = ("review", "erase", office / "out", first, *place(office))

    def in_files():
        files = office.glob("reviews.db*")
        return any(WHOLE[-1].encode() in path.read_bytes() for path in files)

    with SqliteLedger(office / "reviews.db", read_only=True) as other, other.reading():
        assert other.words()
        busy = run(*words, "--sign-with", office / "lea.key")
        assert busy.code == 74
        assert "#log-not-emptied" in busy.err
        assert "the words are erased, and an entry says so; only the log is left" in busy.err
        assert "nothing was written" not in busy.err
        assert in_files()
    again = run(*words, "--sign-with", office / "lea.key")

    assert again.code == 0
    assert "was emptied just now" in again.out
    assert not in_files()
    kinds = run("ledger", "export", office / "reviews.db").out.count('"kind":"erased"')
    assert kinds == 1


def test_a_gate_and_a_report_look_at_checkpoints_from_outside(run, office):
    assert "no checkpoint of the ledger was made" in gate(run, office).err
    key = make_key(office / "log.key", None)
    note = office / "first.note"
    made = run("ledger", "checkpoint", office / "reviews.db", "--sign-with", office / "log.key",
               "--out", note)  # fmt: skip
    assert made.code == 0
    assert "no checkpoint of the ledger was made" in gate(run, office).err  # it is nobody's
    unknown = gate(run, office, "--checkpoint", note)
    assert (unknown.code, "with the role 'checkpoint' signed" in unknown.err) == (6, True)
    who = ("ledger", "verify", office / "reviews.db", "--keyring", office / "ring.yaml")
    assert "signed by nobody of the keyring" in " ".join(run(*who).err.split())
    ring = office / "ring.yaml"
    known = f"  - {{name: Log, key: {key}, roles: [checkpoint], from: 2026-01-01}}\n"
    ring.write_text(ring.read_text() + known)
    assert "signed by nobody" not in run(*who).err
    kept = " ".join(gate(run, office).err.split())
    assert "its checkpoints are kept in the ledger itself: newer ones that were taken" in kept
    named = " ".join(gate(run, office, "--checkpoint", note).err.split())
    assert f"added since {TODAY} behind the checkpoint that was named, of 1 entry" in named
    assert resolve(run, office, cases(run, office)[0]["case"]).code == 0
    since = f"1 entry of the ledger since {TODAY} is covered by no checkpoint"
    assert since in " ".join(gate(run, office).err.split())

    alone = ("--checkpoint", note)
    assert run("gate", office / "out", *alone).code == 2
    without = run("report", office / "out", "--format", f"text={office / 'r.txt'}", *alone)
    assert (without.code, "no ledger is named" in without.err) == (2, True)
    plain = (*place(office), "--checkpoint", note)
    assert run("gate", office / "out", *plain).code == 5
    report = run("report", office / "out", "--format", f"text={office / 'r.txt'}", *plain)
    assert report.code == 0
    assert since in " ".join((office / "r.txt").read_text().split())
    note.write_text(note.read_text().replace("ours", "theirs"))
    assert run("gate", office / "out", *plain).code == 6


def test_somebody_asks_about_a_decision_that_nobody_flagged(run, office, case):
    ours = office / "ours.yaml"
    asks = "{id: appeal, kind: appeal, says: s, because: [b], due: 45 days, reviewer: recruiter}"
    ours.write_text(ours.read_text() + f"requests: [{asks}]\n")
    words = case(CELLS, str(ours), profile=SCORED)
    assert run("audit", *words, "--out", office / "asked").code == 0
    flagged = {
        one["decision"]
        for item in json.loads(
            run("review", "list", office / "asked", *place(office), "--format", "json").out
        )
        for one in item["decisions"]
    }
    export, profile = words[0], words[words.index("--profile") + 1]
    _, *rows = csv.reader(Path(export).read_text().splitlines())
    other = next(row[0] for row in rows if row[0] not in flagged)
    told = (
        "review", "request", office / "asked", other, *place(office), "--kind", "appeal",
        "--policy", "ours", "--received", TODAY.isoformat(), "--sign-with", office / "ada.key",
    )  # fmt: skip
    assert "no decision of this queue has this id" in run(*told).err
    ran = run(*told, "--export", export, "--profile", profile)
    assert (ran.code, "the case is open" in ran.err) == (0, True)
    assert other not in ran.err
    listed = run("review", "list", office / "asked", *place(office), "--state", "open").out
    assert len([line for line in listed.splitlines() if f": {other}" in line]) == 1


def test_somebody_asks_where_no_rule_flagged_anything_and_no_key_was_made(run, case, tmp_path):
    policy = tmp_path / "ours.yaml"
    asks = "{id: appeal, kind: appeal, says: s, because: [b], due: 45 days, reviewer: recruiter}"
    quiet = POLICY.replace("near-cut-score", "value-missing").replace("band: 0.01", "columns: [id]")
    policy.write_text(f"{quiet}requests: [{asks}]\n")
    words = case(CELLS, str(policy), profile=SCORED)
    assert run("audit", *words, "--out", tmp_path / "out").code == 0
    key = tmp_path / "config" / "auditor" / "key"
    assert not key.exists()
    ring = make_key(tmp_path / "ada.key", None)
    (tmp_path / "ring.yaml").write_text(
        "auditor: keyring/1\npeople:\n"
        f"  - {{name: Ada, key: {ring}, roles: [recruiter], from: 2026-01-01}}\n"
    )
    assert run("ledger", "init", tmp_path / "reviews.db", "--name", "ours").code == 0
    again = ("--export", words[0], "--profile", words[2])
    told = (
        "review", "request", tmp_path / "out", "000005", *place(tmp_path), "--kind", "appeal",
        "--policy", "ours", "--received", TODAY.isoformat(), "--sign-with", tmp_path / "ada.key",
        *again,
    )  # fmt: skip
    assert run(*told, "--key", tmp_path / "mistyped").code == 2
    assert not (tmp_path / "mistyped").exists()
    assert run(*told).code == 0
    assert key.exists()
    final = (
        "review", "export", tmp_path / "out", *place(tmp_path), "--final", *again,
        "--out", tmp_path / "final.csv",
    )  # fmt: skip
    assert "1 decision is pending human" in run(*final).err
    key.unlink()
    refused = run(*final)
    assert (refused.code, "#key-not-there" in refused.err) == (2, True)
    assert not key.exists()


def test_reviews_into_a_pipe_that_was_closed_end_quietly(run, office):
    case = cases(run, office)[0]["case"]

    for words in (
        ("list", office / "out"),
        ("show", office / "out", case),
        ("status", office / "out"),
    ):
        assert without_a_reader("review", *words, *place(office)) == (141, "")
