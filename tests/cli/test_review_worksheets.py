"""Worksheets on the command line: out to a spreadsheet, back into the ledger, on to the gate."""

from __future__ import annotations

import csv
import stat
import subprocess
import sys

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
    rows = [f"{one},7,{n % 9}" for n, one in enumerate(lines[1:])]
    more.write_text("\n".join([f"{lines[0]},years,area", *rows]) + "\n")
    profile = office / "features.yaml"
    before = (office / "profile.yaml").read_text()
    ids = [one["decision"] for item in cases(run, office) for one in item["decisions"]]
    for related, refused in (
        ("", "does not say which of its features are job-related"),
        ("  job_related: []\n", "lists nothing as job-related"),
        ("  job_related: [score]\n", "lists nothing as job-related"),
        ("  job_related: [score, years]\n", ""),
    ):
        profile.write_text(f"{before}  features: [score, years, area]\n{related}")
        ran = export(run, office, "first", "--export", more, "--profile", profile)
        assert ran.code == (2 if refused else 0)
        assert refused in " ".join(ran.err.split())
    sheet = openpyxl.load_workbook(office / "first.xlsx")["first"]
    assert [cell.value for cell in sheet[1]][2:4] == ["years", "Your judgement"]
    assert {row[2].value for row in sheet.iter_rows(min_row=2)} == {"7"}
    assert sorted(row[1].value for row in sheet.iter_rows(min_row=2)) == sorted(ids)
    assert not any(one in ran.err + ran.out for one in ids)


def test_what_a_policy_forbids_is_no_evidence_whatever_the_profile_says(run, office):
    """A model that reads zip codes is one thing; a reviewer who reads them is the next."""
    lines = (office / "applicants.csv").read_text().splitlines()
    rows = [f"{one},{n % 7},{n % 9}" for n, one in enumerate(lines[1:])]
    (office / "more.csv").write_text("\n".join([f"{lines[0]},years,zip3", *rows]) + "\n")
    before = (office / "profile.yaml").read_text()
    (office / "f.yaml").write_text(
        f"{before}  features: [years, zip3]\n  job_related: [years, zip3]\n"
    )
    forbids = "{id: zip, kind: feature-not-allowed, says: s, because: [b], options: {names: [zip]}}"
    plain = (office / "ours.yaml").read_text()
    (office / "zip.yaml").write_text(plain.replace("gates: [", f"gates: [{forbids}, "))
    export_ = ("--export", office / "more.csv", "--profile", office / "f.yaml")
    for policy, shown in (("ours.yaml", ["years", "zip3"]), ("zip.yaml", ["years"])):
        words = (office / "more.csv", "--profile", office / "f.yaml", "--policy", office / policy)
        assert run("audit", *words, "--out", office / "out").code == 0
        assert export(run, office, "first", *export_).code == 0
        sheet = openpyxl.load_workbook(office / "first.xlsx")["first"]
        assert [cell.value for cell in sheet[1]][2:-5] == shown


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


def test_two_imports_at_the_same_moment_record_every_row_once(run, office):
    waiting = len(cases(run, office))
    export(run, office, "first")
    fill(office, "first", JUDGED)
    before = size(run, office)
    words = (
        "review", "import", office / "out", office / "first.xlsx", *place(office),
        "--sign-with", office / "ada.key",
    )  # fmt: skip
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "auditor", *map(str, words)], stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [(one.communicate(timeout=60)[1], one.returncode) for one in both]
    stored = f"recorded: {waiting} first judgements; 0 already recorded"
    (first,) = [text for text, code in said if code == 0 and stored in text]
    ((second, code),) = [one for one in said if one[0] != first]

    assert size(run, office) == before + waiting
    late = f"recorded: 0 first judgements; {waiting} already recorded" in second
    moved = "while the worksheet was checked" in second and "nothing was kept" in second
    assert (code, late, moved) in ((0, True, False), (2, False, True))
