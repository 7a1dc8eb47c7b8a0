"""What a pipeline sees: one exit code a verdict, and never 0 or 1 by accident."""

from __future__ import annotations

import json

import pytest

from auditor.cli.problems import BUG, INTERRUPTED, exit_code_of
from tests.cli.conftest import FAILING, PASSING, PROFILE, THIN

REVIEWED = PROFILE.replace(
    "  groups:",
    "  score: {column: score, cut_score: 0.5, scale: [0, 1]}\n  groups:",
)


@pytest.mark.parametrize(
    ("cells", "code", "word"),
    [(PASSING, 0, "PASS"), (FAILING, 1, "FAIL"), (THIN, 4, "NO VERDICT")],
    ids=["pass", "fail", "no verdict"],
)
def test_the_gate_exits_with_the_verdict(run, case, cells, code, word):
    ran = run("gate", *case(cells))

    assert ran.code == code
    assert word in ran.err
    assert f"exits {code}" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("cells", [PASSING, FAILING, THIN], ids=["pass", "fail", "no verdict"])
def test_audit_exits_0_whatever_the_verdict_and_the_stored_result_is_judged_alike(
    run, case, cells, tmp_path
):
    words = case(cells)

    assert run("audit", *words, "--out", tmp_path / "out").code == 0
    assert run("gate", tmp_path / "out").code == run("gate", *words).code
    assert run("gate", tmp_path / "out" / "audit.json").code == run("gate", *words).code


@pytest.mark.parametrize(("cells", "code"), [(PASSING, 5), (THIN, 5), (FAILING, 1)])
def test_open_mandatory_reviews_close_the_gate_unless_it_failed_anyway(run, case, cells, code):
    words = case(cells, "us-adverse-impact", "professional-practice", profile=REVIEWED)

    assert run("gate", *words).code == code


def test_reviews_of_test_data_are_listed_and_close_nothing(run, case, tmp_path):
    profile = REVIEWED.replace("decisions: taken", "decisions: test")
    words = case(PASSING, "us-adverse-impact", "professional-practice", profile=profile)

    ran = run("gate", *words, "--out", tmp_path / "out")

    assert ran.code == 0
    assert "Test data, not decisions about people" in ran.err
    assert json.loads((tmp_path / "out" / "audit.json").read_text())["flags"]["mandatory_open"] > 0


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({("F", "Advanced"): 50, ("F", "Rejected"): 50}, "one group"),
        ({("F", "Rejected"): 50, ("M", "Rejected"): 50}, "nobody selected"),
        ({("F", "Advanced"): 50, ("M", "Advanced"): 50}, "everybody selected"),
        ({("", "Advanced"): 50, ("", "Rejected"): 50}, "all unknown"),
        ({("F", "Advanced"): 5, ("M", "Rejected"): 5, ("M", "Advanced"): 4}, "too few people"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_shows_nothing_has_no_verdict(run, case, cells, reason, tmp_path):
    words = case(cells)

    assert run("audit", *words, "--out", tmp_path / "out").code == 0
    assert run("gate", tmp_path / "out").code == 4
    assert run("gate", *words).code == 4


RECORD = """\
auditor: system/1
system: {id: ranker, name: Ranker}
use: {since: 2026-01-15}
audit: {on: %s, published_on: 2026-01-02, published_at: careers page}
"""


def test_new_york_alone_passes_with_its_sentence_or_has_no_verdict(run, case, tmp_path):
    profile = PROFILE + "    race: {column: status, values: {A: [Advanced], B: [Rejected]}}\n"

    words = case(FAILING | {("F", "Withdrew"): 0}, "nyc-ll144", profile=profile)
    record = tmp_path / "system.yaml"
    on_record = (*words, "--system", record, "--as-of", "2026-11-22")

    record.write_text(RECORD % "2025-11-22")
    complete = run("gate", *on_record)
    record.write_text(RECORD % "2025-11-21")
    a_day_too_old = run("gate", *on_record)
    no_record = run("gate", *words)
    missing = run("gate", *case(FAILING, "nyc-ll144"))

    assert (a_day_too_old.code, no_record.code) == (1, 4)
    assert "audit.on is 2025-11-21, 366 days before" in " ".join(a_day_too_old.err.split())

    assert complete.code == 0
    says = "Complete: the tables the rule asks for were computed. The rule sets no threshold;"
    assert says in " ".join(complete.err.split())
    assert missing.code == 4
    assert "race" in missing.err


def test_a_stored_verdict_that_does_not_follow_is_refused(run, case, tmp_path):
    run("audit", *case(FAILING), "--out", tmp_path / "out")
    file = tmp_path / "out" / "audit.json"
    result = json.loads(file.read_text())
    result["verdict"] = {"state": "pass", "reviews_open": 0, "exit_code": 0, "says": "All well."}
    file.write_text(json.dumps(result))

    ran = run("gate", tmp_path / "out")

    assert ran.code == 6
    assert "All well." not in ran.err
    assert "the result says pass, and that does not follow" in ran.err


@pytest.mark.parametrize("damage", ["missing", "changed", "unnamed"])
def test_flags_that_are_not_those_of_the_result_exit_6(run, case, tmp_path, damage):
    words = case(PASSING, "us-adverse-impact", "professional-practice", profile=REVIEWED)
    run("audit", *words, "--out", tmp_path / "out")
    flags = tmp_path / "out" / "flags.csv"
    assert run("gate", tmp_path / "out").code == 5
    if damage == "missing":
        flags.unlink()
    elif damage == "changed":
        flags.write_text(flags.read_text().replace(",yes,", ",no,"))
    else:
        file = tmp_path / "out" / "audit.json"
        result = json.loads(file.read_text())
        result["flags"] |= {"file": None, "sha256": None}
        file.write_text(json.dumps(result))

    assert run("gate", tmp_path / "out").code == 6


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other/9"}', "\x00"])
def test_what_is_no_result_exits_6(run, tmp_path, text):
    (tmp_path / "audit.json").write_text(text)

    assert run("gate", tmp_path / "audit.json").code == 6


def test_a_bug_is_70_and_shows_where(capfd):
    def broken() -> None:
        raise ZeroDivisionError("integer division")

    assert exit_code_of(broken) == BUG
    assert "this is a bug in auditor, not a verdict" in capfd.readouterr().err


def test_an_interruption_is_130(capfd):
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert exit_code_of(interrupted) == INTERRUPTED
    assert "Traceback" not in capfd.readouterr().err
