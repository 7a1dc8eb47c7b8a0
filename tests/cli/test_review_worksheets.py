"""Worksheets on the command line: out to a spreadsheet, back into the ledger, on to the gate."""

from __future__ import annotations

import csv
import stat

import openpyxl

from tests.cli.test_review_command import LATER, cases, gate, office, place

__all__ = ["office"]

JUDGED = {"Your judgement": "cannot say", "How sure you are": "low", "Conflict of interest": "no"}
REVIEWED = {
    "What becomes of the model's outcome": "changed",
    "What you considered": "CV",
    "Takes effect on": LATER,
    "Statement of the person": "none given",
    "Why, in your words": "The work sample says otherwise.",
}


def export(run, office, step, *words, reader="Ada"):
    for_whom = () if reader is None else ("--reader", reader)
    return run(
        "review", "export", office / "out", *place(office), "--worksheet", step,
        "--role", "recruiter", *for_whom, "--out", office / f"{step}.xlsx", *words,
    )  # fmt: skip


def take(run, office, step, *words, key="ada"):
    return run(
        "review", "import", office / "out", office / f"{step}.xlsx", *place(office),
        "--sign-with", office / f"{key}.key", *words,
    )  # fmt: skip


def fill(office, step, said, rows=None):
    path = office / f"{step}.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book[step]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in rows or range(2, sheet.max_row + 1):
        for title, value in said.items():
            sheet.cell(row, columns[title]).value = value
    book.save(path)


def size(run, office) -> int:
    return len(run("ledger", "export", office / "reviews.db").out.splitlines())


def test_two_worksheets_open_the_gate(run, office):
    waiting = len(cases(run, office))
    ran = export(run, office, "first")
    assert (ran.code, f"{waiting} rows, for reviewers only" in ran.err) == (0, True)
    assert stat.S_IMODE((office / "first.xlsx").stat().st_mode) == 0o600
    assert "nothing was written" in export(run, office, "reveal").err
    assert not (office / "reveal.xlsx").exists()

    fill(office, "first", JUDGED)
    ran = take(run, office, "first")
    assert (ran.code, ran.out) == (0, "")
    assert f"{waiting} rows filled in, 0 left blank" in ran.err
    assert f"recorded: {waiting} first judgements; 0 already recorded" in ran.err
    assert gate(run, office).code == 5
    left = export(run, office, "first")
    assert f"left out: {waiting}, this person has judged it" in left.err

    assert export(run, office, "reveal").code == 0
    fill(office, "reveal", REVIEWED)
    ran = take(run, office, "reveal")
    assert (ran.code, f"recorded: {waiting} reviews" in ran.err) == (0, True)
    assert f"note: {waiting} rows have the same words" in ran.err
    assert gate(run, office).code == 0
    assert run("ledger", "verify", office / "reviews.db").code == 0

    before = size(run, office)
    ran = take(run, office, "reveal")
    assert (ran.code, f"recorded: 0 reviews; {waiting} already recorded" in ran.err) == (0, True)
    assert size(run, office) == before

    goes_back_with_the_export(run, office)


def goes_back_with_the_export(run, office):
    words = ("--export", office / "applicants.csv", "--profile", office / "profile.yaml")
    ran = run("review", "export", office / "out", *place(office), "--final", *words,
              "--out", office / "final.csv")  # fmt: skip

    assert (ran.code, "pending human" in ran.err) == (0, False)
    with (office / "final.csv").open(newline="") as file:
        rows = {row["application_id"]: row for row in csv.DictReader(file)}
    for item in cases(run, office, "--state", "resolved"):
        (one,) = item["decisions"]
        changed = "Rejected" if one["model"] == "favorable" else "Advanced"
        assert rows[one["decision"]]["status"] == changed
    measured = run("review", "oversight", office / "out", *place(office), "--format", "json")
    assert measured.code == 0


def test_nothing_is_kept_when_one_row_is_wrong_or_nobody_signs(run, office):
    export(run, office, "first", reader=None)
    fill(office, "first", JUDGED)
    fill(office, "first", {"Your judgement": "hire", "Conflict of interest": "perhaps"}, rows=[3])
    before = size(run, office)
    ran = take(run, office, "first")

    assert ran.code == 2
    assert "first.xlsx:first!C3" in ran.err
    assert "first.xlsx:first!E3" in ran.err
    assert "is none of the choices" in ran.err
    assert "hire" not in ran.err
    assert "perhaps" not in ran.err
    assert "choose favorable, unfavorable or cannot say" in ran.err
    assert size(run, office) == before

    fill(office, "first", JUDGED)
    ran = run("review", "import", office / "out", office / "first.xlsx",
              *place(office, keyring=False), "--sign-with", office / "ada.key")  # fmt: skip
    assert (ran.code, "signer-unknown" in ran.err) == (2, True)
    ran = take(run, office, "first", key="lea")
    assert (ran.code, "did not hold the role 'recruiter'" in ran.err) == (2, True)
    assert size(run, office) == before


def test_job_related_values_are_shown_without_the_score_and_no_id_is_printed(run, office):
    more = office / "more.csv"
    lines = (office / "applicants.csv").read_text().splitlines()
    more.write_text("\n".join([f"{lines[0]},years", *(f"{one},7" for one in lines[1:])]) + "\n")
    profile = office / "features.yaml"
    before = (office / "profile.yaml").read_text()
    ids = [one["decision"] for item in cases(run, office) for one in item["decisions"]]
    for features, code in (("score", 2), ("score, years", 0)):
        profile.write_text(f"{before}  features: [{features}]\n")
        ran = export(run, office, "first", "--export", more, "--profile", profile)
        assert (ran.code, "lists no features" in ran.err) == (code, code == 2)
    sheet = openpyxl.load_workbook(office / "first.xlsx")["first"]
    assert [cell.value for cell in sheet[1]][2:4] == ["years", "Your judgement"]
    assert {row[2].value for row in sheet.iter_rows(min_row=2)} == {"7"}
    assert sorted(row[1].value for row in sheet.iter_rows(min_row=2)) == sorted(ids)
    assert not any(one in ran.err + ran.out for one in ids)


NEEDS = [
    ((), "which-export"),
    (("--final", "--worksheet", "first", "--role", "recruiter"), "which-export"),
    (("--final",), "option-missing"),
    (("--final", "--role", "recruiter"), "which-export"),
    (("--worksheet", "first"), "option-missing"),
    (("--worksheet", "first", "--role", "recruiter", "--export", "x.csv"), "option-missing"),
    (("--worksheet", "reveal", "--role", "recruiter"), "reveal-for-nobody"),
    (("--worksheet", "first", "--role", "nobody"), "role-not-asked-for"),
    (("--worksheet", "first", "--role", "recruiter", "--reader", "Eve"), "unknown-reader"),
]


def test_what_an_export_needs_is_said(run, office):
    out = office / "x.xlsx"
    for words, slug in NEEDS:
        ran = run("review", "export", office / "out", *place(office), *words, "--out", out)
        assert (ran.code, f"messages.md#{slug}" in ran.err) == (2, True), words
        assert not out.exists()
    before = (office / "ring.yaml").read_bytes()
    ran = export(run, office, "first", "--out", office / "ring.yaml")
    assert (ran.code, "written over" in ran.err) == (2, True)
    assert (office / "ring.yaml").read_bytes() == before


def test_a_worksheet_of_another_result_is_refused(run, office, case):
    export(run, office, "first")
    fill(office, "first", JUDGED)
    profile = (office / "profile.yaml").read_text()
    words = case({("F", "Advanced"): 60, ("M", "Rejected"): 60}, str(office / "ours.yaml"),
                 profile=profile, name="other.csv")  # fmt: skip
    assert run("audit", *words, "--out", office / "other").code == 0
    ran = run("review", "import", office / "other", office / "first.xlsx", *place(office),
              "--sign-with", office / "ada.key")  # fmt: skip
    assert (ran.code, "made from another result" in ran.err) == (2, True)
