"""Oversight and feedback on the command line: of the export that was audited, and no other."""

from __future__ import annotations

import json

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
