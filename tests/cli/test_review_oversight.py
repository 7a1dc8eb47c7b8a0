"""Oversight and feedback on the command line: of the export that was audited, and no other."""

from __future__ import annotations

import json
import stat

import pytest

from tests.cli.test_review_command import cases, office, place, resolve

__all__ = ["office"]


def measure(run, office, *words, export="applicants.csv", profile="profile.yaml"):
    return run(
        "review", "oversight", office / "out", *place(office),
        "--export", office / export, "--profile", office / profile, *words,
    )  # fmt: skip


def learn(run, office, *words, export="applicants.csv", profile="profile.yaml"):
    return run(
        "review", "feedback", office / "out", *place(office), "--out", office / "learn.csv",
        "--export", office / export, "--profile", office / profile, *words,
    )  # fmt: skip


@pytest.mark.parametrize("ask", [measure, learn])
def test_another_export_and_another_profile_are_refused(run, office, ask):
    resolve(run, office, cases(run, office)[0]["case"])
    assert ask(run, office).code == 0
    lines = (office / "applicants.csv").read_text().splitlines()
    # fewer rows, and the same rows with the groups exchanged: every flagged decision is still there
    (office / "later.csv").write_text("\n".join(lines[:-1]) + "\n")
    swapped = [line.replace(",F,", ",?,").replace(",M,", ",F,").replace(",?,", ",M,")
               for line in lines]  # fmt: skip
    (office / "swapped.csv").write_text("\n".join(swapped) + "\n")
    assert swapped != lines
    (office / "other.yaml").write_text((office / "profile.yaml").read_text() + "# another\n")
    (office / "learn.csv").unlink(missing_ok=True)

    for export in ("later.csv", "swapped.csv"):
        ran = ask(run, office, export=export)
        assert (ran.code > 0, "messages.md#another-export" in ran.err) == (True, True), export
    ran = ask(run, office, profile="other.yaml")
    assert (ran.code, "messages.md#another-profile" in ran.err) == (6, True)
    assert not (office / "learn.csv").exists()


def test_the_net_effect_is_that_of_the_audited_export(run, office):
    for one in cases(run, office):
        resolve(run, office, one["case"])
    found = json.loads(measure(run, office, "--format", "json").out)
    (sex,) = (one for one in found["groups"]["attributes"] if one["attribute"] == "sex")

    assert {one["group"]: one["before"]["of"] for one in sex["groups"]} == {"F": 100, "M": 100}


def test_a_file_holds_what_the_terminal_hides(run, office):
    """All but one of a handful of flags are answered, so who waits is one person of one group."""
    for one in cases(run, office)[:-1]:
        resolve(run, office, one["case"])
    shown = measure(run, office).out
    kept = measure(run, office, "--out", office / "oversight.txt")
    file = office / "oversight.txt"

    assert kept.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "waiting for a person: hidden" in shown
    # a gate prints 60/100 and 61/100, so a rate over 99 would tell who waits
    assert " of 99;" in file.read_text()
    assert " of 99;" not in shown
    assert "/100" in run("gate", office / "out", *place(office)).err
    assert "waiting for a person: 1\n" in file.read_text()
    assert "hidden" not in file.read_text()


def test_a_report_says_what_review_did_to_groups_where_the_export_is_named(run, office):
    page = office / "page.html"

    def report(*words):
        return run("report", office / "out", "--format", f"html={page}", *words)

    export = ("--export", office / "applicants.csv", "--profile", office / "profile.yaml")
    resolve(run, office, cases(run, office)[0]["case"])
    assert report(*place(office)).code == 0
    assert "Not in this page: the impact ratios before and after review" in page.read_text()
    assert report(*place(office), *export).code == 0
    text = page.read_text()
    assert "Not in this page: the impact" not in text
    assert "favorable before review" in text
    assert "ratio " in text[text.index("What review did to groups") :]
    refused = report(*export)
    assert (refused.code, "messages.md#no-ledger" in refused.err) == (2, True)
    assert report(*place(office), *export[:1], office / "profile.yaml", *export[2:]).code > 0
