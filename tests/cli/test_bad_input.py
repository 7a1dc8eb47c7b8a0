"""Bad exports and policies through the command line: one clear error, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import PROFILE

HEAD = "application_id,gender,status,score\n"
ROWS = "".join(
    f"{i:04d},{'FM'[i % 2]},{('Advanced', 'Rejected')[i % 3 > 0]},0.{i:02d}\n" for i in range(40)
)
GOOD = HEAD + ROWS
SCORED = PROFILE.replace(
    "  groups:",
    "  score: {column: score, cut_score: 0.5, scale: [0, 1]}\n  groups:",
)

EXPORTS = {
    "empty file": (b"", "empty"),
    "header only": (HEAD.encode(), "no row"),
    "renamed column": (GOOD.replace("gender", "gendr").encode(), "did you mean"),
    "duplicate columns": (GOOD.replace("score", "gender").encode(), "gender"),
    "columns equal but for case": (GOOD.replace("score", "Gender").encode(), "Gender"),
    "unclosed quote": ((GOOD + '0900,"F,Advanced,0.5\n' + ROWS).encode(), ".csv:42"),
    "long row": ((GOOD + "0900,F,Advanced,0.5,extra\n").encode(), ".csv:42"),
    "short row": ((GOOD + "0900,F\n").encode(), ".csv:42"),
    "wrong delimiter": (GOOD.replace(",", "^").encode(), "separate columns by"),
    "undecodable bytes": ((GOOD + "0900,F,Rejet\xe9,0.5\n").encode("cp1252"), "--encoding"),
    "unmapped outcome": ((GOOD + "0900,F,Parked,0.5\n").encode(), "Parked"),
    "unmapped group": ((GOOD + "0900,Femal,Advanced,0.5\n").encode(), "Femal"),
    "duplicate ids": ((GOOD + "0003,F,Advanced,0.5\n").encode(), "line"),
    "infinite score": ((GOOD + "0900,F,Advanced,1e400\n").encode(), "1e400"),
    "score of words": ((GOOD + "0900,F,Advanced,inf\n").encode(), "inf"),
    "two stray quotes": (
        (HEAD + '0900,"F,Advanced,0.5\n' + ROWS + '0901,F",Advanced,0.5\n').encode(),
        "quote",
    ),
    "a gzip file": (b"\x1f\x8b\x08\x00" + b"\0" * 50, "gzip"),
    "a PDF": (b"%PDF-1.7\n" + b"x" * 50, "PDF"),
    "NUL bytes": ((GOOD + "0900,F,Adv\0anced,0.5\n").encode(), "NUL"),
    "repeated header": ((GOOD + HEAD + ROWS.replace("00", "09")).encode(), "header"),
}


@pytest.fixture
def words(tmp_path):
    def write(content: bytes, name: str = "applicants.csv", profile: str = SCORED) -> list[str]:
        (tmp_path / name).write_bytes(content)
        (tmp_path / "profile.yaml").write_text(profile)
        return [str(tmp_path / name), "--profile", str(tmp_path / "profile.yaml")]

    return write


def test_the_good_export_is_read(run, words, tmp_path):
    ran = run("audit", *words(GOOD.encode()), "--policy", "nyc-ll144", "--out", tmp_path / "out")

    assert ran.code == 0
    assert "40 rows = 40 used" in " ".join(ran.err.split())


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_bad_export_is_refused_and_nothing_is_written(run, words, tmp_path, listing, kind):
    content, says = EXPORTS[kind]
    args = words(content)
    before = listing()

    ran = run("audit", *args, "--policy", "nyc-ll144", "--out", tmp_path / "out")

    assert ran.code == 3, ran.err
    assert says in ran.err
    assert "applicants.csv" in ran.err
    assert "Traceback" not in ran.err
    assert "hint:" in ran.err
    assert listing() == before


def test_all_unmapped_values_come_at_once_with_a_stanza_to_paste(run, words):
    content = GOOD + "0900,X,Parked,0.5\n0901,Y,Shelved,0.5\n0902,Y,Parked,0.5\n"

    ran = run("gate", *words(content.encode()), "--policy", "nyc-ll144")

    assert ran.code == 3
    for value in ("X", "Y", "Parked", "Shelved"):
        assert value in ran.err


def test_no_attribute_declared_is_said_in_a_sentence(run, words):
    profile = PROFILE[: PROFILE.index("  groups:")] + "  groups: {}\n"

    ran = run("gate", *words(GOOD.encode(), profile=profile), "--policy", "nyc-ll144")

    assert ran.code == 2
    assert "no protected attribute" in ran.err


HEAD_OF_POLICY = """\
auditor: policy/1
policy: {id: ours, title: T, version: "1", status: in-force, owner: o, effective_from: 2026-01-01}
basis: [{id: b, cite: c, says: s}]
"""
GATE = "gates: [{id: g, kind: impact-ratio, says: s, because: [b]%s}]\n"
POLICIES = {
    "unknown key": (HEAD_OF_POLICY + GATE % ", treshold: 0.8", 4, "treshold"),
    "unknown option": (HEAD_OF_POLICY + GATE % ", options: {treshold: 0.8}", 4, "threshold"),
    "duplicate key": (HEAD_OF_POLICY + GATE % ", says: again", 4, "says"),
    "zero rules": (HEAD_OF_POLICY, 1, "no rules"),
    "alias bomb": (HEAD_OF_POLICY + "a: &a [x, x]\nb: [*a, *a]\n", 4, "a"),
    "per cent": (HEAD_OF_POLICY + GATE % ", options: {threshold: 80%}", 4, "0.8"),
    "threshold over 1": (HEAD_OF_POLICY + GATE % ", options: {threshold: 80}", 4, "80"),
    "both ways to ask for equivalence": (
        HEAD_OF_POLICY + GATE % ", options: {pass_needs: equivalence, worth_detecting: 0.75}",
        4,
        "pass_needs",
    ),
}


@pytest.mark.parametrize("kind", POLICIES)
def test_a_bad_policy_is_refused_with_line_and_column(run, words, tmp_path, listing, kind):
    text, line, says = POLICIES[kind]
    (tmp_path / "ours.yaml").write_text(text)
    args = words(GOOD.encode())
    before = listing()

    ran = run("audit", *args, "--policy", tmp_path / "ours.yaml", "--out", tmp_path / "out")

    assert ran.code == 2, ran.err
    assert says in ran.err
    assert f"ours.yaml:{line}:" in ran.err
    assert "Traceback" not in ran.err
    assert listing() == before


@pytest.mark.parametrize("place", ["directory", "absent"])
def test_paths_that_cannot_be_opened_exit_74(run, words, tmp_path, place):
    args = words(GOOD.encode())
    path = tmp_path if place == "directory" else tmp_path / "absent.csv"

    ran = run("gate", str(path), *args[1:], "--policy", "nyc-ll144")

    assert ran.code == 74
    assert "Traceback" not in ran.err


def test_kept_right(run, words, tmp_path):
    """A group named NA, leading zeros, brackets and stars in the name, a missing score."""
    profile = SCORED.replace(
        'sex: {column: gender, values: {F: [F], M: [M]}, unknown: [""]}',
        'race: {column: gender, values: as-is, unknown: [""]}',
    )
    content = (HEAD + ROWS.replace(",F,", ",NA,") + "0900,NA,Rejected,\n").encode()
    args = words(content, name="export [2] *.csv", profile=profile)

    ran = run(
        *("audit", *args, "--policy", "us-adverse-impact", "--policy", "professional-practice"),
        *("--out", tmp_path / "out"),
    )

    assert ran.code == 0, ran.err
    import json

    result = json.loads((tmp_path / "out" / "audit.json").read_text())
    groups = {m["group"] for m in result["measurements"] if m["metric"] == "selection-rate"}
    assert groups == {"NA", "M"}
    flags = (tmp_path / "out" / "flags.csv").read_text()
    assert ",0900,professional-practice,value-missing,yes," in flags
    assert not [p for p in Path(tmp_path).iterdir() if p.name.startswith(".")]
