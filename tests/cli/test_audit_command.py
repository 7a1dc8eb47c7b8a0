from __future__ import annotations

import json
from pathlib import Path

import pytest

import auditor
from tests.cli.conftest import FAILING, PASSING, PROFILE

SCORED = PROFILE.replace(
    "  groups:",
    "  score: {column: score, cut_score: 0.5, scale: [0, 1]}\n  groups:",
)


def test_the_result_is_for_its_owner_only(run, case, tmp_path):
    out = tmp_path / "deep" / "out"

    assert run("audit", *case(FAILING), "--out", out).code == 0

    assert {p.name for p in out.iterdir()} == {"audit.json", "report.html"}
    assert out.stat().st_mode & 0o777 == 0o700
    assert all(p.stat().st_mode & 0o777 == 0o600 for p in out.iterdir())


def test_a_result_is_replaced_and_anything_else_is_not(run, case, tmp_path, listing):
    words = case(FAILING)
    run("audit", *words, "--out", tmp_path / "out")
    assert run("audit", *words, "--out", tmp_path / "out").code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    before = listing()

    ran = run("audit", *words, "--out", tmp_path / "mine")

    assert ran.code == 2
    assert "an audit did not make" in ran.err
    assert listing() == before


def test_nothing_is_written_without_out_by_the_gate(run, case, listing):
    words = case(FAILING)
    before = listing()

    run("gate", *words)

    assert listing() == before


def test_same_input_gives_the_same_bytes_apart_from_created(run, case, tmp_path):
    words = case(PASSING, "us-adverse-impact", "professional-practice", profile=SCORED)
    texts = []
    for name in ("one", "two"):
        run("audit", *words, "--as-of", "2026-11-24", "--out", tmp_path / name)
        result = json.loads((tmp_path / name / "audit.json").read_text())
        result.pop("created")
        texts.append(json.dumps(result))

    assert texts[0] == texts[1]
    flags = [(tmp_path / name / "flags.csv").read_bytes() for name in ("one", "two")]
    assert flags[0] == flags[1]


def test_python_and_the_command_line_give_the_identical_result(run, case, tmp_path):
    words = case(PASSING, "us-adverse-impact", "professional-practice", profile=SCORED)
    run("audit", *words, "--as-of", "2026-11-24", "--seed", "3", "--out", tmp_path / "cli")
    from datetime import date

    made = auditor.audit(
        words[0],
        ["us-adverse-impact", "professional-practice"],
        profile=words[2],
        as_of=date(2026, 11, 24),
        seed=3,
    )
    made.save(tmp_path / "python")

    results = [json.loads((tmp_path / d / "audit.json").read_text()) for d in ("cli", "python")]
    for result in results:
        result.pop("created")
    assert results[0] == results[1]
    flags = [(tmp_path / d / "flags.csv").read_bytes() for d in ("cli", "python")]
    assert flags[0] == flags[1]


def test_wrong_policies_and_profiles_are_refused_before_the_export_is_opened(run, tmp_path):
    absent = tmp_path / "absent.csv"
    (tmp_path / "profile.yaml").write_text(PROFILE)
    (tmp_path / "bad.yaml").write_text("auditor: profile/1\n")
    profile = ("--profile", tmp_path / "profile.yaml")

    assert run("audit", absent, *profile, "--policy", "us-adverse-impct").code == 2
    bad = run("audit", absent, "--profile", tmp_path / "bad.yaml", "--policy", "nyc-ll144")
    assert bad.code == 2
    assert run("audit", absent, "--policy", "nyc-ll144").code == 2
    assert run("audit", absent, *profile).code == 2
    assert run("audit", absent, *profile, "--policy", "nyc-ll144").code == 74


def test_the_missing_profile_is_named_with_the_command_that_writes_one(run, case):
    words = case(FAILING)

    ran = run("audit", words[0], "--policy", "nyc-ll144")

    assert ran.code == 2
    assert "auditor inspect EXPORT --write-profile" in " ".join(ran.err.split())


def test_usage_errors_exit_2_and_unwritable_places_74(run, case):
    assert run("audit").code == 2
    assert run("no-such-verb").code == 2
    assert run("gate", *case(FAILING), "--as-of", "yesterday").code == 2
    assert run("audit", *case(FAILING), "--out", "/proc/nowhere/out").code == 74


@pytest.mark.parametrize("verb", [[], ["audit"], ["gate"], ["demo"], ["inspect"], ["report"]])
def test_help_exits_0(run, verb):
    assert run(*verb, "--help").code == 0


def test_the_terminal_shows_no_small_cell_and_no_id(run, case):
    ran = run("gate", *case(FAILING))

    assert "Read" in ran.err
    assert "205 rows = 202 used + 3 withdrawn" in " ".join(ran.err.split())
    assert "0/2" not in ran.err
    assert "000017" not in ran.err


def test_reports_are_made_from_a_stored_result(run, case, tmp_path):
    run("audit", *case(FAILING), "--out", tmp_path / "out")
    page, text = tmp_path / "page.html", tmp_path / "summary.txt"

    ran = run("report", tmp_path / "out", "--format", f"html={page}", "--format", f"text={text}")

    assert ran.code == 0
    assert page.read_text() == (tmp_path / "out" / "report.html").read_text()
    assert "FAIL" in text.read_text()
    assert run("report", tmp_path / "out", "--format", "pdf=x.pdf").code == 2
    assert run("report", tmp_path / "out", "--format", "html").code == 2


def test_every_policy_is_named_in_its_findings(run, case, tmp_path):
    words = case(FAILING, "us-adverse-impact", "nyc-ll144")
    run("audit", *words, "--out", tmp_path / "out")

    result = json.loads(Path(tmp_path / "out" / "audit.json").read_text())

    named = {f["policy"] for f in result["findings"]} | {
        n["policy"] for n in result["not_evaluated"]
    }
    assert named == {"us-adverse-impact", "nyc-ll144"}
