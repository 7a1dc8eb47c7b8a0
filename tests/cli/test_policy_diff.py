"""`auditor policy diff`: what it prints, where, and what it exits with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.policy import pack_path

PACK = "us-adverse-impact"


@pytest.fixture
def changed(tmp_path):
    """Write the pack with some texts replaced."""

    def changed(*replacements: tuple[str, str], name: str = "changed.yaml") -> str:
        text = pack_path(PACK).read_text(encoding="utf-8")
        for before, after in replacements:
            assert before in text
            text = text.replace(before, after, 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return changed


def place(path: str, text: str) -> str:
    """Line and column of the value after the key of a text, where that first stands in a file."""
    key, _, _ = text.partition(": ")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    n, line = next((n, line) for n, line in enumerate(lines, 1) if text in line)
    return f"{path}:{n}:{line.index(text) + len(key) + 3}"


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_changed_number_is_named_with_its_way_and_its_place(run, changed):
    path = changed(("threshold: 4/5", "threshold: 3/4"), ("limit: 0.20", "limit: 0.1"))
    ran = run("policy", "diff", PACK, path)

    assert (ran.code, ran.out) == (0, "")
    said = words(ran.err)
    assert "looser Rule four-fifths-and-clear: threshold was 0.8, is now 0.75." in said
    assert "tighter Rule enough-known: limit was 0.2, is now 0.1." in said
    assert f"--> {place(path, 'threshold: 3/4')}" in ran.err
    assert "1 tighter, 1 looser, 0 neutral, 0 neither." in said


def test_what_nobody_can_say_is_to_be_read(run, changed):
    ran = run("policy", "diff", PACK, changed(("metric: selection-rate", "metric: scoring-rate")))

    assert ran.code == 0
    assert "? neither: read it" in words(ran.err)


def test_other_words_for_the_same_are_no_change(run, changed):
    ran = run("policy", "diff", changed(("threshold: 4/5", "threshold: 0.80")), PACK)

    assert (ran.code, "Both mean the same." in ran.err) == (0, True)
    assert "Both mean the same." in run("policy", "diff", PACK, PACK).err


def test_json_has_one_record_a_change_on_standard_output(run, changed):
    path = changed(("threshold: 4/5", "threshold: 3/4"), ("severity: block", "severity: warn"))
    ran = run("policy", "diff", PACK, path, "--format", "json")
    document = json.loads(ran.out)

    assert (ran.code, ran.err) == (0, "")
    assert document["auditor"] == "policy-diff/1"
    assert document["new"]["path"] == path
    assert document["changes"] == [
        {
            "rule": "four-fifths-and-clear",
            "key": "severity",
            "old": "block",
            "new": "warn",
            "direction": "looser",
            "says": "Rule four-fifths-and-clear: severity was block, is now warn.",
            "where": place(path, "severity: warn"),
        },
        {
            "rule": "four-fifths-and-clear",
            "key": "options.threshold",
            "old": "0.8",
            "new": "0.75",
            "direction": "looser",
            "says": "Rule four-fifths-and-clear: threshold was 0.8, is now 0.75.",
            "where": place(path, "threshold: 3/4"),
        },
    ]


def test_the_problems_of_both_files_are_told_at_once_and_exit_2(run, changed):
    one = changed(("threshold: 4/5", "threshold: 5/4"), name="one.yaml")
    other = changed(("limit: 0.20", "limit: 20%"), name="other.yaml")
    ran = run("policy", "diff", one, other)

    assert ran.code == 2
    assert place(one, "threshold: 5/4") in ran.err
    assert f"{other}:" in ran.err
    assert run("policy", "diff", PACK, "./absent.yaml").code == 74


def test_a_text_cannot_turn_the_reading_direction(run, changed):
    path = changed(("title: Adverse impact", 'title: "\\u202eAdverse'), ("(United States)", '"'))
    ran = run("policy", "diff", PACK, path)

    assert ran.code == 0
    assert "title was" in words(ran.err)
    assert "\u202e" not in ran.err
